// By what a slot is found, for those who find and those who change them.
#pragma once

#include <linecard/snapshot.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace linecard {

/// What a row inserted in this run is found by before the store knows it.
[[nodiscard]] std::string index_name(const table_info& table, std::uint16_t index, std::string_view key);

[[nodiscard]] std::vector<value> values_of(const table_info& table, const void* object,
                                           std::span<const std::uint16_t> columns);

/// Whether the row as it stands now answers this question.
[[nodiscard]] bool matches(const detail::slot& s, std::uint16_t index, std::span<const value> prefix);

[[noreturn]] void undecodable(const table_info& table, const field& column);

} // namespace linecard
