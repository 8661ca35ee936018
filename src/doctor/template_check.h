// Faults of a model file's text side that make good weights answer badly: a chat template that is
// missing, of another family, or does not open the thought; turns that never end; sampling that the
// model's makers advise against.
//
//   const TemplateFacts facts = GatherTemplate(tokenizer, template_text, defaults, options);
//   CheckTemplate(facts);
//
// The template is rendered with small conversations, and what comes out is looked at.
// Errors: none; a template that fails is a finding. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "doctor/findings.h"
#include "runtime/generation_defaults.h"
#include "text/tokenizer.h"

namespace retort::doctor {

struct TemplateFacts {
  bool is_r1 = false;         // its name says DeepSeek-R1, or a distill of it
  bool opens_itself = false;  // a later R1, which begins its thought without being made to
  bool has_template = false;
  std::string failure = {};  // why it is none, or what it says to a plain question
  // What it makes of a question, ready to be answered, ...
  std::string prompt = {};
  // ... and of a second one after an answer whose thought stood in its text, or in a field.
  std::string history = {}, history_of_fields = {};
  std::string end_of_turn = {};  // what follows an answer: one token, or the beginning of a text
  bool end_is_token = false;     // a control token
  bool end_stops = false;        // and among those that end a turn
  std::vector<std::string> stop_tokens = {};
  std::string bos = {};  // empty: the vocabulary names none
  bool adds_bos = false;
  size_t open_tokens = 1, close_tokens = 1;  // of which <think> and </think> are made
  std::optional<double> temperature = {}, top_p = {};
  std::string sampling_source = {};
};

struct TemplateOptions {
  bool is_r1 = false;
  bool opens_itself = false;
};

// `chat_template`: empty if the file has none.
TemplateFacts GatherTemplate(const Tokenizer& tokenizer, const std::string& chat_template,
                             const GenerationDefaults& defaults, const TemplateOptions& options);

// Checks "template", "thinking", "end of turn", "first token", "history", "sampling", "tokens".
Findings CheckTemplate(const TemplateFacts& facts);

// The thought of the conversations that are rendered.
inline constexpr const char* kThought = "Two apples make two.";

}  // namespace retort::doctor
