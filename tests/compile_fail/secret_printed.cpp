// EXPECT: deleted
// A secret is never printed.
#include <linecard/secrets/secret.hpp>

#include <ostream>

void wrong(std::ostream& to, const linecard::secret_text& password) { to << password; }
