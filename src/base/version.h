// The version of this program: what --version prints and every stored result carries.
#pragma once

namespace retort {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace retort
