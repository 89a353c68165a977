// What the files of samples share.
#pragma once

#include "rules/samples.hpp"

namespace samples {

inline std::string quoted(any_id id) { return "\"" + to_text(id) + "\""; }

/// The same in every world.
inline std::function<std::string(world&)> fixed(std::string json) {
  return [json = std::move(json)](world&) { return json; };
}
inline std::string with_more(const std::string& json, std::string_view rest) {
  return json.substr(0, json.size() - 1) + "," + std::string(rest) + "}";
}
/// An invited user.
inline std::string about_user(world& w) {
  return "{\"user_id\":" + quoted(w.invite("Ina", "I", "ina@acme.example")) + "}";
}

/// Ada's, who has this password once she has any.
inline constexpr std::string_view signing_in =
    R"({"email":"ada@acme.example","password":"Tr0ub4dor&3 und mehr","source":"192.0.2.1"})";

using sample_map = std::map<std::string_view, sample>;
[[nodiscard]] sample_map samples_of_lines();
[[nodiscard]] sample_map samples_of_people();
[[nodiscard]] sample_map samples_of_rules();
[[nodiscard]] sample_map samples_of_logins();

} // namespace samples
