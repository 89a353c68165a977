// The words of the contract's claims, for tests that say more of one store. An expectation they miss is thrown, and
// fails the test case with its sentence.
#pragma once

#include "contract/kit.hpp"

#include <doctest/doctest.h>
