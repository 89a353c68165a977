#include "base64url.hpp"

#include <sodium.h>

namespace linecard {

namespace {

std::string encoded(std::string_view raw, int variant) {
  std::string out(sodium_base64_encoded_len(raw.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(raw.data()), raw.size(), variant);
  out.pop_back(); // the terminator sodium counts
  return out;
}

} // namespace

std::string base64url(std::string_view raw) { return encoded(raw, sodium_base64_VARIANT_URLSAFE_NO_PADDING); }
std::string base64(std::string_view raw) { return encoded(raw, sodium_base64_VARIANT_ORIGINAL); }
std::string base64_unpadded(std::string_view raw) { return encoded(raw, sodium_base64_VARIANT_ORIGINAL_NO_PADDING); }

bool from_base64url(std::string_view text, std::string& into) {
  into.assign(text.size(), '\0');
  std::size_t length = 0;
  const char* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(into.data()), into.size(), text.data(), text.size(), nullptr,
                        &length, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      end != text.data() + text.size())
    return false;
  into.resize(length);
  return true;
}

} // namespace linecard
