// Whose line it is, worked out: numbers, extensions and the host's ids lead to one record of a user, which is all that
// a call needs to know. What the store tells in a dozen rows is put together when one of them changes, never when
// somebody asks; tests/views holds the two to the same answers.
//
// Readers take no lock, allocate nothing and may be many; writers are one at a time (views/sequence.hpp). A record is
// one user's until the view is cleared, which it is only while nobody reads: whatever leads to it never leads to
// somebody else.
#pragma once

#include <linecard/model/call.hpp>
#include <linecard/views/key_index.hpp>
#include <linecard/views/sequence.hpp>
#include <linecard/views/shelf.hpp>

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace linecard {

struct line_extension {
  std::string number{};
  bool international{};
};

/// A user with everything that rings, lets in and lets out.
struct line_holder {
  id_of<user> id{};
  id_of<tenant> tenant_id{};
  bool active{};
  std::optional<std::string> external_ref{};
  std::optional<std::string> forwarding{};
  std::optional<std::string> caller_id{};      ///< the first direct number
  std::optional<std::string> e911_caller_id{}; ///< the first with E911 on
  std::vector<line_extension> extensions{};    ///< by number
  feature_set entitlements{};
};

/// A direct number; `user_id` only when the use is direct.
struct line_number {
  std::string number{};
  id_of<tenant> tenant_id{};
  did_use use{};
  id_of<user> user_id{};
  bool e911{};
  std::string label{}; ///< told of numbers that are no user's
};

/// The answers worked out for one question, without a view. `asked`: an extension of the holder's, null when it was
/// asked otherwise.
[[nodiscard]] line line_of(const line_holder& holder, const line_extension* asked = nullptr);
/// `holder`: whose number it is, where there is such a user.
[[nodiscard]] line line_of(const line_number& number, const line_holder* holder);

class lines_view {
public:
  /// busy: a writer is at it.
  enum class answer : std::uint8_t { absent, found, busy };

  lines_view();
  lines_view(const lines_view&) = delete;
  lines_view& operator=(const lines_view&) = delete;
  ~lines_view();

  // Readers: any thread, at any time. `into` is the line, or all zeros.

  [[nodiscard]] answer by_number(std::string_view e164, line& into) const noexcept;
  [[nodiscard]] answer by_extension(id_of<tenant> where, std::string_view number, line& into) const noexcept;
  [[nodiscard]] answer by_user(id_of<user> who, line& into) const noexcept;
  [[nodiscard]] answer by_external_ref(id_of<tenant> where, std::string_view ref, line& into) const noexcept;
  /// Fetches what a look-up of this number will look at.
  void prefetch(std::string_view e164) const noexcept;

  // Writers: one at a time. What throws (bad_alloc) leaves the line as it was.

  /// Room for so many without growing.
  void reserve(std::size_t users, std::size_t numbers, std::size_t extensions, std::size_t refs);
  /// The user's whole line, whatever it was before.
  void put(const line_holder& holder);
  void put(const line_number& number);
  void forget(id_of<user> who) noexcept;
  void forget(std::string_view e164) noexcept;

  /// Forgets the other users and numbers of these tenants: all that are neither among `users`, ascending by id, nor
  /// among `numbers`. Looks at everything there is.
  void forget_others(std::span<const line_holder> users, std::span<const line_number> numbers,
                     const std::function<bool(id_of<tenant>)>& of_these);
  /// Forgets everything. Only while nobody reads.
  void clear() noexcept;

  /// Bytes held for records and indexes.
  [[nodiscard]] std::size_t bytes() const noexcept;

private:
  using key = views::key_index::key;
  static constexpr std::size_t record_words = 16;
  /// Two cache lines, which processors fetch together (views/packed_line.hpp says what stands where). A reader that
  /// sees old and new words mixed learns of it from the sequence.
  struct alignas(128) record {
    std::array<std::atomic<std::uint64_t>, record_words> words{};
  };
  /// What leads to a record, beside it; the writer's own.
  struct leading {
    std::uint32_t extension{}; ///< packed; more of them stand in more_extensions_
    key ref{};
  };

  template <class Tell>
  [[nodiscard]] answer look(const views::key_index& in, key k, line& into, Tell tell) const noexcept;
  [[nodiscard]] key key_of_ref(id_of<tenant> where, std::string_view ref) const noexcept;
  [[nodiscard]] std::uint32_t add_record();
  [[nodiscard]] std::uint32_t record_of(id_of<user> who);
  [[nodiscard]] std::uint32_t record_of_company(const line_number& number);
  void write(std::uint32_t number, const std::array<std::uint64_t, record_words>& words) noexcept;
  void cut_off(std::uint32_t number) noexcept;

  std::array<unsigned char, 16> secret_{}; ///< what refs are hashed under: no host can make two meet
  views::sequence sequence_{};
  views::key_index numbers_{}, extensions_{}, users_{}, refs_{};
  views::shelf<record, 16384> records_{}; ///< in large pages

  // The writer's own.
  std::vector<leading> leading_{}; ///< by record
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> more_extensions_{};
  /// Of numbers that are nobody's own: by tenant, or, for one with a label, by the number.
  std::unordered_map<std::uint64_t, std::uint32_t> company_records_{}, labelled_records_{};
};

} // namespace linecard
