// Arrays: items of one schema, or first ones with schemas of their own.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "grammar/schema_compiler.h"

namespace retort {

ExprId SchemaCompiler::Array(const SchemaAt& at) {
  const int32_t min = CountAt(at, "minItems").value_or(0);
  int32_t max = CountAt(at, "maxItems").value_or(kUnbounded);
  const SchemaJson* items = at.Find("items");
  const SchemaJson* prefix = at.Find("prefixItems");
  // Before 2020 a list under items was what prefixItems is now.
  if (prefix == nullptr && items != nullptr && items->is_array()) prefix = std::exchange(items, {});
  const bool closed = items != nullptr && *items == false;
  std::vector<ExprId> first;
  if (prefix != nullptr) {
    if (!prefix->is_array()) {
      Fail(ErrorCode::kInvalidArgument, "{}: a list of schemas is wanted here",
           at.Place("prefixItems"));
    }
    const char* keyword = at.Find("prefixItems") == prefix ? "prefixItems" : "items";
    for (size_t i = 0; i < prefix->size(); ++i) {
      first.push_back(Below(at, keyword, (*prefix)[i], std::to_string(i)));
    }
  }
  const auto given = static_cast<int32_t>(first.size());
  std::optional<ExprId> further;
  if (items != nullptr && !closed) {
    further = Below(at, "items", *items);
  } else if (!closed && (prefix == nullptr || min > given)) {
    further = json_.AnyValue();
  }
  if (!further) max = max == kUnbounded ? given : std::min(max, given);
  if (max != kUnbounded && max < min) {
    Fail(ErrorCode::kInvalidArgument, "{}: an array of at least {} items can have {} at most",
         at.Place(), min, max);
  }
  return AsRule(at.pointer, json_.Braces("[", ItemsBehind(first, further, min, max), "]"));
}

// Items with commas between them, from `min` to `max`.
Members SchemaCompiler::ItemsBehind(const std::vector<ExprId>& first, std::optional<ExprId> further,
                                    int32_t min, int32_t max) {
  if (max == 0) return {.some = {}, .none = true};
  const auto given = static_cast<int32_t>(first.size());
  const int32_t named = max == kUnbounded ? given : std::min(given, max);
  // From the back: what may follow the items that have come.
  ExprId rest = tree_.Bytes("");
  if (further && named == given) {
    const int32_t come = std::max(given, 1);  // the first item has no comma before it
    const int32_t most = max == kUnbounded ? kUnbounded : std::max(max - come, 0);
    rest = tree_.Repeat(tree_.Sequence({json_.Comma(), *further}), std::max(min - come, 0), most);
  }
  for (int32_t i = named; i > 1; --i) {
    rest = tree_.Sequence({json_.Comma(), first[static_cast<size_t>(i - 1)], rest});
    if (i > min) rest = tree_.Optional(rest);
  }
  if (given == 0 && !further) return {.some = {}, .none = true};
  const ExprId begin = given > 0 ? first.front() : *further;
  return {.some = tree_.Sequence({begin, rest}), .none = min == 0};
}

}  // namespace retort
