// Entries of the audit chain: the changed columns of each record, personal values as salted commitments.
#include "receipts.hpp"
#include "settle.hpp"

#include <linecard/hash.hpp>
#include <linecard/json.hpp>
#include <linecard/rules/auditing.hpp>

#include <algorithm>

namespace linecard {

using detail::slot;

namespace {

any_id person_of(const slot& s, const void* row) {
  any_id id;
  if (s.table->person_column >= 0)
    static_cast<void>(
        detail::codec<any_id>::set(id, s.table->columns[static_cast<std::size_t>(s.table->person_column)].get(row)));
  return id;
}

struct entry_writer {
  const snapshot& facts;
  random_source& random;
  const ingredients& with;
  any_id scope_id;
  std::int64_t seq;
  std::string details{"["};
  std::vector<audit_value> personal{};

  void append_value(const slot& s, const void* row, std::uint16_t column) {
    const auto v = column_value(s, row, column);
    const auto marks = s.table->marks[column];
    if (v.is_null())
      details += "null";
    else if (marks & secret_mark)
      details += "\"secret\"";
    else if (marks & personal_mark)
      append_commitment(shown(s.table->columns[column], v), person_of(s, row));
    else
      append_json_scalar(details, *s.table->columns[column].type, v);
  }

  void append_commitment(std::string text, any_id about) {
    std::string salt(16, '\0');
    random.fill(salt.data(), salt.size());
    const auto position = static_cast<std::int32_t>(personal.size());
    details += "{\"personal\":" + std::to_string(position) + ",\"commitment\":\"" + hex(commitment(salt, text)) + "\"}";
    auto& beside = personal.emplace_back(audit_value{.scope_id = scope_id, .seq = seq, .position = position});
    beside.subject_id = about;
    if (facts.forgets(about, scope_id)) return; // its earlier values are erased in this run
    beside.salt = bytes{std::move(salt)};
    beside.personal_value = std::move(text);
  }

  /// Those that differ, and what the key does not say.
  static std::vector<std::uint16_t> told_columns(const slot& s) {
    auto columns = differing_columns(s);
    for (const auto c : s.table->key)
      if ((s.table->marks[c] & personal_mark) && std::ranges::find(columns, c) == columns.end()) columns.push_back(c);
    return columns;
  }

  void append(const slot& s) {
    constexpr std::string_view actions[] = {"", "inserted", "updated", "erased"};
    if (details.size() > 1) details += ',';
    details += "{\"record\":\"";
    details += s.table->name;
    details += "\",\"action\":\"";
    details += actions[static_cast<std::size_t>(fate_of(s))];
    details += "\",\"key\":";
    append_json_text(details, shown_key(s, personal_mark));
    details += ",\"columns\":{";
    bool first = true;
    for (const auto c : told_columns(s)) {
      if (!told(s, c, with)) continue;
      if (!first) details += ',';
      first = false;
      append_json_text(details, s.table->columns[c].name);
      details += ":[";
      append_value(s, s.before, c);
      details += ',';
      append_value(s, s.now, c);
      details += ']';
    }
    details += "}}";
  }
};

/// Identities belong to the platform's chain wherever the command ran; everything else to the acting scope's.
any_id chain_of(const slot& s, const ingredients& with) {
  return s.table->audited == chain::platform ? any_id{with.who.in.platform_id} : with.who.in.id();
}

std::optional<std::int64_t> append_entry(snapshot& facts, const ingredients& with, changes& out,
                                         std::string_view command, any_id on_behalf_of, random_source& random,
                                         any_id scope_id, bool refers) {
  std::vector<const slot*> changed;
  for (const auto& s : facts.slots())
    if (s.table->audited != chain::none && fate_of(s) != slot_fate::same && chain_of(s, with) == scope_id)
      changed.push_back(&s);
  if (changed.empty() && !refers) return std::nullopt;

  const auto head = facts.find<&audit_head::scope_id>(scope_id);
  entry_writer writer{facts, random, with, scope_id, head ? head->seq + 1 : 1};
  for (const auto* s : changed) writer.append(*s);
  writer.details += ']';

  audit_entry entry{.scope_id = scope_id,
                    .seq = writer.seq,
                    .at = with.now,
                    .actor_id = with.who.identity_id,
                    .acting_in_id = with.who.in.id(),
                    .on_behalf_of_id = on_behalf_of,
                    .command = std::string(command),
                    .details = std::move(writer.details)};
  entry.hash.data = entry_hash(head ? head->hash.data : std::string{}, entry);
  if (head) {
    auto& moved = out.edit(head);
    moved.seq = entry.seq;
    moved.hash = entry.hash;
  } else {
    out.insert(audit_head{.scope_id = scope_id, .seq = entry.seq, .hash = entry.hash});
  }
  out.insert(entry);
  for (const auto& v : writer.personal) out.insert(v);
  return entry.seq;
}

} // namespace

std::optional<std::int64_t> append_audit(snapshot& facts, const ingredients& with, changes& out,
                                         std::string_view command, any_id on_behalf_of, random_source& random) {
  const auto append = [&](any_id scope_id, bool refers) {
    return append_entry(facts, with, out, command, on_behalf_of, random, scope_id, refers);
  };
  const any_id platform_id = with.who.in.platform_id;
  if (with.who.in.id() == platform_id) return append(platform_id, false);
  // Where a login alone was changed, the scope that did it has an entry too, which says no more than that.
  return append(with.who.in.id(), append(platform_id, false).has_value());
}

} // namespace linecard
