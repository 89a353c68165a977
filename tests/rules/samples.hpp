// A request for every operation that is accepted in a fresh world, and who may make it; for tests that walk all of
// them.
#pragma once

#include <linecard/rules/commands.hpp>

#include "kit.hpp"
#include "stores/host_table.hpp"

#include <functional>
#include <map>

namespace samples {

using namespace kit;

/// A request or answer object without its type.
struct erased {
  explicit erased(const object_ops& with) : ops(with), room(new (std::align_val_t{ops.align}) std::byte[ops.size]) {
    ops.make(room);
  }
  ~erased() {
    ops.destroy(room);
    operator delete[](room, std::align_val_t{ops.align});
  }
  erased(const erased&) = delete;
  erased& operator=(const erased&) = delete;
  const object_ops& ops;
  std::byte* room;
};

enum class whom { system, platform, container, tenant, admin, visitor, session };

/// What each operation is tried with: who may, and a request that is accepted in a fresh world.
struct sample {
  whom by{};
  std::function<std::string(world&)> json{};
  contract::host_file* (*host)(){}; ///< a file of the host's to be tried on, where a store of ours would not do
};

[[nodiscard]] const std::map<std::string_view, sample>& all();
/// Null for the directory itself.
[[nodiscard]] const actor* actor_for(world& w, whom by);
/// Runs or asks by name, as the untyped faces do.
[[nodiscard]] refusal attempt(world& w, const actor& as, const verb& v, const void* object);
/// visit(world, verb, whom, erased request), each in a world of its own.
void for_every_verb(const std::function<void(world&, const verb&, whom, erased&)>& visit);

} // namespace samples
