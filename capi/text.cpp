#include "text.hpp"

#include <cstring>
#include <new>

namespace linecard::capi {

namespace {

/// The bytes and a NUL follow it in the same block.
struct text_object {
  std::size_t length;
  [[nodiscard]] char* data() { return reinterpret_cast<char*>(this + 1); }
  [[nodiscard]] const char* data() const { return reinterpret_cast<const char*>(this + 1); }
};

text_object* object_of(linecard_text* handle) { return reinterpret_cast<text_object*>(handle); }
const text_object* object_of(const linecard_text* handle) { return reinterpret_cast<const text_object*>(handle); }

} // namespace

linecard_text* make_text(std::string_view bytes) {
  auto* made = new (::operator new(sizeof(text_object) + bytes.size() + 1)) text_object{bytes.size()};
  if (!bytes.empty()) std::memcpy(made->data(), bytes.data(), bytes.size());
  made->data()[bytes.size()] = '\0';
  return reinterpret_cast<linecard_text*>(made);
}

} // namespace linecard::capi

using namespace linecard::capi;

const char* linecard_text_data(const linecard_text* text) { return text ? object_of(text)->data() : ""; }

size_t linecard_text_length(const linecard_text* text) { return text ? object_of(text)->length : 0; }

void linecard_text_free(linecard_text* text) {
  if (!text) return;
  text_object* const object = object_of(text);
  volatile char* wiped = object->data(); // volatile: a plain memset before a free is optimised away
  for (std::size_t i = 0; i < object->length; ++i) wiped[i] = 0;
  ::operator delete(object);
}
