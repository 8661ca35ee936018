#include "lab/compare/settings_json.h"

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

Language LanguageFromName(const std::string& name) {
  for (const Language language : {Language::kEnglish, Language::kChinese}) {
    if (name == LanguageName(language)) return language;
  }
  Fail(ErrorCode::kCorrupt, "stored settings name the language \"{}\"; known are en and zh", name);
}

template <typename T>
void Read(const Json& json, const char* name, T& value) {
  if (const auto field = json.find(name); field != json.end()) value = field->get<T>();
}

CompareSettings Parse(const Json& json) {
  if (!json.is_object()) Fail(ErrorCode::kCorrupt, "stored settings are no JSON object");
  CompareSettings settings;
  Read(json, "quick", settings.quick);
  Read(json, "seed", settings.seed);
  Read(json, "backend", settings.backend);
  Read(json, "num_threads", settings.num_threads);
  Read(json, "cpu_level", settings.cpu_level);
  Read(json, "kv_type", settings.kv_type);
  Read(json, "kv_tokens", settings.kv_tokens);
  Read(json, "kv_bytes", settings.kv_bytes);
  Read(json, "speculate", settings.speculate);
  Read(json, "runs", settings.runs);
  Read(json, "speed_max_tokens", settings.speed_max_tokens);
  if (const auto lengths = json.find("lengths"); lengths != json.end()) {
    settings.lengths.clear();
    for (const Json& test : *lengths)
      settings.lengths.push_back({.prompt_tokens = test.at("prompt_tokens").get<int>(),
                                  .new_tokens = test.at("new_tokens").get<int>()});
  }
  Read(json, "length_runs", settings.length_runs);
  Read(json, "cold_starts", settings.cold_starts);
  Read(json, "skip_cold_cache", settings.skip_cold_cache);
  Read(json, "idle_seconds", settings.idle_seconds);
  Read(json, "samples", settings.samples);
  Read(json, "max_tokens", settings.max_tokens);
  if (const auto budget = json.find("think_budget"); budget != json.end() && !budget->is_null())
    settings.think_budget = budget->get<int>();
  Read(json, "parallel", settings.parallel);
  if (const auto languages = json.find("languages"); languages != json.end()) {
    settings.languages.clear();
    for (const Json& name : *languages)
      settings.languages.push_back(LanguageFromName(name.get<std::string>()));
  }
  Read(json, "temperature", settings.temperature);
  Read(json, "top_p", settings.top_p);
  return settings;
}

}  // namespace

Json SettingsJson(const CompareSettings& settings) {
  Json lengths = Json::array(), languages = Json::array();
  for (const LengthTest& test : settings.lengths)
    lengths.push_back({{"prompt_tokens", test.prompt_tokens}, {"new_tokens", test.new_tokens}});
  for (const Language language : settings.languages) languages.push_back(LanguageName(language));
  return {{"quick", settings.quick},
          {"seed", settings.seed},
          {"backend", settings.backend},
          {"num_threads", settings.num_threads},
          {"cpu_level", settings.cpu_level},
          {"kv_type", settings.kv_type},
          {"kv_tokens", settings.kv_tokens},
          {"kv_bytes", settings.kv_bytes},
          {"speculate", settings.speculate},
          {"runs", settings.runs},
          {"speed_max_tokens", settings.speed_max_tokens},
          {"lengths", lengths},
          {"length_runs", settings.length_runs},
          {"cold_starts", settings.cold_starts},
          {"skip_cold_cache", settings.skip_cold_cache},
          {"idle_seconds", settings.idle_seconds},
          {"samples", settings.samples},
          {"max_tokens", settings.max_tokens},
          {"think_budget", settings.think_budget ? Json(*settings.think_budget) : Json()},
          {"parallel", settings.parallel},
          {"languages", languages},
          {"temperature", settings.temperature},
          {"top_p", settings.top_p}};
}

CompareSettings SettingsFromJson(const std::string& text) {
  try {
    return Parse(Json::parse(text));
  } catch (const Json::exception& error) {
    Fail(ErrorCode::kCorrupt, "stored settings cannot be read: {}", error.what());
  }
}

std::vector<std::string> SettingsDifferences(const CompareSettings& there,
                                             const CompareSettings& here) {
  const Json theirs = SettingsJson(there), ours = SettingsJson(here);
  std::vector<std::string> differences;
  for (const auto& [name, value] : theirs.items()) {
    if (value != ours.at(name))
      differences.push_back(
          fmt::format("{} is {} there and {} here", name, value.dump(), ours.at(name).dump()));
  }
  return differences;
}

}  // namespace retort
