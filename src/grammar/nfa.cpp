#include "grammar/nfa.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "base/quote.h"

namespace retort {
namespace {

constexpr uint32_t kShort = 128;  // states of a rule that is written out, about
constexpr uint32_t kLong = kShort + 1;

// About how many states an expression takes; kLong if it is not short.
uint32_t SizeOf(const GrammarTree& tree, ExprId id, const std::vector<uint32_t>& rule_sizes) {
  const Expr& expr = tree.expr(id);
  uint64_t size = 1;
  switch (expr.kind) {
    case ExprKind::kBytes:
      size += expr.bytes.size();
      break;
    case ExprKind::kChars:
      size += std::min<size_t>(expr.chars.size(), 16);
      break;
    case ExprKind::kCall:
      size += rule_sizes[expr.rule];
      break;
    case ExprKind::kRepeat:
      if (expr.max == kUnbounded) return kLong;
      size += static_cast<uint64_t>(expr.max) * SizeOf(tree, expr.children.front(), rule_sizes);
      break;
    case ExprKind::kSequence:
    case ExprKind::kChoice:
      for (const ExprId child : expr.children) {
        size += SizeOf(tree, child, rule_sizes);
        if (size > kShort) return kLong;
      }
      break;
  }
  return static_cast<uint32_t>(std::min<uint64_t>(size, kLong));
}

class Builder {
 public:
  Builder(const GrammarTree& tree, RuleId rule, const std::vector<bool>& inlined)
      : tree_(tree), rule_(rule), inlined_(inlined) {}

  Nfa Build() {
    nfa_.start = Add();
    nfa_.end = Append(tree_.rules()[rule_].expr, nfa_.start);
    return std::move(nfa_);
  }

 private:
  uint32_t Add() {
    if (nfa_.states.size() == kMaxStates) {
      Fail(ErrorCode::kResourceExhausted,
           "{}: the rule {} needs more than {} states; lower its repetition counts", tree_.source(),
           Quoted(tree_.rules()[rule_].name), kMaxStates);
    }
    nfa_.states.emplace_back();
    return static_cast<uint32_t>(nfa_.states.size() - 1);
  }

  void Skip(uint32_t from, uint32_t to) { nfa_.states[from].empties.push_back(to); }

  uint32_t AppendByte(uint32_t from, ByteRange range) {
    const uint32_t to = Add();
    nfa_.states[from].bytes.push_back({range.low, range.high, to});
    return to;
  }

  // Adds what spells the expression behind a state; where it ends.
  uint32_t Append(ExprId id, uint32_t from) {
    const Expr& expr = tree_.expr(id);
    switch (expr.kind) {
      case ExprKind::kBytes:
        for (const char c : expr.bytes) {
          const auto byte = static_cast<uint8_t>(c);
          from = AppendByte(from, {byte, byte});
        }
        return from;
      case ExprKind::kChars:
        return AppendChars(expr.chars, from);
      case ExprKind::kSequence:
        for (const ExprId child : expr.children) from = Append(child, from);
        return from;
      case ExprKind::kChoice: {
        const uint32_t to = Add();
        for (const ExprId child : expr.children) {
          const uint32_t begin = Add();
          Skip(from, begin);
          Skip(Append(child, begin), to);
        }
        return to;
      }
      case ExprKind::kRepeat:
        return AppendRepeat(expr, from);
      case ExprKind::kCall:
        break;
    }
    if (inlined_[expr.rule]) return Append(tree_.rules()[expr.rule].expr, from);
    const uint32_t to = Add();
    nfa_.states[from].calls.push_back({expr.rule, to});
    return to;
  }

  uint32_t AppendChars(const CodePoints& chars, uint32_t from) {
    const uint32_t to = Add();
    for (const ByteRanges& sequence : Utf8Sequences(chars)) {
      uint32_t at = from;
      for (size_t i = 0; i + 1 < sequence.size(); ++i) at = AppendByte(at, sequence[i]);
      nfa_.states[at].bytes.push_back({sequence.back().low, sequence.back().high, to});
    }
    return to;
  }

  uint32_t AppendRepeat(const Expr& expr, uint32_t from) {
    const ExprId child = expr.children.front();
    const auto once = [&](uint32_t at) {
      const uint32_t begin = Add();  // so that a repetition of nothing counts, too
      Skip(at, begin);
      return Append(child, begin);
    };
    for (int32_t i = 0; i < expr.min; ++i) from = once(from);
    const uint32_t to = Add();
    if (expr.max == kUnbounded) {
      const uint32_t loop = Add();
      Skip(from, loop);
      Skip(once(loop), loop);
      Skip(loop, to);
      return to;
    }
    for (int32_t i = expr.min; i < expr.max; ++i) {
      Skip(from, to);
      from = once(from);
    }
    Skip(from, to);
    return to;
  }

  const GrammarTree& tree_;
  RuleId rule_;
  const std::vector<bool>& inlined_;
  Nfa nfa_;
};

}  // namespace

std::vector<bool> ShortRules(const GrammarTree& tree) {
  const std::vector<Rule>& rules = tree.rules();
  std::vector<uint32_t> sizes(rules.size(), kLong);
  // A rule becomes short once all that it calls are; each round of it adds a state to a size, so
  // there are at most kShort rounds.
  for (bool changed = true; changed;) {
    changed = false;
    for (RuleId rule = 0; rule < rules.size(); ++rule) {
      if (sizes[rule] <= kShort || !rules[rule].defined) continue;
      const uint32_t size = SizeOf(tree, rules[rule].expr, sizes);
      if (size > kShort) continue;
      sizes[rule] = size;
      changed = true;
    }
  }
  std::vector<bool> is_short(rules.size());
  for (RuleId rule = 0; rule < rules.size(); ++rule) {
    is_short[rule] = sizes[rule] <= kShort && rule != tree.root();
  }
  return is_short;
}

Nfa BuildNfa(const GrammarTree& tree, RuleId rule, const std::vector<bool>& inlined) {
  return Builder(tree, rule, inlined).Build();
}

}  // namespace retort
