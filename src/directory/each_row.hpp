// Whole tables, or what they hold of some, read for a view.
#pragma once

#include <linecard/ports/store.hpp>

#include <array>
#include <exception>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace linecard {

namespace detail {

template <class T, class Take, auto... C> struct row_taker final : row_sink {
  explicit row_taker(Take t) : take(std::move(t)) {}
  Take take;
  T row_{};
  std::exception_ptr thrown{};

  bool row(std::size_t, std::int64_t, std::span<const value> columns) override {
    try {
      if (!((columns.size() > column_of<C> && fields_of<T>[column_of<C>].set(&row_, columns[column_of<C>])) && ...))
        throw refused(refuse(status::internal, "row_undecodable", "",
                             "a row of table " + std::string(info_of<T>.name) +
                                 " holds a value that its description does not allow"));
      take(std::as_const(row_));
      return true;
    } catch (...) { // must not unwind through a host's store
      thrown = std::current_exception();
      return false;
    }
  }
};

template <class T, auto... C, class Take>
void each_row_answering(transaction& in, std::span<const scan_request> asked, Take take) {
  row_taker<T, Take, C...> sink(std::move(take));
  auto failed = in.scan(asked, sink);
  if (sink.thrown) std::rethrow_exception(sink.thrown);
  if (failed) throw refused(std::move(*failed));
}

} // namespace detail

/// Every row of T in key order, with the columns C alone: the rest is not decoded.
template <class T, auto... C, class Take> void each_row(transaction& in, Take take) {
  const scan_request all[]{{.table = &info_of<T>}};
  detail::each_row_answering<T, C...>(in, all, std::move(take));
}

/// The rows whose column Of is one of these, in no order.
template <class T, auto Of, auto... C, class Id, class Take>
void each_row_of(transaction& in, std::span<const Id> whose, Take take) {
  constexpr std::array<std::uint16_t, 1> column{column_of<Of>};
  constexpr int index = find_index(info_of<T>, column);
  static_assert(index >= 0, "no key or index begins with this column");
  std::vector<value> prefixes;
  for (const auto& each : whose) prefixes.push_back(as_value(each));
  std::vector<scan_request> asked;
  for (const auto& prefix : prefixes)
    asked.push_back({.table = &info_of<T>, .index = static_cast<std::uint16_t>(index), .prefix = {&prefix, 1}});
  detail::each_row_answering<T, C...>(in, asked, std::move(take));
}

/// The part of `sorted` that belongs to `who`; `from` moves along, for whom it is asked come in ascending order.
template <class T, class Id, class Of>
std::span<const T> part_of(const std::vector<T>& sorted, std::size_t& from, Id who, Of of) {
  while (from < sorted.size() && std::invoke(of, sorted[from]) < who) ++from;
  const auto begin = from;
  while (from < sorted.size() && std::invoke(of, sorted[from]) == who) ++from;
  return {sorted.data() + begin, from - begin};
}

} // namespace linecard
