// linecard: the part of a phone system that knows its people. This header brings everything.
#pragma once

#include <linecard/counters.hpp>
#include <linecard/directory.hpp>
#include <linecard/json.hpp>
#include <linecard/model/schema.hpp>
#include <linecard/schema_text.hpp>
#include <linecard/stores/memory.hpp>
#include <linecard/stores/sqlite.hpp>
#include <linecard/version.hpp>
