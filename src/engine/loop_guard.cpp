#include "engine/loop_guard.h"

#include <algorithm>

#include "base/rng.h"

namespace retort {
namespace {

enum Run : size_t { kShort, kLong };
constexpr size_t kShortRun = 4;
constexpr size_t kLongRun = 16;
constexpr size_t kCheckEvery = 64;

// Counts those of the newest `tokens` tokens that end a run which has ended before, at most `reach`
// tokens earlier.
struct Window {
  Run run;
  int32_t reach;
  int32_t tokens;
};

constexpr size_t kNumVerbatim = 4;
constexpr std::array<Window, 8> kWindows = {{
    // A third telling: more repeats than the reach.
    {.run = kLong, .reach = 256, .tokens = 768},
    {.run = kLong, .reach = 512, .tokens = 1536},
    {.run = kLong, .reach = 1024, .tokens = 3072},
    {.run = kLong, .reach = 2048, .tokens = 6144},
    // In pairs: loops that vary their words. The long runs keep tables out, which have none.
    {.run = kShort, .reach = 2048, .tokens = 4096},
    {.run = kLong, .reach = 2048, .tokens = 4096},
    {.run = kShort, .reach = 4096, .tokens = 8192},
    {.run = kLong, .reach = 4096, .tokens = 8192},
}};
constexpr double kVariedShort = 0.73;  // share of a window's tokens
constexpr double kVariedLong = 0.18;
constexpr size_t kReach = 4096;
constexpr size_t kRing = 8192;  // a power of two, so that indices may wrap around

constexpr uint64_t kBase = 0x9E3779B97F4A7C15ull;  // of the polynomial hash; odd

}  // namespace

RunDistances::RunDistances(size_t length, size_t reach)
    : length_(length), reach_(reach), tokens_(length, 0), runs_(reach, 0) {
  for (size_t i = 0; i < length; ++i) leaving_factor_ *= kBase;
}

int32_t RunDistances::Push(int32_t token) {
  uint64_t& oldest = tokens_[count_ % length_];
  const uint64_t mixed = Mix64(static_cast<uint64_t>(token));
  run_ = run_ * kBase + mixed - oldest * leaving_factor_;
  oldest = mixed;
  const size_t end = count_++;
  if (count_ < length_) return 0;
  const auto [entry, is_new] = ends_.try_emplace(run_, end);
  const auto distance = static_cast<int32_t>(end - entry->second);
  entry->second = end;
  // From the next token on, what ended `reach` tokens ago is out of reach.
  uint64_t& leaving = runs_[end % reach_];
  if (const auto old = ends_.find(leaving); old != ends_.end() && old->second + reach_ == end) {
    ends_.erase(old);
  }
  leaving = run_;
  return distance;
}

LoopGuard::LoopGuard()
    : runs_{RunDistances(kShortRun, kReach), RunDistances(kLongRun, kReach)},
      distances_{std::vector<int32_t>(kRing, 0), std::vector<int32_t>(kRing, 0)} {
  static_assert(kWindows.size() == kNumWindows);
}

bool LoopGuard::Push(int32_t token) {
  if (looping_) return true;
  const std::array<int32_t, 2> arriving = {runs_[kShort].Push(token), runs_[kLong].Push(token)};
  for (size_t w = 0; w < kNumWindows; ++w) {
    const auto [run, reach, tokens] = kWindows[w];
    const int32_t leaving = distances_[run][(count_ - static_cast<size_t>(tokens)) % kRing];
    if (arriving[run] > 0 && arriving[run] <= reach) ++repeated_[w];
    if (leaving > 0 && leaving <= reach) --repeated_[w];
  }
  for (const Run run : {kShort, kLong}) distances_[run][count_ % kRing] = arriving[run];
  if (++count_ % kCheckEvery == 0) looping_ = Look();
  return looping_;
}

bool LoopGuard::Look() const {
  for (size_t w = 0; w < kNumVerbatim; ++w) {
    if (repeated_[w] > kWindows[w].reach) return true;
  }
  for (size_t w = kNumVerbatim; w < kNumWindows; w += 2) {
    const double tokens = kWindows[w].tokens;
    if (repeated_[w] >= kVariedShort * tokens && repeated_[w + 1] >= kVariedLong * tokens) {
      return true;
    }
  }
  return false;
}

}  // namespace retort
