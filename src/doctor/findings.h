// What the doctor found: one line that says what is so, with its figures, and one that says the
// smallest change that mends it.
//
//   Finding{.severity = Severity::kError, .check = "port",
//           .what = "7860 is in use by python3 (pid 4711)", .remedy = "--port 7861"};
//
// Plain values, no errors, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retort::doctor {

enum class Severity : uint8_t {
  kOk,
  kNote,     // worth knowing; nothing has to be done
  kWarning,  // it will run, slower or worse than it could
  kError,    // it will not run, or its answers will be useless
};
std::string_view SeverityName(Severity severity);  // "ok", "note", "warning", "error"

struct Finding {
  Severity severity = Severity::kOk;
  std::string check = {};   // what was looked at: "port"
  std::string what = {};    // one line, with figures
  std::string remedy = {};  // what to do; empty: nothing
  std::string model = {};   // which of the models; empty: the machine
};

using Findings = std::vector<Finding>;

// The gravest finding that something can be done about, of equals the first; nullptr: none.
const Finding* FirstToMend(const Findings& findings);
int CountOf(const Findings& findings, Severity severity);

void Append(Findings& to, Findings from);

}  // namespace retort::doctor
