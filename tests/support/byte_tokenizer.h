// A tokenizer without merges for tests: ids 0 to 255 are bytes, then come a few added tokens.
//
//   const Tokenizer tokenizer = MakeByteTokenizer();
//   tokenizer.Encode("a<think>");   // {97, kThinkToken}
#pragma once

#include <string>

#include "text/byte_alphabet.h"
#include "text/tokenizer.h"

namespace retort {

inline constexpr int32_t kThinkToken = 256;
inline constexpr int32_t kEndThinkToken = 257;
inline constexpr int32_t kEndToken = 258;  // "<|end|>", end of sequence
inline constexpr int32_t kUserToken = 259;
inline constexpr int32_t kAssistantToken = 260;
inline constexpr int64_t kByteVocabulary = 261;

// `think_kind`: real files make the think tags control tokens, or user-defined ones.
inline Tokenizer MakeByteTokenizer(TokenKind think_kind = TokenKind::kUserDefined) {
  TokenizerSpec spec;
  spec.source = "bytes.gguf";
  spec.pre = "smollm";  // leaves text as it is, where qwen2 normalises
  for (int byte = 0; byte < 256; ++byte) {
    spec.tokens.push_back(ToByteAlphabet(std::string(1, static_cast<char>(byte))));
    spec.kinds.push_back(TokenKind::kNormal);
  }
  const auto add = [&](const char* text, TokenKind kind) {
    spec.tokens.push_back(text);
    spec.kinds.push_back(kind);
  };
  add("<think>", think_kind);
  add("</think>", think_kind);
  add("<|end|>", TokenKind::kControl);
  add("<|user|>", TokenKind::kControl);
  add("<|assistant|>", TokenKind::kControl);
  spec.eos = kEndToken;
  spec.stop_ids = {kEndToken};
  return Tokenizer(std::move(spec));
}

// Turns as DeepSeek-R1 writes them: earlier thinking dropped, the next one opened.
inline constexpr const char* kThinkingTemplate =
    "{% for message in messages %}"
    "{% if message['role'] == 'assistant' %}<|assistant|>"
    "{{ message['content'].split('</think>')[-1] }}<|end|>"
    "{% else %}<|user|>{{ message['content'] }}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|><think>\n{% endif %}";

}  // namespace retort
