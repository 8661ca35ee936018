#include "text/jinja/token_stream.h"

#include <algorithm>

#include "base/error.h"
#include "base/quote.h"

namespace retort::jinja {
namespace {

std::string_view TypeText(TokenType type) {
  switch (type) {
    case TokenType::kData:
      return "text";
    case TokenType::kPrintBegin:
      return "'{{'";
    case TokenType::kPrintEnd:
      return "'}}'";
    case TokenType::kBlockBegin:
      return "'{%'";
    case TokenType::kBlockEnd:
      return "'%}'";
    case TokenType::kEnd:
      return "the end of the template";
    case TokenType::kName:
      return "a name";
    case TokenType::kString:
      return "a string";
    case TokenType::kInteger:
    case TokenType::kFloat:
      return "a number";
    case TokenType::kOperator:
      return "an operator";
  }
  return "";
}

}  // namespace

const Token& TokenStream::Peek(size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

Token TokenStream::Take() {
  const Token& token = Peek();
  if (at_ + 1 < tokens_.size()) ++at_;
  return token;
}

bool TokenStream::SkipName(std::string_view name) {
  if (!Peek().IsName(name)) return false;
  Take();
  return true;
}

bool TokenStream::SkipOperator(std::string_view text) {
  if (!Peek().IsOperator(text)) return false;
  Take();
  return true;
}

void TokenStream::Expect(TokenType type) {
  if (Peek().type != type) RefuseInstead(TypeText(type));
  Take();
}

void TokenStream::ExpectOperator(std::string_view text) {
  if (!SkipOperator(text)) RefuseInstead(fmt::format("'{}'", text));
}

std::string TokenStream::ExpectName() {
  if (Peek().type != TokenType::kName) RefuseInstead("a name");
  return Take().text;
}

void TokenStream::Refuse(const std::string& what) const {
  Fail(ErrorCode::kCorrupt, "{}: template line {}: {}", name_, Peek().line, what);
}

void TokenStream::RefuseUnsupported(const std::string& construct) const {
  Fail(ErrorCode::kUnsupported,
       "{}: template line {}: {} is not supported; use a template without it", name_, Peek().line,
       construct);
}

void TokenStream::RefuseInstead(std::string_view expected) const {
  const Token& token = Peek();
  const bool has_text = token.type == TokenType::kName || token.type == TokenType::kOperator ||
                        token.type == TokenType::kInteger || token.type == TokenType::kFloat;
  Refuse(fmt::format("expected {}, got {}", expected,
                     has_text ? Quoted(token.text) : std::string(TypeText(token.type))));
}

TokenStream::Nesting::Nesting(TokenStream* stream) : stream_(stream) {
  if (stream_->depth_ == kMaxDepth) {
    stream_->Refuse(fmt::format("nested more than {} deep", kMaxDepth));
  }
  ++stream_->depth_;
}

}  // namespace retort::jinja
