#include "lab/loop_detector.h"

#include <algorithm>
#include <string>
#include <vector>

namespace retort {
namespace {

constexpr size_t kLongestPeriod = 1000;
constexpr size_t kRounds = 4;
constexpr size_t kLeastBytes = 400;

// z[i]: how many bytes from i on equal the beginning (Gusfield 1997, section 1.4).
std::vector<size_t> ZFunction(std::string_view s) {
  std::vector<size_t> z(s.size(), 0);
  for (size_t i = 1, left = 0, right = 0; i < s.size(); ++i) {
    if (i < right) z[i] = std::min(right - i, z[i - left]);
    while (i + z[i] < s.size() && s[z[i]] == s[i + z[i]]) ++z[i];
    if (i + z[i] > right) {
      left = i;
      right = i + z[i];
    }
  }
  return z;
}

}  // namespace

bool EndsInLoop(std::string_view text) {
  text = text.substr(text.size() - std::min(text.size(), kRounds * kLongestPeriod));
  if (text.size() < kLeastBytes) return false;
  // Seen from the end, a loop of period p is a beginning that equals itself p bytes later.
  const std::string reversed(text.rbegin(), text.rend());
  const std::vector<size_t> z = ZFunction(reversed);
  for (size_t period = 1; period < z.size() && period <= kLongestPeriod; ++period) {
    if (z[period] + period >= std::max(kRounds * period, kLeastBytes)) return true;
  }
  return false;
}

}  // namespace retort
