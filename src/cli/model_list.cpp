#include "cli/model_list.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/quote.h"
#include "cli/show_text.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

Json TextOrNull(const std::string& text) { return text.empty() ? Json() : Json(text); }

// Aligned columns under a dim header; the column `right` is of figures.
std::string TextTable(const Row& header, const std::vector<Row>& rows, size_t right,
                      const Style& style) {
  std::vector<int> widths;
  for (size_t column = 0; column < header.size(); ++column) {
    int width = DisplayWidth(header[column]);
    for (const Row& row : rows) width = std::max(width, DisplayWidth(row[column]));
    widths.push_back(width);
  }
  const auto line = [&](const Row& row) {
    std::string text = " ";
    for (size_t column = 0; column < row.size(); ++column) {
      const bool last = column + 1 == row.size();
      text += " ";
      text += column == right ? PadLeft(row[column], widths[column])
              : last          ? row[column]
                              : PadRight(row[column], widths[column]);
      if (!last) text += " ";
    }
    return text;
  };
  std::string table = style.Dim(line(header)) + "\n";
  for (const Row& row : rows) table += line(row) + "\n";
  return table;
}

// "main", or for an older state its commit; and whether all of it is there.
std::string StateOf(const CachedModel& model) {
  std::string state = model.refs.empty()
                          ? "older, " + model.commit.substr(0, 7)
                          : Printable(fmt::format("{}", fmt::join(model.refs, ", ")));
  if (!model.complete) state += ", incomplete";
  return state;
}

std::string FileOf(const CachedModel& model) {
  if (model.model.folder) return "safetensors";
  const std::string file = Printable(model.model.files.front());
  return model.model.files.size() == 1
             ? file
             : fmt::format("{} ({} parts)", file, model.model.files.size());
}

std::string PrecisionsOf(const CatalogueModel& model) {
  Row names;
  for (const CatalogueFile& file : model.files) names.push_back(file.precision);
  return fmt::format("{}", fmt::join(names, " "));
}

}  // namespace

std::string CacheTable(const std::vector<CachedModel>& models, const std::string& folder,
                       const Style& style) {
  const std::string where = "In " + Printable(folder) + ":";
  if (models.empty()) return where + " no models yet\n";
  std::vector<Row> rows;
  for (const CachedModel& model : models) {
    rows.push_back(
        {Printable(model.name), FormatBytes(model.bytes), StateOf(model), FileOf(model)});
  }
  return where + "\n" + TextTable({"model", "size", "revision", "file"}, rows, 1, style);
}

std::string AbsentTable(const Catalogue& catalogue, const std::vector<CachedModel>& models,
                        const Style& style) {
  std::set<std::string> here;
  for (const CachedModel& model : models) {
    if (model.entry != nullptr) here.insert(model.entry->name);
  }
  std::vector<Row> rows;
  for (const CatalogueModel& model : catalogue.models()) {
    if (here.contains(model.name)) continue;
    rows.push_back({model.name, model.kind, PrecisionsOf(model), model.licence});
  }
  if (rows.empty()) return "";
  return "In the catalogue; `retort pull NAME` or `NAME:PRECISION` brings one:\n" +
         TextTable({"model", "kind", "precisions", "licence"}, rows, 4, style);
}

std::string CatalogueText(const CatalogueModel& model, const Style& style) {
  std::string text = style.Bold(model.title) + "\n" + style.Dim(model.name) + "\n\n";
  const auto line = [&](const std::string& label, const std::string& value) {
    if (!value.empty()) text += "  " + style.Dim(PadRight(label, 16)) + "  " + value + "\n";
  };
  line("Kind", model.kind);
  line("Architecture", model.architecture);
  line("Trained from", model.base);
  line("Compare with", fmt::format("{}", fmt::join(model.natives, ", ")));
  line("Licence", model.licence);
  line("Also called", fmt::format("{}", fmt::join(model.aliases, ", ")));
  for (const CatalogueFile& file : model.files) {
    line(file.precision, file.repository + (file.size ? ", " + FormatBytes(*file.size) : "") +
                             (file.gated ? ", gated" : ""));
  }
  return text;
}

Json CachedModelJson(const CachedModel& model) {
  return {{"name", model.name},
          {"repository", model.repository},
          {"commit", model.commit},
          {"revisions", model.refs},
          {"precision", TextOrNull(model.model.precision)},
          {"files", model.model.files},
          {"path", model.path},
          {"bytes", model.bytes},
          {"complete", model.complete},
          {"kind", model.entry ? Json(model.entry->kind) : Json()},
          {"licence", model.entry ? Json(model.entry->licence) : Json()}};
}

Json CatalogueModelJson(const CatalogueModel& model) {
  Json files = Json::array();
  for (const CatalogueFile& file : model.files) {
    files.push_back({{"precision", file.precision},
                     {"repository", file.repository},
                     {"file", TextOrNull(file.file)},
                     {"gated", file.gated},
                     {"size", file.size ? Json(*file.size) : Json()},
                     {"sha256", file.sha256 ? Json(*file.sha256) : Json()}});
  }
  return {{"name", model.name},
          {"title", model.title},
          {"aliases", model.aliases},
          {"kind", model.kind},
          {"architecture", model.architecture},
          {"licence", model.licence},
          {"base", TextOrNull(model.base)},
          {"natives", model.natives},
          {"files", std::move(files)}};
}

}  // namespace retort
