// EXPECT: a secret_text is no column
// A row keeps a secret's hash, or the secret sealed.
#include <linecard/record.hpp>

struct odd {
  std::string name{};
  linecard::secret_text password{};
};
BOOST_DESCRIBE_STRUCT(odd, (), (name, password))
template <> inline constexpr auto linecard::table<odd> = linecard::record<odd>("odds", linecard::key<&odd::name>);
constexpr auto wrong = linecard::info_of<odd>;
