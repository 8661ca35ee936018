#include "text/stop_matcher.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace retort {
namespace {

// Length of the longest suffix of `text` that is the beginning, but not all, of `stop`.
size_t PartialMatch(std::string_view text, std::string_view stop) {
  for (size_t n = std::min(text.size(), stop.size() - 1); n > 0; --n) {
    if (stop.starts_with(text.substr(text.size() - n))) return n;
  }
  return 0;
}

}  // namespace

StopMatcher::StopMatcher(std::vector<std::string> stops) : stops_(std::move(stops)) {
  for (const std::string& stop : stops_) {
    if (stop.empty()) {
      Fail(ErrorCode::kInvalidArgument, "a stop string is empty; leave it out or give it text");
    }
  }
}

std::string StopMatcher::Push(std::string_view piece) {
  if (stopped()) return {};
  held_.append(piece);
  // The stop string that is complete first wins, and of those that end together the longest: the
  // only choice that does not depend on how the text was cut.
  size_t first_end = std::string::npos;
  const std::string* winner = nullptr;
  for (const std::string& stop : stops_) {
    const size_t begin = held_.find(stop);
    if (begin == std::string::npos) continue;
    const size_t end = begin + stop.size();
    if (!winner || end < first_end || (end == first_end && stop.size() > winner->size())) {
      first_end = end;
      winner = &stop;
    }
  }
  if (winner) {
    matched_ = *winner;
    std::string shown = std::exchange(held_, {});
    shown.resize(first_end - matched_.size());
    return shown;
  }
  size_t hold = 0;
  for (const std::string& stop : stops_) hold = std::max(hold, PartialMatch(held_, stop));
  std::string shown = held_.substr(0, held_.size() - hold);
  held_.erase(0, shown.size());
  return shown;
}

std::string StopMatcher::Finish() { return std::exchange(held_, {}); }

}  // namespace retort
