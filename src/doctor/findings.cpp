#include "doctor/findings.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace retort::doctor {

std::string_view SeverityName(Severity severity) {
  constexpr std::string_view kNames[] = {"ok", "note", "warning", "error"};
  return kNames[static_cast<size_t>(severity)];
}

const Finding* FirstToMend(const Findings& findings) {
  const Finding* first = nullptr;
  for (const Finding& finding : findings) {
    if (finding.severity <= Severity::kNote || finding.remedy.empty()) continue;
    if (first == nullptr || finding.severity > first->severity) first = &finding;
  }
  return first;
}

int CountOf(const Findings& findings, Severity severity) {
  return static_cast<int>(std::ranges::count(findings, severity, &Finding::severity));
}

void Append(Findings& to, Findings from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

}  // namespace retort::doctor
