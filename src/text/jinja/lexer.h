// Cuts a template into tokens, with white space as Hugging Face sets Jinja up: trim_blocks (the
// line break after a block tag goes), lstrip_blocks (the indent before one goes), `-` and `+`
// signs, one line break at the end of the source goes.
//
//   std::vector<Token> tokens = Lex(source, "model.gguf");   // ends with kEnd
//
// Errors: kCorrupt naming template and line. Stateless, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retort::jinja {

enum class TokenType : uint8_t {
  kData,
  kPrintBegin,  // {{
  kPrintEnd,
  kBlockBegin,  // {%
  kBlockEnd,
  kName,
  kString,
  kInteger,
  kFloat,
  kOperator,
  kEnd,
};

struct Token {
  TokenType type;
  int line;
  std::string text;  // the decoded value of a string, the digits of a number

  bool Is(TokenType t, std::string_view s) const { return type == t && text == s; }
  bool IsName(std::string_view s) const { return Is(TokenType::kName, s); }
  bool IsOperator(std::string_view s) const { return Is(TokenType::kOperator, s); }
};

std::vector<Token> Lex(std::string_view source, const std::string& name);

}  // namespace retort::jinja
