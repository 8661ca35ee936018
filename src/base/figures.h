// Figures as people read them.
//
//   FormatBytes(98'362'432)     "98.4 MB": decimal, as downloads and disks count
//   FormatCount(1'543'714'304)  "1,543,714,304"
//
// Pure and thread-safe.
#pragma once

#include <cstdint>
#include <string>

namespace retort {

std::string FormatBytes(int64_t bytes);
std::string FormatCount(int64_t count);

}  // namespace retort
