#include "lab/grading/repetition.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/rng.h"

namespace retort {
namespace {

constexpr size_t kMaxBytes = 200'000;
constexpr size_t kRunLength = 4;
// Fewer runs say nothing: short answers repeat their few words.
constexpr size_t kMinRuns = 60;
constexpr double kLoopedShare = 0.5;
constexpr size_t kTailBytes = 4000;
constexpr size_t kMaxPeriod = 500;
constexpr size_t kMinRepeats = 4;
constexpr size_t kMinRepeatedBytes = 200;

std::string_view Tail(std::string_view text, size_t bytes) {
  return text.size() <= bytes ? text : text.substr(text.size() - bytes);
}

// Hashes of the words; every character beyond ASCII is a word of its own.
std::vector<uint64_t> WordHashes(std::string_view text) {
  std::vector<uint64_t> hashes;
  uint64_t word = 0;
  const auto finish = [&] {
    if (word != 0) hashes.push_back(word);
    word = 0;
  };
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r') {
      finish();
      continue;
    }
    if (byte >= 0xC0) finish();  // the first byte of a character
    word = Mix64(word ^ byte) | 1;
  }
  finish();
  return hashes;
}

}  // namespace

double RepeatedRunShare(std::string_view text) {
  const std::vector<uint64_t> words = WordHashes(Tail(text, kMaxBytes));
  if (words.size() < kRunLength) return 0;
  std::unordered_set<uint64_t> seen;
  const size_t runs = words.size() - kRunLength + 1;
  for (size_t i = 0; i < runs; ++i) {
    uint64_t hash = 0;
    for (size_t j = 0; j < kRunLength; ++j) hash = Mix64(hash ^ words[i + j]);
    seen.insert(hash);
  }
  return 1 - static_cast<double>(seen.size()) / static_cast<double>(runs);
}

bool HasPeriodicTail(std::string_view text) {
  std::string reversed(Tail(text, kTailBytes));
  std::reverse(reversed.begin(), reversed.end());
  // Borders of every prefix (Knuth, Morris, Pratt): length - border is its smallest period.
  std::vector<size_t> border(reversed.size() + 1, 0);
  for (size_t length = 2; length <= reversed.size(); ++length) {
    size_t k = border[length - 1];
    while (k > 0 && reversed[k] != reversed[length - 1]) k = border[k];
    border[length] = reversed[k] == reversed[length - 1] ? k + 1 : 0;
    const size_t period = length - border[length];
    if (period <= kMaxPeriod && length >= kMinRepeatedBytes && length >= kMinRepeats * period) {
      return true;
    }
  }
  return false;
}

bool LooksLooped(std::string_view text) {
  if (HasPeriodicTail(text)) return true;
  const std::string_view tail = Tail(text, kMaxBytes);
  return WordHashes(tail).size() >= kMinRuns + kRunLength - 1 &&
         RepeatedRunShare(tail) > kLoopedShare;
}

}  // namespace retort
