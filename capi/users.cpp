// Users come in and are found.
#include "handles.hpp"
#include "list.hpp"

#include <linecard/rules/onboarding.hpp>
#include <linecard/rules/people.hpp>

using namespace linecard;
using namespace linecard::capi;

namespace {

constexpr std::int32_t default_page = 50;

void set(std::string& to, const char* from, const char* name) {
  if (from) to = text_in(from, LINECARD_NUL_TERMINATED, name);
}
void set(std::optional<std::string>& to, const char* from, const char* name) {
  if (from) to.emplace(text_in(from, LINECARD_NUL_TERMINATED, name));
}
void refuse_member(bool given, const char* name, const char* by) {
  if (given)
    fail(status::invalid, "field_not_taken", std::string("/") + name, std::string(name) + " is not taken by " + by);
}

/// What inviting and adopting have in common.
template <class C> C newcomer_of(const linecard_new_user& given) {
  C c{};
  set(c.first_name, given.first_name, "first_name");
  set(c.last_name, given.last_name, "last_name");
  set(c.email, given.email, "email");
  set(c.language, given.language, "language");
  set(c.role, given.role, "role");
  if (const auto package_id = optional_id<package>(given.package_id, "package_id")) c.package_id = package_id;
  return c;
}

template <class C> void admit(linecard_actor* handle, const C& c, linecard_id& into) {
  const actor_call call(handle);
  into = call.directory().run(call.as(), c).value().template created_id<user>().value;
}

linecard_list* find(linecard_actor* handle, const find_user& question) {
  const actor_call call(handle);
  const auto found = call.directory().ask(call.as(), question).value();
  return make_list(type_of<user_details>, &found);
}

} // namespace

int32_t linecard_add_user(linecard_actor* actor, const linecard_new_user* newcomer, linecard_id* user_id,
                          linecard_error** error) {
  clear(user_id);
  return guarded(error, [&] {
    needed(actor, "actor");
    const linecard_new_user given = struct_in(newcomer, "newcomer");
    auto& into = needed(user_id, "user_id");
    auto c = newcomer_of<add_user>(given);
    refuse_member(given.external_ref, "external_ref", "linecard_add_user");
    refuse_member(given.extension, "extension", "linecard_add_user");
    refuse_member(given.team_role, "team_role", "linecard_add_user");
    refuse_member(given.forwarding_number, "forwarding_number", "linecard_add_user");
    if (given.send_welcome != 0 && given.send_welcome != 1)
      fail(status::invalid, "send_welcome_invalid", "/send_welcome", "send_welcome must be 0 or 1");
    c.send_welcome = given.send_welcome == 1;
    admit(actor, c, into);
  });
}

int32_t linecard_adopt_user(linecard_actor* actor, const linecard_new_user* newcomer, linecard_id* user_id,
                            linecard_error** error) {
  clear(user_id);
  return guarded(error, [&] {
    needed(actor, "actor");
    const linecard_new_user given = struct_in(newcomer, "newcomer");
    auto& into = needed(user_id, "user_id");
    auto c = newcomer_of<adopt_user>(given);
    refuse_member(given.send_welcome != 0, "send_welcome", "linecard_adopt_user");
    set(c.external_ref, given.external_ref, "external_ref");
    set(c.extension, given.extension, "extension");
    set(c.team_role, given.team_role, "team_role");
    set(c.forwarding_number, given.forwarding_number, "forwarding_number");
    admit(actor, c, into);
  });
}

int32_t linecard_list_users(linecard_actor* actor, const char* search, size_t search_length, linecard_id after,
                            int32_t limit, linecard_list** list, linecard_error** error) {
  clear(list);
  return guarded(error, [&] {
    needed(list, "list");
    users question;
    if (search) question.search.emplace(text_in(search, search_length, "search"));
    if (const auto last = optional_id<user>(after, "after")) question.after = last;
    question.limit = limit == 0 ? default_page : limit;
    const actor_call call(actor);
    const auto found = call.directory().ask(call.as(), question).value();
    *list = make_list(type_of<std::vector<user_row>>, &found.users, found.next.value_or(id_of<user>{}).value);
  });
}

int32_t linecard_find_user(linecard_actor* actor, linecard_id user_id, linecard_list** list, linecard_error** error) {
  clear(list);
  return guarded(error, [&] {
    needed(list, "list");
    *list = find(actor, {.user_id = needed_id<user>(user_id, "user_id")});
  });
}

int32_t linecard_find_user_by_email(linecard_actor* actor, const char* email, size_t email_length, linecard_list** list,
                                    linecard_error** error) {
  clear(list);
  return guarded(error, [&] {
    needed(list, "list");
    *list = find(actor, {.email = std::string(text_in(email, email_length, "email"))});
  });
}

int32_t linecard_find_user_by_external_ref(linecard_actor* actor, const char* external_ref, size_t external_ref_length,
                                           linecard_list** list, linecard_error** error) {
  clear(list);
  return guarded(error, [&] {
    needed(list, "list");
    *list = find(actor, {.external_ref = std::string(text_in(external_ref, external_ref_length, "external_ref"))});
  });
}
