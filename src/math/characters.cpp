#include "math/characters.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace retort {
namespace {

using Rewrite = std::pair<std::string_view, std::string_view>;

// Full-width ASCII (U+FF01 to U+FF5E) is handled by arithmetic; these are the rest.
constexpr std::array kCharacters = {
    Rewrite{"−", "-"},
    Rewrite{"–", "-"},
    Rewrite{"—", "-"},
    Rewrite{"‐", "-"},
    Rewrite{"×", "*"},
    Rewrite{"·", "*"},
    Rewrite{"⋅", "*"},
    Rewrite{"∙", "*"},
    Rewrite{"÷", "/"},
    Rewrite{"∕", "/"},
    Rewrite{"⁄", "/"},
    Rewrite{"∶", ":"},
    Rewrite{"π", "\\pi "},
    Rewrite{"θ", "\\theta "},
    Rewrite{"α", "\\alpha "},
    Rewrite{"β", "\\beta "},
    Rewrite{"∞", "\\infty "},
    Rewrite{"√", "\\sqrt"},
    Rewrite{"²", "^2"},
    Rewrite{"³", "^3"},
    Rewrite{"±", "\\pm "},
    Rewrite{"∓", "\\mp "},
    Rewrite{"≈", "\\approx "},
    Rewrite{"≤", "\\le "},
    Rewrite{"≥", "\\ge "},
    Rewrite{"⩽", "\\le "},
    Rewrite{"⩾", "\\ge "},
    Rewrite{"≠", "\\ne "},
    Rewrite{"∈", "\\in "},
    Rewrite{"∪", "\\cup "},
    Rewrite{"∩", "\\cap "},
    Rewrite{"∅", "\\emptyset "},
    Rewrite{"ℝ", "\\mathbb{R}"},
    Rewrite{"½", "\\frac{1}{2}"},
    Rewrite{"¼", "\\frac{1}{4}"},
    Rewrite{"¾", "\\frac{3}{4}"},
    Rewrite{"⅓", "\\frac{1}{3}"},
    Rewrite{"⅔", "\\frac{2}{3}"},
    Rewrite{"。", ". "},
    Rewrite{"、", ", "},
    Rewrite{"　", " "},
    Rewrite{"\u00a0", " "},
    Rewrite{"\u2009", " "},
    Rewrite{"\u202f", " "},
    Rewrite{"\u3000", " "},
    Rewrite{"°", "\\degree "},
    Rewrite{"º", "\\degree "},
    Rewrite{"˚", "\\degree "},
    Rewrite{"¥", ""},
    Rewrite{"€", ""},
    Rewrite{"£", ""},
    Rewrite{"￥", ""},
    Rewrite{"“", ""},
    Rewrite{"”", ""},
    Rewrite{"\u200b", ""},
};

constexpr std::array<std::string_view, 11> kDigits = {"零", "一", "二", "三", "四", "五",
                                                      "六", "七", "八", "九", "两"};
constexpr std::array<std::pair<std::string_view, int64_t>, 3> kTens = {
    std::pair<std::string_view, int64_t>{"十", 10}, {"百", 100}, {"千", 1000}};
constexpr std::array<std::pair<std::string_view, int64_t>, 2> kMyriads = {
    std::pair<std::string_view, int64_t>{"万", 10'000}, {"亿", 100'000'000}};
constexpr std::string_view kOf = "分之";

bool IsFullWidthAscii(std::string_view rest) {
  if (rest.size() < 3 || rest[0] != '\xEF') return false;
  const auto second = static_cast<unsigned char>(rest[1]);
  const auto third = static_cast<unsigned char>(rest[2]);
  return (second == 0xBC && third >= 0x81) || (second == 0xBD && third >= 0x80 && third <= 0x9E);
}

// Digits at the start of the text, in Arabic or Chinese.
std::string LeadingNumber(std::string_view text, size_t& bytes) {
  bytes = 0;
  while (bytes < text.size() && IsDigit(text[bytes])) ++bytes;
  if (bytes > 0) return std::string(text.substr(0, bytes));
  const std::optional<ChineseNumeral> numeral = ReadChineseNumeral(text);
  if (!numeral) return {};
  bytes = numeral->bytes;
  return std::to_string(numeral->value);
}

// "四分之三", "百分之20" at the start of the text.
std::string LeadingFraction(std::string_view text, size_t& bytes) {
  size_t below_bytes = 0;
  std::string below = LeadingNumber(text, below_bytes);
  if (text.starts_with("百分之")) {
    below = "100";
    below_bytes = std::string_view("百").size();
  }
  if (below.empty() || !text.substr(below_bytes).starts_with(kOf)) return {};
  size_t above_bytes = 0;
  const std::string above = LeadingNumber(text.substr(below_bytes + kOf.size()), above_bytes);
  if (above.empty()) return {};
  bytes = below_bytes + kOf.size() + above_bytes;
  if (text.starts_with("百分之")) {
    std::string percent = above;
    // Decimals too: 百分之12.5.
    if (bytes + 1 < text.size() && text[bytes] == '.' && IsDigit(text[bytes + 1])) {
      percent += text[bytes++];
      while (bytes < text.size() && IsDigit(text[bytes])) percent += text[bytes++];
    }
    return percent + "%";
  }
  return "\\frac{" + above + "}{" + below + "}";
}

// A text that is a Chinese numeral with at most one more character behind it: "十二", "十二个".
std::string WholeNumeral(std::string_view text) {
  const std::optional<ChineseNumeral> numeral = ReadChineseNumeral(text);
  if (!numeral || text.size() > numeral->bytes + 3) return {};
  return std::to_string(numeral->value) + std::string(text.substr(numeral->bytes));
}

}  // namespace

std::optional<ChineseNumeral> ReadChineseNumeral(std::string_view text) {
  ChineseNumeral numeral;
  int64_t section = 0, digit = 0;
  bool has_digit = false;
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const auto starts = [rest](const auto& entry) { return rest.starts_with(entry.first); };
    const auto* place = std::find_if(kDigits.begin(), kDigits.end(),
                                     [rest](std::string_view d) { return rest.starts_with(d); });
    if (place != kDigits.end()) {
      const auto index = static_cast<int64_t>(place - kDigits.begin());
      digit = index == 10 ? 2 : index;
      has_digit = true;
      at += place->size();
    } else if (const auto* ten = std::find_if(kTens.begin(), kTens.end(), starts);
               ten != kTens.end() && !rest.starts_with("百分")) {
      section += (has_digit ? digit : 1) * ten->second;
      digit = 0;
      has_digit = false;
      at += ten->first.size();
    } else if (const auto* myriad = std::find_if(kMyriads.begin(), kMyriads.end(), starts);
               myriad != kMyriads.end() && at > 0) {
      numeral.value = (numeral.value + section + digit) * myriad->second;
      section = digit = 0;
      has_digit = false;
      at += myriad->first.size();
    } else {
      break;
    }
    numeral.bytes = at;
    if (at > 30) return std::nullopt;
  }
  if (numeral.bytes == 0) return std::nullopt;
  numeral.value += section + digit;
  return numeral;
}

std::string ToLatex(std::string_view text) {
  if (std::string whole = WholeNumeral(text); !whole.empty()) return whole;
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const bool after_digit = at > 0 && IsDigit(text[at - 1]);
    size_t bytes = 0;
    if (!after_digit && (IsDigit(rest[0]) || static_cast<unsigned char>(rest[0]) >= 0xE0)) {
      if (const std::string fraction = LeadingFraction(rest, bytes); !fraction.empty()) {
        out += fraction;
        at += bytes;
        continue;
      }
    }
    if (static_cast<unsigned char>(rest[0]) < 0x80) {
      out += rest[0];
      ++at;
      continue;
    }
    const auto* rewrite = std::find_if(kCharacters.begin(), kCharacters.end(),
                                       [rest](const auto& r) { return rest.starts_with(r.first); });
    if (rewrite != kCharacters.end()) {
      out += rewrite->second;
      at += rewrite->first.size();
    } else if (IsFullWidthAscii(rest)) {
      const int base = rest[1] == '\xBC' ? 0x21 - 0x81 : 0x60 - 0x80;
      out += static_cast<char>(static_cast<unsigned char>(rest[2]) + base);
      at += 3;
    } else {
      out += rest[0];
      ++at;
    }
  }
  return out;
}

}  // namespace retort
