#include "base/utc_time.h"

namespace retort {

std::string UtcText(std::time_t time) {
  std::tm utc{};
  ::gmtime_r(&time, &utc);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

std::string UtcNow() { return UtcText(std::time(nullptr)); }

}  // namespace retort
