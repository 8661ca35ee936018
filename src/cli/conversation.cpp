#include "cli/conversation.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

Json Message(const char* role, const std::string& content) {
  return {{"role", role}, {"content", content}};
}

}  // namespace

Conversation::Conversation(const std::string& system)
    : messages_(std::make_unique<Json>(Json::array())) {
  SetSystem(system);
}

Conversation::~Conversation() = default;

std::unique_ptr<GenerationStream> Conversation::Ask(Generator& generator,
                                                    const std::string& question,
                                                    const GenerationOptions& options) {
  Json asked = *messages_;
  asked.push_back(Message("user", question));
  question_ = question;
  return generator.Chat(asked, options);
}

void Conversation::Keep(const GenerationResult& result) {
  if (result.answer.empty()) return;
  messages_->push_back(Message("user", question_));
  messages_->push_back(Message("assistant", result.answer));
}

void Conversation::Clear() {
  const std::string kept = system();
  *messages_ = Json::array();
  SetSystem(kept);
}

void Conversation::SetSystem(const std::string& system) {
  Json changed = Json::array();
  if (!system.empty()) changed.push_back(Message("system", system));
  for (const Json& message : *messages_) {
    if (message["role"] != "system") changed.push_back(message);
  }
  *messages_ = std::move(changed);
}

std::string Conversation::system() const {
  const bool there = !messages_->empty() && messages_->front()["role"] == "system";
  return there ? messages_->front()["content"].get<std::string>() : std::string();
}

std::optional<std::string> Conversation::TakeBack() {
  for (size_t i = messages_->size(); i-- > 0;) {
    if ((*messages_)[i]["role"] != "user") continue;
    std::string question = (*messages_)[i]["content"].get<std::string>();
    messages_->erase(messages_->begin() + static_cast<std::ptrdiff_t>(i), messages_->end());
    return question;
  }
  return std::nullopt;
}

void Conversation::Replace(const Json& messages) { *messages_ = messages; }

}  // namespace retort
