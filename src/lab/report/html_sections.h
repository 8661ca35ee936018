// The parts of the HTML report, each a complete element (see html_report.h).
// Errors: none. Stateless and thread-safe.
#pragma once

#include <string>

#include "lab/compare/summary.h"
#include "lab/compare/verdict.h"
#include "lab/wording/wording.h"

namespace retort {

// What every section is drawn from. References: the caller keeps them alive.
struct ReportView {
  const Comparison& comparison;
  const Summary& summary;
  const Wording& say;
};

// Verdict, the figures that carry it, and a picture.
std::string FirstScreen(const ReportView& view, const VerdictText& verdict);
std::string TradeOffSection(const ReportView& view);
std::string AccuracySection(const ReportView& view);
// Wrong answers by cause; the script fills in the texts when one is opened.
std::string WrongSection(const ReportView& view);
std::string LengthSection(const ReportView& view);
std::string SpeedSection(const ReportView& view);
std::string MemorySection(const ReportView& view);
std::string PromptSection(const ReportView& view);
// The frame that the script fills, and its data.
std::string QuestionSection(const ReportView& view, const std::string& nonce);
std::string MethodSection(const ReportView& view);

}  // namespace retort
