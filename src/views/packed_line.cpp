#include "packed_line.hpp"

namespace linecard {

namespace views {

packed_line pack(const line_holder& holder) noexcept {
  auto words = pack_unknown(holder.id, holder.tenant_id);
  auto& flags = words[packed_extension];
  flags = packed_known;
  if (holder.e911) flags |= packed_e911;
  bool international = false;
  for (const auto& each : holder.extensions)
    if (const auto number = pack_extension(each.number); number != 0) {
      flags |= number;
      international = each.international;
      break;
    }
  if (!holder.active) return words;
  flags |= packed_active;
  if (international) flags |= packed_international;
  if (holder.forwarding) words[packed_forwarding] = pack_e164(*holder.forwarding);
  for (std::size_t w = 0; w < holder.entitlements.words.size(); ++w)
    words[packed_entitlements + w] = holder.entitlements.words[w];
  return words;
}

} // namespace views

namespace {

/// A line with its entitlements, to be told the rest by `unpack`, (head, line&).
template <class Unpack> line told(const views::packed_line& words, Unpack unpack) {
  line into;
  unpack(views::packed_head(words.data(), views::packed_entitlements), into);
  for (std::size_t w = 0; w < into.entitlements.words.size(); ++w)
    into.entitlements.words[w] = words[views::packed_entitlements + w];
  return into;
}

} // namespace

line line_of(const line_holder& holder, const line_extension* asked) {
  return told(views::pack(holder), [&](views::packed_head head, line& into) {
    if (asked == nullptr)
      views::unpack(head, into);
    else
      views::unpack_extension(head, views::pack_extension(asked->number), asked->international, into);
  });
}

line line_of(const line_number& number, const line_holder* holder) {
  const auto words = holder != nullptr ? views::pack(*holder) : views::pack_unknown(number.user_id, number.tenant_id);
  return told(words,
              [&](views::packed_head head, line& into) { views::unpack_number(head, number.use, number.e911, into); });
}

} // namespace linecard
