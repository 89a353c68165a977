#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linecard::text {

/// `line` is the physical line, from 1, on which the row begins; `cells` has one for each header name. Since 0.1.
struct csv_row {
  std::size_t line{};
  std::vector<std::string> cells{};
};

/// Header names differ, except that columns without a name (a spreadsheet's trailing delimiters) may be many. Since
/// 0.1.
struct csv_table {
  std::vector<std::string> header{};
  std::vector<csv_row> rows{};
};

/// `line` is the physical line, from 1, where the flaw shows; `message` says what would be accepted and holds nothing
/// of the file, so that it may be logged. Since 0.1.
struct csv_flaw {
  std::size_t line{};
  std::string message{};
};

/// Reads RFC 4180 as spreadsheets and PBXs write it: UTF-8 with or without byte order mark; lines ending in LF or CRLF;
/// comma, semicolon or tab, whichever the header line has most of outside quotes. Cells without quotes lose the white
/// space around them. Rows in which every cell is empty without quotes are skipped, short rows filled with empty cells.
/// `into` is replaced on success and untouched otherwise. The size of `text` is the caller's to limit. Since 0.1.
[[nodiscard]] std::optional<csv_flaw> parse_csv(std::string_view text, csv_table& into);

} // namespace linecard::text
