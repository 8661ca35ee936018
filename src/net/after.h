// Times to wait until. Internal to net.
#pragma once

#include <chrono>

namespace retort::net {

// The time so many seconds from now.
inline std::chrono::steady_clock::time_point After(double seconds) {
  using Clock = std::chrono::steady_clock;
  return Clock::now() +
         std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

}  // namespace retort::net
