// Actors: a principal in one scope, and the scopes it makes.
#include "handles.hpp"

#include <linecard/rules/organising.hpp>

using namespace linecard;
using namespace linecard::capi;

namespace {

/// Runs a command that makes one record, and answers its id.
template <class Noun, command C> id_of<Noun> make(linecard_actor* handle, const C& c) {
  const actor_call call(handle);
  return call.directory().run(call.as(), c).value().template created_id<Noun>();
}

} // namespace

int32_t linecard_bootstrap_operator(linecard_directory* directory, const char* email, size_t email_length,
                                    linecard_actor** actor, linecard_error** error) {
  clear(actor);
  return guarded(error, [&] {
    auto& in = use(directory);
    needed(actor, "actor");
    const auto as = in.bootstrap_operator(text_in(email, email_length, "email")).value();
    *actor = make_handle(object_of(directory)->inside, as);
  });
}

int32_t linecard_actor_open(linecard_directory* directory, linecard_id identity_id, linecard_id scope_id,
                            linecard_actor** actor, linecard_error** error) {
  clear(actor);
  return guarded(error, [&] {
    auto& in = use(directory);
    needed(actor, "actor");
    const auto who = needed_id<identity>(identity_id, "identity_id");
    const auto as = in.open_actor(who, scope_id_in(scope_id, "scope_id")).value();
    *actor = make_handle(object_of(directory)->inside, as);
  });
}

int32_t linecard_actor_open_email(linecard_directory* directory, const char* email, size_t email_length,
                                  linecard_id scope_id, linecard_actor** actor, linecard_error** error) {
  clear(actor);
  return guarded(error, [&] {
    auto& in = use(directory);
    needed(actor, "actor");
    const std::string_view who = text_in(email, email_length, "email");
    const auto as = in.open_actor(who, scope_id_in(scope_id, "scope_id")).value();
    *actor = make_handle(object_of(directory)->inside, as);
  });
}

int32_t linecard_actor_open_visitor(linecard_directory* directory, linecard_actor** actor, linecard_error** error) {
  clear(actor);
  return guarded(error, [&] {
    auto& in = use(directory);
    needed(actor, "actor");
    *actor = make_handle(object_of(directory)->inside, in.open_visitor());
  });
}

int32_t linecard_actor_open_session(linecard_directory* directory, const char* token, size_t token_length,
                                    linecard_id scope_id, linecard_actor** actor, linecard_error** error) {
  clear(actor);
  return guarded(error, [&] {
    auto& in = use(directory);
    needed(actor, "actor");
    const secret_text given(text_in(token, token_length, "token"));
    const auto as = in.open_session(given, scope_id_in(scope_id, "scope_id")).value();
    *actor = make_handle(object_of(directory)->inside, as);
  });
}

linecard_id linecard_actor_identity(const linecard_actor* actor) {
  return actor ? object_of(actor)->as.identity_id().value : 0;
}

linecard_id linecard_actor_scope(const linecard_actor* actor) {
  return actor ? object_of(actor)->as.in().id().value : 0;
}

void linecard_actor_free(linecard_actor* actor) {
  if (!actor) return;
  actor_object* const object = object_of(actor);
  const bool taken = !object->inside->forked() && object->in_use.exchange(true, std::memory_order_acq_rel);
  if (!taken) delete object;
}

int32_t linecard_create_container(linecard_actor* actor, const char* name, size_t name_length,
                                  linecard_id* container_id, linecard_error** error) {
  clear(container_id);
  return guarded(error, [&] {
    needed(actor, "actor");
    needed(container_id, "container_id");
    *container_id = make<container>(actor, create_container{std::string(text_in(name, name_length, "name"))}).value;
  });
}

int32_t linecard_create_tenant(linecard_actor* actor, const char* name, size_t name_length, linecard_id* tenant_id,
                               linecard_error** error) {
  clear(tenant_id);
  return guarded(error, [&] {
    needed(actor, "actor");
    needed(tenant_id, "tenant_id");
    *tenant_id = make<tenant>(actor, create_tenant{std::string(text_in(name, name_length, "name"))}).value;
  });
}
