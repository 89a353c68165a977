// EXPECT: only scalars are optional
// A column is a scalar; an optional list is no member at all.
#include <linecard/describe.hpp>

struct odd {
  std::optional<std::vector<int>> numbers{};
};
BOOST_DESCRIBE_STRUCT(odd, (), (numbers))
constexpr auto wrong = linecard::fields_of<odd>.size();
