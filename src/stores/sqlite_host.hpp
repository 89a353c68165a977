// The host's half of a change to a mapped table.
#pragma once

#include "host_link.hpp"
#include "sqlite_connection.hpp"

#include <string>

namespace linecard::stores {

/// The key of a host's row, kept until ours is written.
struct host_key {
  value_type type{};
  std::int64_t number{};
  std::string text{};

  [[nodiscard]] value get() const {
    return type == value_type::integer ? integer_value(number)
           : type == value_type::text  ? text_value(text)
                                       : null_value();
  }
};

/// Before ours, in the same transaction. An insert links or makes the host's row and gives its key; an update writes
/// the mapped columns; an erase and a require leave the host's row alone.
[[nodiscard]] refusal change_host(connection& c, const host_link& link, const change& what, host_key& key);

/// Whether some row of ours has lost its host row.
[[nodiscard]] bool has_gone_rows(connection& c, const host_link& link);

} // namespace linecard::stores
