// What the transactions of a PostgreSQL store share: its connections, and the tables they may name.
#pragma once

#include "gate.hpp"
#include "host_link.hpp"
#include "postgres_connection.hpp"

#include <deque>
#include <mutex>
#include <vector>

namespace linecard::stores {

class postgres_pool {
public:
  explicit postgres_pool(postgres_options options);

  [[nodiscard]] const postgres_options& options() const { return options_; }

  /// An idle connection that seems alive, else a new one. Refuses "store_busy" when all are in use.
  [[nodiscard]] result<std::unique_ptr<postgres_connection>> borrow();
  /// In place of one that was lost. Those that are idle may have gone the same way, so they go too.
  [[nodiscard]] refusal replace(std::unique_ptr<postgres_connection>& lost);
  void give_back(std::unique_ptr<postgres_connection> c) noexcept;

  [[nodiscard]] bool knows(const table_info* table);
  void learn(std::span<const table_info* const> tables, std::vector<host_link> links);
  /// The host's half of the table, if it has one.
  [[nodiscard]] const host_link* link_of(const table_info* table);

private:
  [[nodiscard]] result<std::unique_ptr<postgres_connection>> connect() const;
  [[nodiscard]] std::unique_ptr<postgres_connection> take_idle();

  const postgres_options options_;
  gate permits_;
  std::mutex mutex_{};
  std::vector<std::unique_ptr<postgres_connection>> idle_{};
  std::vector<const table_info*> tables_{};
  std::deque<host_link> links_{}; ///< statements are made from them: their addresses stay
};

} // namespace linecard::stores
