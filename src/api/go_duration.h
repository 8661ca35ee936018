// Lengths of time as Ollama's clients write them, in Go's notation.
//
//   ParseGoDuration("1h30m");     // 5400
//   ParseGoDuration("-1s");       // -1
//   ParseGoDuration("5");         // nullopt: a number needs a unit, unless it is 0
//
// Units: ns, us, µs, ms, s, m, h. Errors: nullopt. Pure and thread-safe.
#pragma once

#include <optional>
#include <string_view>

namespace retort::api {

std::optional<double> ParseGoDuration(std::string_view text);  // seconds

}  // namespace retort::api
