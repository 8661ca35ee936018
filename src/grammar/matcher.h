// Where one stream of tokens stands in a grammar, and which tokens may come next.
//
//   GrammarMatcher matcher(grammar);
//   std::vector<uint64_t> bits(matcher.num_words());
//   matcher.Mask(bits);            // bit t: token t may come
//   matcher.Accept(token);
//   if (matcher.complete()) ...    // nothing may come any more
//
// A token may come if the bytes so far with its own begin some text of the grammar. Characters that
// are cut between tokens are no matter. Copies are cheap and independent.
//
// Errors: kInvalidArgument for a token that may not come; kResourceExhausted as ConfigSets. After
// an error the matcher stands where it did. Not thread-safe; matchers of one grammar may run in
// different threads.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "grammar/compiled_grammar.h"
#include "grammar/config_sets.h"

namespace retort {

class GrammarMatcher {
 public:
  explicit GrammarMatcher(std::shared_ptr<const CompiledGrammar> grammar);
  GrammarMatcher(const GrammarMatcher& other);
  GrammarMatcher& operator=(const GrammarMatcher& other);
  GrammarMatcher(GrammarMatcher&&) = default;
  GrammarMatcher& operator=(GrammarMatcher&&) = default;
  ~GrammarMatcher() = default;

  // Words that a mask has: a bit for each token of the vocabulary.
  size_t num_words() const;
  // Overwrites the first num_words() of `bits`.
  void Mask(std::span<uint64_t> bits);
  bool Allows(int32_t token);
  void Accept(int32_t token);
  // Takes text for which no token stands; whether it fits. If it does not, nothing has changed.
  bool AcceptBytes(std::string_view bytes);
  // The text so far is of the grammar; an end token may come.
  bool CanEnd() const { return sets_.ends(at_) && !ended_; }
  // Nothing but the end can follow, or an end token has come.
  bool complete() const { return ended_ || (sets_.ends(at_) && sets_.configs(at_).empty()); }

  const CompiledGrammar& grammar() const { return *grammar_; }

 private:
  // A mask that has been made; long texts come back to the same set at each token.
  struct Made {
    SetId set = kDeadSet;
    std::vector<uint64_t> bits = {};
  };

  SetId After(std::string_view bytes);
  void MaskConfig(const Config& config, std::span<uint64_t> bits);
  void Forget();

  std::shared_ptr<const CompiledGrammar> grammar_;
  ConfigSets sets_;
  SetId at_;
  bool ended_ = false;
  std::vector<SetId> path_;
  std::vector<Made> made_;
  size_t next_made_ = 0;
};

}  // namespace retort
