// The words themselves: what each means and what it accepts.
#include <linecard/model/vocabulary.hpp>

#include <linecard/text/email.hpp>
#include <linecard/text/language.hpp>
#include <linecard/text/mac.hpp>
#include <linecard/text/phone.hpp>
#include <linecard/text/time_zone.hpp>
#include <linecard/text/utf8.hpp>

#include <algorithm>

namespace linecard {

namespace {

std::string_view one_line(std::string_view s) { return text::line_flaw(s, s.size()); }

bool dotted(std::string_view s, bool dots) {
  const auto fits = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || (dots && c == '.');
  };
  return !s.empty() && std::ranges::all_of(s, fits) && s.front() != '.' && s.back() != '.' &&
         s.find("..") == std::string_view::npos;
}
std::string_view slug_flaw(std::string_view s) {
  return dotted(s, false) ? std::string_view{} : "must be lower-case letters, digits, '_' and '-'";
}
std::string_view dotted_flaw(std::string_view s) {
  return dotted(s, true) ? std::string_view{}
                         : "must be lower-case letters, digits, '_', '-' and single dots between them";
}
std::string_view currency_flaw(std::string_view s) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  return s.size() == 3 && std::ranges::all_of(s, upper) ? std::string_view{}
                                                        : "must be an ISO 4217 code such as EUR or USD";
}
std::string_view utf8_flaw(std::string_view s) {
  return text::valid_utf8(s) ? std::string_view{} : "must be UTF-8 text without NUL";
}
std::string_view search_flaw(std::string_view s) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return text::valid_utf8(s) && std::ranges::none_of(s, control) ? std::string_view{}
                                                                 : "must be UTF-8 text without control characters";
}

std::string_view https_flaw(std::string_view s) {
  const auto printable = [](char c) { return c > 0x20 && c < 0x7f; };
  return s.size() > 8 && s.starts_with("https://") && std::ranges::all_of(s, printable)
             ? std::string_view{}
             : "must begin with https:// and hold no blanks";
}

std::string_view digits_flaw(std::string_view s, std::size_t least, std::string_view wanted) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return s.size() >= least && std::ranges::all_of(s, digit) ? std::string_view{} : wanted;
}
std::string_view pin_flaw(std::string_view s) { return digits_flaw(s, 4, "must be 4 to 8 digits"); }
std::string_view bridge_flaw(std::string_view s) { return digits_flaw(s, 10, "must be ten digits"); }
std::string_view prefix_flaw(std::string_view s) {
  constexpr std::string_view wanted = "must be \"+\" and the first digits of the number, as in +1416";
  return s.starts_with('+') ? digits_flaw(s.substr(1), 1, wanted) : wanted;
}

constexpr std::string_view e164_pattern = "^\\+[1-9][0-9]{1,14}$";
constexpr std::string_view extension_pattern = "^[0-9]{2,8}$";
constexpr std::string_view mac_pattern = "^[0-9A-Fa-f]([:.-]?[0-9A-Fa-f]){11}$";

/// A text with a pattern.
constexpr term patterned(std::string_view name, std::string_view meaning, std::string_view (*flaw)(std::string_view),
                         std::uint32_t longest, std::string_view pattern) {
  return {.name = name, .meaning = meaning, .flaw = flaw, .longest = longest, .pattern = pattern};
}
/// A word that means something else in a request than in an answer.
constexpr term two_faced(term in_requests, std::string_view in_answers) {
  in_requests.in_answers = in_answers;
  return in_requests;
}

constexpr std::int64_t most_seats = 1'000'000;
constexpr std::int64_t most_money = 10'000'000'000; // times a million seats it leaves room for hundreds of such lines
constexpr std::int64_t most = INT64_MAX;

