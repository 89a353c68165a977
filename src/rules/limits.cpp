#include <linecard/rules/limits.hpp>

#include <linecard/secrets/source.hpp>

namespace linecard {

refusal charge_try(snapshot& facts, const ingredients& with, changes& out, const rate& limit, std::string_view what) {
  const auto key = with.secrets->bucket(limit.kind, what);
  const auto found = facts.find<&rate_bucket::key>(key);
  if (!found) {
    out.insert(rate_bucket{.key = key, .since = with.now, .tried = 1});
    return std::nullopt;
  }
  const auto ends = found->since + limit.window;
  if (with.now >= ends) {
    auto& anew = out.edit(found);
    anew.since = with.now;
    anew.tried = 1;
    return std::nullopt;
  }
  if (found->tried < limit.most) {
    ++out.edit(found).tried;
    return std::nullopt;
  }
  auto no = refuse(status::limit, "too_many_tries", "", "tried too often; wait before the next try");
  no.retry_after_ms = ends.milliseconds - with.now.milliseconds;
  return no;
}

void forget_tries(snapshot& facts, const ingredients& with, changes& out, const rate& limit, std::string_view what) {
  if (const auto found = facts.find<&rate_bucket::key>(with.secrets->bucket(limit.kind, what))) out.erase(found);
}

} // namespace linecard
