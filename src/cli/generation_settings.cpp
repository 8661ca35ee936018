#include "cli/generation_settings.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "base/error.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void Refuse(std::string_view name, const Json& value, const char* wanted) {
  Fail(ErrorCode::kInvalidArgument, "{} is {}; give {}", name,
       value.dump(-1, ' ', false, Json::error_handler_t::replace), wanted);
}

// Whether an integer that JSON holds as int64 or uint64 is a T.
template <class T>
bool Fits(const Json& value) {
  return value.is_number_unsigned() ? std::in_range<T>(value.get<uint64_t>())
                                    : std::in_range<T>(value.get<int64_t>());
}

template <class T>
T IntegerFrom(std::string_view name, const Json& value) {
  Json integer = value;
  // Some JSON writers give 5.0, and people type 1e3.
  if (value.is_number_float()) {
    const auto number = value.get<double>();
    if (number == std::floor(number) && std::abs(number) < 0x1p53)
      integer = static_cast<int64_t>(number);
  }
  if (!integer.is_number_integer() || !Fits<T>(integer))
    Refuse(name, value, std::is_signed_v<T> ? "a whole number" : "a whole number, 0 or more");
  return integer.get<T>();
}

std::vector<std::string> TextsFrom(std::string_view name, const Json& value) {
  if (value.is_string()) return {value.get<std::string>()};
  const bool fine =
      value.is_array() &&
      std::all_of(value.begin(), value.end(), [](const Json& text) { return text.is_string(); });
  if (!fine) Refuse(name, value, "a text or a list of texts");
  return value.get<std::vector<std::string>>();
}

template <class T>
T ValueFrom(std::string_view name, const Json& value) {
  if constexpr (std::is_same_v<T, bool>) {
    if (!value.is_boolean()) Refuse(name, value, "true or false");
    return value.get<bool>();
  } else if constexpr (std::is_floating_point_v<T>) {
    if (!value.is_number()) Refuse(name, value, "a number");
    return value.get<T>();
  } else if constexpr (std::is_integral_v<T>) {
    return IntegerFrom<T>(name, value);
  } else {
    return TextsFrom(name, value);
  }
}

struct Setting {
  GenerationSettingInfo info;
  Json (*get)(const GenerationOptions&);
  void (*set)(GenerationOptions&, std::string_view, const Json&);
};

// A setting that is a member of SamplingParams or of GenerationOptions.
template <auto kMember>
Setting Make(std::string_view name, std::string_view help) {
  constexpr bool kOfSampling = std::is_invocable_v<decltype(kMember), SamplingParams&>;
  return {.info = {name, help},
          .get = [](const GenerationOptions& options) -> Json {
            if constexpr (kOfSampling) {
              return options.sampling.*kMember;
            } else {
              return options.*kMember;
            }
          },
          .set =
              [](GenerationOptions& options, std::string_view key, const Json& value) {
                const auto assign = [&](auto& member) {
                  member = ValueFrom<std::remove_reference_t<decltype(member)>>(key, value);
                };
                if constexpr (kOfSampling) {
                  assign(options.sampling.*kMember);
                } else {
                  assign(options.*kMember);
                }
              }};
}

// null or "none": no limit.
Setting ThinkBudget() {
  return {.info = {"think_budget", "close thinking after so many tokens; none: no limit"},
          .get = [](const GenerationOptions& options) -> Json {
            return options.thinking.budget ? Json(*options.thinking.budget) : Json();
          },
          .set =
              [](GenerationOptions& options, std::string_view key, const Json& value) {
                const bool none = value.is_null() || value == "none";
                options.thinking.budget =
                    none ? std::nullopt : std::optional(IntegerFrom<int32_t>(key, value));
              }};
}

Setting LoopGuardSetting() {
  return {
      .info = {"loop_guard", "stop what repeats itself"},
      .get = [](const GenerationOptions& options) -> Json { return options.thinking.loop_guard; },
      .set = [](GenerationOptions& options, std::string_view key,
                const Json& value) { options.thinking.loop_guard = ValueFrom<bool>(key, value); }};
}

const std::vector<Setting>& Settings() {
  using S = SamplingParams;
  using G = GenerationOptions;
  static const std::vector<Setting> settings = {
      Make<&S::temperature>("temperature", "0 always takes the most likely token"),
      Make<&S::top_p>("top_p", "keep the most likely tokens up to this share"),
      Make<&S::top_k>("top_k", "keep so many tokens; 0 keeps all"),
      Make<&S::min_p>("min_p", "keep tokens this likely, as a share of the likeliest"),
      Make<&S::repetition_penalty>("repetition_penalty", "above 1: repeat less"),
      Make<&S::presence_penalty>("presence_penalty", "against tokens already generated"),
      Make<&S::frequency_penalty>("frequency_penalty", "the same, for each time"),
      Make<&S::seed>("seed", "the same seed gives the same answer"),
      Make<&G::max_tokens>("max_tokens", "longest answer, thinking included"),
      Make<&G::stop>("stop", "end the answer before this text"),
      Make<&G::ignore_eos>("ignore_eos", "go on to max_tokens whatever the model says"),
      ThinkBudget(),
      LoopGuardSetting(),
  };
  return settings;
}

const Setting* FindSetting(std::string_view name) {
  std::string wanted(name);
  std::replace(wanted.begin(), wanted.end(), '-', '_');
  for (const Setting& setting : Settings()) {
    if (setting.info.name == wanted) return &setting;
  }
  return nullptr;
}

void CheckMaxTokens(int32_t max_tokens) {
  if (max_tokens < 1)
    Fail(ErrorCode::kInvalidArgument, "max_tokens is {}; give 1 or more", max_tokens);
}

}  // namespace

const std::vector<GenerationSettingInfo>& GenerationSettingInfos() {
  static const std::vector<GenerationSettingInfo> infos = [] {
    std::vector<GenerationSettingInfo> all;
    for (const Setting& setting : Settings()) all.push_back(setting.info);
    return all;
  }();
  return infos;
}

bool IsGenerationSetting(std::string_view name) { return FindSetting(name) != nullptr; }

void SetGenerationSetting(GenerationOptions& options, std::string_view name, const Json& value) {
  const Setting* setting = FindSetting(name);
  if (setting == nullptr) {
    std::string known;
    for (const Setting& each : Settings())
      known += (known.empty() ? "" : ", ") + std::string(each.info.name);
    Fail(ErrorCode::kInvalidArgument, "there is no setting {}; there are {}", name, known);
  }
  GenerationOptions changed = options;
  setting->set(changed, setting->info.name, value);
  changed.sampling.Validate();
  changed.thinking.Validate();
  CheckMaxTokens(changed.max_tokens);
  options = std::move(changed);
}

void SetGenerationSettingFromText(GenerationOptions& options, std::string_view name,
                                  std::string_view value) {
  const Json parsed = Json::parse(value, nullptr, /*allow_exceptions=*/false);
  SetGenerationSetting(options, name, parsed.is_discarded() ? Json(value) : parsed);
}

Json GenerationSettingsToJson(const GenerationOptions& options) {
  Json out = Json::object();
  for (const Setting& setting : Settings())
    out[std::string(setting.info.name)] = setting.get(options);
  return out;
}

}  // namespace retort
