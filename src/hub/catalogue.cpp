#include "hub/catalogue.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "base/quote.h"
#include "base/strict_json.h"
#include "hub/names.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchema = 1;
const std::set<std::string> kKinds = {"distill", "base", "native", "reference", "test"};

// One object of the catalogue, read field by field.
class Fields {
 public:
  Fields(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object.is_object()) Bad("", "must be an object");
  }

  [[noreturn]] void Bad(const std::string& field, const std::string& what) const {
    Fail(ErrorCode::kCorrupt, "catalogue: {}{}{}: {}", where_, field.empty() ? "" : ".", field,
         what);
  }
  std::string Text(const std::string& field) const {
    const Json& value = At(field);
    if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
      Bad(field, "must be a text");
    }
    return value.get<std::string>();
  }
  // Empty where the field says null.
  std::string TextOrNull(const std::string& field) const {
    return At(field).is_null() ? "" : Text(field);
  }
  bool Flag(const std::string& field) const {
    if (!At(field).is_boolean()) Bad(field, "must be true or false");
    return At(field).get<bool>();
  }
  std::optional<int64_t> CountOrNull(const std::string& field) const {
    const Json& value = At(field);
    if (value.is_null()) return std::nullopt;
    if (!value.is_number_unsigned() || value == 0) Bad(field, "must be null or a count of bytes");
    return value.get<int64_t>();
  }
  std::vector<std::string> Texts(const std::string& field) const {
    std::vector<std::string> texts;
    for (const Json& value : List(field)) {
      if (!value.is_string()) Bad(field, "must be a list of texts");
      texts.push_back(value.get<std::string>());
    }
    return texts;
  }
  const Json& List(const std::string& field) const {
    if (!At(field).is_array()) Bad(field, "must be a list");
    return At(field);
  }

 private:
  const Json& At(const std::string& field) const {
    const auto found = object_.find(field);
    if (found == object_.end()) Bad(field, "is missing");
    return *found;
  }

  const Json& object_;
  std::string where_;
};

CatalogueFile ParseFile(const Json& json, const std::string& where) {
  const Fields fields(json, where);
  CatalogueFile file;
  file.precision = fields.Text("precision");
  file.repository = fields.Text("repository");
  CheckRepository(file.repository);
  file.file = fields.TextOrNull("file");
  if (!file.file.empty()) CheckFilePath(file.file);
  file.gated = fields.Flag("gated");
  file.size = fields.CountOrNull("size");
  const std::string sha256 = fields.TextOrNull("sha256");
  if (sha256.empty()) return file;
  if (!IsSha256(sha256)) fields.Bad("sha256", "must be null or 64 hexadecimal digits");
  if (file.file.empty()) fields.Bad("sha256", "stands beside the name of one file only");
  file.sha256 = sha256;
  return file;
}

CatalogueModel ParseModel(const Json& json, size_t index) {
  const std::string name = Fields(json, fmt::format("models[{}]", index)).Text("name");
  const Fields fields(json, name);
  CatalogueModel model;
  model.name = name;
  model.title = fields.Text("title");
  model.aliases = fields.Texts("aliases");
  model.kind = fields.Text("kind");
  if (!kKinds.contains(model.kind)) {
    fields.Bad("kind",
               fmt::format("is {}, must be one of {}", model.kind, fmt::join(kKinds, ", ")));
  }
  model.architecture = fields.Text("architecture");
  model.licence = fields.Text("licence");
  model.base = fields.TextOrNull("base");
  model.natives = fields.Texts("natives");
  std::set<std::string> precisions;
  for (const Json& file : fields.List("files")) {
    const std::string where = fmt::format("{}.files[{}]", name, model.files.size());
    model.files.push_back(ParseFile(file, where));
    if (!precisions.insert(model.files.back().precision).second) {
      fields.Bad("files", "has a precision twice");
    }
  }
  if (model.files.empty()) fields.Bad("files", "is empty");
  return model;
}

// How many single-letter changes lie between two names.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

Catalogue Catalogue::Parse(std::string_view text) {
  const Json json = ReadJson(text, "catalogue");
  const Fields fields(json, "catalogue");
  if (fields.CountOrNull("schema") != kSchema) fields.Bad("schema", "must be 1");
  Catalogue catalogue;
  std::set<std::string> names;
  for (const Json& model : fields.List("models")) {
    catalogue.models_.push_back(ParseModel(model, catalogue.models_.size()));
    const CatalogueModel& added = catalogue.models_.back();
    std::vector<std::string> called = added.aliases;
    called.push_back(added.name);
    for (const std::string& name : called) {
      if (LowerCase(name) != name) fields.Bad(name, "names are in lower case");
      if (!names.insert(name).second) fields.Bad(name, "names two models");
    }
  }
  for (const CatalogueModel& model : catalogue.models_) {
    std::vector<std::string> others = model.natives;
    if (!model.base.empty()) others.push_back(model.base);
    for (const std::string& other : others) {
      if (!names.contains(other)) {
        fields.Bad(model.name, fmt::format("speaks of {}, which is not here", Quoted(other)));
      }
    }
  }
  return catalogue;
}

const CatalogueModel* Catalogue::FindModel(std::string_view name) const {
  for (const CatalogueModel& model : models_) {
    if (model.name == name ||
        std::find(model.aliases.begin(), model.aliases.end(), name) != model.aliases.end()) {
      return &model;
    }
  }
  return nullptr;
}

std::optional<CatalogueMatch> Catalogue::Find(std::string_view name) const {
  // Aliases may hold a colon themselves: the whole name comes first.
  if (const CatalogueModel* model = FindModel(name)) return CatalogueMatch{model, &model->files[0]};
  const size_t colon = name.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const CatalogueModel* model = FindModel(name.substr(0, colon));
  if (model == nullptr) return std::nullopt;
  const std::string_view precision = name.substr(colon + 1);
  std::vector<std::string> known;
  for (const CatalogueFile& file : model->files) {
    if (file.precision == precision) return CatalogueMatch{model, &file, true};
    known.push_back(file.precision);
  }
  Fail(ErrorCode::kNotFound, "{}: the catalogue has no {} of it; it has {}", Quoted(model->name),
       Quoted(precision), fmt::join(known, ", "));
}

std::optional<CatalogueMatch> Catalogue::FindFile(std::string_view repository,
                                                  std::string_view precision) const {
  for (const CatalogueModel& model : models_) {
    for (const CatalogueFile& file : model.files) {
      if (file.repository == repository && (precision.empty() || file.precision == precision)) {
        return CatalogueMatch{&model, &file, true};
      }
    }
  }
  return std::nullopt;
}

std::vector<std::string> Catalogue::Similar(std::string_view name) const {
  constexpr size_t kShown = 3;
  name = name.substr(0, std::min(name.find(':'), size_t{100}));
  std::vector<std::pair<size_t, std::string>> ranked;
  for (const CatalogueModel& model : models_) {
    const bool part = name.size() >= 3 && model.name.find(name) != std::string::npos;
    const size_t distance = part ? 0 : EditDistance(name, model.name);
    if (distance <= std::max(name.size(), model.name.size()) / 3) {
      ranked.emplace_back(distance, model.name);
    }
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::string> names;
  for (size_t i = 0; i < std::min(kShown, ranked.size()); ++i) names.push_back(ranked[i].second);
  return names;
}

}  // namespace retort
