// A host's number provider and keeper of messages, and the pump of what they are still to be asked.
#include "adapters.hpp"
#include "handles.hpp"
#include "host_answer.hpp"

using namespace linecard;
using namespace linecard::capi;

namespace {

/// Behind linecard_bought: longer than any number, so that no text becomes one by being cut.
struct bought_object {
  std::array<char, 32> number{};
};
linecard_bought* handle_of(bought_object& b) { return reinterpret_cast<linecard_bought*>(&b); }

/// LINECARD_DONE apart, which each callback answers in its own way.
provider_answer failed(std::int32_t answer, const failure_object& said, const char* otherwise) {
  if (answer == LINECARD_E_BUSY) return {errand_outcome::temporary, {}, said.reason.data()};
  if (answer == LINECARD_E_DENIED) return {errand_outcome::refused, {}, said.reason.data()};
  if (answer == LINECARD_OK) return {errand_outcome::temporary, {}, "answered_ok"}; // meant LINECARD_DONE, perhaps
  return {errand_outcome::temporary, {}, otherwise};
}

class provider_of_host final : public number_provider {
public:
  explicit provider_of_host(owned_table<linecard_provider>&& table) : host_(std::move(table)) {}
  provider_answer order(const number_order& asked) override {
    const std::string order_id(asked.order_id), prefix(asked.prefix); // with a NUL at the end
    const linecard_number_order wanted{.struct_size = sizeof(linecard_number_order),
                                       .reserved = 0,
                                       .order_id = order_id.c_str(),
                                       .tenant_id = asked.tenant_id.value,
                                       .user_id = asked.user_id.value,
                                       .prefix = prefix.c_str()};
    bought_object bought;
    failure_object said;
    const auto answer = host_.guarded_by().call(
        [&] { return host_->order(host_->self, &wanted, handle_of(bought), capi::handle_of(said)); });
    if (answer == LINECARD_DONE) return {errand_outcome::done, bought.number.data(), {}};
    return failed(answer, said, "provider_callback");
  }

private:
  owned_table<linecard_provider> host_;
};

class keeper_of_host final : public asset_keeper {
public:
  explicit keeper_of_host(owned_table<linecard_assets>&& table) : host_(std::move(table)) {}
  provider_answer hand_over(const asset_handover& asked) override {
    const std::string handover_id(asked.handover_id), from(asked.external_ref), to(asked.to_external_ref);
    const linecard_handover what{.struct_size = sizeof(linecard_handover),
                                 .reserved = 0,
                                 .handover_id = handover_id.c_str(),
                                 .tenant_id = asked.tenant_id.value,
                                 .user_id = asked.user_id.value,
                                 .to_user_id = asked.to_user_id.value,
                                 .external_ref = from.c_str(),
                                 .to_external_ref = to.c_str()};
    failure_object said;
    const auto answer =
        host_.guarded_by().call([&] { return host_->hand_over(host_->self, &what, capi::handle_of(said)); });
    if (answer == LINECARD_DONE) return {errand_outcome::done, {}, {}};
    return failed(answer, said, "assets_callback");
  }

private:
  owned_table<linecard_assets> host_;
};

} // namespace

std::shared_ptr<number_provider> capi::host_provider(owned_table<linecard_provider>& table) {
  return std::make_shared<provider_of_host>(std::move(table));
}

std::shared_ptr<asset_keeper> capi::host_assets(owned_table<linecard_assets>& table) {
  return std::make_shared<keeper_of_host>(std::move(table));
}

int32_t linecard_give_number(linecard_bought* bought, const char* direct_number) {
  if (bought) {
    auto& number = reinterpret_cast<bought_object*>(bought)->number;
    const std::string_view given(direct_number ? direct_number : "");
    number = {};
    given.copy(number.data(), number.size() - 1);
  }
  return LINECARD_DONE;
}

int32_t linecard_pump_errands(linecard_directory* directory, int32_t limit, linecard_errands_pumped* pumped,
                              linecard_error** error) {
  linecard_errands_pumped known = LINECARD_ERRANDS_PUMPED_INIT;
  const auto answered = guarded(error, [&] {
    auto& in = use(directory);
    if (pumped) judge_struct(pumped, pumped->struct_size, sizeof known, "pumped");
    const core_handle kept = object_of(directory)->inside; // linecard_close may free the handle while a host is asked
    const auto done = in.pump_errands(limit).value();
    known.done = done.done;
    known.postponed = done.postponed;
    known.refused = done.refused;
    known.more = done.more ? 1 : 0;
  });
  fill_struct(pumped, known);
  return answered;
}
