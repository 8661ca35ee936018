// A grammar together with a vocabulary: what any number of streams share.
//
//   auto vocabulary = std::make_shared<const GrammarVocabulary>(token_bytes, end_tokens);
//   auto grammar = CompileGrammar(ParseGbnf(text, "answer.gbnf"), vocabulary);
//   GrammarMatcher matcher(grammar);        // one for each stream
//
// Keep a compiled grammar for the next request: which tokens its states allow is found out as they
// are met, and stays known. Errors: as CompileAutomaton and TokenTrie. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "grammar/automaton.h"
#include "grammar/state_masks.h"
#include "grammar/token_trie.h"

namespace retort {

class GrammarVocabulary {
 public:
  // token_bytes [id]: empty for tokens that are never allowed, as special ones are. end_tokens are
  // allowed where the grammar can end; their bytes do not matter.
  GrammarVocabulary(std::vector<std::string> token_bytes, std::vector<int32_t> end_tokens);

  const TokenTrie& trie() const { return trie_; }
  const std::vector<int32_t>& end_tokens() const { return end_tokens_; }
  bool IsEnd(int32_t token) const;
  // Bytes of the masks that all its grammars keep.
  const std::shared_ptr<std::atomic<size_t>>& budget() const { return budget_; }

 private:
  std::vector<int32_t> end_tokens_;
  TokenTrie trie_;
  std::shared_ptr<std::atomic<size_t>> budget_ = std::make_shared<std::atomic<size_t>>(0);
};

class CompiledGrammar {
 public:
  CompiledGrammar(Automaton automaton, std::shared_ptr<const GrammarVocabulary> vocabulary)
      : automaton_(std::move(automaton)),
        vocabulary_(std::move(vocabulary)),
        masks_(automaton_, vocabulary_->trie(), vocabulary_->budget()) {}

  const Automaton& automaton() const { return automaton_; }
  const GrammarVocabulary& vocabulary() const { return *vocabulary_; }
  StateMasks& masks() const { return masks_; }

 private:
  Automaton automaton_;
  std::shared_ptr<const GrammarVocabulary> vocabulary_;
  mutable StateMasks masks_;  // what is known so far; it has a lock of its own
};

std::shared_ptr<const CompiledGrammar> CompileGrammar(
    const GrammarTree& tree, std::shared_ptr<const GrammarVocabulary> vocabulary);

}  // namespace retort
