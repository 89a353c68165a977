#include <linecard_c.hpp>

#include <iostream>

int main() {
  linecard_options options = LINECARD_OPTIONS_INIT;
  options.memory = 1;
  std::string host_key;
  auto directory = linecard_c::directory::create(options, host_key);
  auto root = directory.bootstrap_operator("operations@pbx.example");
  const auto container = root.create_container("pbx-1");
  try {
    root.create_container("pbx-1");
    return 1;
  } catch (const linecard_c::error& no) {
    std::cout << no.reason() << " at " << no.path() << "\n";
  }
  return container != 0 ? 0 : 2;
}
