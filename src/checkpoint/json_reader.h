// JSON of files that nobody trusts: nesting is bounded, keys are unique, and every error names the
// file. For what libraries leave open: which of two equal keys counts, how deep is too deep.
//
//   nlohmann::json config = ParseJson(text, "config.json");
//
// Errors: kCorrupt naming source and place. Pure and thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace retort {

inline constexpr int kMaxJsonDepth = 32;

nlohmann::json ParseJson(std::string_view text, const std::string& source);

}  // namespace retort
