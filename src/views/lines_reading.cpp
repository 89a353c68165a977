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

/// `asked` is (const packed_line&, what the index told, line&) -> whether there is a line.
template <class Asked>
lines_view::answer lines_view::look(const views::key_index& in, key k, line& into, Asked asked) const noexcept {
  constexpr auto acquire = std::memory_order_acquire;
  std::uint32_t found = views::key_index::nothing;
  std::array<std::uint64_t, views::packed_entitlements> words{}; // entitlements go straight into the answer
  const bool whole = sequence_.read([&] {
    found = k.first != 0 ? in.find(k) : views::key_index::nothing;
    if (found == views::key_index::nothing) return;
    const auto& from = records_[record_in(found)];
    for (std::size_t w = 0; w < views::packed_entitlements; ++w) words[w] = from.words[w].load(acquire);
    for (std::size_t w = 0; w < into.entitlements.words.size(); ++w)
      into.entitlements.words[w] = from.words[views::packed_entitlements + w].load(acquire);
  });
  if (whole && found != views::key_index::nothing && asked(words, found, into)) return answer::found;
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
  return look(users_, {who.value, 0}, into, [](const auto& words, std::uint32_t, line& to) {
    if ((words[views::packed_state] & views::packed_known) == 0) return false;
    views::unpack(words, to);
    return true;
  });
}

lines_view::answer lines_view::by_external_ref(id_of<tenant> where, std::string_view ref, line& into) const noexcept {
  return look(refs_, key_of_ref(where, ref), into, [](const auto& words, std::uint32_t, line& to) {
    views::unpack(words, to);
    return true;
  });
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
