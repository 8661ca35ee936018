// The report's style sheet and script, from report.css and report.js, put into the program at build
// time by cmake/embed_text.cmake.
#pragma once

#include <string_view>

namespace retort {

extern const std::string_view kReportCss;
extern const std::string_view kReportJs;

}  // namespace retort
