#include "cli/conversation.h"

#include <nlohmann/json.hpp>

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

Json Message(const char* role, const std::string& content) {
  return {{"role", role}, {"content", content}};
}

}  // namespace

Conversation::Conversation(const std::string& system)
    : messages_(std::make_unique<Json>(Json::array())), num_system_(system.empty() ? 0 : 1) {
  if (!system.empty()) messages_->push_back(Message("system", system));
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
  messages_->erase(messages_->begin() + static_cast<std::ptrdiff_t>(num_system_), messages_->end());
}

}  // namespace retort
