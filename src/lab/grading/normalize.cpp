#include "lab/grading/normalize.h"

#include <array>
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
    Rewrite{"π", "\\pi "},
    Rewrite{"√", "\\sqrt"},
    Rewrite{"²", "^2"},
    Rewrite{"³", "^3"},
    Rewrite{"±", "\\pm "},
    Rewrite{"≈", "\\approx "},
    Rewrite{"½", "\\frac{1}{2}"},
    Rewrite{"¼", "\\frac{1}{4}"},
    Rewrite{"¾", "\\frac{3}{4}"},
    Rewrite{"⅓", "\\frac{1}{3}"},
    Rewrite{"⅔", "\\frac{2}{3}"},
    Rewrite{"。", "."},
    Rewrite{"、", ","},
    Rewrite{"　", " "},
    Rewrite{"\u00a0", " "},
    Rewrite{"\u2009", " "},
    Rewrite{"\u202f", " "},
    Rewrite{"°", ""},
    Rewrite{"º", ""},
    Rewrite{"˚", ""},
    Rewrite{"¥", ""},
    Rewrite{"￥", ""},
    Rewrite{"€", ""},
    Rewrite{"£", ""},
    Rewrite{"“", ""},
    Rewrite{"”", ""},
    Rewrite{"\u200b", ""},
    Rewrite{"和", " and "},
    Rewrite{"或", " or "},
    Rewrite{"且", " and "},
    Rewrite{"及", " and "},
};

// Longer names before their prefixes.
constexpr std::array kCommands = {
    Rewrite{"\\dfrac", "\\frac"},
    Rewrite{"\\tfrac", "\\frac"},
    Rewrite{"\\cfrac", "\\frac"},
    Rewrite{"\\left", ""},
    Rewrite{"\\right", ""},
    Rewrite{"\\bigl", ""},
    Rewrite{"\\bigr", ""},
    Rewrite{"\\Bigl", ""},
    Rewrite{"\\Bigr", ""},
    Rewrite{"\\big", ""},
    Rewrite{"\\Big", ""},
    Rewrite{"\\displaystyle", ""},
    Rewrite{"\\qquad", " "},
    Rewrite{"\\quad", " "},
    Rewrite{"\\times", "*"},
    Rewrite{"\\cdot", "*"},
    Rewrite{"\\div", "/"},
    Rewrite{",\\! ", ","},
    Rewrite{"\\!", ""},
    Rewrite{"\\,", " "},
    Rewrite{"\\;", " "},
    Rewrite{"\\:", " "},
    Rewrite{"\\ ", " "},
    Rewrite{"\\%", "%"},
    Rewrite{"\\$", ""},
    Rewrite{"\\degree", ""},
    Rewrite{"^{\\circ}", ""},
    Rewrite{"^\\circ", ""},
    Rewrite{"\\circ", ""},
    Rewrite{"\\(", ""},
    Rewrite{"\\)", ""},
    Rewrite{"\\[", ""},
    Rewrite{"\\]", ""},
    Rewrite{"\\{", "{"},
    Rewrite{"\\}", "}"},
    Rewrite{"{,}", ","},
    Rewrite{"\\\\", ","},
    Rewrite{"\\begin{cases}", ""},
    Rewrite{"\\end{cases}", ""},
    Rewrite{"\\begin{aligned}", ""},
    Rewrite{"\\end{aligned}", ""},
    Rewrite{"&", ""},
    Rewrite{"$", ""},
    Rewrite{"**", ""},
    Rewrite{"~", " "},
    Rewrite{"\\land", " and "},
    Rewrite{"\\lor", " or "},
    Rewrite{"\\cup", " or "},
    Rewrite{"\n", " "},
    Rewrite{"\t", " "},
    Rewrite{"\r", " "},
};

// Wrappers whose braces go and whose content stays, set off by spaces.
constexpr std::array<std::string_view, 10> kWrappers = {
    "\\textnormal{", "\\boldsymbol{", "\\mathbf{", "\\mathrm{", "\\textbf{",
    "\\textrm{",     "\\text{",       "\\mbox{",   "\\boxed{",  "\\fbox{"};

template <size_t kSize>
const Rewrite* Match(const std::array<Rewrite, kSize>& rewrites, std::string_view rest) {
  for (const Rewrite& rewrite : rewrites) {
    if (rest.starts_with(rewrite.first)) return &rewrite;
  }
  return nullptr;
}

bool IsFullWidthAscii(std::string_view rest) {
  if (rest.size() < 3 || rest[0] != '\xEF') return false;
  const auto second = static_cast<unsigned char>(rest[1]);
  const auto third = static_cast<unsigned char>(rest[2]);
  return (second == 0xBC && third >= 0x81) || (second == 0xBD && third >= 0x80 && third <= 0x9E);
}

std::string ToAscii(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (static_cast<unsigned char>(rest[0]) < 0x80) {
      out += rest[0];
      ++at;
    } else if (IsFullWidthAscii(rest)) {
      const int base = rest[1] == '\xBC' ? 0x21 - 0x81 : 0x60 - 0x80;
      out += static_cast<char>(static_cast<unsigned char>(rest[2]) + base);
      at += 3;
    } else if (const Rewrite* rewrite = Match(kCharacters, rest)) {
      out += rewrite->second;
      at += rewrite->first.size();
    } else {
      out += rest[0];
      ++at;
    }
  }
  return out;
}

std::string UnwrapText(std::string_view text) {
  std::string out;
  // For every open brace, whether it belongs to a wrapper.
  std::string open;
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    bool wrapped = false;
    for (const std::string_view wrapper : kWrappers) {
      if (!rest.starts_with(wrapper)) continue;
      out += ' ';
      open += 'w';
      at += wrapper.size();
      wrapped = true;
      break;
    }
    if (wrapped) continue;
    if (rest[0] == '{') open += '{';
    if (rest[0] == '}' && !open.empty()) {
      wrapped = open.back() == 'w';
      open.pop_back();
    }
    out += wrapped ? ' ' : rest[0];
    ++at;
  }
  return out;
}

}  // namespace

std::string NormalizeAnswer(std::string_view text) {
  const std::string unwrapped = UnwrapText(ToAscii(text));
  std::string out;
  for (size_t at = 0; at < unwrapped.size();) {
    const std::string_view rest = std::string_view(unwrapped).substr(at);
    if (const Rewrite* rewrite = Match(kCommands, rest)) {
      out += rewrite->second;
      at += rewrite->first.size();
    } else {
      out += rest[0];
      ++at;
    }
  }
  return out;
}

}  // namespace retort
