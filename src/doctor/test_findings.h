// One finding among many by its check's name, for tests; where there is none, one that no test
// takes for good.
#pragma once

#include <string>

#include "doctor/findings.h"

namespace retort::doctor {

inline Finding Find(const Findings& findings, const std::string& check) {
  for (const Finding& finding : findings) {
    if (finding.check == check) return finding;
  }
  return {.severity = Severity::kError, .what = "no such check"};
}

}  // namespace retort::doctor
