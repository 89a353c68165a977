// A mailer for tests: keeps what it got, and answers as it is told.
#pragma once

#include <linecard/ports/mailer.hpp>

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace kit {

/// What a mailer may not keep, kept.
struct kept_letter {
  std::string message_id{}, letter{}, language{}, address{}, subject{}, text{}, html{}, source{}, link{}, code{};
  std::string first_name{}, tenant{};
  std::int32_t attempt{};
  std::optional<linecard::instant> useless_after{};

  /// The token or code it brings; empty: none.
  [[nodiscard]] std::string secret() const { return code + link.substr(link.find('#') + 1); }
};

/// Any thread, many at once.
struct post_box final : linecard::mailer {
  std::vector<kept_letter> got{};
  std::function<linecard::mail_answer(const linecard::outgoing_mail&)> answers{}; ///< none: delivered
  std::mutex mutex{};

  linecard::mail_answer send(const linecard::outgoing_mail& m) override {
    const auto text = [](std::string_view s) { return std::string(s); };
    {
      const std::scoped_lock hold(mutex);
      got.push_back({text(m.message_id), text(m.letter), text(m.language), text(m.address), text(m.subject),
                     text(m.text), text(m.html), text(m.source), text(m.link), text(m.code), text(m.first_name),
                     text(m.tenant), m.attempt, m.useless_after});
    }
    return answers ? answers(m) : linecard::mail_answer{linecard::mail_outcome::delivered, {}};
  }
};

/// A directory's mail through this box.
inline linecard::mail_options mail_through(std::shared_ptr<linecard::mailer> box) {
  return {.mailer = std::move(box),
          .link_base = "https://pbx.example/setup#",
          .sender = "phones@pbx.example",
          .sender_name = "Example PBX"};
}

} // namespace kit
