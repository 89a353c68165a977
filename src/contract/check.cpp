#include "claims.hpp"
#include "expect.hpp"
#include "journal.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <ostream>

namespace linecard::contract {

namespace {

#define LINECARD_STORE_CLAIM(function, sentence, ...) claim{sentence, function},
constexpr claim all_claims[] = {LINECARD_STORE_CLAIMS(LINECARD_STORE_CLAIM, )};
#undef LINECARD_STORE_CLAIM

std::string indented(const std::string& lines) {
  std::string out;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size());
    out += "    " + lines.substr(at, end - at) + '\n';
    at = end + 1;
  }
  return out;
}

std::string ending(const std::string& wanted, const std::string& got) {
  return "expected " + wanted + "\ngot      " + got + '\n';
}

} // namespace

verdict try_one(const claim& c, const subject& under_test) {
  const auto log = std::make_shared<journal>();
  subject written = under_test;
  const auto write_down = [&](auto& make, const char* how) {
    if (make) make = [make, log, how] { return recorded(make(), log, how); };
  };
  write_down(written.fresh, "a fresh store");
  write_down(written.reopen, "a store over the same storage, reopened");
  write_down(written.beside, "another store over the same storage");
  try {
    c.of(written);
    return {c.promise, verdict::state::kept, {}};
  } catch (const not_tried& why) {
    return {c.promise, verdict::state::untried, why.why};
  } catch (const broken_promise& why) {
    return {c.promise, verdict::state::broken, log->text() + ending(why.expected, why.got)};
  } catch (const std::exception& thrown) {
    return {c.promise, verdict::state::broken,
            log->text() + ending("no exception", std::string("one: ") + thrown.what())};
  } catch (abi::__forced_unwind&) {
    throw;
  } catch (...) {
    return {c.promise, verdict::state::broken, log->text() + ending("no exception", "one of no known type")};
  }
}

std::string text_of(const verdict& v) {
  constexpr const char* words[] = {"BROKEN   ", "kept     ", "untried  "};
  std::string out = words[static_cast<std::size_t>(v.is)] + std::string(v.promise);
  if (v.is == verdict::state::untried) out += ": " + v.story;
  out += '\n';
  if (v.is == verdict::state::broken) out += indented(v.story);
  return out;
}

std::size_t check(const subject& under_test, const std::function<bool(const verdict&)>& told, std::string_view only) {
  std::size_t broken = 0, tried = 0;
  for (const claim& c : all_claims) {
    if (c.promise.find(only) == std::string_view::npos) continue;
    ++tried;
    const verdict v = try_one(c, under_test);
    broken += v.is == verdict::state::broken ? 1 : 0;
    if (!told(v)) return broken;
  }
  if (tried > 0) return broken;
  static_cast<void>(told({"some promise contains the given text", verdict::state::broken,
                          "expected a promise with " + show(only) + "\ngot      none\n"}));
  return 1;
}

std::size_t check(const subject& under_test, std::ostream& out, std::string_view only) {
  std::size_t counts[3] = {};
  const std::size_t broken = check(
      under_test,
      [&](const verdict& v) {
        ++counts[static_cast<std::size_t>(v.is)];
        out << text_of(v) << std::flush; // what follows may crash
        return true;
      },
      only);
  out << counts[1] << " promises kept, " << counts[0] << " broken, " << counts[2] << " untried\n";
  return broken;
}

} // namespace linecard::contract
