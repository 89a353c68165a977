// EXPECT: deleted
// A secret is in one place.
#include <linecard/secrets/secret.hpp>

linecard::secret_text wrong(const linecard::secret_text& password) { return password; }
