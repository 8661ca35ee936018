// The time of day as text that sorts by time: ISO 8601 in UTC, "2026-02-03T04:05:06Z".
//
//   run.started_at = UtcNow();
//
// Errors: none. Thread-safe.
#pragma once

#include <ctime>
#include <string>

namespace retort {

std::string UtcText(std::time_t time);
std::string UtcNow();

}  // namespace retort
