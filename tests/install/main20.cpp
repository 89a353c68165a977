#include <linecard/linecard.hpp>

#include <iostream>

int main() {
  auto made = linecard::directory::create({.store = linecard::memory_store()}).value();
  const auto root = made.opened.bootstrap_operator("operations@pbx.example").value();
  const auto receipt = made.opened.run(root, linecard::create_container{.name = "pbx-1"}).value();
  std::cout << linecard::version << ": " << linecard::to_text(receipt.created.front()) << "\n";
  return receipt.changes.size() == 1 ? 0 : 1;
}
