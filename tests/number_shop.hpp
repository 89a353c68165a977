// A provider that sells numbers in order and remembers what it sold under which order, and a keeper of messages.
#pragma once

#include <linecard/ports/provider.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace kit {

struct number_shop final : linecard::number_provider {
  std::mutex mutex{};
  std::map<std::string, std::string> sold{}; ///< by order_id
  int asked{};
  /// What it says instead, when there is one.
  std::function<linecard::provider_answer(const linecard::number_order&)> answers{};

  linecard::provider_answer order(const linecard::number_order& wanted) override {
    const std::scoped_lock hold(mutex);
    ++asked;
    if (answers) return answers(wanted);
    auto& number = sold[std::string(wanted.order_id)];
    if (number.empty()) number = "+1416555" + std::to_string(1000 + sold.size());
    return {linecard::errand_outcome::done, number, {}};
  }
};

struct message_keeper final : linecard::asset_keeper {
  std::mutex mutex{};
  std::vector<std::string> told{}; ///< handover ids
  std::function<linecard::provider_answer(const linecard::asset_handover&)> answers{};

  linecard::provider_answer hand_over(const linecard::asset_handover& what) override {
    const std::scoped_lock hold(mutex);
    told.emplace_back(what.handover_id);
    return answers ? answers(what) : linecard::provider_answer{linecard::errand_outcome::done, {}, {}};
  }
};

} // namespace kit
