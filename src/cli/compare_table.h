// A comparison as the terminal shows it: aligned columns, the winner of a row marked, the verdict
// in words.
//
//   std::fputs(CompareTable(comparison, summary, verdict, StyleFor(STDOUT_FILENO), 80).c_str(),
//              stdout);
//
// Errors: none. Stateless and thread-safe.
#pragma once

#include <string>

#include "cli/terminal.h"
#include "lab/compare/summary.h"
#include "lab/compare/verdict.h"
#include "lab/wording/wording.h"

namespace retort {

std::string CompareTable(const Comparison& comparison, const Summary& summary,
                         const VerdictText& verdict, const Style& style, int width,
                         const Wording& say = Wording());

}  // namespace retort
