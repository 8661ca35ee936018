// How long, how fast and how large: distributions of samples, and the readings of memory.
#include <fmt/format.h>

#include "lab/compare/figure_text.h"
#include "lab/report/html_parts.h"
#include "lab/report/html_text.h"
#include "lab/report/plots.h"

namespace retort {
namespace {

using Rows = std::vector<const FigureRow*>;

std::string DistributionFigure(const ReportView& view, const std::string& title, const Rows& rows) {
  if (rows.empty()) return "";
  DistributionPlotSpec spec;
  spec.title = title;
  spec.unit = rows[0]->unit;
  spec.log_note = view.say("log axis");
  for (const FigureRow* row : rows) {
    DistributionGroup group{.label = row->detail, .rows = {}};
    for (size_t i = 0; i < row->figures.size(); ++i) {
      if (!row->figures[i]) continue;
      group.rows.push_back({.series = static_cast<int>(i),
                            .label = view.comparison.models[i].facts.letter,
                            .samples = row->samples[i],
                            .text = FigureText(*row->figures[i])});
    }
    spec.groups.push_back(std::move(group));
  }
  return FigureElement(title, DistributionPlot(spec), FigureTable(view, title, rows));
}

std::string ReadingFigure(const ReportView& view, const std::string& title, const Rows& rows) {
  if (rows.empty()) return "";
  BarPlotSpec spec;
  spec.title = title;
  spec.unit = rows[0]->unit;
  spec.log_note = view.say("log axis");
  for (const FigureRow* row : rows) spec.groups.push_back(BarsOf(view, *row));
  return FigureElement(title, BarPlot(spec), FigureTable(view, title, rows));
}

// What a measurement may have noted, in the reader's language.
std::string ColdNote(const std::string& note, const Wording& say) {
  if (note == "dropped with posix_fadvise") return say("dropped with posix_fadvise");
  if (note == "left out by --skip-cold-cache") return say("left out by --skip-cold-cache");
  return note;
}

std::string HowToRead(const Wording& say) {
  return say(
      "Every dot is one measurement, the box holds the middle half, the bold line is the median. "
      "Tables: median with its 95 % bootstrap interval, then where eight of ten measurements lie. "
      "“best” stands where the interval of the ratio of medians leaves out 1.");
}

}  // namespace

std::string LengthSection(const ReportView& view) {
  const Wording& say = view.say;
  const Rows tokens = Starting(view.summary.answers, "answer_tokens");
  if (tokens.empty()) return "";
  std::string html = "<div class=\"plots\">";
  html += DistributionFigure(view, say("Tokens per answer, thoughts included"), tokens);
  html += DistributionFigure(view, say("Seconds per answer, one at a time"),
                             Starting(view.summary.answers, "answer_seconds"));
  html += ReadingFigure(view, say("Speed with many at once"),
                        Starting(view.summary.answers, "parallel_tokens_per_s"));
  html += "</div>\n" + Note(HowToRead(say));
  return SectionElement("lengths", say("Length of the answers"), html);
}

std::string SpeedSection(const ReportView& view) {
  const Wording& say = view.say;
  if (view.summary.speed.empty()) return "";
  std::string html = "<div class=\"plots\">";
  html += DistributionFigure(view, say("Tokens per second, one answer at a time"),
                             Starting(view.summary.speed, "tokens_per_s."));
  html += DistributionFigure(view, say("Time to the first token"),
                             Starting(view.summary.speed, "first_token."));
  html += DistributionFigure(view, say("Cold start, from exec to first token"),
                             Starting(view.summary.speed, "cold_start."));
  std::string notes;
  for (const ModelRun& run : view.comparison.models) {
    if (!run.cold_starts.cold_note.empty())
      notes += fmt::format(" {}: {}.", run.facts.letter, ColdNote(run.cold_starts.cold_note, say));
  }
  html += "</div>\n" + Note(HowToRead(say) + (notes.empty() ? "" : say(" Page cache:") + notes));
  return SectionElement("speed", say("Speed"), html);
}

std::string MemorySection(const ReportView& view) {
  const Wording& say = view.say;
  Rows resident, parts;
  for (const FigureRow& row : view.summary.memory) {
    const bool is_resident = row.id == "memory.after_load" || row.id.starts_with("memory.peak");
    (is_resident ? resident : parts).push_back(&row);
  }
  if (resident.empty()) return "";
  std::string html = "<div class=\"plots\">";
  html += ReadingFigure(view, say("Resident memory"), resident);
  const std::string rest = say("What it is made of, and idling");
  html += FigureElement(rest, "", FigureTable(view, rest, parts)) + "</div>\n";
  html += Note(
      say("Single readings of each model’s own process. Resident memory counts the pages of the "
          "mapped model file; reserved KV cache counts only as far as it has been used."));
  return SectionElement("memory", say("Memory"), html);
}

}  // namespace retort
