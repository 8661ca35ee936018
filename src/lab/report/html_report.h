// One comparison as one self-contained HTML file: verdict, figures and a picture first; plots with
// their tables, wrong answers by cause, every question with the models' answers, method, machine
// and commands below. Works offline and without scripts (reading the answers excepted); nothing is
// loaded from anywhere, and the page's own policy forbids it.
//
//   WriteText("report.html", HtmlReport({comparison, summary, say}, verdict, "k3v9..."));
//
// The nonce marks the page's own style and script; draw it after the models have answered, so that
// no answer can contain it. Errors: none. Stateless and thread-safe.
#pragma once

#include <string>

#include "lab/report/html_sections.h"

namespace retort {

// Summary and verdict must be in the language of `view.say`.
std::string HtmlReport(const ReportView& view, const VerdictText& verdict,
                       const std::string& nonce);

}  // namespace retort
