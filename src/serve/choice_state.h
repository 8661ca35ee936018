// One choice of a reply on its way from the generator's pieces to the interface's: tool calls are
// taken out of the answer, and the empty lines that models put behind their thought.
//
//   ChoiceState state(settings);
//   api::Piece piece = state.Take(generated, result);     // what can be shown now
//   api::Piece rest = state.Finish(result);               // what was held back
//   api::ChoiceOutcome outcome = state.outcome();         // all of it
//
// The texts of all pieces, joined, are the outcome's, however the generation was cut. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/reply.h"
#include "runtime/generation.h"
#include "text/tool_calls.h"

namespace retort::serve {

struct ChoiceSettings {
  int32_t index = 0;                              // of the choice, among all of the reply
  std::string id = {};                            // of the request; tool calls make theirs of it
  std::optional<ToolCallParser> tool_calls = {};  // none: they are text
  bool parallel_tool_calls = true;                // false: what follows the first one is dropped
  bool raw = false;                               // text stays as it is
  bool keep_token_ids = false;
};

class ChoiceState {
 public:
  explicit ChoiceState(ChoiceSettings settings);

  api::Piece Take(const GenerationPiece& generated, const GenerationResult& result);
  api::Piece Finish(const GenerationResult& result);
  const api::ChoiceOutcome& outcome() const { return outcome_; }

 private:
  std::string Trim(std::string answer);
  void Add(ToolDelta delta, api::Piece* piece);
  void Keep(const api::Piece& piece);
  api::Finish FinishOf(const GenerationResult& result) const;

  ChoiceSettings settings_;
  bool trimming_ = false;  // behind a thought, before the answer's first words
  api::ChoiceOutcome outcome_;
};

api::ReplyTimings TimingsOf(const GenerationResult& result);

}  // namespace retort::serve
