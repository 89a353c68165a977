// A mailer that writes each letter into a folder: for tests, demonstrations, and hosts whose own program takes it from
// there.
#pragma once

#include <linecard/ports/mailer.hpp>
#include <linecard/result.hpp>

namespace linecard {

struct spool_options {
  std::string folder{}; ///< must exist; keep it to oneself, for the letters hold links
};

/// <folder>/<message_id>.eml is the whole RFC 5322 message, readable by its owner only, there all at once or not at
/// all, and on disk when it counts as delivered. A second delivery replaces the file. Hidden files are unfinished ones.
/// Refuses "spool_invalid". Answers temporary, "spool_failed". Since 0.1.
[[nodiscard]] result<std::shared_ptr<mailer>> spool_mailer(const spool_options& options);

} // namespace linecard
