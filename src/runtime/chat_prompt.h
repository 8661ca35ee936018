// A chat as its template renders it: messages, tools, and what else a template may be told.
//
//   RenderChatPrompt(chat_template, tokenizer,
//                    {.messages = messages, .template_kwargs = {{"enable_thinking", false}}});
//
// The same variables as Hugging Face's apply_chat_template gives.
// Errors: as ChatTemplate::Render; kInvalidArgument for a final message that cannot be continued.
// Stateless and thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "text/chat_template.h"
#include "text/tokenizer.h"

namespace retort {

struct ChatPrompt {
  nlohmann::ordered_json messages = nlohmann::ordered_json::array();
  nlohmann::ordered_json tools = nullptr;
  nlohmann::ordered_json template_kwargs = nlohmann::ordered_json::object();
  bool add_generation_prompt = true;
  // The prompt ends with the last message's text, for the model to go on with it.
  bool continue_final_message = false;
};

std::string RenderChatPrompt(const ChatTemplate& chat_template, const Tokenizer& tokenizer,
                             const ChatPrompt& chat);

}  // namespace retort
