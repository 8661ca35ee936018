#include "math/lexer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "math/characters.h"
#include "math/functions.h"
#include "math/number_scan.h"
#include "math/vocabulary.h"

namespace retort {
namespace {

using enum LatexTokenKind;

bool IsHan(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '~'; }

// Chinese "and" and "or".
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kChineseSeparators = {
    {{"和", "and"}, {"或", "or"}, {"及", "and"}, {"与", "and"}, {"且", "and"}, {"或者", "or"}}};

class Lexer {
 public:
  Lexer(std::string_view text, Commas commas) : text_(text), commas_(commas) {}

  std::vector<Token> Run() {
    while (at_ < text_.size()) Next();
    return std::move(tokens_);
  }

 private:
  char Peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : 0; }
  std::string_view Rest() const { return text_.substr(at_); }

  void Emit(LatexTokenKind kind, std::string_view text, size_t bytes) {
    if (kind == kOpen) {
      ++depth_;
      if (list_depth_ == 0 && !tokens_.empty() && TakesList(tokens_.back())) list_depth_ = depth_;
    }
    if (kind == kClose) {
      if (depth_ == list_depth_) list_depth_ = 0;
      --depth_;
    }
    tokens_.push_back({kind, std::string(text), spaced_, !text_braces_.empty() && text_depth_ > 0,
                       at_, at_ + bytes});
    spaced_ = false;
    at_ += bytes;
  }
  // Functions whose commas lie between arguments.
  static bool TakesList(const Token& token) {
    return token.kind == kFunction && FindFunction(token.text)->takes == Takes::kList;
  }
  Commas CommasHere() const { return list_depth_ > 0 ? Commas::kSeparate : commas_; }

  void Skip(size_t bytes, bool space) {
    at_ += bytes;
    spaced_ = spaced_ || space;
  }

  void Next() {
    const char c = Peek();
    if (IsSpace(c)) return Skip(1, true);
    if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return Number();
    if (IsLetter(c)) return Letters();
    if (IsHan(c)) return Han();
    if (c == '\\') return Backslash();
    if (c == '{' || c == '}') return Brace(c == '{');
    Symbol(c);
  }

  void Symbol(char c) {
    const std::string_view rest = Rest();
    if (rest.starts_with("**")) return Skip(2, false);  // Markdown's bold
    for (const std::string_view two : {"<=", ">=", "!="}) {
      if (rest.starts_with(two)) return Emit(kRelation, two, 2);
    }
    const std::string_view one = rest.substr(0, 1);
    switch (c) {
      case '$':
        return Skip(1, false);
      case '(':
      case '[':
        return Emit(kOpen, one, 1);
      case ')':
      case ']':
        return Emit(kClose, one, 1);
      case '=':
      case '<':
      case '>':
        return Emit(kRelation, one, 1);
      case ',':
      case ';':
      case ':':
        return Emit(kSeparator, one, 1);
      case '&':
        return Emit(kCell, one, 1);
      case '+':
      case '-':
      case '*':
      case '/':
      case '^':
      case '_':
      case '!':
      case '%':
      case '|':
      case '\'':
        return Emit(kOperator, one, 1);
      default:
        return Emit(kWord, one, 1);
    }
  }

  void Number() {
    const ScannedNumber number = ScanNumber(Rest(), CommasHere());
    Emit(kNumber, number.digits, number.bytes);
  }

  void Letters() {
    size_t length = 1;
    while (IsLetter(Peek(length))) ++length;
    const std::string_view word = Rest().substr(0, length);
    if (const std::optional<Name> name = FindWord(word))
      return Emit(name->kind, name->text, length);
    const bool in_text = text_depth_ > 0;
    if (length == 1) {
      const bool unit = in_text && !tokens_.empty() &&
                        (tokens_.back().kind == kNumber || tokens_.back().kind == kClose ||
                         tokens_.back().Is(kOperator, "deg"));
      return Emit(unit ? kWord : kName, word, 1);
    }
    if (in_text || length >= 4 || IsShortUnit(word) || IsShortWord(word)) {
      if (!in_text && SplitsAtFunction(word)) return;
      return Emit(kWord, word, length);
    }
    if (length == 3 && StandsAlone(length) && HasVowel(word)) return Emit(kWord, word, length);
    if (SplitsAtFunction(word)) return;
    for (size_t i = 0; i < length; ++i) Emit(kName, word.substr(i, 1), 1);
  }

  static bool HasVowel(std::string_view word) {
    return word.find_first_of("aeiouAEIOU") != word.npos;
  }
  bool StandsAlone(size_t length) const {
    const char before = at_ == 0 ? ' ' : text_[at_ - 1];
    const char after = Peek(length) == 0 ? ' ' : Peek(length);
    constexpr std::string_view kApart = " \n$.,;!?{}\"";
    return kApart.find(before) != kApart.npos && kApart.find(after) != kApart.npos;
  }

  // "sinx": the function, and the rest anew.
  bool SplitsAtFunction(std::string_view word) {
    const FunctionEntry* function = FindGluedFunction(word);
    if (function == nullptr) return false;
    Emit(kFunction, function->name, function->name.size());
    return true;
  }

