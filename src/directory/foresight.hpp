// A transaction whose expected questions were asked beforehand, all in one round trip. What was expected is answered
// from memory, as if it were asked only then, so that neither a rule nor its trace can tell; all else goes to the
// store.
#pragma once

#include <linecard/ports/store.hpp>
#include <linecard/snapshot.hpp>

#include <string>
#include <unordered_map>
#include <vector>

namespace linecard {

class foresight final : public row_source {
public:
  explicit foresight(row_source& from) : from_(from) {}

  [[nodiscard]] refusal ask(const expectations& expected);
  refusal scan(std::span<const scan_request> requests, row_sink& sink) override;

private:
  struct row {
    std::int64_t version{};
    std::vector<value> columns{};
    std::string bytes{}; ///< what the columns point into
  };
  using rows = std::vector<row>;
  struct keeper;

  [[nodiscard]] const rows* known(const scan_request& r) const;

  row_source& from_;
  std::unordered_map<std::string, rows> known_{}; ///< by table, index and prefix
};

} // namespace linecard
