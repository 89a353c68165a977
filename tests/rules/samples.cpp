#include "rules/samples_parts.hpp"

namespace samples {

const std::map<std::string_view, sample>& all() {
  static const auto known = [] {
    auto them = samples_of_lines();
    them.merge(samples_of_people());
    them.merge(samples_of_rules());
    them.merge(samples_of_logins());
    return them;
  }();
  return known;
}

const actor* actor_for(world& w, whom by) {
  static thread_local actor opened;
  switch (by) {
  case whom::platform:
    return &w.operator_;
  case whom::container:
    return &(opened = must(w.dir.open_actor(w.operator_.identity_id(), w.container_id)));
  case whom::tenant:
    return &w.at_tenant;
  case whom::admin:
    return &w.admin;
  case whom::visitor:
    return &(opened = w.dir.open_visitor());
  case whom::session: {
    sign_in with{};
    REQUIRE_FALSE(read_json(signing_in, type_of<sign_in>, &with));
    const auto done = must(w.dir.run(w.dir.open_visitor(), with));
    return &(opened = must(w.dir.open_session(secret_text(*done.token))));
  }
  case whom::system:
    return nullptr; // only the directory itself
  }
  return nullptr;
}

refusal attempt(world& w, const actor& as, const verb& v, const void* object) {
  if (v.is_command()) {
    auto done = carry_out(w.dir, as, {&v, object});
    return done ? refusal{} : refusal{done.error()};
  }
  erased into(v.answer_object);
  return w.dir.answer(as, v, object, into.room);
}

void for_every_verb(const std::function<void(world&, const verb&, whom, erased&)>& visit) {
  for (const auto* v : verbs()) {
    const auto it = all().find(v->name);
    REQUIRE_MESSAGE(it != all().end(), "give a sample request for " << v->name);
    CAPTURE(v->name);
    auto* const host = it->second.host ? it->second.host() : nullptr;
    world w(host ? host->opened() : memory_store());
    if (host) host->sql.run("UPDATE staff SET given = 'Renamed'"); // Ada, whom the world adopted
    erased object(v->request_object);
    const auto no = read_json(it->second.json(w), *v->request, object.room);
    REQUIRE_MESSAGE(!no, v->name << ": " << (no ? no->path + " " + no->message : ""));
    visit(w, *v, it->second.by, object);
  }
}

} // namespace samples
