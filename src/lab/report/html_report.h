// One comparison as one self-contained HTML file: verdict, figures and a picture first; plots with
// their tables, every question with the models' answers, method, machine and command below. Works
// offline and without scripts (leafing through the questions excepted); nothing is loaded from
// anywhere, and the page's own policy forbids it.
//
//   WriteText("report.html", HtmlReport(comparison, summary, verdict, /*nonce=*/"k3v9..."));
//
// The nonce marks the page's own style and script; draw it after the models have answered, so that
// no answer can contain it. Errors: none. Stateless and thread-safe.
#pragma once

#include <string>

#include "lab/compare/summary.h"
#include "lab/compare/verdict.h"

namespace retort {

std::string HtmlReport(const Comparison& comparison, const Summary& summary,
                       const VerdictText& verdict, const std::string& nonce);

}  // namespace retort
