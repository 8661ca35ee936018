#include "runtime/text_files.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/quote.h"
#include "base/strict_json.h"
#include "runtime/text_file.h"
#include "runtime/turn_ends.h"
#include "text/tokenizer_json.h"

namespace retort {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// A file of settings beside the vocabulary; empty if there is none.
struct Settings {
  std::string source;
  Json values = Json::object();

  const Json* Find(const char* name) const {
    const auto found = values.find(name);
    return found == values.end() || found->is_null() ? nullptr : &*found;
  }
};

fs::path FolderOf(const std::string& path) {
  return fs::is_directory(path) ? fs::path(path) : fs::path(path).parent_path();
}

// `name` or `name`.gz; nothing if there is neither.
std::optional<fs::path> FindFile(const fs::path& folder, const std::string& name) {
  for (const char* ending : {"", ".gz"}) {
    const fs::path file = folder / (name + ending);
    if (fs::is_regular_file(file)) return file;
  }
  return std::nullopt;
}

Settings ReadSettings(const fs::path& folder, const char* name) {
  Settings settings{(folder / name).string()};
  if (const auto file = FindFile(folder, name)) {
    settings.values = ReadJson(ReadTextFile(file->string()), settings.source);
    if (!settings.values.is_object()) {
      Fail(ErrorCode::kCorrupt, "{}: is {}, must be a JSON object; get the file anew",
           settings.source, settings.values.type_name());
    }
  }
  return settings;
}

// "bos_token" and the like: the text, or an object that holds it as "content".
std::optional<int32_t> FindSpecialToken(const Settings& settings, const char* name,
                                        const TokenizerSpec& spec) {
  const Json* token = settings.Find(name);
  if (token == nullptr) return std::nullopt;
  const Json text = token->is_object() ? token->value("content", Json()) : *token;
  if (!text.is_string()) {
    Fail(ErrorCode::kCorrupt, "{}: {} is {}, must be a string; get the file anew", settings.source,
         name, Quoted(token->dump()));
  }
  const auto found = std::ranges::find(spec.tokens, text.get_ref<const std::string&>());
  if (found == spec.tokens.end()) {
    Fail(ErrorCode::kCorrupt, "{}: {} is {}, which is no token of {}; get the files anew",
         settings.source, name, Quoted(text.get<std::string>()), spec.source);
  }
  return static_cast<int32_t>(found - spec.tokens.begin());
}

// generation_config.json's "eos_token_id": one id or several.
std::vector<std::optional<int32_t>> ReadEndIds(const Settings& settings, size_t num_tokens) {
  std::vector<std::optional<int32_t>> ids;
  const Json* ends = settings.Find("eos_token_id");
  if (ends == nullptr) return ids;
  for (const Json& id : ends->is_array() ? *ends : Json::array({*ends})) {
    if (!id.is_number_unsigned() || id.get<uint64_t>() >= num_tokens) {
      Fail(ErrorCode::kCorrupt,
           "{}: eos_token_id is {}, but the vocabulary has {} tokens; get the files anew",
           settings.source, Quoted(ends->dump()), num_tokens);
    }
    ids.emplace_back(id.get<int32_t>());
  }
  return ids;
}

void ReadSpecialTokens(const fs::path& folder, TokenizerSpec& spec) {
  const Settings config = ReadSettings(folder, "tokenizer_config.json");
  const Settings map =
      ReadSettings(folder, "special_tokens_map.json");  // where the former lacks it
  const auto find = [&](const char* name) {
    const std::optional<int32_t> id = FindSpecialToken(config, name, spec);
    return id ? id : FindSpecialToken(map, name, spec);
  };
  if (const auto bos = find("bos_token")) spec.bos = bos;
  spec.eos = find("eos_token");
  spec.pad = find("pad_token");
  if (const Json* add_bos = config.Find("add_bos_token")) {
    if (!add_bos->is_boolean() || (*add_bos == true && !spec.bos)) {
      Fail(ErrorCode::kCorrupt, "{}: add_bos_token is {}, {}; get the file anew", config.source,
           add_bos->dump(),
           add_bos->is_boolean() ? "but there is no bos_token" : "must be true or false");
    }
    spec.add_bos = add_bos->get<bool>();
  }
  std::vector<std::optional<int32_t>> ends =
      ReadEndIds(ReadSettings(folder, "generation_config.json"), spec.tokens.size());
  ends.insert(ends.begin(), spec.eos);
  spec.stop_ids = TurnEnds(spec, ends);
}

bool IsVocabularyFile(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with("tokenizer.json");
}

}  // namespace

bool IsInModelFolder(const std::string& path) {
  return fs::is_directory(path) || path.ends_with(".json") || path.ends_with(".json.gz") ||
         path.ends_with(".safetensors");
}

TokenizerSpec ReadTokenizerFiles(const std::string& path) {
  const fs::path folder = FolderOf(path);
  const std::optional<fs::path> file =
      IsVocabularyFile(path) ? fs::path(path) : FindFile(folder, "tokenizer.json");
  if (!file) {
    Fail(ErrorCode::kNotFound, "{} has no tokenizer.json, so text cannot be tokenized; get it too",
         Quoted(folder.string()));
  }
  TokenizerSpec spec = ReadTokenizerJson(ReadTextFile(file->string()), file->string());
  ReadSpecialTokens(folder, spec);
  return spec;
}

std::map<std::string, std::string> ReadChatTemplateFiles(const std::string& path) {
  const fs::path folder = FolderOf(path);
  std::map<std::string, std::string> templates;
  const auto corrupt = [&](const Settings& config) {
    Fail(ErrorCode::kCorrupt,
         "{}: chat_template must be a string or a list of {{\"name\": …, \"template\": …}}; get "
         "the file anew",
         config.source);
  };
  const Settings config = ReadSettings(folder, "tokenizer_config.json");
  if (const Json* found = config.Find("chat_template"); found != nullptr && found->is_string()) {
    templates["default"] = found->get<std::string>();
  } else if (found != nullptr) {
    if (!found->is_array()) corrupt(config);
    for (const Json& entry : *found) {
      const auto is_string = [&](const char* name) {
        return entry.is_object() && entry.contains(name) && entry[name].is_string();
      };
      if (!is_string("name") || !is_string("template")) corrupt(config);
      templates[entry["name"]] = entry["template"].get<std::string>();
    }
  }
  // Newer repositories keep them in files of their own, which win.
  if (const auto file = FindFile(folder, "chat_template.jinja")) {
    templates["default"] = ReadTextFile(file->string());
  }
  const fs::path more = folder / "additional_chat_templates";
  if (fs::is_directory(more)) {
    for (const auto& entry : fs::directory_iterator(more)) {
      if (entry.path().extension() != ".jinja") continue;
      templates[entry.path().stem().string()] = ReadTextFile(entry.path().string());
    }
  }
  return templates;
}

}  // namespace retort
