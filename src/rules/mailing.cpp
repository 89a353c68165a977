#include <linecard/rules/mailing.hpp>

#include <linecard/secrets/source.hpp>

namespace linecard {

addressee addressee_of(const user& who, std::string_view address) {
  return {.tenant_id = who.tenant_id,
          .user_id = who.id,
          .identity_id = who.identity_id,
          .address = std::string(address),
          .language = who.language};
}

addressee addressee_of(const delegate& who, std::string_view address) {
  return {.tenant_id = who.tenant_id,
          .delegate_id = who.id,
          .identity_id = who.identity_id,
          .address = std::string(address),
          .language = who.language};
}

addressee addressee_of(const identity& who, std::string_view address) {
  return {.identity_id = who.id, .address = std::string(address), .language = who.language};
}

void post(const ingredients& with, changes& out, letter kind, const addressee& to, const secret_text* token,
          std::optional<instant> useless_after) {
  const auto& queued = out.insert(message{.id = with.new_id<message>(),
                                          .tenant_id = to.tenant_id,
                                          .user_id = to.user_id,
                                          .delegate_id = to.delegate_id,
                                          .identity_id = to.identity_id,
                                          .kind = kind,
                                          .language = to.language,
                                          .queued_at = with.now,
                                          .useless_after = useless_after});
  out.insert(
      delivery{.message_id = queued.id,
               .tenant_id = to.tenant_id,
               .address = to.address,
               .payload = token ? with.secrets->seal(sealed_for(queued.id, to.address), token->reveal()) : bytes{},
               .next_attempt_at = with.now});
}

std::string sealed_for(id_of<message> id, std::string_view address) {
  return "deliveries.payload " + to_text(id) + " " + std::string(address);
}

void withdraw(snapshot& facts, changes& out, const std::vector<fact<message>>& letters) {
  for (const auto& letter : letters) {
    if (letter->state != message_state::queued && letter->state != message_state::dead) continue;
    if (const auto pending = facts.find<&delivery::message_id>(letter->id)) out.erase(pending);
    out.erase(letter);
  }
}

} // namespace linecard
