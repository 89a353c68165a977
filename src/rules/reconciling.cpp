#include <linecard/rules/reconciling.hpp>

#include <linecard/model/user.hpp>
#include <linecard/rules/leaving.hpp>
#include <linecard/text/fold.hpp>

namespace linecard {

refusal reconcile::decide(snapshot& facts, const ingredients& with, changes& out) const {
  const auto moved = facts.drifted<&user::tenant_id>(static_cast<std::uint32_t>(limit), with.tenant_id());
  const auto now = facts.each<&user::id>(moved, [](const auto& was) { return was.row->id; });
  for (std::size_t i = 0; i < moved.size(); ++i) {
    const auto& who = now[i];
    out.take_over(who, moved[i]);
    // That this may be the tenant's last administrator is no reason to refuse: since the row went, nobody has had that
    // right (I11), and an operator can name another.
    if (!who)
      clear_away(facts, with, out, *moved[i].row);
    else if (auto key = text::sort_name(who->first_name, who->last_name); key != who->sort_name)
      out.edit(who).sort_name = std::move(key);
  }
  return std::nullopt;
}

} // namespace linecard
