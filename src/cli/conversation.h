// The messages of a chat and what is asked next. Thinking never enters the history: the templates
// of reasoning models drop it from earlier turns.
//
//   Conversation conversation("You are brief.");
//   auto stream = conversation.Ask(generator, "1 + 1?", options);
//   ... read the stream to its end ...
//   conversation.Keep(stream->result());
//
// An answer that was stopped stays as far as it came; a question without any answer is forgotten.
// Not thread-safe.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "runtime/generation.h"

namespace retort {

class Conversation {
 public:
  // `system` may be empty: no system message.
  explicit Conversation(const std::string& system);
  ~Conversation();

  std::unique_ptr<GenerationStream> Ask(Generator& generator, const std::string& question,
                                        const GenerationOptions& options);
  void Keep(const GenerationResult& result);
  void Clear();                               // back to the system message
  void SetSystem(const std::string& system);  // empty: none; the rest stays
  std::string system() const;
  // Takes back the last question with its answer; nullopt if there is none.
  std::optional<std::string> TakeBack();
  // Other messages in place of these: an array of {"role", "content"}.
  void Replace(const nlohmann::ordered_json& messages);
  const nlohmann::ordered_json& messages() const { return *messages_; }

 private:
  std::unique_ptr<nlohmann::ordered_json> messages_;  // an array
  std::string question_;                              // asked, not yet kept
};

}  // namespace retort
