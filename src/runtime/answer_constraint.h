// Keeps an answer to a grammar. What is thought before it is free: the grammar begins behind the
// </think>, or at once where nothing is thought.
//
//   auto vocabulary = MakeGrammarVocabulary(tokenizer);          // once for a model
//   auto grammar = CompileGrammar(tree, vocabulary);             // once for a grammar
//   request.constraint = std::make_shared<AnswerConstraint>(tokenizer, grammar, AnswerStart::...);
//
// Models put an empty line behind their </think>: up to two ends of line that stand there belong to
// neither. A model that opens its thought by itself may do so as its first token. Where a tag is
// spelled by several tokens, none may close it and go on with what the grammar does not know.
//
// Errors: kInvalidArgument from Accept for a token that does not fit, which can only be one that
// was forced. The tokenizer must outlive it. Not thread-safe, but copies are independent.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/token_constraint.h"
#include "grammar/matcher.h"
#include "text/tokenizer.h"

namespace retort {

// What a model's grammars share. Added tokens that show text, as the tags of tool calls are in many
// vocabularies, are part of it like ordinary ones. Control tokens and the tags of thinking are not:
// their text can be spelled by others.
std::shared_ptr<const GrammarVocabulary> MakeGrammarVocabulary(const Tokenizer& tokenizer);

enum class AnswerStart {
  kBehindThought,  // the prompt opens a thought
  kAtOnce,         // the first token belongs to the answer
  kMayThink,       // the first token is <think>, or belongs to the answer
};

class AnswerConstraint : public TokenConstraint {
 public:
  // Throws kInvalidArgument for a grammar of another vocabulary.
  AnswerConstraint(const Tokenizer& tokenizer, std::shared_ptr<const CompiledGrammar> grammar,
                   AnswerStart start);

  std::unique_ptr<TokenConstraint> Clone() const override {
    return std::make_unique<AnswerConstraint>(*this);
  }
  std::span<const uint64_t> Allowed() override;
  void Accept(int32_t token) override;
  bool complete() const override { return place_ != Place::kThought && matcher_.complete(); }

 private:
  enum class Place { kThought, kUndecided, kGap, kAnswer };

  std::span<const uint64_t> AllowedInThought();
  void AcceptInThought(int32_t token);
  void AcceptBehindThought(std::string_view bytes);

  const Tokenizer& tokenizer_;
  GrammarMatcher matcher_;
  Place place_;
  std::string tail_;     // of the thought: what may be the beginning of its end
  size_t gap_left_ = 0;  // ends of line that may still come before the answer
  std::vector<uint64_t> bits_;
};

}  // namespace retort
