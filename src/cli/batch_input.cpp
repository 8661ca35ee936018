#include "cli/batch_input.h"

#include <istream>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "cli/generation_settings.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kExample = "{\"id\": 1, \"prompt\": \"17 * 23?\"}";

void CheckMessages(const Json& messages) {
  bool fine = messages.is_array() && !messages.empty();
  for (const Json& message : fine ? messages : Json::array())
    fine = fine && message.is_object() && message.contains("role") && message["role"].is_string();
  if (!fine)
    Fail(ErrorCode::kInvalidArgument,
         "messages must be a list such as [{{\"role\": \"user\", \"content\": \"Hi\"}}]");
}

Json UserMessage(const Json& prompt) {
  if (!prompt.is_string())
    Fail(ErrorCode::kInvalidArgument, "prompt is {}; give a text", prompt.dump());
  return Json::array({{{"role", "user"}, {"content", prompt}}});
}

void AddSystem(Json& messages, const std::string& system) {
  const bool has_one = messages.front()["role"] == "system";
  if (system.empty() || has_one) return;
  messages.insert(messages.begin(), Json{{"role", "system"}, {"content", system}});
}

}  // namespace

Json ParseBatchLine(std::string_view line) {
  Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    Fail(ErrorCode::kInvalidArgument, "the line is no JSON object; give one such as {}", kExample);
  return json;
}

BatchRequest ReadBatchRequest(const Json& line, const GenerationOptions& base,
                              const std::string& system) {
  Json messages;
  BatchRequest request{.messages = nullptr, .options = base};
  for (const auto& [name, value] : line.items()) {
    if (name == "id") continue;  // given back, whatever it is
    if (name == "messages" || name == "prompt") {
      if (!messages.is_null())
        Fail(ErrorCode::kInvalidArgument, "the line has prompt and messages; give one of them");
      messages = name == "prompt" ? UserMessage(value) : value;
      CheckMessages(messages);
    } else {
      SetGenerationSetting(request.options, name, value);
    }
  }
  if (messages.is_null())
    Fail(ErrorCode::kInvalidArgument,
         "the line has neither prompt nor messages; give one such as {}", kExample);
  AddSystem(messages, system);
  request.messages = std::make_unique<Json>(std::move(messages));
  return request;
}

BatchProgressSoFar ReadBatchProgress(std::istream& output, const std::string& name) {
  BatchProgressSoFar progress;
  for (std::string line; std::getline(output, line);) {
    if (output.eof()) break;  // without its line end: cut
    const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || !json.value("line", Json()).is_number_integer()) {
      Fail(ErrorCode::kCorrupt,
           "{}: line {} is no answer of a batch; name a new file, or the one that this batch began",
           name, progress.answered.size() + 1);
    }
    progress.answered.insert(json["line"].get<int64_t>());
    progress.whole_bytes += static_cast<int64_t>(line.size()) + 1;
  }
  return progress;
}

}  // namespace retort
