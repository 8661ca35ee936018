#include "grammar/compiled_grammar.h"

#include <algorithm>
#include <utility>

namespace retort {
namespace {

std::vector<std::string> WithoutEnds(std::vector<std::string> token_bytes,
                                     const std::vector<int32_t>& end_tokens) {
  for (const int32_t token : end_tokens) {
    if (token >= 0 && token < std::ssize(token_bytes)) {
      token_bytes[static_cast<size_t>(token)].clear();
    }
  }
  return token_bytes;
}

}  // namespace

GrammarVocabulary::GrammarVocabulary(std::vector<std::string> token_bytes,
                                     std::vector<int32_t> end_tokens)
    : end_tokens_(std::move(end_tokens)), trie_(WithoutEnds(std::move(token_bytes), end_tokens_)) {
  std::erase_if(end_tokens_, [&](int32_t token) {
    return token < 0 || token >= static_cast<int32_t>(trie_.num_tokens());
  });
}

bool GrammarVocabulary::IsEnd(int32_t token) const {
  return std::find(end_tokens_.begin(), end_tokens_.end(), token) != end_tokens_.end();
}

std::shared_ptr<const CompiledGrammar> CompileGrammar(
    const GrammarTree& tree, std::shared_ptr<const GrammarVocabulary> vocabulary) {
  return std::make_shared<const CompiledGrammar>(CompileAutomaton(tree), std::move(vocabulary));
}

}  // namespace retort
