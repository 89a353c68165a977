#include <linecard/rules/numbering.hpp>

namespace linecard {

void free_extension(snapshot& facts, changes& out, const fact<extension>& line) {
  const auto number = line->number;
  const auto range = facts.find<&number_range::tenant_id>(line->tenant_id);
  out.erase(line);
  if (!range || number.size() != range->first.size() || number < range->first || number > range->last) return;
  if (!range->lowest_free || number < *range->lowest_free) out.edit(range).lowest_free = number;
}

} // namespace linecard
