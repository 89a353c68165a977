#include <linecard/rules/auditing.hpp>

#include <linecard/hash.hpp>
#include <linecard/model/denial.hpp>

namespace linecard {

namespace {

audit_row row_of(snapshot& facts, const audit_entry& entry) {
  audit_row row{.seq = entry.seq,
                .at = entry.at,
                .acting_in_id = entry.acting_in_id,
                .command = entry.command,
                .details = entry.details,
                .hash = entry.hash};
  if (entry.actor_id) row.actor_id = entry.actor_id;
  if (entry.on_behalf_of_id) row.on_behalf_of_id = entry.on_behalf_of_id;
  for (const auto& v : facts.list<&audit_value::scope_id, &audit_value::seq>(entry.scope_id, entry.seq))
    row.personal.push_back({.position = v->position, .salt = v->salt, .text = v->personal_value});
  return row;
}

/// The commitment at this position; positions ascend within `details`, so each search goes on where the last ended.
std::string committed(const std::string& details, std::int32_t position, std::size_t& from) {
  const std::string mark = "{\"personal\":" + std::to_string(position) + ",\"commitment\":\"";
  const auto at = details.find(mark, from);
  if (at == std::string::npos) return {};
  from = at + mark.size();
  return details.substr(from, 64);
}

/// How many personal values the entry commits to. A quote inside a value is escaped, so only ours can match.
std::int64_t commitments_in(const std::string& details) {
  constexpr std::string_view mark = "{\"personal\":";
  std::int64_t found = 0;
  for (auto at = details.find(mark); at != std::string::npos; at = details.find(mark, at + mark.size())) ++found;
  return found;
}

} // namespace

std::string entry_hash(std::string_view previous, const audit_entry& entry) {
  hasher sum;
  sum.add(previous);
  for (const auto& column : fields_of<audit_entry>)
    if (column.name != "hash") sum.add(column.get(&entry));
  return sum.finish();
}

std::string commitment(std::string_view salt, std::string_view personal_value) {
  return hasher{}.add(salt).add(personal_value).finish();
}

refusal record_denial::decide(snapshot&, const ingredients& with, changes& out) const {
  out.insert(denial{.id = with.new_id<denial>(),
                    .scope_id = with.who.in.id(),
                    .identity_id = identity_id,
                    .command = command,
                    .reason = reason,
                    .at = with.now});
  return std::nullopt;
}

refusal denials::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const page newest{.after = {}, .limit = static_cast<std::uint32_t>(limit), .descending = true};
  for (const auto& d : facts.list_page<&denial::scope_id, &denial::id>(newest, with.who.in.id()))
    into.denials.push_back({.at = d->at, .identity_id = d->identity_id, .command = d->command, .reason = d->reason});
  return std::nullopt;
}

refusal audit::ask(snapshot& facts, const ingredients& with, answer& into) const {
  into.scope_id = with.who.in.id();
  page newest{.after = {}, .limit = static_cast<std::uint32_t>(limit), .descending = true};
  if (before) newest.after = {as_value(into.scope_id), as_value(*before)};
  for (const auto& entry : facts.list_page<&audit_entry::scope_id>(newest, into.scope_id))
    into.entries.push_back(row_of(facts, *entry));
  if (into.entries.size() == newest.limit && into.entries.back().seq > 1) into.next = into.entries.back().seq;
  return std::nullopt;
}

refusal changes_since::ask(snapshot& facts, const ingredients& with, answer& into) const {
  into.scope_id = with.who.in.id();
  const page oldest{.after = {as_value(into.scope_id), as_value(since)}, .limit = static_cast<std::uint32_t>(limit)};
  for (const auto& entry : facts.list_page<&audit_entry::scope_id>(oldest, into.scope_id))
    into.entries.push_back(row_of(facts, *entry));
  const auto head = facts.find<&audit_head::scope_id>(into.scope_id);
  if (head && !into.entries.empty() && into.entries.back().seq < head->seq) into.next = into.entries.back().seq;
  return std::nullopt;
}

refusal verify_audit::ask(snapshot& facts, const ingredients& with, answer& into) const {
  const auto scope_id = with.who.in.id();
  const auto broken = [&](std::int64_t seq, std::string message) {
    into.intact = false;
    into.broken_at = seq;
    into.message = std::move(message);
    return refusal{};
  };
  std::string previous;
  page part{.after = {}, .limit = 500};
  for (bool more = true; more;) {
    const auto entries = facts.list_page<&audit_entry::scope_id>(part, scope_id);
    for (const auto& entry : entries) {
      if (entry->seq != into.entries + 1)
        return broken(into.entries + 1, "entry " + std::to_string(into.entries + 1) + " is missing");
      if (entry_hash(previous, *entry) != entry->hash.data)
        return broken(entry->seq, "entry " + std::to_string(entry->seq) + " was altered: its hash does not fit");
      std::size_t from = 0;
      auto missing = commitments_in(entry->details); // a row deleted beside the chain is a value erased
      for (const auto& v : facts.list<&audit_value::scope_id, &audit_value::seq>(scope_id, entry->seq)) {
        if (!v->salt || !v->personal_value) continue;
        --missing;
        if (hex(commitment(v->salt->data, *v->personal_value)) != committed(entry->details, v->position, from))
          return broken(entry->seq, "a personal value beside entry " + std::to_string(entry->seq) + " was altered");
      }
      into.erased += missing;
      previous = entry->hash.data;
      into.entries = entry->seq;
    }
    more = entries.size() == part.limit;
    if (more) part.after = {as_value(scope_id), as_value(into.entries)};
  }
  const auto head = facts.find<&audit_head::scope_id>(scope_id);
  if ((head ? head->seq : 0) != into.entries || (head && head->hash.data != previous))
    return broken(into.entries + 1, "the chain's head does not match its last entry: entries were cut off or added");
  into.intact = true;
  into.head_hash.data = previous;
  into.message = std::to_string(into.entries) + " entries, chain intact" +
                 (into.erased ? ", " + std::to_string(into.erased) + " personal values erased" : std::string{});
  return std::nullopt;
}

} // namespace linecard
