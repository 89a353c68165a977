// Whose line is it? Answers go straight into the caller's struct; nothing here allocates but errors.
#include "handles.hpp"
#include "linecard_lines.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

using namespace linecard;
using namespace linecard::capi;

namespace {

template <std::size_t Size> void copy(const std::array<char, Size>& from, char (&to)[Size]) {
  std::memcpy(to, from.data(), Size);
}

/// Every member by itself, and none twice: filling the struct with zeros first takes longer than the look-up.
void tell(const line& found, std::size_t size, linecard_line& out) {
  out.struct_size = static_cast<std::uint32_t>(size);
  out.use = static_cast<std::int32_t>(found.use);
  out.tenant_id = found.tenant_id.value;
  out.user_id = found.user_id.value;
  static_assert(most_features / 64 == LINECARD_FEATURE_WORDS);
  for (std::size_t w = 0; w < LINECARD_FEATURE_WORDS; ++w) out.entitlements[w] = found.entitlements.words[w];
  out.stale_ms = found.stale_ms, out.extension_count = found.extension_count;
  out.found = found.found, out.rings = found.rings, out.screening = found.screening;
  out.international = found.international, out.e911 = found.e911;
  copy(found.extension, out.extension), copy(found.forwarding, out.forwarding);
  copy(found.caller_id, out.caller_id), copy(found.e911_caller_id, out.e911_caller_id), copy(found.label, out.label);
}

/// As much of it as the program's struct holds. What a newer program's has beyond ours was found to be zero, and stays.
void hand_over(const line& found, std::size_t size, void* at) {
  if (size == sizeof(linecard_line)) return tell(found, size, *static_cast<linecard_line*>(at));
  linecard_line known;
  tell(found, size, known);
  std::memcpy(at, &known, std::min(size, sizeof known));
}

/// What was not found is asked for again, with room for the reason: what is found need not make any.
template <class Ask> [[gnu::noinline]] line surely(directory& in, const Ask& ask) {
  refusal why;
  const line found = ask(in, &why);
  check(std::move(why));
  return found;
}

/// `ask` is (directory&, refusal*) -> line.
template <class Ask>
std::int32_t answer(linecard_directory* directory, linecard_line* into, linecard_error** error, Ask ask) {
  const auto status = guarded(error, [&] {
    auto& in = use(directory);
    needed(into, "line");
    judge_struct(into, into->struct_size, sizeof *into, "line");
    const line found = ask(in, nullptr);
    if (!found.found) return hand_over(surely(in, ask), into->struct_size, into);
    hand_over(found, into->struct_size, into);
  });
  if (status != LINECARD_OK && into && into->struct_size <= largest_struct) hand_over({}, into->struct_size, into);
  return status;
}

} // namespace

int32_t linecard_line_by_did(linecard_directory* directory, const char* e164, size_t e164_length, linecard_line* line,
                             linecard_error** error) {
  return answer(directory, line, error,
                [&](auto& in, refusal* why) { return in.line_of_did(bytes_in(e164, e164_length, "e164"), why); });
}

int32_t linecard_line_by_extension(linecard_directory* directory, linecard_id tenant_id, const char* extension,
                                   size_t extension_length, linecard_line* line, linecard_error** error) {
  return answer(directory, line, error, [&](auto& in, refusal* why) {
    const auto where = needed_id<tenant>(tenant_id, "tenant_id");
    return in.line_of_extension(where, bytes_in(extension, extension_length, "extension"), why);
  });
}

int32_t linecard_line_by_user(linecard_directory* directory, linecard_id user_id, linecard_line* line,
                              linecard_error** error) {
  return answer(directory, line, error,
                [&](auto& in, refusal* why) { return in.line_of_user(needed_id<user>(user_id, "user_id"), why); });
}

int32_t linecard_line_by_external_ref(linecard_directory* directory, linecard_id tenant_id, const char* external_ref,
                                      size_t external_ref_length, linecard_line* line, linecard_error** error) {
  return answer(directory, line, error, [&](auto& in, refusal* why) {
    const auto where = needed_id<tenant>(tenant_id, "tenant_id");
    return in.line_of_external_ref(where, text_in(external_ref, external_ref_length, "external_ref"), why);
  });
}

int32_t linecard_lines_by_did(linecard_directory* directory, const char* const* e164, size_t count,
                              linecard_line* lines, size_t line_size, linecard_error** error) {
  const bool sized = line_size >= offsetof(linecard_line, tenant_id) && line_size <= largest_struct;
  const auto place_nth = [&](std::size_t n, const line& found) {
    auto* at = reinterpret_cast<unsigned char*>(lines) + n * line_size;
    hand_over(found, line_size, at);
    if (line_size > sizeof(linecard_line))
      std::memset(at + sizeof(linecard_line), 0, line_size - sizeof(linecard_line)); // nobody has looked at it
  };
  const auto status = guarded(error, [&] {
    auto& in = use(directory);
    if (!sized) fail(status::invalid, "line_size_invalid", "/line_size", "line_size must be sizeof(linecard_line)");
    if (count == 0) return;
    needed(e164, "e164"), needed(lines, "lines");
    constexpr std::size_t together = 64;
    std::array<std::string_view, together> asked;
    std::array<line, together> found;
    for (std::size_t begin = 0; begin < count; begin += together) {
      const auto some = std::min(together, count - begin);
      for (std::size_t n = 0; n < some; ++n) asked[n] = bytes_in(e164[begin + n], LINECARD_NUL_TERMINATED, "e164");
      check(in.lines_of_dids({asked.data(), some}, {found.data(), some}));
      for (std::size_t n = 0; n < some; ++n) place_nth(begin + n, found[n]);
    }
  });
  if (status != LINECARD_OK && sized && lines)
    for (std::size_t n = 0; n < count; ++n) place_nth(n, {});
  return status;
}

int32_t linecard_find_feature(linecard_directory* directory, const char* feature, size_t feature_length,
                              uint32_t* feature_id, linecard_error** error) {
  clear(feature_id);
  return guarded(error, [&] {
    auto& in = use(directory);
    needed(feature_id, "feature_id");
    *feature_id = static_cast<std::uint32_t>(in.find_feature(text_in(feature, feature_length, "feature")).value());
  });
}
