#include "grammar/gbnf_reader.h"

#include <algorithm>

#include "base/error.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "grammar/code_points.h"

namespace retort {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '-' || c == '_';
}

}  // namespace

GbnfReader::GbnfReader(std::string_view text, std::string_view source)
    : text_(text), source_(source) {
  at_ = ValidUtf8Prefix(text);
  if (!AtEnd()) Refuse("UTF-8 text");
  at_ = 0;
}

void GbnfReader::SkipBlanks(bool newlines) {
  while (!AtEnd()) {
    const char c = Peek();
    if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == ' ' || c == '\t' || (newlines && (c == '\n' || c == '\r'))) {
      ++at_;
    } else {
      return;
    }
  }
}

bool GbnfReader::Take(std::string_view expected) {
  if (!text_.substr(at_).starts_with(expected)) return false;
  at_ += expected.size();
  return true;
}

std::string_view GbnfReader::TakeName() {
  const size_t begin = at_;
  while (!AtEnd() && IsNameByte(Peek())) ++at_;
  return text_.substr(begin, at_ - begin);
}

int32_t GbnfReader::TakeNumber(int32_t most) {
  if (!IsDigit(Peek())) Refuse("a number");
  const size_t begin = at_;
  int64_t value = 0;
  for (; IsDigit(Peek()); ++at_) value = std::min<int64_t>(value * 10 + (Peek() - '0'), most + 1);
  if (value > most) {
    at_ = begin;
    Refuse(fmt::format("a number of at most {}", most));
  }
  return static_cast<int32_t>(value);
}

uint32_t GbnfReader::TakeHex(int digits) {
  uint32_t value = 0;
  for (int i = 0; i < digits; ++i, ++at_) {
    const char c = Peek();
    const bool lower = c >= 'a' && c <= 'f', upper = c >= 'A' && c <= 'F';
    if (!IsDigit(c) && !lower && !upper) Refuse(fmt::format("{} hexadecimal digits", digits));
    value = value * 16 + static_cast<uint32_t>(IsDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

uint32_t GbnfReader::TakeCharacter() {
  const size_t begin = at_;
  if (AtEnd()) Refuse("a character");
  if (!Take("\\")) {
    const Utf8Char c = DecodeUtf8(text_.substr(at_));
    at_ += c.length;
    return c.code_point;
  }
  const char kind = Peek();
  if (!AtEnd()) ++at_;
  uint32_t value = 0;
  switch (kind) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case '\\':
    case '"':
    case '[':
    case ']':
    case '-':
    case '^':
      return static_cast<uint32_t>(kind);
    case 'x':
      return TakeHex(2);
    case 'u':
      value = TakeHex(4);
      break;
    case 'U':
      value = TakeHex(8);
      break;
    default:
      at_ = begin;
      Refuse(
          "an escape that is known: \\n \\r \\t \\\\ \\\" \\[ \\] \\- \\^ \\xHH \\uHHHH "
          "\\UHHHHHHHH");
  }
  if (value > kMaxCodePoint || (value >= 0xD800 && value <= 0xDFFF)) {
    at_ = begin;
    Refuse("a Unicode character");
  }
  return value;
}

void GbnfReader::Refuse(std::string_view wanted) const {
  const std::string_view before = text_.substr(0, at_);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const size_t column = at_ - (before.rfind('\n') + 1) + 1;  // npos + 1 == 0
  const std::string_view rest = text_.substr(at_, text_.find('\n', at_) - at_);
  Fail(ErrorCode::kInvalidArgument, "{}: line {}, column {}: {} stands where {} is wanted", source_,
       line, column,
       AtEnd()        ? "the end"
       : rest.empty() ? "the end of the line"
                      : Quoted(rest, 20),
       wanted);
}

}  // namespace retort
