// What becomes of a comparison: the HTML report, and the table or the JSON document.
//
//   CheckWritable(html);                       // before minutes of measuring
//   WriteReport(comparison, html, say);
//   PrintComparison(comparison, say);
//
// Errors: kInvalidArgument, kUnavailable for a place that cannot be written. One thread.
#pragma once

#include <string>
#include <vector>

#include "lab/compare/comparison.h"
#include "lab/wording/wording.h"

namespace retort {

// "retort-compare-a-vs-b.html"
std::string DefaultReportPath(const std::vector<std::string>& names);
void CheckWritable(const std::string& path);

// Whole or not at all.
// The HTML of a report.
std::string ReportText(const Comparison& comparison, const Wording& say);
void WriteReport(const Comparison& comparison, const std::string& path, const Wording& say);
// On standard output.
void PrintComparison(const Comparison& comparison, const Wording& say);
// The same as one JSON document, always in English.
void PrintComparisonJson(const Comparison& comparison);

// The arguments as typed, quoted for a shell where they need it.
std::string CommandLine();

}  // namespace retort