// In alphabetical order: the look-up is a binary search. Members that only ever leave the library need no limits.
constexpr term terms[] = {
    {"above", "How many hold it by grants above this tenant; they are not named here."},
    {"accepted", "Whether the row can be imported; in a summary, how many can."},
    {"access_notices", "The tenant's own access notice.", nullptr, 1},
    {"acknowledged", "Whether the acknowledgement made for the delegate counts still."},
    {"acknowledged_at", "When the access notice was acknowledged for the delegate."},
    {"acting_in_id", "The scope the actor acted in."},
    {"action", "What happened to the record; a command's name where the answer is what could be done."},
    {"actions", "Every command about the user or delegate, with a reason for each that cannot be run now."},
    {"activities", "When users were last active.", nullptr, 10'000},
    {"actor_id", "The identity that acted; absent for the system."},
    {"add_ons", "Add-on packages the user holds."},
    {"added_at", "When the number came into the inventory."},
    {"administrator", "Whether the user holds the administrator role of the tenant."},
    two_faced({"after", "The last row of the page before, as its `next` says.", one_line, 200},
              "The value afterwards."),
    {"again", "Whether it is to be asked again."},
    {"agreed_at", "When the tenant's terms were first agreed."},
    {"allowed", "Whether it may be done."},
    {"amount", "What a line or a difference comes to, as people write it: 24.95 EUR."},
    {"asked_at", "When the command ran that asks for it."},
    {"assets_to", "The active user who gets the voice, text and fax messages; the host's asset adapter is told."},
    {"assigned", "Whether the user holds a base package."},
    {"assignment_rules", "Packages that follow the team role."},
    two_faced({"assignments", "What became of the rule for the user's team role.", nullptr, 1},
              "What became of the assignment rules, by state."),
    {"at", "When it happened."},
    {"attempt", "Which attempt to deliver, from 1.", nullptr, 0, 1, INT32_MAX},
    {"attempts", "Attempts to deliver so far."},
    {"attributes", "The host's own fields."},
    {"audit_seq",
     "The audit entry's number in the acting scope's chain; absent for a preview or when nothing changed."},
    {"available", "Whether the actor could run it now, with one choice at least of what else it asks for."},
    {"backup_address", "Where a reset can be sent when the mailbox of the login is lost; confirmed."},
    {"backup_address_waiting", "A backup address that was sent a link and is not confirmed yet."},
    two_faced({"before", "Entries with smaller numbers only.", nullptr, 0, 1, most}, "The value before."),
    patterned("bridge_id", "Ten digits of the user's video bridge, unique in the directory.", bridge_flaw, 10,
              "^[0-9]{10}$"),
    {"broken_at", "The first audit entry that does not fit."},
    {"built_in", "Whether the library made the role; false for one that somebody defined."},
    {"by_rule", "Whether an assignment rule gave it."},
    {"changes", "Every record changed, with its columns before and after."},
    {"charging", "What is charged of a pool: seats held (used or reserved), or all purchased."},
    {"clear", "Fields that are to hold nothing.", nullptr, 5},
    {"code", "The six digits of the letter.", one_line, 20},
    {"column", "The column's name."},
    {"columns", "The changed columns."},
    {"command", "The command's name.", nullptr, 100},
    {"container_id", "The container."},
    {"content", "Value of the host's own field, written as its type wants it.", one_line, 200},
    {"covers", "Whether the package has the minutes and features asked for."},
    {"created", "Ids of the records inserted, in order."},
    {"created_at", "When it came into being."},
    {"csv", "The file's text: UTF-8, header line first.", utf8_flaw, 4'000'000},
    {"currency", "ISO 4217 code of the price.", currency_flaw, 3},
    {"current", "Whether it is the one of this actor."},
    {"dead", "Letters given up; somebody may retry them."},
    {"delegate_id", "The delegate."},
    {"delegates", "Delegates by date of review."},
    {"deleted_at", "When the user was deleted."},
    {"delivered", "Letters handed on."},
    {"denials", "Refused attempts, newest first."},
    {"description", "The device, permission or field as the host describes it; linecard does not read it.", utf8_flaw,
     4000},
    {"details", "The changes as JSON text, byte for byte as hashed."},
    {"devices", "The user's telephones and clients.", nullptr, 50},
    {"dialled", "What the caller has keyed in, whatever it is.", utf8_flaw, 64},
    {"dids", "Direct numbers in order."},
    patterned("direct_number", "Direct number, E.164.", text::e164_flaw, 16, e164_pattern),
    patterned("direct_numbers", "Direct numbers, E.164.", text::e164_flaw, 16, e164_pattern),
    {"done", "Whether it was done; in a count, how many were."},
    {"e911", "Whether emergency calls (911) from the number are switched on."},
    {"email", "Primary e-mail address: RFC 5321 dot-atom, ASCII, domain as A-labels; compared without case.",
     text::email_flaw, 254},
    {"enabled_at", "When the service was enabled."},
    {"enabled_services", "Services the tenant has enabled."},
    {"ends_at", "From this instant on it counts no longer; absent: no end."},
    {"entitled", "Whether the user has the feature."},
    {"entries", "Audit entries; in a verification, how many; of attributes, names and values.", nullptr, 100},
    {"erased", "Personal values that were erased from beside the chain."},
    {"errand_id", "The errand."},
    {"errands", "What the host's own systems are still to be asked."},
    {"expected_purchased", "How many seats are purchased before the command; another number refuses it.", nullptr, 0, 0,
     most_seats},
    {"expected_version", "The version that find_user or own_line told; another one by now is refused.", nullptr, 0, 1,
     most},
    {"expired", "Whether the link is good no longer."},
    {"expires_at", "From this instant on the link is good no longer."},
    patterned("extension", "Internal number, 2 to 8 digits, unique in the tenant.", text::extension_flaw, 8,
              extension_pattern),
    {"extension_ranges", "The range that extensions are given from.", nullptr, 1},
    {"extensions", "Internal numbers of the user."},
    {"external_ref", "The host's own id for the user, unique in the tenant.", one_line, 200},
    {"feature", "Feature name such as video.hipaa or minutes.included.", dotted_flaw, 100},
    {"features", "Features with their values.", nullptr, 200},
    {"features_lost", "Features that the user would have by no other package."},
    {"field_values", "Values of the host's own fields."},
    patterned("first", "First extension of the range, 2 to 8 digits.", text::extension_flaw, 8, extension_pattern),
    {"first_name", "Given name.", one_line, 100},
    {"flag", "The second key: manage_users, manage_e911 or manage_international."},
    {"flag_id", "The flag held."},
    {"flags", "Flags held here or above."},
    {"format", "Of the document: 1.", nullptr, 0, 1, INT32_MAX},
    patterned("former", "The extension that is to be another, 2 to 8 digits.", text::extension_flaw, 8,
              extension_pattern),
    patterned("forwarding_number", "External number calls are forwarded to, E.164.", text::e164_flaw, 16, e164_pattern),
    {"free", "Seats neither used nor reserved."},
    {"from_user_ids", "The users who lose the package.", nullptr, 10000},
    {"given_at", "When the flag was given."},
    {"grace_percent", "Under grace, how many seats of each hundred purchased can be held beyond them.", nullptr, 0, 0,
     100},
    {"grace_seats", "Under grace, how many seats can be held beyond those purchased.", nullptr, 0, 0, most_seats},
    {"grant_id", "The grant."},
    {"granted_at", "When the role was given."},
    {"grants", "Roles given at a scope."},
    {"hash", "BLAKE2b-256 of the previous entry's hash and this entry, hexadecimal."},
    {"head_hash", "Hash of the last entry; anchor it elsewhere to notice a chain cut short."},
    {"held", "Seats used or reserved; of numbers, how many there are."},
    {"held_since", "When the seat was taken."},
    {"identity_id", "The login behind the user."},
    {"idle_days", "Idle for this many days or longer.", nullptr, 0, 1, 3650},
    {"idle_seats", "Seats that nobody uses, longest idle first."},
    two_faced({"idle_since", "Idle since this instant or longer."}, "When the user was last active, or got the seat."),
    {"ignored_columns", "Header words the profile does not use."},
    {"included", "Of the seats or numbers, how many cost nothing.", nullptr, 0, 0, most_seats},
    {"initials", "First letters of first and last name."},
    {"intact", "Whether the whole chain verifies."},
    {"international", "Whether the extension may dial abroad."},
    {"invitations", "Those who were sent a letter and have not joined."},
    {"invited_at", "When the delegate was invited."},
    {"item", "What passed: a number, a device's name or a package's id."},
    {"items", "What passed from one to the other, and what the other had instead."},
    {"key", "The record's key columns as text."},
    {"kind", "Of a package: base (at most one for each user) or add_on (beside it); else what sort of thing it is."},
    {"label", "What the number is used for.", one_line, 100},
    {"language", "BCP 47 tag of the language for mail, such as en or fr-CA.", text::language_flaw, 35},
    {"lapsed", "Letters not sent, for what they held had expired."},
    {"lapses", "Whether access ends by itself at review_at when nobody has reviewed it."},
    patterned("last", "Last extension of the range, of as many digits as the first.", text::extension_flaw, 8,
              extension_pattern),
    {"last_active_at", "When the user last made or took a call, sent a message, or whatever the host counts."},
    {"last_name", "Family name.", one_line, 100},
    {"least_version", "Acknowledgements of earlier versions count no longer.", nullptr, 0, 0, INT32_MAX},
    {"left_out", "What the document never holds."},
    {"letter", "Which letter: welcome, password_reset and so on."},
    {"limit", "Rows at most, 1 to 500.", nullptr, 0, 1, 500},
    {"line", "Physical line of the file, the header being line 1."},
    {"lines", "What is charged, line by line."},
    {"login", "What the tenant may know of the identity behind it; no credential."},
    {"losses", "Who would lose a seat, those first who would miss it least."},
    {"lost_at", "When the seats would be lost: as soon as the command runs."},
    {"lowest_free", "The extension given next; absent when there is none."},
    patterned("mac", "Hardware address: 12 hexadecimal digits, unique in the tenant.", text::mac_flaw, 17, mac_pattern),
    {"made_at", "When the rule was made."},
    {"mail", "Messages queued in the same transaction."},
    {"matches", "Whether it is the right one."},
    {"message", "One sentence for a person."},
    {"message_id", "The message: what a mailer recognises a second delivery by."},
    {"messages", "Letters in one state, newest first."},
    {"minor", "Amount in minor units of the currency, a month."},
    {"minutes", "Minutes of calls a month.", nullptr, 0, 0, INT32_MAX},
    patterned("mobile", "Mobile number, E.164.", text::e164_flaw, 16, e164_pattern),
    {"model", "The device's make and model.", one_line, 100},
    {"monthly_minor", "Price a month, of the seat and the user's numbers beyond those included, in minor units."},
    {"more", "Whether as many were due as were asked for, so that there may be more."},
    {"name", "Name, unique among its siblings.", one_line, 100},
    {"needed_features", "Features that the package must carry.", dotted_flaw, 100},
    {"next", "Pass it on for the next page; absent at the end."},
    {"next_attempt_at", "When delivering is due next; absent for a dead letter."},
    {"notice_version", "Version of an access notice; sent with a command it acknowledges that one.", nullptr, 0, 1,
     INT32_MAX},
    {"number", "The extension or direct number; of a permission, its frozen number."},
    {"number_price_minor",
     "Price a month of each direct number that no package includes, in minor units of the currency.", nullptr, 0, 0,
     most_money},
    {"numbers", "Numbers and extensions given or taken."},
    {"numbers_repriced", "How many direct numbers the user would keep at another price."},
    {"numbers_to", "The active user who gets the direct numbers and the extension."},
    {"of_user", "Whether it was said of the number as the user's, and goes when the number does."},
    {"offered_at", "When the package was offered."},
    {"offers", "Packages the tenant can be given."},
    {"on_behalf_of_id", "The tenant for which a delegate acted; absent for the actor's own authority."},
    {"order_key", "The caller's own word for one order: the same again orders nothing twice.", one_line, 100},
    {"overage", "What happens when the pool is full: block refuses, allow goes on and charges, grace tolerates a few."},
    {"overdue", "Whether the date of review has come; in a question: only those."},
    {"owner", "What the field is of: tenant, user or did."},
    {"owner_user_id", "The user who owns the account: one of its administrators."},
    {"package", "Name of the base package held, or Unassigned; of an idle seat, the seat's."},
    {"package_id", "The package."},
    {"packages", "Packages by name."},
    {"password", "15 characters or more, any; not made of the person's own names.", utf8_flaw, 256},
    {"password_hash", "A bcrypt, SHA-512-crypt or PBKDF2 hash, as another system stored it.", one_line, 200},
    {"password_set", "Whether the login has a password here."},
    {"period_first", "First day of the month charged, ISO 8601, by the tenant's time zone."},
    {"period_last", "Last day of the month charged, ISO 8601."},
    {"permission", "Name of a permission, such as license.assign.", dotted_flaw, 64},
    two_faced({"permissions", "Names of permissions.", dotted_flaw, 64},
              "Permissions; in a receipt, the roles given or taken."),
    {"personal", "Personal values the entry commits to."},
    {"policy", "all_or_nothing refuses the file when one row is bad; good_rows imports the others."},
    {"pools", "Seat pools of the tenant."},
    {"position", "Which commitment within details, from 0."},
    {"postponed", "Letters to be tried again later."},
    patterned("prefix", "How the number should begin: \"+\" and digits.", prefix_flaw, 15, "^\\+[0-9]+$"),
    {"price", "Price of one a month, as people write it: 24.95 EUR."},
    {"price_differences", "What the next statement is more or less by, for each currency."},
    {"price_minor", "Price a month of a seat, or of a number, in minor units of the currency.", nullptr, 0, 0,
     most_money},
    {"profile", "Which header profile the file has."},
    {"published_at", "When the notice was published."},
    {"purchase_limit", "How many seats can be purchased without the operator; 0: none.", nullptr, 0, 0, most_seats},
    {"purchased", "Seats bought.", nullptr, 0, 0, most_seats},
    {"purchased_after", "Seats bought, afterwards."},
    {"purchased_before", "Seats bought, before."},
    {"quantity", "How many are charged."},
    {"queued_at", "When the letter was queued."},
    {"reason", "Stable slug of the reason; empty when there is none.", nullptr, 100},
    {"record", "The table's name."},
    {"refused", "Rows that cannot be imported; of errands, those refused for good or given up."},
    {"release_numbers",
     "Whether numbers may become unassigned although calls would be stranded; emergency calls from them are off."},
    {"renamed", "The device's name at the successor's, who had one of the same name."},
    {"renew", "Whether acknowledgements of earlier versions count no longer."},
    {"replaced_at", "When the one took the other's place."},
    {"replacement_id", "The replacement."},
    {"replacements", "Replacements that can be undone, the most urgent first."},
    {"reserved", "Seats held by invited users."},
    {"reserved_after", "Seats held by invited users, afterwards."},
    {"reserved_before", "Seats held by invited users, before."},
    {"reset_request_id", "The request for a reset."},
    {"restore_days", "Days in which a deleted user can be restored; 0: erased at once.", nullptr, 0, 0, 365},
    {"restricted", "Permissions that count only together with their flag.", dotted_flaw, 64},
    {"returns_to", "The state a suspended user had: invited or active."},
    {"review_at", "When somebody should look at the access again."},
    {"role",
     "Name of a role, built in or defined: what somebody may do in linecard; not the package, not the team role.",
     one_line, 100},
    {"role_id", "The role."},
    {"roles", "The roles that can be granted here."},
    {"room", "How many more seats can be held; absent: any number."},
    {"rows", "How many rows the digest covers."},
    {"rules", "Assignment rules by team role."},
    {"salt", "Random bytes of the commitment."},
    {"saves_minor",
     "What reclaiming the seat saves a month, those above it reclaimed too, in minor units of the currency."},
    {"scope_id", "Platform, container or tenant."},
    {"screening", "Whether who answers elsewhere presses a key first; always so where calls are forwarded."},
    {"search", "Any part of first name, last name, full name or e-mail; case and accents are ignored.", search_flaw,
     200},
    {"searched", "Whether users are found by the field's value."},
    two_faced({"seats", "How many seats.", nullptr, 0, 1, most_seats}, "Seat pools before and after."),
    {"second_factor", "Beside the password: none, or mailbox (a mailed code: somebody reads the mailbox, no more)."},
    {"selectable", "Whether it can be assigned now; in a count, how many can."},
    {"send_invitation", "Whether to queue the invitation."},
    {"send_welcome", "Whether to queue the welcome message."},
    {"sent_at", "When the letter was queued."},
    {"seq", "Number of the entry in its chain, from 1."},
    {"service", "Name of a service such as video or fax.", slug_flaw, 64},
    {"services", "Services the tenant must have enabled.", slug_flaw, 64},
    {"session_id", "The session."},
    {"sessions", "Where the login is signed in."},
    {"setting", "The feature's value.", one_line, 200},
    {"since", "Entries with greater numbers only; 0 begins at the first.", nullptr, 0, 0, most},
    {"source", "The host's word for where a try comes from, such as a network address; tries are counted by it.",
     one_line, 200},
    {"started_at", "When the sign-in was."},
    {"starts_at", "Before this instant it does not count yet; absent: from now on."},
    {"state",
     "Of a user: invited, active, suspended or deleted; of a delegate: pending, active or lapsed; of a letter: queued, "
     "delivered, dead or lapsed; of a seat: used or reserved; of an assignment: assigned, conflict or failed."},
    {"statement_at", "When the next statement is made."},
    {"statement_day", "Day of the month of the statement, 1 to 28, by the tenant's time zone.", nullptr, 0, 1, 28},
    {"strandings", "What would be left hanging, by number."},
    {"subscriptions", "The terms the tenant has agreed to.", nullptr, 1},
    {"successor_id", "The user who takes the place."},
    {"suspended_seats", "What becomes of a suspended user's seats: keep, or free."},
    {"switched", "on or off."},
    {"taken_at", "When the package was taken."},
    {"team_members", "The user's telephone side; none before joining.", nullptr, 1},
    {"team_role", "The PBX's own word for the team member's role; unrelated to package and grant.", one_line, 64},
    {"tenant", "The tenant itself."},
    {"tenant_id", "The tenant."},
    {"tenant_policy", "What becomes of suspended seats, and how long deletions and replacements can be taken back."},
    {"terms_link", "Where the terms of service stand: an https address.", https_flaw, 2000},
    {"text",
     "An access notice's words; in the audit the personal value, absent once erased; of a statement what is charged.",
     utf8_flaw, 20'000},
    {"time_zone", "IANA time zone name such as Europe/Berlin.", text::time_zone_flaw, 40},
    {"to_user_id", "The user who gets it."},
    {"token",
     "Of a preview: pass it to confirm within 15 minutes. Of a letter: the one in its link. Of a sign-in: the "
     "session's.",
     one_line, 200},
    {"total", "Sum of the lines, as people write it: 24.95 EUR."},
    {"total_minor", "Sum of the lines in minor units of the currency."},
    {"tried_at", "When the rule was last tried for the user, or somebody moved by hand what it gave."},
    {"type", "How a value is written: text, integer, boolean or date."},
    {"undo_days", "Days in which a replacement can be undone; 0: never.", nullptr, 0, 0, 90},
    {"untouched", "Proof that nothing but the licence moved."},
    {"unused", "Seats purchased and neither used nor reserved."},
    {"use", "What the number is used for: unassigned, direct, main or other."},
    {"use_backup_address", "Send the letter to the confirmed backup address, not to the login's own."},
    {"used", "Seats held by active users."},
    {"used_after", "Seats held by active users, afterwards."},
    {"used_at", "When the session was used last, to the minute."},
    {"used_before", "Seats held by active users, before."},
    {"useless_after", "From then on the letter is not sent: what it holds has expired."},
    {"user_id", "The user."},
    {"user_ids", "The users, 1 to 10000.", nullptr, 10000},
    {"users", "Users by last name, then first name."},
    {"verdicts", "One for each row of the file."},
    {"version", "Rises with every change to what edit_user changes, and to the user's state."},
    patterned("voicemail_pin", "4 to 8 digits; told to nobody.", pin_flaw, 8, "^[0-9]{4,8}$"),
    {"voicemail_pin_set", "Whether the user has a voicemail PIN."},
    {"wanted", "Name of the package that the rule gives."},
};
static_assert(std::ranges::is_sorted(terms, {}, &term::name));

} // namespace

std::span<const term> vocabulary() { return terms; }

} // namespace linecard
