// The parts of the HTML report, each a complete element (see html_report.h).
// Errors: none. Stateless and thread-safe.
#pragma once

#include <string>

#include "lab/compare/summary.h"
#include "lab/compare/verdict.h"

namespace retort {

// Verdict, the figures that carry it, and a picture.
std::string FirstScreen(const Comparison& comparison, const Summary& summary,
                        const VerdictText& verdict);
std::string AccuracySection(const Comparison& comparison, const Summary& summary);
std::string SpeedSection(const Comparison& comparison, const Summary& summary);
std::string MemorySection(const Comparison& comparison, const Summary& summary);
std::string PromptSection(const Comparison& comparison);
// The frame that the script fills, and its data.
std::string QuestionSection(const Comparison& comparison, const std::string& nonce);
std::string MethodSection(const Comparison& comparison);

}  // namespace retort
