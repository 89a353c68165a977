// A tenant made from a document, part by part; import_tenant's rule.
#pragma once

#include <linecard/rules/attributes.hpp>
#include <linecard/rules/exporting.hpp>
#include <linecard/rules/roles.hpp>

#include <map>
#include <string>

namespace linecard {

/// The document says; what follows is counted here. Whatever is looked up is looked for among the rows already made
/// from the document as well, so that one question finds what the directory has and what stands twice.
class arrival {
public:
  arrival(snapshot& facts, const ingredients& with, changes& out, const import_tenant& document);
  [[nodiscard]] refusal settle();

private:
  [[nodiscard]] refusal may_bring_all();
  [[nodiscard]] refusal account_is_new();
  [[nodiscard]] refusal packages();
  [[nodiscard]] refusal define(const exported_package& p, const std::string& path);
  [[nodiscard]] refusal known_package(id_of<package> id, const std::string& path) const;
  [[nodiscard]] refusal pools();
  [[nodiscard]] refusal company();
  [[nodiscard]] refusal values();
  [[nodiscard]] refusal roles();
  [[nodiscard]] refusal gifts();
  [[nodiscard]] refusal may_hand_on(flag given, const std::string& path);
  [[nodiscard]] refusal find_granted(const std::string& name, const std::string& path);
  [[nodiscard]] refusal people();
  [[nodiscard]] refusal person(const exported_user& who, const std::string& path);
  [[nodiscard]] refusal standing(const exported_user& who, const std::string& path) const;
  [[nodiscard]] refusal login(const exported_login& who, const std::string& path);
  [[nodiscard]] refusal authority(const exported_login& login, any_id holder, const std::vector<exported_grant>& grants,
                                  const std::vector<exported_flag>& flags, const std::string& path);
  [[nodiscard]] refusal seats(const exported_user& who, const std::string& path);
  [[nodiscard]] refusal outcome(const exported_user& who, const std::string& path);
  [[nodiscard]] refusal line(const exported_user& who, const std::string& path);
  [[nodiscard]] refusal delegates();
  [[nodiscard]] refusal numbers();
  [[nodiscard]] refusal number(const exported_did& d, const std::string& path);
  [[nodiscard]] refusal range();
  [[nodiscard]] refusal account();
  template <class Value>
  [[nodiscard]] refusal say(const std::vector<Value>& said, attribute_owner owner, const std::string& subject,
                            const std::string& path, std::optional<id_of<user>> whose);

  struct named_role {
    id_of<role> id{};
    role_powers powers{};
  };

  snapshot& facts_;
  const ingredients& with_;
  changes& out_;
  const import_tenant& from_;
  id_of<tenant> where_;
  scope there_;
  std::map<id_of<package>, const exported_package*> packages_{};
  std::map<std::string_view, named_role> roles_{};
  std::map<id_of<user>, const exported_user*> users_{};
};

/// Then a seat is reserved, and no rule concerns the user.
[[nodiscard]] inline bool joins_later(const exported_user& who) {
  return who.state == member_state::invited || who.returns_to == member_state::invited;
}
[[nodiscard]] inline std::string entry(std::string_view list, std::size_t n) {
  return std::string(list) + "/" + std::to_string(n);
}
[[nodiscard]] error already_there(std::string path, const std::string& what);
[[nodiscard]] error state_invalid(std::string path, std::string message);

template <class Value>
refusal arrival::say(const std::vector<Value>& said, attribute_owner owner, const std::string& subject,
                     const std::string& path, std::optional<id_of<user>> whose) {
  for (std::size_t n = 0; n < said.size(); ++n) {
    const auto& v = said[n];
    const auto row = entry(path + "/field_values", n);
    if (auto no = acceptable_value(facts_, owner, v.name, v.content, row)) return no;
    if (facts_.find<&attribute_value::tenant_id, &attribute_value::owner, &attribute_value::subject,
                    &attribute_value::name>(where_, owner, subject, v.name))
      return already_there(row + "/name", "a value of \"" + v.name + "\"");
    auto about = whose;
    if constexpr (requires { v.of_user; }) {
      if (v.of_user && !whose) return state_invalid(row + "/of_user", "the number is no user's");
      if (!v.of_user) about.reset();
    }
    out_.insert(attribute_value{.tenant_id = where_,
                                .owner = owner,
                                .subject = subject,
                                .name = v.name,
                                .content = v.content,
                                .user_id = about});
  }
  return std::nullopt;
}

} // namespace linecard
