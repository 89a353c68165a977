// What a claim did to its stores, for the report: a store around the store under test that writes each operation down.
#pragma once

#include <linecard/ports/store.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace linecard::contract {

/// Holds the last operations. For one thread: what runs in several is told in one sentence, by together().
class journal {
public:
  void write(std::string line);
  /// One operation a line, the older ones counted; ends with a newline.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::size_t mark() const { return written_; }
  /// For reads that were answered well: they explain nothing.
  void forget_since(std::size_t mark);
  [[nodiscard]] std::size_t next_transaction() { return ++transactions_; }
  [[nodiscard]] std::size_t next_store() { return ++stores_; }

private:
  static constexpr std::size_t most = 16;
  std::deque<std::string> lines_{};
  std::size_t written_{}, transactions_{}, stores_{};
};

/// `how` names the store's coming into being: "a fresh store".
[[nodiscard]] std::unique_ptr<store> recorded(std::unique_ptr<store> inner, std::shared_ptr<journal> in,
                                              const char* how);

[[nodiscard]] journal& journal_of(store& s);

/// A line of the claim's own.
void note(store& s, const std::string& line);

/// The store under test itself. A journal is for one thread.
[[nodiscard]] store& plain(store& s);

/// `count` threads at once, each calling body(store, number) on the store itself: a journal between them would take
/// turns for them, and hide the races that are looked for. Rethrows what one of them threw.
void together(store& s, const std::string& story, int count, const std::function<void(store&, int)>& body);

} // namespace linecard::contract
