// One transaction of the PostgreSQL store.
#pragma once

#include "pieces.hpp"
#include "postgres_pool.hpp"

namespace linecard::stores {

/// The transaction at the server begins with the first pipeline that needs it; a writer's reads need none, since each
/// of them sees its own state anyway.
class postgres_transaction final : public transaction {
public:
  postgres_transaction(postgres_pool& pool, access mode) : pool_(pool), mode_(mode) {}
  postgres_transaction(const postgres_transaction&) = delete;
  postgres_transaction& operator=(const postgres_transaction&) = delete;
  ~postgres_transaction() override { end(); }

  /// Apart from the constructor, so that a transaction which could not be made holds nothing.
  [[nodiscard]] refusal start();

  refusal scan(std::span<const scan_request> requests, row_sink& sink) override;
  refusal apply(std::span<const change> changes, std::size_t& conflicting) override;
  refusal commit() override;
  refusal apply_and_commit(std::span<const change> changes, std::size_t& conflicting) override;

private:
  struct asker;
  struct answers;

  [[nodiscard]] const char* unusable() const;
  [[nodiscard]] refusal flaw(std::span<const change> changes, std::size_t& conflicting);
  void need_transaction();
  [[nodiscard]] refusal send_changes(std::span<const change> changes);
  void judge(std::span<const change> changes, std::size_t n, const PGresult* r, refusal& why, std::size_t& conflicting);
  [[nodiscard]] error commit_refused(std::span<const change> changes, const PGresult* r);
  /// The words for an insert into a mapped table that met a conflict.
  void explain(std::span<const change> changes, std::size_t conflicting, refusal& why);
  /// One round trip: what send() queues. Tried again on a fresh connection when the first was lost and nothing had been
  /// seen of it. send () -> refusal; take (n, PGresult*) -> void.
  template <class Send, class Take> [[nodiscard]] refusal round_trip(const Send& send, const Take& take);
  [[nodiscard]] refusal finish(std::span<const change> changes, std::size_t& conflicting);
  void end() noexcept;

  postgres_pool& pool_;
  access mode_;
  bool failed_{}, scanning_{};
  bool open_{}; ///< BEGIN was sent
  bool seen_{}; ///< the caller has seen an answer, so that another connection would tell another story
  std::unique_ptr<postgres_connection> c_{};
};

} // namespace linecard::stores
