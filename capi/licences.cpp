// Packages are given, changed and taken; what there is to give.
#include "handles.hpp"
#include "list.hpp"
#include "text.hpp"

#include <linecard/json.hpp>
#include <linecard/rules/licensing.hpp>

using namespace linecard;
using namespace linecard::capi;

namespace {

template <command C> void run(linecard_actor* handle, const C& c, linecard_text** into) {
  const actor_call call(handle);
  const receipt done = call.directory().run(call.as(), c).value();
  if (into) *into = make_text(to_json(done));
}

} // namespace

int32_t linecard_assign_package(linecard_actor* actor, linecard_id user_id, linecard_id package_id,
                                linecard_text** receipt, linecard_error** error) {
  clear(receipt);
  return guarded(error, [&] {
    run(actor, assign_package{needed_id<user>(user_id, "user_id"), needed_id<package>(package_id, "package_id")},
        receipt);
  });
}

int32_t linecard_change_package(linecard_actor* actor, linecard_id user_id, linecard_id package_id,
                                linecard_text** receipt, linecard_error** error) {
  clear(receipt);
  return guarded(error, [&] {
    run(actor, change_package{needed_id<user>(user_id, "user_id"), needed_id<package>(package_id, "package_id")},
        receipt);
  });
}

int32_t linecard_unassign_package(linecard_actor* actor, linecard_id user_id, linecard_id package_id,
                                  linecard_text** receipt, linecard_error** error) {
  clear(receipt);
  return guarded(error, [&] {
    unassign_package c{needed_id<user>(user_id, "user_id"), {}};
    if (const auto one = optional_id<package>(package_id, "package_id")) c.package_id = one;
    run(actor, c, receipt);
  });
}

int32_t linecard_list_seat_pools(linecard_actor* actor, linecard_list** list, linecard_error** error) {
  clear(list);
  return guarded(error, [&] {
    needed(list, "list");
    const actor_call call(actor);
    const auto found = call.directory().ask(call.as(), seat_pools{}).value();
    *list = make_list(type_of<std::vector<seat_pool_row>>, &found.pools);
  });
}

int32_t linecard_list_selectable_packages(linecard_actor* actor, linecard_list** list, linecard_error** error) {
  clear(list);
  return guarded(error, [&] {
    needed(list, "list");
    const actor_call call(actor);
    const auto found = call.directory().ask(call.as(), selectable_packages{}).value();
    *list = make_list(type_of<std::vector<selectable_package>>, &found.packages);
  });
}
