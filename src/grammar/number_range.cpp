#include "grammar/number_range.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace retort {
namespace {

constexpr int32_t kExactDigits = 15;  // of a double

ExprId Digit(GrammarTree& tree, char low, char high) {
  return tree.Chars({{static_cast<uint32_t>(low), static_cast<uint32_t>(high)}});
}

ExprId AnyDigits(GrammarTree& tree, size_t count) {
  const auto n = static_cast<int32_t>(count);
  return tree.Repeat(Digit(tree, '0', '9'), n, n);
}

// Digits of the same number that are not below, or not above, those given.
ExprId Beyond(GrammarTree& tree, std::string_view digits, bool above) {
  if (digits.empty()) return tree.Bytes("");
  const char first = digits.front();
  std::vector<ExprId> ways = {
      tree.Sequence({tree.Bytes(std::string(1, first)), Beyond(tree, digits.substr(1), above)})};
  if (above && first < '9') {
    ways.push_back(tree.Sequence(
        {Digit(tree, static_cast<char>(first + 1), '9'), AnyDigits(tree, digits.size() - 1)}));
  } else if (!above && first > '0') {
    ways.push_back(tree.Sequence(
        {Digit(tree, '0', static_cast<char>(first - 1)), AnyDigits(tree, digits.size() - 1)}));
  }
  return tree.Choice(std::move(ways));
}

// Both of one length.
ExprId SameLength(GrammarTree& tree, std::string_view low, std::string_view high) {
  const auto shared =
      static_cast<size_t>(std::mismatch(low.begin(), low.end(), high.begin()).first - low.begin());
  const ExprId prefix = tree.Bytes(std::string(low.substr(0, shared)));
  if (shared == low.size()) return prefix;
  const char first = low[shared], last = high[shared];
  std::vector<ExprId> ways = {tree.Sequence({tree.Bytes(std::string(1, first)),
                                             Beyond(tree, low.substr(shared + 1), true)}),
                              tree.Sequence({tree.Bytes(std::string(1, last)),
                                             Beyond(tree, high.substr(shared + 1), false)})};
  if (first + 1 < last) {
    ways.push_back(
        tree.Sequence({Digit(tree, static_cast<char>(first + 1), static_cast<char>(last - 1)),
                       AnyDigits(tree, low.size() - shared - 1)}));
  }
  return tree.Sequence({prefix, tree.Choice(std::move(ways))});
}

// 0 <= low <= high.
ExprId Natural(GrammarTree& tree, int64_t low, int64_t high) {
  std::vector<ExprId> ways;
  while (true) {
    const std::string first = std::to_string(low), last = std::to_string(high);
    if (first.size() == last.size()) {
      ways.push_back(SameLength(tree, first, last));
      return tree.Choice(std::move(ways));
    }
    const std::string nines(first.size(), '9');
    ways.push_back(SameLength(tree, first, nines));
    low = std::stoll(nines) + 1;
  }
}

// Numbers that are not negative, with what may stand behind the point.
class Fractions {
 public:
  Fractions(GrammarTree& tree, int32_t digits) : tree_(tree), digits_(digits) {}

  ExprId Any() { return Point(tree_.Repeat(Digit(tree_, '0', '9'), 1, digits_)); }
  ExprId Zero() { return Point(tree_.Repeat(tree_.Bytes("0"), 1, digits_)); }
  ExprId NotZero() {
    const int32_t zeros = (digits_ - 1) / 2;
    return tree_.Sequence({tree_.Bytes("."), tree_.Repeat(tree_.Bytes("0"), 0, zeros),
                           Digit(tree_, '1', '9'),
                           tree_.Repeat(Digit(tree_, '0', '9'), 0, digits_ - 1 - zeros)});
  }

 private:
  ExprId Point(ExprId digits) { return tree_.Optional(tree_.Sequence({tree_.Bytes("."), digits})); }

  GrammarTree& tree_;
  int32_t digits_;
};

// 0 <= low; nullopt for no upper bound. Nothing if nothing lies between.
std::vector<ExprId> NotNegative(GrammarTree& tree, int64_t low, bool without_low,
                                std::optional<int64_t> high, bool without_high, int32_t digits) {
  Fractions fractions(tree, digits);
  std::vector<ExprId> ways;
  const int64_t first = low + (without_low ? 1 : 0);
  const int64_t last = high ? *high - 1 : 999'999'999'999'999;
  if (first <= last) {
    ways.push_back(tree.Sequence({Natural(tree, first, last), fractions.Any()}));
  }
  if (without_low && low <= last) {
    ways.push_back(tree.Sequence({Natural(tree, low, low), fractions.NotZero()}));
  }
  const bool has_high = high && !without_high && (*high > low || (*high == low && !without_low));
  if (has_high) ways.push_back(tree.Sequence({Natural(tree, *high, *high), fractions.Zero()}));
  return ways;
}

}  // namespace

ExprId IntegerBetween(GrammarTree& tree, int64_t low, int64_t high) {
  RETORT_CHECK(low <= high && low >= -kMaxInteger && high <= kMaxInteger);
  std::vector<ExprId> ways;
  if (low < 0) {
    const int64_t least = std::max<int64_t>(1, -high);
    ways.push_back(tree.Sequence({tree.Bytes("-"), Natural(tree, least, -low)}));
  }
  if (high >= 0) ways.push_back(Natural(tree, std::max<int64_t>(low, 0), high));
  return tree.Choice(std::move(ways));
}

ExprId NumberBetween(GrammarTree& tree, const NumberBounds& bounds) {
  int64_t greatest = 0;
  for (const std::optional<int64_t>& bound : {bounds.low, bounds.high}) {
    if (bound) greatest = std::max(greatest, std::abs(*bound));
  }
  RETORT_CHECK(greatest <= kMaxNumberBound);
  const int32_t digits = kExactDigits - static_cast<int32_t>(std::to_string(greatest).size());
  std::vector<ExprId> ways;
  const bool has_positive = !bounds.high || *bounds.high >= 0;
  if (has_positive) {
    const bool from_zero = !bounds.low || *bounds.low < 0;
    ways = NotNegative(tree, from_zero ? 0 : *bounds.low, !from_zero && bounds.without_low,
                       bounds.high, bounds.without_high, digits);
  }
  if (!bounds.low || *bounds.low < 0) {
    // Mirrored: the upper bound is how far below zero it begins.
    const bool to_zero = !bounds.high || *bounds.high >= 0;
    std::optional<int64_t> farthest;
    if (bounds.low) farthest = -*bounds.low;
    const std::vector<ExprId> negative =
        NotNegative(tree, to_zero ? 0 : -*bounds.high, to_zero || bounds.without_high, farthest,
                    bounds.without_low, digits);
    for (const ExprId way : negative) ways.push_back(tree.Sequence({tree.Bytes("-"), way}));
  }
  RETORT_CHECK(!ways.empty());
  return tree.Choice(std::move(ways));
}

}  // namespace retort
