#include "guard.hpp"

#include <linecard/text/utf8.hpp>

#include <algorithm>

namespace linecard::capi {

namespace {

/// Beyond any limit of the vocabulary; a length that is no length (-2) is told from a long text.
constexpr std::size_t longest_text = std::size_t{64} << 20;

std::string pointer_to(const char* name) { return std::string("/") + name; }

} // namespace

void argument_null(const char* name) {
  fail(status::invalid, "argument_null", pointer_to(name), std::string(name) + " must not be NULL");
}

std::string_view bytes_in(const char* data, std::size_t length, const char* name) {
  needed(data, name);
  if (length == LINECARD_NUL_TERMINATED) length = std::strlen(data);
  if (length > longest_text)
    fail(status::invalid, std::string(name) + "_invalid", pointer_to(name), std::string(name) + " is too long");
  return {data, length};
}

std::string_view text_in(const char* data, std::size_t length, const char* name) {
  const std::string_view text = bytes_in(data, length, name);
  if (!text::valid_utf8(text))
    fail(status::invalid, std::string(name) + "_invalid", pointer_to(name),
         std::string(name) + " must be UTF-8 text without NUL");
  return text;
}

void wrong_kind(std::uint64_t id, std::string_view wanted, const char* name) {
  const std::string_view given = tag_numbered(id_kind(id)).prefix;
  fail(status::wrong_kind, "wrong_kind", pointer_to(name),
       std::string(name) + " must be the id of " + (wanted.starts_with('i') ? "an " : "a ") + std::string(wanted) +
           (given.empty() ? ", and this is no id" : ", not of one that begins with \"" + std::string(given) + "_\""));
}

void id_missing(const char* name) {
  fail(status::invalid, std::string(name) + "_missing", pointer_to(name), std::string(name) + " must not be 0");
}

any_id scope_id_in(linecard_id raw, const char* name) {
  const auto kind = id_kind(raw);
  if (raw != 0 && kind != tag_of<platform>.number && kind != tag_of<container>.number && kind != tag_of<tenant>.number)
    wrong_kind(raw, "platform, container or tenant", name);
  return any_id{raw};
}

void judge_struct(const void* from, std::uint32_t claimed, std::size_t known, const char* name) {
  if (claimed < sizeof claimed || claimed > largest_struct)
    fail(status::invalid, "struct_size_invalid", pointer_to(name),
         std::string(name) + ": struct_size must be the size of the struct; use its _INIT macro");
  const auto* bytes = static_cast<const unsigned char*>(from);
  if (claimed > known && std::any_of(bytes + known, bytes + claimed, [](unsigned char b) { return b != 0; }))
    fail(status::too_new, "struct_too_new", pointer_to(name),
         std::string(name) + " sets members that this linecard does not know");
}

} // namespace linecard::capi
