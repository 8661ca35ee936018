// Prompts in the words of the byte tokenizer's chat template, for tests: at one the model has yet
// to say anything, at the other it thinks already.
#pragma once

namespace retort {

inline constexpr const char* kPlainPrompt = "<|user|>q<|assistant|>";
inline constexpr const char* kThinkingPrompt = "<|user|>q<|assistant|><think>\n";

}  // namespace retort
