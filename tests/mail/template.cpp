// Templates: what Mustache means by them, and what is refused of it.
#include "mail/template.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace linecard::mail;

namespace {

std::string rendered(std::string_view source, const letter_fields& fields, escaping how = escaping::none) {
  REQUIRE(template_flaw(source) == "");
  wiped_string out;
  append_rendered(out, source, fields, how);
  return std::string(out);
}

constexpr letter_fields full{
    .first_name = "Ann", .last_name = "O'Neil", .tenant = "A&B <script>", .link = "https://x/#t"};

} // namespace

TEST_CASE("variables stand for fields, comments for nothing, white space inside a tag does not matter") {
  CHECK(rendered("Hi {{first_name}} {{ last_name }}{{! not seen }}.", full) == "Hi Ann O'Neil.");
  CHECK(rendered("{{code}}", full) == "");
  CHECK(rendered("no tag } } {", full) == "no tag } } {");
}

TEST_CASE("a section stands when its field is there, an inverted one when it is not, and both nest") {
  CHECK(rendered("{{#tenant}}at {{tenant}}{{/tenant}}{{^tenant}}alone{{/tenant}}", {.tenant = "B"}) == "at B");
  CHECK(rendered("{{#tenant}}at {{tenant}}{{/tenant}}{{^tenant}}alone{{/tenant}}", {}) == "alone");
  CHECK(rendered("{{#tenant}}{{^code}}x{{/code}}{{#code}}{{code}}{{/code}}{{/tenant}}.", {.tenant = "B"}) == "x.");
  CHECK(rendered("{{#tenant}}{{#tenant}}x{{/tenant}}y{{/tenant}}z", {}) == "z");
}

TEST_CASE("a section tag alone on its line leaves no line behind") {
  CHECK(rendered("a\n{{#code}}\nb\n{{/code}}\nc", {}) == "a\nc");
  CHECK(rendered("a\n  {{#code}} \nb\n{{/code}}\nc", {.code = "1"}) == "a\nb\nc");
  CHECK(rendered("a\n{{! gone }}\nb", {}) == "a\nb");
  CHECK(rendered("{{#code}}\nb{{/code}}", {.code = "1"}) == "b");
}

TEST_CASE("I28 no value is markup in html, and no value is ever a template") {
  CHECK(rendered("<b>{{tenant}}</b> {{last_name}}", full, escaping::html) ==
        "<b>A&amp;B &lt;script&gt;</b> O&#39;Neil");
  CHECK(rendered("{{first_name}}", {.first_name = "{{link}}{{#code}}", .link = "https://x/#t"}) == "{{link}}{{#code}}");
  CHECK(rendered("<a title=\"{{first_name}}\">", {.first_name = "\" onclick=\"x"}, escaping::html) ==
        "<a title=\"&quot; onclick=&quot;x\">");
}

TEST_CASE("what cannot be rendered, or would escape nothing, is refused with the tag named") {
  CHECK(template_flaw("{{frist_name}}") == "no letter has this field: \"frist_name\"");
  CHECK(template_flaw("{{{first_name}}}").starts_with("no letter has this field"));
  CHECK(template_flaw("{{&first_name}}").starts_with("no letter has this field"));
  CHECK(template_flaw("{{>first_name}}").starts_with("no letter has this field"));
  CHECK(template_flaw("{{=<% %>=}}").starts_with("no letter has this field"));
  CHECK(template_flaw("{{}}") != "");
  CHECK(template_flaw("a {{link") == "a tag has no end: \"{{\" needs its \"}}\"");
  CHECK(template_flaw("{{#link}}x") == "a section has no end: \"link\"");
  CHECK(template_flaw("x{{/link}}") == "a section ends that was not begun: \"link\"");
  CHECK(template_flaw("{{#link}}{{#code}}{{/link}}{{/code}}") == "a section ends that was not begun: \"link\"");
}

TEST_CASE("html is made from text: a paragraph for each block, a link for the link, words escaped, tags not") {
  const auto html = html_template_of("Tea & cake for {{first_name}},\nnow.\n\n{{link}}\n\n{{code}}\n", "en");
  CHECK(html.find("<html lang=\"en\">") != std::string::npos);
  CHECK(html.find("<p>Tea &amp; cake for {{first_name}},\nnow.</p>") != std::string::npos);
  const auto out = rendered(html, {.first_name = "<i>", .link = "https://x/#t"}, escaping::html);
  CHECK(out.find("for &lt;i&gt;,") != std::string::npos);
  CHECK(out.find("<a href=\"https://x/#t\">https://x/#t</a>") != std::string::npos);
  CHECK(out.find("letter-spacing") == std::string::npos); // no code, no place for one
}
