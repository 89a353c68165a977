// The readers' half.
#include "packed_line.hpp"

#include <sodium.h>

#include <cstring>

namespace linecard {

namespace {

/// What an index tells: the record's number, and five bits about the way that led there.
constexpr std::uint32_t record_in(std::uint32_t found) { return found >> 5; }
constexpr did_use use_in(std::uint32_t found) { return static_cast<did_use>(found & 7); }
constexpr bool e911_in(std::uint32_t found) { return (found & 8) != 0; }
constexpr bool international_in(std::uint32_t found) { return (found & 1) != 0; }

} // namespace

/// `tell` is (the record's words, what the index told, line&) -> whether there is a line. It writes straight into the
/// answer: copying that again would cost as much as finding it.
template <class Tell>
lines_view::answer lines_view::look(const views::key_index& in, key k, line& into, Tell tell) const noexcept {
  bool there = false;
  const bool whole = sequence_.read([&] {
    const auto found = k.first != 0 ? in.find(k) : views::key_index::nothing;
    there = found != views::key_index::nothing && tell(records_[record_in(found)].words, found, into);
  });
  if (whole && there) [[likely]]
    return answer::found;
  into = line{};
  return whole ? answer::absent : answer::busy;
}

lines_view::answer lines_view::by_number(std::string_view e164, line& into) const noexcept {
  return look(numbers_, {views::pack_e164(e164), 0}, into, [](const auto& words, std::uint32_t found, line& to) {
    views::unpack_number(words, use_in(found), e911_in(found), to);
    return true;
  });
}

void lines_view::prefetch(std::string_view e164) const noexcept { numbers_.prefetch({views::pack_e164(e164), 0}); }

lines_view::answer lines_view::by_extension(id_of<tenant> where, std::string_view number, line& into) const noexcept {
  const auto packed = views::pack_extension(number);
  const key k{packed != 0 ? where.value : 0, packed};
  return look(extensions_, k, into, [packed](const auto& words, std::uint32_t found, line& to) {
    views::unpack_extension(words, packed, international_in(found), to);
    return true;
  });
}

lines_view::answer lines_view::by_user(id_of<user> who, line& into) const noexcept {
  return look(users_, {who.value, 0}, into,
              [](const auto& words, std::uint32_t, line& to) { return views::unpack(words, to); });
}

lines_view::answer lines_view::by_external_ref(id_of<tenant> where, std::string_view ref, line& into) const noexcept {
  return look(refs_, key_of_ref(where, ref), into,
              [](const auto& words, std::uint32_t, line& to) { return views::unpack(words, to); });
}

/// 96 bits of a keyed hash: for a million refs the chance that any two meet is 2^-57. The tenant stands outside it.
lines_view::key lines_view::key_of_ref(id_of<tenant> where, std::string_view ref) const noexcept {
  std::array<unsigned char, crypto_shorthash_siphashx24_BYTES> hash{};
  static_assert(crypto_shorthash_siphashx24_KEYBYTES == std::tuple_size_v<decltype(secret_)>);
  crypto_shorthash_siphashx24(hash.data(), reinterpret_cast<const unsigned char*>(ref.data()), ref.size(),
                              secret_.data());
  key k;
  std::memcpy(&k.first, hash.data(), sizeof k.first);
  std::memcpy(&k.second, hash.data() + sizeof k.first, sizeof k.second);
  // Two tenants' equal refs part here: ids are no multiples of one another under an odd factor.
  k.first += where.value * 0x9e3779b97f4a7c15u;
  if (k.first == 0 || !where) k.first = where ? 1 : 0;
  return k;
}

} // namespace linecard
