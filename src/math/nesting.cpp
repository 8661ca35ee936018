#include "math/nesting.h"

namespace retort {
namespace {

using enum LatexTokenKind;

bool Match(const Token& open, const Token& close) {
  if (open.kind == kBegin || close.kind == kEnd) return open.kind == kBegin && close.kind == kEnd;
  const bool round = open.text == "(" || open.text == "[";
  if (round) return close.text == ")" || close.text == "]";
  if (open.text == "{") return close.text == "}";
  return open.text == close.text || (open.text == "\\{" && close.text == "\\}");
}

}  // namespace

Nesting::Nesting(Tokens tokens) : tokens_(tokens), partner_(tokens.size(), 0) {
  std::vector<size_t> open;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const LatexTokenKind kind = tokens[i].kind;
    if (kind == kOpen || kind == kBegin) open.push_back(i);
    if (kind != kClose && kind != kEnd) continue;
    if (open.empty() || !Match(tokens[open.back()], tokens[i])) {
      balanced_ = false;
      return;
    }
    partner_[open.back()] = i;
    partner_[i] = open.back();
    open.pop_back();
    balanced_ = balanced_ && open.size() < kMaxNesting;
  }
  balanced_ = balanced_ && open.empty();
}

}  // namespace retort
