#include <linecard/text/csv.hpp>

#include <linecard/text/utf8.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace linecard::text {

namespace {

std::optional<csv_flaw> encoding_flaw(std::string_view text) {
  std::size_t line = 1;
  while (!text.empty()) {
    const std::size_t length = decode_first(text).length;
    if (length == 0) return csv_flaw{line, "must be UTF-8 text without NUL"};
    if (text.front() == '\n') ++line;
    text.remove_prefix(length);
  }
  return std::nullopt;
}

// The delimiter of the first line that has a cell. Counted outside quotes, for a quoted "Last, First" is common in
// files that use semicolons; on equal counts the comma is preferred, then the semicolon.
char delimiter_of(std::string_view text) {
  std::size_t commas = 0;
  std::size_t semicolons = 0;
  std::size_t tabs = 0;
  bool quoted = false;
  bool any_cell = false;
  for (char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) {
      any_cell = true;
      continue;
    }
    if (c == '\n') {
      if (any_cell) break;
      commas = semicolons = tabs = 0;
    }
    commas += c == ',';
    semicolons += c == ';';
    tabs += c == '\t';
    any_cell = any_cell || std::string_view{" \t\r\n,;"}.find(c) == std::string_view::npos;
  }
  if (commas >= semicolons && commas >= tabs) return ',';
  return semicolons >= tabs ? ';' : '\t';
}

struct record {
  std::size_t line{};
  std::vector<std::string> cells{};
  bool blank = true;
};

class reader {
public:
  explicit reader(std::string_view text) : rest{text}, delimiter{delimiter_of(text)} {}

  bool finished() const { return rest.empty(); }

  // Stops behind the line break that ends the record.
  std::optional<csv_flaw> next(record& into) {
    into = record{.line = line};
    while (true) {
      skip_spaces();
      if (!rest.empty() && rest.front() == '"') {
        into.blank = false;
        if (auto flaw = quoted_cell(into.cells.emplace_back())) return flaw;
      } else {
        const std::string_view cell = plain_cell();
        into.blank = into.blank && cell.empty();
        into.cells.emplace_back(cell);
      }
      if (rest.empty()) return std::nullopt;
      const char end = rest.front();
      rest.remove_prefix(1);
      if (end == '\n') {
        ++line;
        return std::nullopt;
      }
    }
  }

private:
  std::string_view rest;
  std::size_t line = 1;
  char delimiter;

  // A carriage return counts as a space: it stands before a line feed or, in badly converted files, before another.
  bool space(char c) const { return c != delimiter && (c == ' ' || c == '\t' || c == '\r'); }

  void skip_spaces() {
    while (!rest.empty() && space(rest.front())) rest.remove_prefix(1);
  }

  bool at_cell_end() const { return rest.empty() || rest.front() == delimiter || rest.front() == '\n'; }

  // A quote inside is taken as it stands: what a device is called (7" screen) often has one.
  std::string_view plain_cell() {
    const std::string_view start = rest;
    while (!at_cell_end()) rest.remove_prefix(1);
    std::string_view cell = start.substr(0, start.size() - rest.size());
    while (!cell.empty() && space(cell.back())) cell.remove_suffix(1);
    return cell;
  }

  std::optional<csv_flaw> quoted_cell(std::string& into) {
    // The flaw names the line of the opening quote; the end of the file, where it is noticed, would help nobody.
    const std::size_t opened = line;
    rest.remove_prefix(1);
    while (true) {
      const std::size_t quote = rest.find('"');
      if (quote == std::string_view::npos) return csv_flaw{opened, "must have an end quote for the cell begun here"};
      const std::string_view piece = rest.substr(0, quote);
      into += piece;
      line += static_cast<std::size_t>(std::count(piece.begin(), piece.end(), '\n'));
      rest.remove_prefix(quote + 1);
      if (rest.empty() || rest.front() != '"') break;
      into += '"';
      rest.remove_prefix(1);
    }
    skip_spaces();
    if (!at_cell_end())
      return csv_flaw{line, "must have a delimiter after an end quote (a quote inside quotes is written twice)"};
    return std::nullopt;
  }
};

// Columns are told by number: a name is whatever the file says and may hold line breaks, which logs should not.
std::optional<csv_flaw> header_flaw(const record& header) {
  std::vector<std::pair<std::string_view, std::size_t>> names;
  std::size_t column = 0;
  for (const std::string& name : header.cells) {
    ++column;
    if (!name.empty()) names.emplace_back(name, column);
  }
  std::sort(names.begin(), names.end());
  const auto twin = std::adjacent_find(names.begin(), names.end(), [](auto a, auto b) { return a.first == b.first; });
  if (twin == names.end()) return std::nullopt;
  return csv_flaw{header.line, "must have different header names, but columns " + std::to_string(twin->second) +
                                   " and " + std::to_string(std::next(twin)->second) + " share one"};
}

} // namespace

std::optional<csv_flaw> parse_csv(std::string_view text, csv_table& into) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (auto flaw = encoding_flaw(text)) return flaw;

  csv_table table;
  reader from{text};
  record found;
  while (!from.finished()) {
    if (auto flaw = from.next(found)) return flaw;
    if (found.blank) continue;
    if (table.header.empty()) {
      if (auto flaw = header_flaw(found)) return flaw;
      table.header = std::move(found.cells);
    } else {
      if (found.cells.size() > table.header.size())
        return csv_flaw{found.line, "must have at most as many cells as the header, " +
                                        std::to_string(table.header.size()) + ", but has " +
                                        std::to_string(found.cells.size())};
      found.cells.resize(table.header.size());
      table.rows.push_back({found.line, std::move(found.cells)});
    }
  }
  if (table.header.empty()) return csv_flaw{1, "must begin with a header line"};
  into = std::move(table);
  return std::nullopt;
}

} // namespace linecard::text
