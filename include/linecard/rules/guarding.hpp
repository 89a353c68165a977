// What would be left hanging when a number is taken from whom it rings (B7).
#pragma once

#include <linecard/model/line.hpp>
#include <linecard/rules/verb.hpp>

namespace linecard {

/// did: it is the user's direct number; e911: emergency calls from it are switched on; forwarding: the calls of
/// `user_id`, somebody else, are forwarded to it.
enum class stranding_kind { did = 1, e911, forwarding };
BOOST_DESCRIBE_ENUM(stranding_kind, did, e911, forwarding)

struct stranding_row {
  stranding_kind kind{};
  std::string direct_number{};
  id_of<user> user_id{};
};
BOOST_DESCRIBE_STRUCT(stranding_row, (), (kind, direct_number, user_id))

struct strandings_answer {
  std::vector<stranding_row> strandings{};
};
BOOST_DESCRIBE_STRUCT(strandings_answer, (), (strandings))

/// Of all direct numbers of a user, or of one number in the tenant's inventory; exactly one ("one_key_needed"). Refuses
/// "user_unknown", "did_unknown". Since 0.1.
struct strandings {
  std::optional<id_of<user>> user_id{};
  std::optional<std::string> direct_number{};
  using answer = strandings_answer;
  static constexpr auto needs = permission::license_view;
  static constexpr auto acts_in = scope_level::tenant;
  static constexpr std::string_view about =
      "What would be left hanging if a user's direct numbers, or one number, were taken away.";
  [[nodiscard]] refusal ask(snapshot&, const ingredients&, answer&) const;
};
BOOST_DESCRIBE_STRUCT(strandings, (), (user_id, direct_number))

/// By number; of a user those that nobody but the user would miss (did, e911) and others' forwarding.
[[nodiscard]] std::vector<stranding_row> strandings_of(snapshot& facts, const user& who);
[[nodiscard]] std::vector<stranding_row> strandings_of(snapshot& facts, const did& number);

/// Nothing when there are none; else "would_strand" at `path`, naming each number once, and what to do instead. Whose
/// calls are forwarded is for `strandings` to tell: not everybody who configures numbers may see users.
[[nodiscard]] refusal would_strand(const std::vector<stranding_row>& found, std::string_view path,
                                   std::string_view remedy);

} // namespace linecard
