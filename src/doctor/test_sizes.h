// Sizes of memories and disks, for tests.
#pragma once

#include <cstdint>

namespace retort::doctor {

inline constexpr int64_t kMB = 1'000'000;
inline constexpr int64_t kGB = 1000 * kMB;

}  // namespace retort::doctor
