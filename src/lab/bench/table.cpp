#include "lab/bench/table.h"

#include <algorithm>

#include "base/error.h"

namespace retort {
namespace {

constexpr const char* kGap = "   ";

// Characters, not bytes: the continuation bytes of UTF-8 begin with the bits 10.
size_t Characters(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  }));
}

std::string Padding(const std::string& text, size_t width) {
  return std::string(width - Characters(text), ' ');
}

// Cells of a line, each filled to the width of its column; no blanks at the line's end.
std::string AlignedLine(const Table& table, const std::vector<std::string>& cells,
                        const std::vector<size_t>& widths) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string padding = Padding(cells[i], widths[i]);
    if (i > 0) line += kGap;
    line += table.columns[i].right_aligned ? padding + cells[i] : cells[i] + padding;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string MarkdownLine(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + cell + " |";
  return line + "\n";
}

std::vector<std::string> Titles(const Table& table) {
  std::vector<std::string> titles;
  for (const TableColumn& column : table.columns) titles.push_back(column.title);
  return titles;
}

}  // namespace

std::string FormatAligned(const Table& table) {
  std::vector<std::vector<std::string>> lines = {Titles(table)};
  lines.insert(lines.end(), table.rows.begin(), table.rows.end());
  std::vector<size_t> widths(table.columns.size(), 0);
  for (const auto& line : lines) {
    RETORT_CHECK(line.size() == widths.size());
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], Characters(line[i]));
  }
  std::string text;
  for (const auto& line : lines) text += AlignedLine(table, line, widths);
  return text;
}

std::string FormatMarkdown(const Table& table) {
  std::string text = MarkdownLine(Titles(table));
  std::vector<std::string> rules;
  for (const TableColumn& column : table.columns) {
    rules.push_back(column.right_aligned ? "---:" : "---");
  }
  text += MarkdownLine(rules);
  for (const auto& row : table.rows) {
    RETORT_CHECK(row.size() == table.columns.size());
    text += MarkdownLine(row);
  }
  return text;
}

}  // namespace retort
