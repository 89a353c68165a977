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

line line_of(const line_holder& holder, const line_extension* asked) {
  line into;
  if (asked == nullptr)
    views::unpack(views::pack(holder), into);
  else
    views::unpack_extension(views::pack(holder), views::pack_extension(asked->number), asked->international, into);
  return into;
}

line line_of(const line_number& number, const line_holder* holder) {
  line into;
  const auto words = holder != nullptr ? views::pack(*holder) : views::pack_unknown(number.user_id, number.tenant_id);
  views::unpack_number(words, number.use, number.e911, into);
  return into;
}

} // namespace linecard
