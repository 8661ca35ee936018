// The structure that brackets give to tokens: which close which, and what stands between separators
// that no bracket encloses.
//
//   const Nesting nesting(tokens);                        // of "(1, 2), 3"
//   nesting.partner(0)                                    // 4
//   nesting.Split(0, tokens.size(), is_comma).ranges      // "(1, 2)" and "3"
//
// Errors: tokens whose brackets do not match, or lie deeper than kMaxNesting, are not balanced;
// only balanced ones have partners. The tokens must live as long as this. Immutable, thread-safe.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "math/lexer.h"

namespace retort {

using Tokens = std::span<const Token>;

constexpr int kMaxNesting = 64;

// Where tokens are split: ranges [begin, end), and what stood between them.
struct Parts {
  std::vector<std::pair<size_t, size_t>> ranges;
  std::vector<std::string> operators;  // one less
};

class Nesting {
 public:
  explicit Nesting(Tokens tokens);

  bool balanced() const { return balanced_; }
  // For every bracket, \begin and \end the index of its partner, else 0.
  size_t partner(size_t i) const { return partner_[i]; }

  // Splits where `splits`, called with each token outside brackets, says so. Empty parts vanish
  // with one of their separators.
  template <typename Splits>
  Parts Split(size_t begin, size_t end, const Splits& splits) const {
    Parts parts;
    std::string waiting;
    size_t start = begin;
    const auto finish = [&](size_t stop) {
      if (stop == start) return;
      if (!parts.ranges.empty()) parts.operators.push_back(waiting);
      parts.ranges.emplace_back(start, stop);
      waiting.clear();
    };
    for (size_t i = begin; i < end; ++i) {
      const LatexTokenKind kind = tokens_[i].kind;
      if (kind == LatexTokenKind::kOpen || kind == LatexTokenKind::kBegin) {
        i = partner(i);
      } else if (splits(tokens_[i])) {
        finish(i);
        if (waiting.empty() || tokens_[i].text != ",") waiting = tokens_[i].text;
        start = i + 1;
      }
    }
    finish(end);
    return parts;
  }

 private:
  Tokens tokens_;
  std::vector<size_t> partner_;
  bool balanced_ = true;
};

}  // namespace retort
