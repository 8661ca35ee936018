// The version of this program, as reports and stored runs name it.
#pragma once

namespace retort {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace retort
