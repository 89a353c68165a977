#include "list.hpp"

#include <linecard/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace linecard::capi {

namespace {

struct cell {
  std::size_t at{}, length{}; ///< of its text among list_object::texts
  std::int64_t number{};
  bool empty{}, id{};
};

/// Everything is made once, so that reading it needs no lock.
struct list_object {
  std::vector<std::string> names{};
  std::vector<cell> cells{};
  std::string texts{};
  std::size_t rows{};
  linecard_id next{};

  [[nodiscard]] const cell* find(std::size_t row, std::string_view column) const {
    if (row >= rows) return nullptr;
    for (std::size_t i = 0; i < names.size(); ++i)
      if (names[i] == column) return &cells[row * names.size() + i];
    return nullptr;
  }
};

const list_object* object_of(const linecard_list* handle) { return reinterpret_cast<const list_object*>(handle); }

/// As in JSON, without the quotes around what is no text there.
void append_plain(std::string& to, const type_info& type, const value& v) {
  if (type.shape == form::text || type.shape == form::word) {
    to += v.bytes();
    return;
  }
  std::string json;
  append_json_scalar(json, type, v);
  const bool quoted = json.size() >= 2 && json.front() == '"';
  to += quoted ? std::string_view(json).substr(1, json.size() - 2) : std::string_view(json);
}

void append_cell(list_object& list, const field& f, const void* row) {
  cell c{list.texts.size(), 0, 0, false, f.type->shape == form::id || f.type->shape == form::any_id};
  if (f.get) {
    const value v = f.get(row);
    c.empty = v.is_null();
    if (v.type == value_type::integer) c.number = v.number;
    if (!c.empty) append_plain(list.texts, *f.type, v);
  } else {
    append_json(list.texts, *f.type, f.in(row));
  }
  c.length = list.texts.size() - c.at;
  list.texts += '\0';
  list.cells.push_back(c);
}

const cell* cell_of(const linecard_list* list, std::size_t row, const char* column) {
  const cell* found = list && column ? object_of(list)->find(row, column) : nullptr;
  return found && !found->empty ? found : nullptr;
}

} // namespace

linecard_list* make_list(const type_info& type, const void* rows, linecard_id next) {
  auto made = std::make_unique<list_object>();
  const bool many = type.shape == form::list;
  const auto members = many ? type.element->members : type.members;
  made->rows = many ? type.count(rows) : 1;
  made->next = next;
  for (const field& f : members) made->names.emplace_back(f.name);
  made->cells.reserve(made->rows * members.size());
  for (std::size_t i = 0; i < made->rows; ++i)
    for (const field& f : members) append_cell(*made, f, many ? type.at(rows, i) : rows);
  return reinterpret_cast<linecard_list*>(made.release());
}

} // namespace linecard::capi

using namespace linecard::capi;

size_t linecard_list_count(const linecard_list* list) { return list ? object_of(list)->rows : 0; }

size_t linecard_list_column_count(const linecard_list* list) { return list ? object_of(list)->names.size() : 0; }

const char* linecard_list_column_name(const linecard_list* list, size_t column) {
  return column < linecard_list_column_count(list) ? object_of(list)->names[column].c_str() : nullptr;
}

const char* linecard_list_text(const linecard_list* list, size_t row, const char* column, size_t* length) {
  const cell* found = cell_of(list, row, column);
  if (length) *length = found ? found->length : 0;
  return found ? object_of(list)->texts.data() + found->at : nullptr;
}

linecard_id linecard_list_id(const linecard_list* list, size_t row, const char* column) {
  const cell* found = cell_of(list, row, column);
  return found && found->id ? static_cast<linecard_id>(found->number) : 0;
}

int64_t linecard_list_integer(const linecard_list* list, size_t row, const char* column) {
  const cell* found = cell_of(list, row, column);
  return found && !found->id ? found->number : 0;
}

linecard_id linecard_list_next(const linecard_list* list) { return list ? object_of(list)->next : 0; }

void linecard_list_free(linecard_list* list) { delete reinterpret_cast<list_object*>(list); }
