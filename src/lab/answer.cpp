#include "lab/answer.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "base/error.h"

namespace retort {
namespace {

Answer Unnamed(const std::vector<ExactValue>& values, bool ordered) {
  RETORT_CHECK(!values.empty());
  Answer answer;
  for (const ExactValue& value : values) answer.parts.push_back({"", value});
  answer.ordered = ordered;
  return answer;
}

// Half away from zero, as school books round. Denominators stay far below 10^12, so that nothing
// overflows for up to 4 decimals.
std::string RoundedText(const ExactValue& value, int decimals) {
  int64_t scale = 1;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  const int64_t twice = 2 * std::abs(value.numerator) * scale;
  const int64_t units = (twice + value.denominator) / (2 * value.denominator);
  std::string text = std::to_string(units / scale);
  if (decimals > 0) {
    const std::string fraction = std::to_string(units % scale);
    text += "." + std::string(static_cast<size_t>(decimals) - fraction.size(), '0') + fraction;
  }
  return value.numerator < 0 && units != 0 ? "-" + text : text;
}

}  // namespace

ExactValue Fraction(int64_t numerator, int64_t denominator) {
  RETORT_CHECK(denominator != 0);
  const int64_t sign = denominator < 0 ? -1 : 1;
  const int64_t divisor = std::gcd(numerator, denominator) * sign;
  return {numerator / divisor, denominator / divisor};
}

Answer NumberAnswer(ExactValue value) { return Unnamed({value}, false); }

Answer NamedAnswer(std::vector<AnswerPart> parts) {
  RETORT_CHECK(!parts.empty());
  return {std::move(parts)};
}

Answer SetAnswer(std::vector<ExactValue> values) {
  std::sort(values.begin(), values.end(), [](const ExactValue& a, const ExactValue& b) {
    return a.numerator * b.denominator < b.numerator * a.denominator;
  });
  return Unnamed(values, false);
}

Answer PointAnswer(const std::vector<ExactValue>& values) { return Unnamed(values, true); }

Answer RoundedAnswer(ExactValue value, int decimals) {
  RETORT_CHECK(decimals >= 0 && decimals <= 4 && value.radicand == 1 && !value.times_pi);
  Answer answer = NumberAnswer(value);
  answer.decimals = decimals;
  return answer;
}

std::string FormatValue(const ExactValue& value) {
  std::string irrational;
  if (value.radicand != 1) irrational += "√" + std::to_string(value.radicand);
  if (value.times_pi) irrational += "π";
  std::string text = std::to_string(value.numerator);
  if (!irrational.empty() && value.numerator == 1) text.clear();
  if (!irrational.empty() && value.numerator == -1) text = "-";
  if (value.numerator != 0) text += irrational;
  if (value.denominator != 1) text += "/" + std::to_string(value.denominator);
  // Denominators that a pocket calculator would not show as a fraction.
  if (irrational.empty() && 100 % value.denominator == 0 && value.denominator != 1) {
    const bool tenths = 10 % value.denominator == 0;
    text += " = " + RoundedText(value, tenths ? 1 : 2);
  }
  return text;
}

std::string FormatAnswer(const Answer& answer) {
  if (answer.decimals >= 0) return RoundedText(answer.parts.front().value, answer.decimals);
  const bool named = !answer.parts.front().name.empty();
  const char* separator = named || answer.ordered ? ", " : " or ";
  std::string text;
  for (const AnswerPart& part : answer.parts) {
    if (!text.empty()) text += separator;
    if (named) text += part.name + " = ";
    text += FormatValue(part.value);
  }
  return answer.ordered ? "(" + text + ")" : text;
}

}  // namespace retort
