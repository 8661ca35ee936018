#include "hub/file_choice.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/quote.h"
#include "hub/names.h"

namespace retort {
namespace {

constexpr const char* kDefaultPrecision = "q4_k_m";
constexpr size_t kNamesShown = 12;
constexpr int kMaxParts = 500;
// What safetensors need beside them.
const std::set<std::string> kConfiguration = {
    "chat_template.jinja",         "config.json",
    "generation_config.json",      "tokenizer.json",
    "tokenizer_config.json",       "special_tokens_map.json",
    "model.safetensors.index.json"};

bool IsDigits(std::string_view text) {
  return text.size() == 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "x-00001-of-00003.gguf" → stem "x", 3 parts.
struct SplitFile {
  std::string stem;
  int parts = 1;
};

SplitFile SplitOf(const std::string& file) {
  constexpr size_t kTail = std::string_view("-00001-of-00003.gguf").size();
  if (file.size() <= kTail || !LowerCase(file).ends_with(".gguf")) return {file, 1};
  const std::string_view tail = std::string_view(file).substr(file.size() - kTail);
  const bool split = tail[0] == '-' && IsDigits(tail.substr(1, 5)) && tail.substr(6, 4) == "-of-" &&
                     IsDigits(tail.substr(10, 5));
  const int parts = split ? std::stoi(std::string(tail.substr(10, 5))) : 0;
  if (parts < 1) return {file, 1};
  return {file.substr(0, file.size() - kTail), parts};
}

// Pictures' projections and quantisers' statistics are GGUF files too, but no language models.
bool IsGgufModel(const std::string& file) {
  const std::string name = LowerCase(BaseName(file));
  return name.ends_with(".gguf") && name.find("mmproj") == std::string::npos &&
         name.find("imatrix") == std::string::npos;
}

// Whether a word such as "q4_k_m" names a precision.
bool IsPrecision(std::string_view word) {
  for (const std::string_view exact : {"f16", "fp16", "bf16", "f32", "fp32", "fp8"}) {
    if (word == exact) return true;
  }
  for (const std::string_view family : {"iq", "tq", "q"}) {
    if (!word.starts_with(family)) continue;
    const std::string_view rest = word.substr(family.size());
    return rest.size() >= 3 && rest[0] >= '1' && rest[0] <= '8' && rest[1] == '_';
  }
  return word.starts_with("mxfp4");
}

// The top level's safetensors with their configuration; empty if there are none. Publishers put
// the same weights in another shape into sub-folders.
ModelFiles SafetensorsAmong(const std::vector<std::string>& files) {
  ModelFiles model{.files = {}, .precision = "", .folder = true};
  const auto is_weights = [](const std::string& file) {
    return file.find('/') == std::string::npos && file.ends_with(".safetensors");
  };
  const bool has_usual_name = std::any_of(files.begin(), files.end(), [&](const auto& file) {
    return is_weights(file) && file.starts_with("model");
  });
  bool has_weights = false;
  for (const std::string& file : files) {
    const bool weights = is_weights(file) && (!has_usual_name || file.starts_with("model"));
    if (weights || kConfiguration.contains(file)) model.files.push_back(file);
    has_weights = has_weights || weights;
  }
  if (!has_weights) return {};
  std::sort(model.files.begin(), model.files.end());
  return model;
}

// The name by which a user asks for a model of a repository.
std::string NameOf(const ModelFiles& model) {
  if (!model.precision.empty()) return model.precision;
  return std::string(BaseName(model.files.front()));
}

[[noreturn]] void FailWithChoices(const std::string& repository, const std::string& what,
                                  const std::vector<ModelFiles>& models) {
  std::vector<std::string> names;
  for (const ModelFiles& model : models) {
    if (!model.folder && names.size() < kNamesShown) names.push_back(NameOf(model));
  }
  Fail(ErrorCode::kNotFound, "{} {}; ask for one of its {} GGUF files, as hf:{}:{}: {}{}",
       repository, what, models.size(), repository, names.empty() ? "FILE" : names.front(),
       Printable(fmt::format("{}", fmt::join(names, ", "))),
       models.size() > names.size() ? ", ..." : "");
}

}  // namespace

std::vector<std::string> PartsOf(const std::string& file) {
  const SplitFile split = SplitOf(file);
  if (split.stem == file || split.parts > kMaxParts) return {file};
  std::vector<std::string> parts;
  for (int part = 1; part <= split.parts; ++part) {
    parts.push_back(fmt::format("{}-{:05}-of-{:05}.gguf", split.stem, part, split.parts));
  }
  return parts;
}

std::string PrecisionOfName(std::string_view file) {
  const std::string stem = LowerCase(BaseName(SplitOf(std::string(file)).stem));
  std::string found;
  // The last word that is one: words are separated by '-' and '.', or by '_' before the precision.
  for (size_t start = 0; start < stem.size(); ++start) {
    if (start > 0 && std::string_view("-._").find(stem[start - 1]) == std::string_view::npos)
      continue;
    const std::string word = stem.substr(start, stem.find_first_of("-.", start) - start);
    if (IsPrecision(word)) found = word;
  }
  return found;
}

std::vector<ModelFiles> ModelsAmong(const std::vector<std::string>& files) {
  std::vector<ModelFiles> models;
  if (ModelFiles folder = SafetensorsAmong(files); !folder.files.empty()) {
    models.push_back(std::move(folder));
  }
  std::set<std::string> seen;
  for (const std::string& file : files) {
    if (!IsGgufModel(file) || !seen.insert(SplitOf(file).stem).second) continue;
    models.push_back({.files = PartsOf(file), .precision = PrecisionOfName(file)});
  }
  return models;
}

ModelFiles ChooseFiles(const std::string& repository, const std::vector<std::string>& files,
                       const std::string& wish) {
  const bool exact = std::find(files.begin(), files.end(), wish) != files.end();
  if (exact) return {.files = PartsOf(wish), .precision = PrecisionOfName(wish)};
  const std::vector<ModelFiles> models = ModelsAmong(files);
  if (models.empty()) {
    Fail(ErrorCode::kNotFound, "{} holds neither safetensors nor GGUF files", repository);
  }
  const std::string wanted = LowerCase(wish);
  std::vector<ModelFiles> matching;
  for (const ModelFiles& model : models) {
    const bool by_name = !model.folder && LowerCase(BaseName(model.files.front())) == wanted;
    if (wanted.empty() || by_name || (!model.folder && model.precision == wanted)) {
      matching.push_back(model);
    }
  }
  // A repository of safetensors says its precision inside only: bf16 and fp8 mean them.
  if (matching.empty() && models.front().folder && (wanted == "bf16" || wanted == "fp8")) {
    return models.front();
  }
  if (wanted.empty() && matching.size() > 1) {
    if (matching.front().folder) return matching.front();
    std::erase_if(matching, [](const auto& model) { return model.precision != kDefaultPrecision; });
    if (matching.empty()) FailWithChoices(repository, "does not say which of its files", models);
  }
  if (matching.empty()) FailWithChoices(repository, "holds no " + Quoted(wish), models);
  if (matching.size() > 1) FailWithChoices(repository, "holds several " + Quoted(wish), matching);
  return matching.front();
}

}  // namespace retort
