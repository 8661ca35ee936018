// What `retort doctor` prints: a page for people, one JSON array for programs.
//
//   std::fputs(DoctorText(findings, style, width).c_str(), stdout);
//
//   cpu          ok       it computes at level avx2, the best that this processor has
//   port         error    7860 is in use by python3 (pid 4711)
//                         -> retort serve --port 7861, or end it: kill 4711
//
// The last line says what to do first. Text from files is escaped where it was found.
// Pure and thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/terminal.h"
#include "doctor/findings.h"

namespace retort {

// Lines are broken at `width` columns.
std::string DoctorText(const doctor::Findings& findings, const Style& style, int width);
nlohmann::ordered_json DoctorJson(const doctor::Findings& findings);

}  // namespace retort
