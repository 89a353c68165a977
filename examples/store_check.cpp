// Is it a store? Tries every promise of linecard/ports/store.hpp on the SQLite store, in files of the working folder,
// and prints which are kept. Put your own store in its place: my_store is all that knows it.
//
//   store_check_cpp           all promises
//   store_check_cpp 'I24: '   those whose sentence contains this
#include <linecard/contract.hpp>
#include <linecard/stores/sqlite.hpp>

#include <iostream>
#include <memory>
#include <string>

namespace {

linecard::contract::subject my_store() {
  const auto files = std::make_shared<int>(0);
  const auto open = [files] {
    return linecard::sqlite_store({.path = "store_check_" + std::to_string(*files) + ".db"}).value();
  };
  return {
      .fresh = [files, open] { return ++*files, open(); }, // empty storage: a file that is not there yet
      .reopen = open,                                      // the last file again: what was committed outlives the store
      .beside = open,                                      // and while it is open, as a second process would
      .readers_beside_writers = true,
  };
}

} // namespace

int main(int count, char** arguments) {
  std::string only = count > 1 ? arguments[1] : "";
  if (only.find('/') != std::string::npos) only.clear(); // the tests pass a folder, as to every example
  return linecard::contract::check(my_store(), std::cout, only) == 0 ? 0 : 1;
}
