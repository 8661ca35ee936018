// The tokens that a parser reads, with what it asks of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/jinja/lexer.h"

namespace retort::jinja {

class TokenStream {
 public:
  TokenStream(std::vector<Token> tokens, const std::string& name)
      : tokens_(std::move(tokens)), name_(name) {}

  const Token& Peek(size_t ahead = 0) const;
  Token Take();
  bool SkipName(std::string_view name);
  bool SkipOperator(std::string_view text);
  void Expect(TokenType type);
  void ExpectOperator(std::string_view text);
  std::string ExpectName();

  // kCorrupt, kUnsupported at the current token.
  [[noreturn]] void Refuse(const std::string& what) const;
  [[noreturn]] void RefuseUnsupported(const std::string& construct) const;
  // "expected …, got …"
  [[noreturn]] void RefuseInstead(std::string_view expected) const;

  // Counts how deep the parser has called itself while an object of it lives.
  class Nesting {
   public:
    explicit Nesting(TokenStream* stream);
    ~Nesting() { --stream_->depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    TokenStream* stream_;
  };
  static constexpr int kMaxDepth = 150;

 private:
  std::vector<Token> tokens_;
  const std::string& name_;
  size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace retort::jinja
