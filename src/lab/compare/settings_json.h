// The settings of a comparison as JSON: what the report's document and the run store hold, and
// back.
//
//   SettingsFromJson(SettingsJson(settings)) == settings, field by field
//   SettingsDifferences(stored, wanted)      // {"samples is 300 there and 600 here"}
//
// A field that is absent has its default, so that runs of older versions can be read. Errors:
// kCorrupt for a field of another type, an unknown language. Stateless and thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "lab/compare/comparison.h"

namespace retort {

nlohmann::ordered_json SettingsJson(const CompareSettings& settings);
CompareSettings SettingsFromJson(const std::string& text);

// One sentence for each field that differs.
std::vector<std::string> SettingsDifferences(const CompareSettings& there,
                                             const CompareSettings& here);

}  // namespace retort
