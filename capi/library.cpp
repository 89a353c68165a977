// What can be asked without a directory: versions, sizes, the schema, ids.
#include "guard.hpp"
#include "linecard_adapters.h"
#include "linecard_lines.h"
#include "text.hpp"

#include <linecard/ports/store.hpp>
#include <linecard/schema_text.hpp>
#include <linecard/version.hpp>

#include <array>

using namespace linecard;
using namespace linecard::capi;

namespace {

struct struct_size {
  std::string_view name;
  std::uint32_t bytes;
};

#define LINECARD_SIZE_OF(type)                                                                                         \
  struct_size { #type, sizeof(type) }
constexpr std::array struct_sizes{LINECARD_SIZE_OF(linecard_options),
                                  LINECARD_SIZE_OF(linecard_new_user),
                                  LINECARD_SIZE_OF(linecard_value),
                                  LINECARD_SIZE_OF(linecard_request),
                                  LINECARD_SIZE_OF(linecard_column),
                                  LINECARD_SIZE_OF(linecard_index),
                                  LINECARD_SIZE_OF(linecard_table),
                                  LINECARD_SIZE_OF(linecard_scan_request),
                                  LINECARD_SIZE_OF(linecard_change),
                                  LINECARD_SIZE_OF(linecard_store),
                                  LINECARD_SIZE_OF(linecard_clock),
                                  LINECARD_SIZE_OF(linecard_random),
                                  LINECARD_SIZE_OF(linecard_observer),
                                  LINECARD_SIZE_OF(linecard_commit),
                                  LINECARD_SIZE_OF(linecard_log),
                                  LINECARD_SIZE_OF(linecard_log_event),
                                  LINECARD_SIZE_OF(linecard_log_field),
                                  LINECARD_SIZE_OF(linecard_store_check),
                                  LINECARD_SIZE_OF(linecard_mail),
                                  LINECARD_SIZE_OF(linecard_mailer),
                                  LINECARD_SIZE_OF(linecard_letter),
                                  LINECARD_SIZE_OF(linecard_pumped),
                                  LINECARD_SIZE_OF(linecard_sign_in),
                                  LINECARD_SIZE_OF(linecard_breaches),
                                  LINECARD_SIZE_OF(linecard_provider),
                                  LINECARD_SIZE_OF(linecard_number_order),
                                  LINECARD_SIZE_OF(linecard_assets),
                                  LINECARD_SIZE_OF(linecard_handover),
                                  LINECARD_SIZE_OF(linecard_errands_pumped),
                                  LINECARD_SIZE_OF(linecard_line)};
#undef LINECARD_SIZE_OF

} // namespace

uint32_t linecard_abi(void) { return LINECARD_ABI; }

const char* linecard_version(void) { return version.data(); }
static_assert(version.data()[version.size()] == '\0');

uint32_t linecard_struct_size(const char* name) {
  for (const auto& s : struct_sizes)
    if (name && s.name == name) return s.bytes;
  return 0;
}

uint32_t linecard_schema_major(void) { return schema_major; }

int32_t linecard_describe(linecard_text** schema, linecard_error** error) {
  clear(schema);
  return guarded(error, [&] {
    needed(schema, "schema");
    *schema = make_text(describe_operations());
  });
}

uint32_t linecard_id_kind(linecard_id id) { return tag_numbered(id_kind(id)).number; }

int32_t linecard_id_text(linecard_id id, char* buffer, size_t capacity, linecard_error** error) {
  if (buffer && capacity > 0) *buffer = '\0';
  return guarded(error, [&] {
    needed(buffer, "buffer");
    if (linecard_id_kind(id) == 0) fail(status::invalid, "id_invalid", "/id", "id must be an id of some kind");
    const std::string text = id_text(id);
    if (text.size() >= capacity)
      fail(status::invalid, "buffer_too_small", "/capacity", "the buffer must hold LINECARD_ID_CAPACITY bytes");
    std::memcpy(buffer, text.c_str(), text.size() + 1);
  });
}

int32_t linecard_id_parse(const char* text, size_t length, linecard_id* id, linecard_error** error) {
  clear(id);
  return guarded(error, [&] {
    needed(id, "id");
    const auto parsed = parse_id(text_in(text, length, "text"));
    if (!parsed) fail(status::invalid, "text_invalid", "/text", "text must be an id such as user_01hf9k2m4q7x");
    *id = *parsed;
  });
}
