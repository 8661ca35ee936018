// Strings and numbers.
#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "base/quote.h"
#include "grammar/number_range.h"
#include "grammar/schema_compiler.h"
#include "grammar/string_pattern.h"

namespace retort {
namespace {

constexpr std::string_view kDate =
    "(\\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|"
    "02-(0[1-9]|1\\d|2[0-8]))|(\\d{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
    "-02-29)";
constexpr std::string_view kTime =
    "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)";
constexpr std::string_view kByte = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

std::optional<std::string> PatternOfFormat(std::string_view format) {
  const std::string date(kDate), time(kTime), byte(kByte);
  if (format == "date") return "^" + date + "$";
  if (format == "time") return "^" + time + "$";
  if (format == "date-time") return "^" + date + "T" + time + "$";
  if (format == "ipv4") return "^" + byte + "\\." + byte + "\\." + byte + "\\." + byte + "$";
  if (format == "uuid") return "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";
  if (format == "email") {
    return "^[A-Za-z0-9_+-]{1,30}(\\.[A-Za-z0-9_+-]{1,30}){0,3}"
           "@([A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?\\.){1,4}[A-Za-z]{2,12}$";
  }
  return std::nullopt;
}

// The bound that a keyword names, if it does.
std::optional<double> BoundAt(const SchemaAt& at, const char* keyword) {
  const SchemaJson* value = at.Find(keyword);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) {
    Fail(ErrorCode::kInvalidArgument, "{}: {} stands where a number is wanted", at.Place(keyword),
         Quoted(value->dump()));
  }
  return value->get<double>();
}

// Bounds of integers, both included.
int64_t IntegerBound(const SchemaAt& at, const char* included, const char* excluded, bool lower) {
  const int64_t farthest = lower ? -kMaxInteger : kMaxInteger;
  int64_t bound = farthest;
  for (const char* keyword : {included, excluded}) {
    const std::optional<double> value = BoundAt(at, keyword);
    if (!value) continue;
    const SchemaJson& exact = at.schema.at(keyword);
    int64_t next = 0;
    if (exact.is_number_integer() && std::abs(*value) < 9e17) {
      next = exact.get<int64_t>();
    } else if (std::abs(*value) < 9e17) {
      next = static_cast<int64_t>(lower ? std::ceil(*value) : std::floor(*value));
    } else if ((*value > 0) == lower) {
      Fail(ErrorCode::kUnsupported, "{}: {} is too far from 0; integers have at most 18 digits",
           at.Place(keyword), exact.dump());
    } else {
      continue;  // farther away than our integers go
    }
    const bool whole = *value == std::floor(*value);
    if (keyword == excluded && whole) next += lower ? 1 : -1;
    bound = lower ? std::max(bound, next) : std::min(bound, next);
  }
  return bound;
}

struct NumberBound {
  std::optional<int64_t> value;
  bool without = false;
};

NumberBound NumberBoundAt(const SchemaAt& at, const char* included, const char* excluded,
                          bool lower) {
  NumberBound bound;
  for (const char* keyword : {included, excluded}) {
    const std::optional<double> value = BoundAt(at, keyword);
    if (!value) continue;
    if (*value != std::floor(*value) || std::abs(*value) > static_cast<double>(kMaxNumberBound)) {
      Fail(ErrorCode::kUnsupported,
           "{}: numbers can be bounded by whole numbers of up to 12 digits alone, and this is {}; "
           "round it, or leave it out",
           at.Place(keyword), at.schema.at(keyword).dump());
    }
    const auto whole = static_cast<int64_t>(*value);
    const bool tighter = !bound.value || (lower ? whole > *bound.value : whole < *bound.value);
    if (tighter || (whole == *bound.value && keyword == excluded)) {
      bound = {whole, keyword == excluded};
    }
  }
  return bound;
}

}  // namespace

ExprId SchemaCompiler::String(const SchemaAt& at) {
  const std::optional<int32_t> min = CountAt(at, "minLength"), max = CountAt(at, "maxLength");
  const bool has_pattern = at.schema.contains("pattern"), has_format = at.schema.contains("format");
  if (has_pattern + has_format + (min || max) > 1) {
    Fail(ErrorCode::kUnsupported,
         "{}: of pattern, format and minLength with maxLength, a string can have one", at.Place());
  }
  if (max && *max < min.value_or(0)) {
    Fail(ErrorCode::kInvalidArgument, "{}: a string of at least {} characters can have {} at most",
         at.Place(), *min, *max);
  }
  std::string pattern;
  if (has_pattern) pattern = TextAt(at, "pattern");
  if (has_format) {
    const std::string format = TextAt(at, "format");
    const std::optional<std::string> known = PatternOfFormat(format);
    if (!known) {
      Fail(ErrorCode::kUnsupported,
           "{}: the format {} is not supported; there are date, time, date-time, uuid, email and "
           "ipv4",
           at.Place("format"), Quoted(format));
    }
    pattern = *known;
  }
  if (!has_pattern && !has_format) return json_.String(min.value_or(0), max.value_or(kUnbounded));
  const ExprId inner = StringPattern(tree_, json_, pattern, at.Place("pattern"));
  return AsRule(at.pointer, json_.Quotes(inner));
}

ExprId SchemaCompiler::Integer(const SchemaAt& at) {
  const int64_t low = IntegerBound(at, "minimum", "exclusiveMinimum", /*lower=*/true);
  const int64_t high = IntegerBound(at, "maximum", "exclusiveMaximum", /*lower=*/false);
  if (low > high) {
    Fail(ErrorCode::kInvalidArgument, "{}: no integer lies between the bounds", at.Place());
  }
  if (low == -kMaxInteger && high == kMaxInteger) return json_.Integer();
  return AsRule(at.pointer, IntegerBetween(tree_, low, high));
}

ExprId SchemaCompiler::Number(const SchemaAt& at) {
  const NumberBound low = NumberBoundAt(at, "minimum", "exclusiveMinimum", /*lower=*/true);
  const NumberBound high = NumberBoundAt(at, "maximum", "exclusiveMaximum", /*lower=*/false);
  if (!low.value && !high.value) return json_.Number();
  if (low.value && high.value) {
    const bool shut = *low.value == *high.value && (low.without || high.without);
    if (*low.value > *high.value || shut) {
      Fail(ErrorCode::kInvalidArgument, "{}: no number lies between the bounds", at.Place());
    }
  }
  return AsRule(at.pointer, NumberBetween(tree_, {.low = low.value,
                                                  .high = high.value,
                                                  .without_low = low.without,
                                                  .without_high = high.without}));
}

}  // namespace retort
