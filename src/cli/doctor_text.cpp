#include "cli/doctor_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/quote.h"

namespace retort {
namespace {

using doctor::Finding;
using doctor::Findings;
using doctor::Severity;

constexpr int kIndent = 2;
constexpr int kGap = 2;
constexpr int kSeverityWidth = 7;  // "warning"
constexpr int kNarrowest = 30;     // columns of text, however narrow the terminal

std::string Coloured(Severity severity, const std::string& text, const Style& style) {
  switch (severity) {
    case Severity::kOk:
      return style.Dim(text);
    case Severity::kNote:
      return style.Cyan(text);
    case Severity::kWarning:
      return style.Bold(text);
    case Severity::kError:
      break;
  }
  return style.Red(text);
}

std::string Spaces(int count) { return std::string(static_cast<size_t>(std::max(0, count)), ' '); }

// Words in lines of `width` columns; a word that is longer has a line of its own.
std::vector<std::string> Wrapped(const std::string& text, int width) {
  std::vector<std::string> lines(1);
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    std::string& line = lines.back();
    if (line.empty()) {
      line = word;
    } else if (DisplayWidth(line) + 1 + DisplayWidth(word) <= width) {
      line += " " + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

class FindingsPage {
 public:
  FindingsPage(const Style& style, int check_width, int width)
      : style_(style),
        check_width_(check_width),
        margin_(kIndent + check_width + kGap + kSeverityWidth + kGap),
        width_(std::max(kNarrowest, width - margin_)) {}

  void Add(const Finding& finding) {
    const bool dim = finding.severity == Severity::kOk;
    const auto shown = [&](const std::string& text) { return dim ? style_.Dim(text) : text; };
    const std::string severity(doctor::SeverityName(finding.severity));
    std::string front =
        Spaces(kIndent) + shown(PadRight(finding.check, check_width_)) + Spaces(kGap) +
        Coloured(finding.severity, PadRight(severity, kSeverityWidth), style_) + Spaces(kGap);
    for (const std::string& line : Wrapped(finding.what, width_)) {
      text_ += front + shown(line) + "\n";
      front = Spaces(margin_);
    }
    if (finding.remedy.empty()) return;
    front = Spaces(margin_) + "-> ";
    for (const std::string& line : Wrapped(finding.remedy, width_ - 3)) {
      text_ += front + line + "\n";
      front = Spaces(margin_ + 3);
    }
  }
  void Raw(const std::string& line) { text_ += line + "\n"; }
  const std::string& text() const { return text_; }

 private:
  const Style& style_;
  int check_width_, margin_, width_;
  std::string text_;
};

std::string LastLine(const Findings& findings, const Style& style) {
  const int errors = doctor::CountOf(findings, Severity::kError);
  const int warnings = doctor::CountOf(findings, Severity::kWarning);
  if (errors + warnings == 0) return style.Green("Nothing is wrong.");
  const auto count = [](int number, const char* what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
  };
  const std::string counts = count(errors, "error") + ", " + count(warnings, "warning") + ".";
  const Finding* first = doctor::FirstToMend(findings);
  if (first == nullptr) return counts;
  const std::string where = first->model.empty() ? "" : Printable(first->model) + ", ";
  return fmt::format("{} First: {} ({}{})", counts, style.Bold(first->remedy), where, first->check);
}

}  // namespace

std::string DoctorText(const Findings& findings, const Style& style, int width) {
  int check_width = 0;
  for (const Finding& finding : findings) {
    check_width = std::max(check_width, DisplayWidth(finding.check));
  }
  FindingsPage page(style, check_width, width);
  const std::string* model = nullptr;
  for (const Finding& finding : findings) {
    if (model == nullptr || *model != finding.model) {
      if (model != nullptr) page.Raw("");
      page.Raw(style.Bold(finding.model.empty() ? "This machine" : Printable(finding.model)));
      model = &finding.model;
    }
    page.Add(finding);
  }
  return page.text() + "\n" + LastLine(findings, style) + "\n";
}

nlohmann::ordered_json DoctorJson(const Findings& findings) {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  const auto or_null = [](const std::string& text) {
    return text.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(text);
  };
  for (const Finding& finding : findings) {
    array.push_back({{"severity", doctor::SeverityName(finding.severity)},
                     {"model", or_null(finding.model)},
                     {"check", finding.check},
                     {"what", finding.what},
                     {"remedy", or_null(finding.remedy)}});
  }
  return array;
}

}  // namespace retort
