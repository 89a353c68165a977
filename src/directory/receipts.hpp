// The receipt and the audit entry of one command, both made from the before/after pairs alone.
#pragma once

#include <linecard/ports/random.hpp>
#include <linecard/receipt.hpp>
#include <linecard/snapshot.hpp>

#include <string_view>

namespace linecard {

/// May read more rows (packages of seats, the rows S1.4 protects); call it before the trace is digested.
[[nodiscard]] receipt receipt_of(snapshot& facts, const ingredients& with, std::string_view command);

/// Inserts the entries of this command into the chains it touched; the sequence number in the acting scope's chain, or
/// nothing when nothing audited changed. `on_behalf_of`: the tenant, when a delegation allowed it. Call it after the
/// trace is digested.
[[nodiscard]] std::optional<std::int64_t> append_audit(snapshot& facts, const ingredients& with, changes& out,
                                                       std::string_view command, any_id on_behalf_of,
                                                       random_source& random);

/// Whether receipt and audit of the acting scope name this column. An identity's id would tell a tenant when, and so
/// whether, the person was known before (I9).
[[nodiscard]] bool told(const detail::slot& s, std::uint16_t column, const ingredients& with);

/// A column as people read it: ids and instants as text, an absent id as nothing.
[[nodiscard]] std::string shown(const field& column, const value& v);
/// Leaves out columns with such a mark.
[[nodiscard]] std::string shown_key(const detail::slot& s, std::uint8_t without = no_mark);

} // namespace linecard
