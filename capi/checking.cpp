// May somebody do something? For callers who ask many times a second: by number, in batches, or all of it at once.
#include "handles.hpp"

#include <algorithm>
#include <array>

using namespace linecard;
using namespace linecard::capi;

namespace {

permission permission_in(std::uint32_t number) {
  if (number == 0 || number >= most_permissions)
    fail(status::invalid, "permission_unknown", "/permission",
         "there is no permission of number " + std::to_string(number) + "; they go from 1 to 255");
  return static_cast<permission>(number);
}

/// Built-in names cost no look into the store.
permission permission_in(directory& in, std::string_view name) {
  const auto found = built_in_permission(name);
  return found != permission::nobody ? found : in.find_permission(name).value();
}

} // namespace

int32_t linecard_check(linecard_directory* directory, linecard_id identity_id, const char* permission,
                       size_t permission_length, linecard_id scope_id, linecard_error** error) {
  bool allowed = false;
  const auto status = guarded(error, [&] {
    auto& in = use(directory);
    const auto who = needed_id<identity>(identity_id, "identity_id");
    const auto wanted = permission_in(in, text_in(permission, permission_length, "permission"));
    const any_id where = scope_id_in(scope_id, "scope_id");
    allowed = in.check(who, wanted, where);
    if (allowed || !error) return; // the reason costs far more than the answer
    check(in.require(who, wanted, where));
    allowed = true; // by now
  });
  return status == LINECARD_OK && allowed ? 1 : 0;
}

int32_t linecard_permission_id(linecard_directory* directory, const char* permission, size_t permission_length,
                               uint32_t* permission_id, linecard_error** error) {
  clear(permission_id);
  return guarded(error, [&] {
    auto& in = use(directory);
    needed(permission_id, "permission_id");
    *permission_id =
        static_cast<std::uint32_t>(permission_in(in, text_in(permission, permission_length, "permission")));
  });
}

int32_t linecard_check_id(linecard_directory* directory, linecard_id identity_id, uint32_t permission_id,
                          linecard_id scope_id, linecard_error** error) {
  std::uint8_t answer = 0;
  const auto status = guarded(error, [&] {
    auto& in = use(directory);
    const access_question asked{needed_id<identity>(identity_id, "identity_id"), permission_in(permission_id),
                                scope_id_in(scope_id, "scope_id")};
    answer = in.check(asked.who, asked.needed, asked.scope_id) ? 1 : 0;
    if (answer == 0 && error) check(in.check_many({&asked, 1}, {&answer, 1})); // denied, or not to be told?
  });
  return status == LINECARD_OK && answer == 1 ? 1 : 0;
}

int32_t linecard_check_many(linecard_directory* directory, const linecard_id* identity_ids,
                            const uint32_t* permission_ids, const linecard_id* scope_ids, size_t count,
                            uint8_t* answers, linecard_error** error) {
  if (answers) std::fill_n(answers, count, std::uint8_t{0});
  return guarded(error, [&] {
    auto& in = use(directory);
    if (count == 0) return;
    needed(identity_ids, "identity_ids"), needed(permission_ids, "permission_ids");
    needed(scope_ids, "scope_ids"), needed(answers, "answers");
    constexpr std::size_t together = 64;
    std::array<access_question, together> some;
    for (std::size_t begin = 0; begin < count; begin += together) {
      const auto size = std::min(together, count - begin);
      for (std::size_t n = 0; n < size; ++n) {
        const auto number = permission_ids[begin + n];
        some[n] = {{identity_ids[begin + n]},
                   number < most_permissions ? static_cast<permission>(number) : permission::nobody,
                   any_id{scope_ids[begin + n]}};
      }
      if (auto no = in.check_many({some.data(), size}, {answers + begin, size})) {
        std::fill_n(answers, count, std::uint8_t{0});
        check(std::move(no));
      }
    }
  });
}

int32_t linecard_effective(linecard_directory* directory, linecard_id identity_id, linecard_id scope_id, uint64_t* mask,
                           linecard_error** error) {
  if (mask) std::fill_n(mask, LINECARD_PERMISSION_WORDS, std::uint64_t{0});
  return guarded(error, [&] {
    auto& in = use(directory);
    const auto who = needed_id<identity>(identity_id, "identity_id");
    const any_id where = scope_id_in(scope_id, "scope_id");
    needed(mask, "mask");
    const auto held = in.effective(who, where);
    static_assert(std::tuple_size_v<decltype(held.words)> == LINECARD_PERMISSION_WORDS);
    std::ranges::copy(held.words, mask);
  });
}
