#include "math/number_scan.h"

#include <utility>

#include "math/characters.h"

namespace retort {
namespace {

class Scanner {
 public:
  Scanner(std::string_view text, Commas commas) : text_(text), commas_(commas) {}

  ScannedNumber Run() {
    std::string digits;
    while (IsDigit(Peek())) digits += text_[at_++];
    const bool zero = digits == "0";
    if (digits.size() <= 3 && !digits.empty()) {
      while (const size_t bytes = ThousandsBytes(zero)) {
        at_ += bytes;
        digits += text_.substr(at_, 3);
        at_ += 3;
      }
    }
    // "0,111": no thousand starts with 0.
    const bool decimal_comma =
        Peek() == ',' && IsDigit(Peek(1)) &&
        (commas_ == Commas::kDecimal ||
         (zero && commas_ == Commas::kThousands && IsDigit(Peek(2)) && IsDigit(Peek(3))));
    if ((Peek() == '.' && IsDigit(Peek(1))) || decimal_comma) {
      digits += '.';
      for (++at_; IsDigit(Peek());) digits += text_[at_++];
    }
    // 1.5e-3, with nothing of a name behind it.
    if ((Peek() == 'e' || Peek() == 'E') && !digits.empty()) {
      size_t end = 1;
      if (Peek(end) == '-' || Peek(end) == '+') ++end;
      const size_t first = end;
      while (IsDigit(Peek(end))) ++end;
      if (end > first && end - first <= 5 && !IsLetter(Peek(end))) {
        digits += 'e' + std::string(Rest().substr(1, end - 1));
        at_ += end;
      }
    }
    return {std::move(digits), at_};
  }

 private:
  char Peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : 0; }
  std::string_view Rest() const { return text_.substr(at_); }

  // "{,}", also with spaces in it.
  size_t CommaInBraces() const {
    const std::string_view rest = Rest();
    const size_t comma = rest.find_first_not_of(' ');
    if (comma == rest.npos || rest[comma] != '{') return 0;
    const size_t inside = rest.find_first_not_of(' ', comma + 1);
    if (inside == rest.npos || rest[inside] != ',') return 0;
    const size_t close = rest.find_first_not_of(' ', inside + 1);
    return close == rest.npos || rest[close] != '}' ? 0 : close + 1;
  }

  // Groups of three digits behind commas, "{,}" or ",\!".
  size_t ThousandsBytes(bool first_is_zero) const {
    if (first_is_zero && Peek() == ',') return 0;
    size_t bytes = 0;
    if (const size_t braces = CommaInBraces(); braces > 0) {
      bytes = braces;
    } else if (Peek() == ',' && commas_ != Commas::kSeparate) {
      bytes = 1;
      size_t thin = at_ + 1;
      while (thin < text_.size() && text_[thin] == ' ') ++thin;
      if (text_.substr(thin).starts_with("\\!")) {
        bytes = thin + 2 - at_;
        while (at_ + bytes < text_.size() && text_[at_ + bytes] == ' ') ++bytes;
      }
    } else if ((Peek() == ' ' || Rest().starts_with("\\,") || Rest().starts_with("\\ ")) &&
               commas_ != Commas::kSeparate) {
      bytes = Peek() == ' ' ? 1 : 2;
    } else {
      return 0;
    }
    const auto digit = [this, bytes](size_t i) { return IsDigit(Peek(bytes + i)); };
    return digit(0) && digit(1) && digit(2) && !digit(3) ? bytes : 0;
  }

  std::string_view text_;
  Commas commas_;
  size_t at_ = 0;
};

}  // namespace

ScannedNumber ScanNumber(std::string_view text, Commas commas) {
  return Scanner(text, commas).Run();
}

}  // namespace retort
