// A table of text cells, written with aligned columns or as Markdown.
//
//   Table table{.columns = {{"test"}, {"tokens/s", true}}, .rows = {{"pp512", "118"}}};
//   FormatAligned(table);    // "test   tokens/s\npp512       118\n"
//
// Every row has one cell for each column. Errors: RETORT_CHECK. Stateless and thread-safe.
#pragma once

#include <string>
#include <vector>

namespace retort {

struct TableColumn {
  std::string title = {};
  bool right_aligned = false;
};

struct Table {
  std::vector<TableColumn> columns = {};
  std::vector<std::vector<std::string>> rows = {};
};

std::string FormatAligned(const Table& table);
std::string FormatMarkdown(const Table& table);

}  // namespace retort
