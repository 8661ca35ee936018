// The settings of an answer by name: what `/set` and `/show` in a chat, a saved chat, and the lines
// of `retort run --batch` all read and write.
//
//   SetGenerationSetting(options, "temperature", 0.7);
//   SetGenerationSetting(options, "stop", {"\n\n"});
//   GenerationSettingsToJson(options)     // {"temperature": 0.7, "top_p": 0.95, ...}
//
// Errors: kInvalidArgument naming the setting, the value and what it takes; then nothing is
// changed. Stateless and thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

#include "runtime/generation.h"

namespace retort {

struct GenerationSettingInfo {
  std::string_view name;
  std::string_view help;
};
const std::vector<GenerationSettingInfo>& GenerationSettingInfos();
bool IsGenerationSetting(std::string_view name);

void SetGenerationSetting(GenerationOptions& options, std::string_view name,
                          const nlohmann::ordered_json& value);
// The same from text that somebody typed: numbers and true/false as such, all else as words.
void SetGenerationSettingFromText(GenerationOptions& options, std::string_view name,
                                  std::string_view value);

nlohmann::ordered_json GenerationSettingsToJson(const GenerationOptions& options);

}  // namespace retort
