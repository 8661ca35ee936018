// A chat as its template renders it: messages, tools, and what else a template may be told.
//
//   RenderChatPrompt(chat_template, tokenizer,
//                    {.messages = &messages, .template_kwargs = &kwargs});
//
// The same variables as Hugging Face's apply_chat_template gives.
// Errors: as ChatTemplate::Render; kInvalidArgument for a final message that cannot be continued.
// Stateless and thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "text/chat_template.h"
#include "text/tokenizer.h"

namespace retort {

// What is pointed to is the caller's.
struct ChatPrompt {
  const nlohmann::ordered_json* messages = nullptr;         // an array of {"role", "content", ...}
  const nlohmann::ordered_json* tools = nullptr;            // an array, or null
  const nlohmann::ordered_json* template_kwargs = nullptr;  // an object: {"enable_thinking": false}
  bool add_generation_prompt = true;
  // The prompt ends with the last message's text, for the model to go on with it.
  bool continue_final_message = false;
};

// Whether such a prompt ends in the middle of a thought: the message that is continued begins with
// a <think> and does not close it.
bool ContinuesThought(const ChatPrompt& chat);

std::string RenderChatPrompt(const ChatTemplate& chat_template, const Tokenizer& tokenizer,
                             const ChatPrompt& chat);

}  // namespace retort
