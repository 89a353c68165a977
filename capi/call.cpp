// Every operation by name, as JSON: the same dispatcher, authorisation and audit as the typed calls.
#include "handles.hpp"
#include "text.hpp"

#include <linecard/json.hpp>

#include <deque>
#include <new>
#include <vector>

using namespace linecard;
using namespace linecard::capi;

namespace {

/// A request or answer whose type is known only by its description.
class any_object {
public:
  explicit any_object(const object_ops& ops) : ops_(ops), at_(::operator new (ops.size, std::align_val_t{ops.align})) {
    try {
      ops.make(at_);
    } catch (...) {
      release();
      throw;
    }
  }
  any_object(const any_object&) = delete;
  any_object& operator=(const any_object&) = delete;
  ~any_object() {
    ops_.destroy(at_);
    release();
  }
  [[nodiscard]] void* get() const { return at_; }

private:
  void release() { ::operator delete (at_, std::align_val_t{ops_.align}); }
  const object_ops& ops_;
  void* at_;
};

const verb& operation_in(const char* name, std::size_t length) {
  const verb* found = verb_named(text_in(name, length, "operation"));
  if (!found) fail(status::not_found, "operation_unknown", "/operation", "there is no operation of this name");
  return *found;
}

const verb& command_in(const char* name, std::size_t length) {
  const verb& found = operation_in(name, length);
  if (!found.is_command())
    fail(status::invalid, "not_a_command", "/operation",
         "only commands can be previewed, confirmed or run together; queries are asked");
  return found;
}

struct read_request : any_object {
  read_request(const verb& of, const char* json, std::size_t length) : any_object(of.request_object) {
    check(read_json(bytes_in(json, length, "json"), *of.request, get()));
  }
};

/// The answer that `ask` is given room for, as JSON.
template <class Ask> std::string answered(const verb& query, Ask ask) {
  const any_object answer(query.answer_object);
  check(ask(answer.get()));
  std::string json;
  append_json(json, *query.answer, answer.get());
  return json;
}

std::string perform(const actor_call& call, const verb& what, const void* request) {
  if (what.is_command()) return to_json(call.directory().perform(call.as(), {&what, request}, run_mode::run).value());
  return answered(what, [&](void* into) { return call.directory().answer(call.as(), what, request, into); });
}

/// Several commands, read before any of them is decided.
struct read_commands {
  std::deque<read_request> objects{};
  std::vector<request> all{};

  read_commands(const linecard_request* given, std::size_t count) {
    if (count != 0) needed(given, "commands");
    for (std::size_t i = 0; i < count; ++i) try {
        const auto& one = given[i];
        const verb& what = command_in(one.operation, one.operation_length);
        all.push_back({&what, objects.emplace_back(what, one.json, one.json_length).get()});
      } catch (refused& no) {
        no.details.path = "/" + std::to_string(i) + no.details.path;
        throw;
      }
  }
};

} // namespace

int32_t linecard_call(linecard_actor* actor, const char* operation, size_t operation_length, const char* json,
                      size_t json_length, linecard_text** answer, linecard_error** error) {
  clear(answer);
  return guarded(error, [&] {
    needed(answer, "answer");
    const actor_call call(actor);
    const verb& what = operation_in(operation, operation_length);
    const read_request request(what, json, json_length);
    *answer = make_text(perform(call, what, request.get()));
  });
}

int32_t linecard_preview(linecard_actor* actor, const char* operation, size_t operation_length, const char* json,
                         size_t json_length, linecard_text** receipt, linecard_text** token, linecard_error** error) {
  clear(receipt), clear(token);
  return guarded(error, [&] {
    needed(token, "token");
    const actor_call call(actor);
    const verb& what = command_in(operation, operation_length);
    const read_request request(what, json, json_length);
    const auto shown = call.directory().perform(call.as(), {&what, request.get()}, run_mode::preview).value();
    linecard_text* const whole = receipt ? make_text(to_json(shown)) : nullptr;
    try {
      *token = make_text(shown.token.value_or(std::string{}));
    } catch (...) {
      linecard_text_free(whole);
      throw;
    }
    if (receipt) *receipt = whole;
  });
}

int32_t linecard_confirm(linecard_actor* actor, const char* operation, size_t operation_length, const char* json,
                         size_t json_length, const char* token, size_t token_length, linecard_text** receipt,
                         linecard_error** error) {
  clear(receipt);
  return guarded(error, [&] {
    const actor_call call(actor);
    const verb& what = command_in(operation, operation_length);
    const read_request request(what, json, json_length);
    const std::string_view given = text_in(token, token_length, "token");
    const auto done = call.directory().perform(call.as(), {&what, request.get()}, run_mode::confirm, given).value();
    if (receipt) *receipt = make_text(to_json(done));
  });
}

int32_t linecard_call_all(linecard_actor* actor, const linecard_request* commands, size_t count,
                          linecard_text** receipts, linecard_error** error) {
  clear(receipts);
  return guarded(error, [&] {
    const actor_call call(actor);
    const read_commands given(commands, count);
    std::string json = "[";
    for (const auto& done : call.directory().run_all(call.as(), given.all).value()) {
      if (json.size() > 1) json += ',';
      json += to_json(done);
    }
    if (receipts) *receipts = make_text(json + "]");
  });
}

int32_t linecard_ask_after(linecard_actor* actor, const linecard_request* commands, size_t count, const char* query,
                           size_t query_length, const char* json, size_t json_length, linecard_text** answer,
                           linecard_error** error) {
  clear(answer);
  return guarded(error, [&] {
    needed(answer, "answer");
    const actor_call call(actor);
    const read_commands given(commands, count);
    const verb& what = operation_in(query, query_length);
    if (what.is_command()) fail(status::invalid, "not_a_query", "/query", "only queries are asked; commands run");
    const read_request question(what, json, json_length);
    *answer = make_text(answered(what, [&](void* into) {
      return call.directory().answer_after(call.as(), given.all, what, question.get(), into);
    }));
  });
}
