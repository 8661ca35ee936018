#include "doctor/alternatives.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>

#include "hub/names.h"
#include "model/known_shapes.h"
#include "tensor/dtype.h"

namespace retort::doctor {
namespace {

constexpr double kMixed = 1.08;  // "_m": some matrices in a wider type

bool RunsHere(std::string_view architecture) {
  return architecture == "qwen2" || architecture == "qwen3" || architecture == "llama";
}

bool HasShape(std::string_view name) {
  const std::vector<std::string_view> names = KnownShapeNames();
  return std::ranges::find(names, name) != names.end();
}

int64_t ParametersOfShape(const ModelConfig& shape) {
  const int64_t q_size = shape.num_heads * shape.head_dim;
  const int64_t kv_size = shape.num_kv_heads * shape.head_dim;
  const int64_t layer =
      shape.hidden_size * (2 * q_size + 2 * kv_size + 3 * shape.intermediate_size);
  const int64_t tables = shape.tie_word_embeddings ? 1 : 2;
  return tables * shape.vocab_size * shape.hidden_size + shape.num_layers * layer;
}

// "smollm2-135m-instruct" → 135e6
int64_t ParametersOfName(std::string_view name) {
  for (size_t at = name.find('-'); at != std::string_view::npos; at = name.find('-', at + 1)) {
    const std::string_view rest = name.substr(at + 1);
    double number = 0;
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (read.ec != std::errc() || read.ptr == rest.data() + rest.size()) continue;
    const bool ends = read.ptr + 1 == rest.data() + rest.size() || read.ptr[1] == '-';
    if (ends && *read.ptr == 'b') return static_cast<int64_t>(number * 1e9);
    if (ends && *read.ptr == 'm') return static_cast<int64_t>(number * 1e6);
  }
  return 0;
}

void SortLargestFirst(std::vector<Alternative>& alternatives) {
  std::ranges::stable_sort(alternatives, std::ranges::greater(), &Alternative::weight_bytes);
}

}  // namespace

const CatalogueModel* EntryOf(const Catalogue& catalogue, std::string_view model_name) {
  const std::string name = LowerCase(model_name);
  const CatalogueModel* best = nullptr;
  for (const CatalogueModel& model : catalogue.models()) {
    const std::string title = LowerCase(model.title);
    // The 671B's titles begin those of everything that was made from it.
    const bool fits = model.kind == "reference" ? name == title : name.starts_with(title);
    if (!fits) continue;
    if (best == nullptr || best->title.size() < model.title.size()) best = &model;
  }
  return best;
}

int64_t ParametersOf(const CatalogueModel& model) {
  return HasShape(model.name) ? ParametersOfShape(KnownShape(model.name))
                              : ParametersOfName(model.name);
}

double BitsPerWeight(std::string_view precision) {
  if (precision == "fp8") return 8;
  std::string name(precision);
  const bool mixed = name.ends_with("_m");
  if (mixed || name.ends_with("_s")) name.resize(name.size() - 2);
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  const std::optional<DType> dtype = DTypeFromName(name);
  if (!dtype) return 0;
  const DTypeInfo& info = Info(*dtype);
  const double bits = 8.0 * static_cast<double>(info.bytes) / static_cast<double>(info.block);
  return mixed ? bits * kMixed : bits;
}

Alternative AlternativeOf(const CatalogueModel& model, const CatalogueFile& file,
                          int64_t parameters) {
  const double bytes = static_cast<double>(parameters) * BitsPerWeight(file.precision) / 8;
  Alternative alternative{.name = model.name + ":" + file.precision,
                          .weight_bytes = file.size.value_or(static_cast<int64_t>(bytes))};
  if (HasShape(model.name)) {
    alternative.kv_bytes_per_token = KnownShape(model.name).KvBytesPerToken(KvTypes{});
  }
  return alternative;
}

std::vector<Alternative> OtherFiles(const CatalogueModel& model, int64_t parameters) {
  std::vector<Alternative> files;
  for (const CatalogueFile& file : model.files) {
    files.push_back(AlternativeOf(model, file, parameters));
  }
  SortLargestFirst(files);
  return files;
}

std::vector<Alternative> SmallerModels(const Catalogue& catalogue, std::string_view kind,
                                       int64_t below_parameters) {
  std::vector<Alternative> models;
  for (const CatalogueModel& model : catalogue.models()) {
    const int64_t parameters = ParametersOf(model);
    const bool smaller = parameters > 0 && parameters < below_parameters;
    if (model.kind != kind || !smaller || !RunsHere(model.architecture)) continue;
    models.push_back(AlternativeOf(model, model.files.front(), parameters));
  }
  SortLargestFirst(models);
  return models;
}

}  // namespace retort::doctor
