// linecard: the part of a phone system that knows its people. This header brings all that a host calls, also what
// answers "not_built" where linecard was built without libpq or libcurl. Who writes a store takes contract.hpp too.
#pragma once

#include <linecard/counters.hpp>
#include <linecard/directory.hpp>
#include <linecard/json.hpp>
#include <linecard/mail/smtp.hpp>
#include <linecard/mail/spool.hpp>
#include <linecard/model/schema.hpp>
#include <linecard/schema_text.hpp>
#include <linecard/stores/memory.hpp>
#include <linecard/stores/postgres.hpp>
#include <linecard/stores/sqlite.hpp>
#include <linecard/version.hpp>
