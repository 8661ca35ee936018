#include "cli/compare_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/quote.h"
#include "lab/compare/figure_text.h"

namespace retort {
namespace {

constexpr char kMark[] = " *";

struct TableRow {
  std::string label, unit;
  std::vector<std::string> cells;  // one per model
  int winner = -1;
  bool heading = false;
};

TableRow Heading(const std::string& label) {
  TableRow row;
  row.label = label;
  row.heading = true;
  return row;
}

TableRow FromFigures(const FigureRow& figures) {
  TableRow row;
  row.label = "  " + figures.label;
  row.unit = figures.unit;
  row.winner = figures.winner;
  for (const auto& figure : figures.figures)
    row.cells.push_back(figure ? FigureText(*figure) : "–");
  return row;
}

// Fifteen rows more, left to the report.
bool IsTypeByLevel(const AccuracyGroup& group) {
  return group.by == "algebra" || group.by == "geometry" || group.by == "word";
}

void AddAccuracy(const Comparison& comparison, const Summary& summary, const Wording& say,
                 std::vector<TableRow>& rows) {
  if (summary.accuracy.empty()) return;
  rows.push_back(Heading(say("Right answers")));
  for (const AccuracyGroup& group : summary.accuracy) {
    if (IsTypeByLevel(group)) continue;
    TableRow row;
    row.label = fmt::format("  {} ({})", group.label, group.problems);
    row.unit = "%";
    row.winner = group.winner;
    for (const Share& share : group.right) row.cells.push_back(ShareText(share));
    rows.push_back(std::move(row));
  }
  TableRow cut;
  cut.label = "  " + say("cut at {} tokens or looping", comparison.settings.max_tokens);
  cut.unit = "%";
  for (const Share& share : summary.accuracy[0].truncated)
    cut.cells.push_back(fmt::format("{:.0f}", 100 * share.value()));
  rows.push_back(std::move(cut));
  for (const FigureRow& row : summary.answers) {
    if (!row.id.starts_with("answer_tokens.")) rows.push_back(FromFigures(row));
  }
}

// The prompts one by one are left to the report.
bool IsSinglePrompt(const std::string& id) {
  return id.ends_with(".algebra") || id.ends_with(".geometry") || id.ends_with(".word");
}

std::vector<TableRow> Rows(const Comparison& comparison, const Summary& summary,
                           const Wording& say) {
  std::vector<TableRow> rows;
  AddAccuracy(comparison, summary, say, rows);
  rows.push_back(Heading(say("Speed, one at a time")));
  for (const FigureRow& row : summary.speed) {
    if (!IsSinglePrompt(row.id)) rows.push_back(FromFigures(row));
  }
  rows.push_back(Heading(say("Memory")));
  for (const FigureRow& row : summary.memory) rows.push_back(FromFigures(row));
  return rows;
}

int Widest(const std::vector<TableRow>& rows,
           const std::function<std::string(const TableRow&)>& of) {
  int width = 0;
  for (const TableRow& row : rows) width = std::max(width, DisplayWidth(of(row)));
  return width;
}

std::string Render(const Comparison& comparison, const std::vector<TableRow>& rows,
                   const Style& style) {
  const int label_width = Widest(rows, [](const TableRow& row) { return row.label; });
  const int unit_width = Widest(rows, [](const TableRow& row) { return row.unit; });
  std::vector<int> widths;
  std::string out = PadRight("", label_width + 2 + unit_width);
  for (size_t i = 0; i < comparison.models.size(); ++i) {
    widths.push_back(Widest(
        rows, [i](const TableRow& row) { return i < row.cells.size() ? row.cells[i] : ""; }));
    out += "   " + style.Bold(PadLeft(comparison.models[i].facts.letter, widths[i])) + "  ";
  }
  out += "\n";
  for (const TableRow& row : rows) {
    if (row.heading) {
      out += style.Bold(row.label) + "\n";
      continue;
    }
    out += PadRight(row.label, label_width) + "  " + style.Dim(PadRight(row.unit, unit_width));
    for (size_t i = 0; i < row.cells.size(); ++i) {
      const bool wins = row.winner == static_cast<int>(i);
      const std::string cell = PadLeft(row.cells[i], widths[i]) + (wins ? kMark : "  ");
      out += "   " + (wins ? style.Green(cell) : cell);
    }
    out += "\n";
  }
  return out;
}

// Where a line may end: at spaces, and after a wide (Chinese) character, though never before a mark
// that closes.
struct Piece {
  std::string text;
  bool after_space = false;
};

std::vector<Piece> PiecesOf(const std::string& text) {
  constexpr int kWide = 3;  // bytes of a Chinese character
  static const std::string kClosing = "，。；：、）”";
  std::vector<Piece> pieces;
  bool open = false, space = false;
  for (size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::string character = text.substr(at, length);
    at += length;
    if (character == " ") {
      open = false;
      space = true;
      continue;
    }
    const bool wide = length >= kWide && DisplayWidth(character) == 2;
    const bool closes = length == kWide && kClosing.find(character) != std::string::npos;
    if (closes ? !pieces.empty() && !space : open && !wide)
      pieces.back().text += character;
    else
      pieces.push_back({character, space});
    open = !wide;
    space = false;
  }
  return pieces;
}

// Lines after the first are indented.
std::string Wrapped(const std::string& text, int width, const std::string& indent) {
  std::string out, line;
  for (const Piece& piece : PiecesOf(text)) {
    const std::string gap = piece.after_space && !line.empty() ? " " : "";
    if (!line.empty() && DisplayWidth(line + gap + piece.text) > width) {
      out += line + "\n";
      line = indent + piece.text;
    } else {
      line += gap + piece.text;
    }
  }
  return out + line + "\n";
}

std::string ModelLines(const Comparison& comparison, const Style& style) {
  int name_width = 0;
  for (const ModelRun& run : comparison.models)
    name_width = std::max(name_width, DisplayWidth(Printable(run.facts.name)));
  std::string out;
  for (const ModelRun& run : comparison.models) {
    out += fmt::format("  {}  {}  {:6.0f} MB  {}\n", style.Bold(run.facts.letter),
                       PadRight(Printable(run.facts.name), name_width),
                       static_cast<double>(run.facts.file_bytes) / 1e6,
                       style.Dim(Printable(run.facts.backend)));
  }
  return out;
}

}  // namespace

std::string CompareTable(const Comparison& comparison, const Summary& summary,
                         const VerdictText& verdict, const Style& style, int width,
                         const Wording& say) {
  const Machine& machine = comparison.machine;
  std::string out = fmt::format(
      "{}  {}\n",
      style.Bold(comparison.settings.quick ? say("Retort compare, quick") : say("Retort compare")),
      style.Dim(say("{}, {} cores, {:.0f} GB, took {}", machine.cpu, machine.usable_cores,
                    static_cast<double>(machine.memory_bytes) / 1e9,
                    FormatDuration(comparison.seconds))));
  out += ModelLines(comparison, style) + "\n";
  out += Render(comparison, Rows(comparison, summary, say), style);
  out += style.Dim(say("* best, beyond chance; ± are 95 % intervals")) + "\n\n";
  out += style.Bold(Wrapped(Printable(verdict.headline), width, ""));
  for (const std::string& line : verdict.advice) out += Wrapped(Printable(line), width, "");
  for (const std::string& line : verdict.cautions)
    out += Wrapped("- " + Printable(line), width, "  ");
  return out;
}

}  // namespace retort
