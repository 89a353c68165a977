// What a user leaves behind: everything that gave a right, held a number or was paid for ends with the membership.
#pragma once

#include <linecard/model/credential.hpp>
#include <linecard/model/line.hpp>
#include <linecard/snapshot.hpp>

namespace linecard {

/// Seats are freed; grants, flags and the extension that the user held in the tenant are gone, open links are void and
/// letters not delivered are taken back; the tenant is one place less. Nothing is refused: who must not leave
/// (administrators.hpp) is asked before.
void take_away(snapshot& facts, const ingredients& with, changes& out, const user& leaving);

/// take_away, and all else about a user whose row does not stay, personal values beside the audit included. Direct
/// numbers are released.
void clear_away(snapshot& facts, const ingredients& with, changes& out, const user& gone);

/// Nobody's: back in the picker, without E911 and without what was said of it as the user's.
void release_number(snapshot& facts, changes& out, const fact<did>& number);

/// Anywhere, from now on or later: one that has not ended.
[[nodiscard]] bool holds_a_grant(snapshot& facts, id_of<identity> who, instant now);

/// One tenant less knows the identity. Where none does, and nothing is granted to it elsewhere, it has nothing left to
/// sign in with: whoever is invited anew is set up anew.
void leave_place(snapshot& facts, const ingredients& with, changes& out, id_of<identity> who);
/// One tenant more knows the identity.
void enter_place(snapshot& facts, changes& out, const fact<identity>& who);
/// Somebody else relies on the login from now on: a password that nobody has proved to be the person's own is gone.
void drop_unproved(snapshot& facts, changes& out, id_of<identity> who);

/// What it signs in with and where it is signed in is gone; every link sent and every opened actor ends.
void strip_login(snapshot& facts, changes& out, id_of<identity> who);

/// With the code that it may be waiting for.
void close_session(snapshot& facts, changes& out, const fact<session>& open);
/// Every session, and every sign-in that waits for its code.
void close_sessions(snapshot& facts, changes& out, id_of<identity> who);

} // namespace linecard
