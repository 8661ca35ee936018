#include "cli/chat_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/generation_settings.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "retort.chat/1";

void CheckMessages(const std::string& path, const Json& messages) {
  const auto fine = [](const Json& message) {
    return message.is_object() && message.contains("role") && message["role"].is_string() &&
           message.contains("content") && message["content"].is_string();
  };
  if (!messages.is_array())
    Fail(ErrorCode::kCorrupt, "{}: messages is no list; name a file that /save wrote", path);
  for (size_t i = 0; i < messages.size(); ++i) {
    if (!fine(messages[i]))
      Fail(ErrorCode::kCorrupt, "{}: messages[{}] lacks a role or a content that is a text", path,
           i);
  }
}

}  // namespace

void SaveChat(const std::string& path, const std::string& model, const GenerationOptions& options,
              const Json& messages) {
  const Json document = {{"schema", kSchema},
                         {"model", model},
                         {"settings", GenerationSettingsToJson(options)},
                         {"messages", messages}};
  const std::string next = path + "." + std::to_string(::getpid()) + ".part";
  std::ofstream file(next, std::ios::binary);
  file << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(next, path, error);
  if (!file || error) {
    const std::string reason = error ? error.message() : std::strerror(errno);
    std::filesystem::remove(next, error);
    Fail(ErrorCode::kUnavailable, "cannot write {}: {}", path, reason);
  }
}

SavedChat LoadChat(const std::string& path, const GenerationOptions& base) {
  std::ifstream file(path, std::ios::binary);
  if (!file || !std::filesystem::is_regular_file(path))
    Fail(ErrorCode::kNotFound, "cannot read {}: no such file; /save FILE writes one", path);
  const Json document = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || document.value("schema", Json()) != kSchema)
    Fail(ErrorCode::kCorrupt, "{} is no saved chat (schema {}); name a file that /save wrote", path,
         kSchema);
  SavedChat chat{.model = {}, .options = base, .messages = nullptr};
  if (document.contains("model") && document["model"].is_string())
    chat.model = document["model"].get<std::string>();
  const Json settings = document.value("settings", Json::object());
  try {
    for (const auto& [name, value] : settings.items())
      SetGenerationSetting(chat.options, name, value);
  } catch (const Error& error) {
    Fail(ErrorCode::kCorrupt, "{}: settings: {}", path, error.what());
  }
  const Json messages = document.value("messages", Json());
  CheckMessages(path, messages);
  chat.messages = std::make_unique<Json>(messages);
  return chat;
}

}  // namespace retort
