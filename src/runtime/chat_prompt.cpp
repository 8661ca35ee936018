#include "runtime/chat_prompt.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

// What the final message says, without the white space around it, which templates may trim.
std::string FinalText(const Json& messages) {
  if (messages.empty() || !messages.back().is_object() || !messages.back().contains("content") ||
      !messages.back()["content"].is_string()) {
    Fail(ErrorCode::kInvalidArgument,
         "there is no final message with text to continue; end messages with one");
  }
  const auto text = messages.back()["content"].get<std::string>();
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) {
    Fail(ErrorCode::kInvalidArgument,
         "the final message is empty and cannot be continued; give it text");
  }
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

}  // namespace

bool ContinuesThought(const ChatPrompt& chat) {
  if (!chat.continue_final_message) return false;
  const std::string text = FinalText(*chat.messages);
  return text.starts_with("<think>") && text.find("</think>") == std::string::npos;
}

std::string RenderChatPrompt(const ChatTemplate& chat_template, const Tokenizer& tokenizer,
                             const ChatPrompt& chat) {
  Json variables = {
      {"messages", *chat.messages},
      {"tools", chat.tools == nullptr ? Json() : *chat.tools},
      {"add_generation_prompt", chat.add_generation_prompt && !chat.continue_final_message}};
  const auto add_token = [&](const char* name, std::optional<int32_t> id) {
    if (id) variables[name] = tokenizer.TokenBytes(*id);
  };
  add_token("bos_token", tokenizer.spec().bos);
  add_token("eos_token", tokenizer.spec().eos);
  add_token("pad_token", tokenizer.spec().pad);
  if (chat.template_kwargs != nullptr) variables.update(*chat.template_kwargs);
  std::string prompt = chat_template.Render(variables);
  if (!chat.continue_final_message) return prompt;
  const std::string final_text = FinalText(*chat.messages);
  const size_t at = prompt.rfind(final_text);
  if (at == std::string::npos) {
    Fail(ErrorCode::kInvalidArgument,
         "the chat template changes the final message, so that it cannot be continued");
  }
  prompt.resize(at + final_text.size());
  return prompt;
}

}  // namespace retort
