#include <linecard/rules/limits.hpp>

#include <linecard/secrets/source.hpp>

namespace linecard {

refusal charge_try(snapshot& facts, const ingredients& with, changes& out, const rate& limit, std::string_view what) {
  const auto key = with.secrets->bucket(limit.kind, what);
  const auto found = facts.find<&rate_bucket::key>(key);
  if (!found) {
    out.insert(rate_bucket{.key = key, .ends_at = with.now + limit.window, .tried = 1});
    return std::nullopt;
  }
  if (with.now >= found->ends_at) {
    auto& anew = out.edit(found);
    anew.ends_at = with.now + limit.window;
    anew.tried = 1;
    return std::nullopt;
  }
  if (found->tried < limit.most) {
    ++out.edit(found).tried;
    return std::nullopt;
  }
  auto no = refuse(status::limit, "too_many_tries", "", "tried too often; wait before the next try");
  no.retry_after_ms = found->ends_at.milliseconds - with.now.milliseconds;
  return no;
}

void forget_tries(snapshot& facts, const ingredients& with, changes& out, const rate& limit, std::string_view what) {
  if (const auto found = facts.find<&rate_bucket::key>(with.secrets->bucket(limit.kind, what))) out.erase(found);
}

} // namespace linecard
