#include "text/jinja/lexer.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/error.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "text/jinja/python_text.h"
#include "text/jinja/string_literal.h"

namespace retort::jinja {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// \r\n and \r become \n; one line break at the end is dropped.
std::string NormalizeNewlines(std::string_view source) {
  std::string out;
  out.reserve(source.size());
  for (size_t i = 0; i < source.size(); ++i) {
    if (source[i] != '\r') {
      out += source[i];
    } else if (i + 1 == source.size() || source[i + 1] != '\n') {
      out += '\n';
    }
  }
  if (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

class Lexer {
 public:
  Lexer(std::string_view source, const std::string& name)
      : source_(NormalizeNewlines(source)), name_(name) {}

  std::vector<Token> Run() {
    while (at_ < source_.size()) Root();
    Emit(TokenType::kEnd, "");
    return std::move(tokens_);
  }

 private:
  [[noreturn]] void Refuse(const std::string& what) const {
    Fail(ErrorCode::kCorrupt, "{}: template line {}: {}", name_, line_, what);
  }

  // Its text is not made of tags, so it has to be found here.
  [[noreturn]] void RefuseRaw() const {
    Fail(ErrorCode::kUnsupported,
         "{}: template line {}: the statement 'raw' is not supported; use a template without it",
         name_, line_);
  }

  std::string_view Rest() const { return std::string_view(source_).substr(at_); }
  bool RestStartsWith(std::string_view s) const { return Rest().starts_with(s); }
  void Emit(TokenType type, std::string text) { tokens_.push_back({type, line_, std::move(text)}); }

  void Advance(size_t bytes) {
    const auto begin = source_.begin() + static_cast<std::ptrdiff_t>(at_);
    line_ += static_cast<int>(std::count(begin, begin + static_cast<std::ptrdiff_t>(bytes), '\n'));
    at_ += bytes;
  }

  void SkipSpace() { Advance(Rest().size() - StripLeft(Rest(), nullptr).size()); }

  // Text up to the next tag, then the tag.
  void Root() {
    size_t tag = at_;
    while ((tag = source_.find('{', tag)) != std::string::npos) {
      const char kind = tag + 1 < source_.size() ? source_[tag + 1] : '\0';
      if (kind == '{' || kind == '%' || kind == '#') break;
      ++tag;
    }
    if (tag == std::string::npos) {
      Data(Rest());
      Advance(Rest().size());
      return;
    }
    const char kind = source_[tag + 1];
    const char sign = tag + 2 < source_.size() ? source_[tag + 2] : '\0';
    Data(BeforeTag(Rest().substr(0, tag - at_), kind, sign));
    Advance(tag + 2 - at_);
    if (sign == '-' || sign == '+') Advance(1);
    if (kind == '#') {
      Comment();
    } else {
      Tag(kind);
    }
  }

  void Data(std::string_view text) {
    if (!text.empty()) Emit(TokenType::kData, std::string(text));
  }

  // What is left of the text before a tag after `-` or lstrip_blocks.
  std::string_view BeforeTag(std::string_view text, char kind, char sign) const {
    if (sign == '-') return StripRight(text, nullptr);
    if (sign == '+' || kind == '{') return text;
    const size_t newline = text.rfind('\n');
    const size_t line_start = newline == std::string_view::npos ? 0 : newline + 1;
    const bool at_line_start = line_start > 0 || at_ == 0 || source_[at_ - 1] == '\n';
    const bool blank = StripLeft(text.substr(line_start), nullptr).empty();
    return at_line_start && blank ? text.substr(0, line_start) : text;
  }

  void Comment() {
    const size_t end = source_.find("#}", at_);
    if (end == std::string::npos) Refuse("a comment {# has no end #}");
    const char sign = end > at_ ? source_[end - 1] : '\0';
    Advance(end + 2 - at_);
    AfterTag(sign, /*is_block=*/true);
  }

  void AfterTag(char sign, bool is_block) {
    if (sign == '-') {
      SkipSpace();
    } else if (sign != '+' && is_block && RestStartsWith("\n")) {
      Advance(1);
    }
  }

  void Tag(char kind) {
    const bool is_block = kind == '%';
    const std::string_view end = is_block ? "%}" : "}}";
    Emit(is_block ? TokenType::kBlockBegin : TokenType::kPrintBegin, "");
    if (is_block && StripLeft(Rest(), nullptr).starts_with("raw")) RefuseRaw();
    std::string open;  // brackets still open; within them the end tag is made of operators
    while (true) {
      SkipSpace();
      if (at_ == source_.size()) Refuse(is_block ? "{% has no end %}" : "{{ has no end }}");
      if (open.empty()) {
        const char first = source_[at_];
        const bool has_sign = first == '-' || (first == '+' && is_block);
        if (Rest().substr(has_sign ? 1 : 0).starts_with(end)) {
          Emit(is_block ? TokenType::kBlockEnd : TokenType::kPrintEnd, "");
          Advance(end.size() + (has_sign ? 1 : 0));
          AfterTag(has_sign ? first : '\0', is_block);
          return;
        }
      }
      Piece(&open);
    }
  }

  // One token inside a tag.
  void Piece(std::string* open) {
    const char c = source_[at_];
    if (IsDigit(c)) return Number();
    if (IsNameStart(c)) {
      size_t n = 1;
      while (n < Rest().size() && (IsNameStart(Rest()[n]) || IsDigit(Rest()[n]))) ++n;
      Emit(TokenType::kName, std::string(Rest().substr(0, n)));
      return Advance(n);
    }
    if (c == '\'' || c == '"') return String(c);
    constexpr std::string_view kTwo[] = {"//", "**", "==", "!=", ">=", "<="};
    for (const std::string_view two : kTwo) {
      if (RestStartsWith(two)) return Operator(two, open);
    }
    if (std::string_view("+-/*%~[](){}><=.:|,;").find(c) == std::string_view::npos) {
      const size_t length = DecodeUtf8(Rest()).length;
      Refuse(fmt::format("unexpected {}", Quoted(Rest().substr(0, length))));
    }
    Operator(Rest().substr(0, 1), open);
  }

  void Operator(std::string_view text, std::string* open) {
    const char c = text[0];
    if (c == '(') *open += ')';
    if (c == '[') *open += ']';
    if (c == '{') *open += '}';
    if (c == ')' || c == ']' || c == '}') {
      if (open->empty() || open->back() != c) Refuse(fmt::format("unexpected '{}'", c));
      open->pop_back();
    }
    Emit(TokenType::kOperator, std::string(text));
    Advance(text.size());
  }

  void String(char quote) {
    size_t n = 1;
    while (n < Rest().size() && Rest()[n] != quote) n += Rest()[n] == '\\' ? 2 : 1;
    if (n >= Rest().size()) Refuse("a string has no end");
    std::string value;
    if (!DecodeStringLiteral(Rest().substr(1, n - 1), &value)) {
      Refuse(fmt::format("the escapes of {} are not valid", Quoted(Rest().substr(0, n + 1))));
    }
    Emit(TokenType::kString, std::move(value));
    Advance(n + 1);
  }

  size_t Digits(size_t from) const {
    size_t n = from;
    while (n < Rest().size() && IsDigit(Rest()[n])) ++n;
    return n - from;
  }

  // Decimal numbers. After a dot (`items.0.1`) only an integer can follow.
  void Number() {
    const bool after_dot = at_ > 0 && source_[at_ - 1] == '.';
    size_t n = Digits(0);
    bool is_float = false;
    if (!after_dot && n < Rest().size() && Rest()[n] == '.' && Digits(n + 1) > 0) {
      n += 1 + Digits(n + 1);
      is_float = true;
    }
    if (!after_dot && n < Rest().size() && (Rest()[n] == 'e' || Rest()[n] == 'E')) {
      const size_t sign = n + 1 < Rest().size() && (Rest()[n + 1] == '+' || Rest()[n + 1] == '-');
      if (Digits(n + 1 + sign) > 0) {
        n += 1 + sign + Digits(n + 1 + sign);
        is_float = true;
      }
    }
    if (n < Rest().size() && IsNameStart(Rest()[n])) {
      Fail(ErrorCode::kUnsupported, "{}: template line {}: number {} is not decimal", name_, line_,
           Quoted(Rest().substr(0, n + 1)));
    }
    Emit(is_float ? TokenType::kFloat : TokenType::kInteger, std::string(Rest().substr(0, n)));
    Advance(n);
  }

  const std::string source_;
  const std::string& name_;
  size_t at_ = 0;
  int line_ = 1;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> Lex(std::string_view source, const std::string& name) {
  return Lexer(source, name).Run();
}

}  // namespace retort::jinja