  void Han() {
    for (const auto& [written, text] : kChineseSeparators) {
      if (!Rest().starts_with(written)) continue;
      const char after = Peek(written.size());
      if (after != 0 && !IsHan(after)) return Emit(kSeparator, text, written.size());
    }
    size_t bytes = 1;
    while (IsHan(Peek(bytes))) {
      const bool starts = (static_cast<unsigned char>(Peek(bytes)) & 0xC0) == 0xC0;
      const std::string_view rest = Rest().substr(bytes);
      const bool separator =
          starts &&
          std::any_of(kChineseSeparators.begin(), kChineseSeparators.end(), [rest](const auto& s) {
            return rest.starts_with(s.first) && rest.size() > s.first.size() &&
                   !IsHan(rest[s.first.size()]);
          });
      if (separator) break;
      ++bytes;
    }
    Emit(kWord, Rest().substr(0, bytes), bytes);
  }

  void Brace(bool opens) {
    if (opens) {
      text_braces_ += next_is_text_ ? 't' : '{';
      text_depth_ += next_is_text_ ? 1 : 0;
      if (std::exchange(next_is_text_, false)) return Skip(1, true);
      return Emit(kOpen, "{", 1);
    }
    if (!text_braces_.empty()) {
      const bool text = text_braces_.back() == 't';
      text_braces_.pop_back();
      text_depth_ -= text ? 1 : 0;
      if (text) return Skip(1, true);
    }
    Emit(kClose, "}", 1);
  }

  void Backslash() {
    size_t length = 1;
    while (IsLetter(Peek(length))) ++length;
    // "\\le": a command escaped twice.
    if (length == 1 && Peek(1) == '\\' && IsLetter(Peek(2))) {
      size_t end = 2;
      while (IsLetter(Peek(end))) ++end;
      const std::string_view name = Rest().substr(2, end - 2);
      if (FindCommand(name) || IsTextCommand(name)) return Skip(1, false);
    }
    if (Rest().starts_with("\\\\")) return Emit(kRow, "\\\\", 2);
    if (length == 1) length = std::min<size_t>(2, Rest().size());
    std::string_view name = Rest().substr(1, length - 1);
    if (name == "operatorname" && OperatorName(length)) return;
    if (IsTextCommand(name)) {
      Skip(length, false);
      while (Peek() == ' ') Skip(1, true);
      next_is_text_ = Peek() == '{';
      return;
    }
    std::optional<Name> command = FindCommand(name);
    // "\quadx": the longest command that it starts with.
    for (size_t shorter = name.size(); !command && shorter > 2; --shorter) {
      command = FindCommand(name.substr(0, shorter - 1));
      if (command) length = shorter;
    }
    if (!command) return Emit(IsLetter(Peek(1)) ? kName : kWord, name, length);
    if (command->kind == kWord) {
      const bool separates = name.ends_with("quad") && NameAndEquals(length);
      return separates ? Emit(kSeparator, ",", length) : Skip(length, command->text == " ");
    }
    if (command->kind == kBegin || command->kind == kEnd) return Environment(command->kind, length);
    Emit(command->kind, command->text, length);
  }

  // Whether "y =" or "y_1 =" follows: "x = 4 \quad y = 7".
  bool NameAndEquals(size_t ahead) const {
    while (Peek(ahead) == ' ') ++ahead;
    if (!IsLetter(Peek(ahead))) return false;
    constexpr std::string_view kRest = "_{}0123456789 ";
    ++ahead;
    while (Peek(ahead) != 0 && kRest.find(Peek(ahead)) != std::string_view::npos) ++ahead;
    return Peek(ahead) == '=';
  }

  // \operatorname{lcm} is \lcm, where that is known.
  bool OperatorName(size_t length) {
    size_t end = length + 1;
    while (IsLetter(Peek(end))) ++end;
    if (Peek(length) != '{' || Peek(end) != '}') return false;
    std::optional<Name> command = FindCommand(Rest().substr(length + 1, end - length - 1));
    if (!command || command->kind != kFunction) return false;
    Emit(kFunction, command->text, end + 1);
    return true;
  }

  // \begin{array}{cc}: with its columns.
  void Environment(LatexTokenKind kind, size_t bytes) {
    std::string name;
    if (Peek(bytes) == '{') {
      const size_t close = text_.find('}', at_ + bytes);
      if (close != std::string_view::npos && close - at_ < 40) {
        name = text_.substr(at_ + bytes + 1, close - at_ - bytes - 1);
        bytes = close + 1 - at_;
        if (name == "array" && kind == kBegin && Peek(bytes) == '{') {
          const size_t columns = text_.find('}', at_ + bytes);
          if (columns != std::string_view::npos && columns - at_ < 60) bytes = columns + 1 - at_;
        }
      }
    }
    Emit(kind, name, bytes);
  }

  std::string_view text_;
  Commas commas_;
  size_t at_ = 0;
  bool spaced_ = false;
  bool next_is_text_ = false;  // the next brace opens the argument of \text
  std::string text_braces_;    // for each open brace, whether it is one of \text
  int text_depth_ = 0;
  int depth_ = 0;       // of open brackets
  int list_depth_ = 0;  // of the arguments of gcd(...) and its like; 0 outside
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> Tokenize(std::string_view text, Commas commas) {
  return Lexer(text, commas).Run();
}

}  // namespace retort
