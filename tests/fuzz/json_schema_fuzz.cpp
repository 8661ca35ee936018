// Any bytes as a JSON schema: refused with retort::Error, or a grammar whose texts are JSON, as a
// walk that the bytes choose comes to its end.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "grammar/json_schema.h"
#include "grammar/matcher.h"

namespace {

std::shared_ptr<const retort::GrammarVocabulary> Vocabulary() {
  std::vector<std::string> tokens = {"\": ", "\", \"", "\"}",   "null",
                                     "\n  ", "],",     "\\u00", "\xc3\xa9"};
  for (int byte = 0; byte < 256; ++byte) tokens.emplace_back(1, static_cast<char>(byte));
  return std::make_shared<const retort::GrammarVocabulary>(tokens, std::vector<int32_t>{});
}

void Walk(retort::GrammarMatcher matcher, uint64_t seed) {
  retort::Rng rng(seed);
  const retort::TokenTrie& trie = matcher.grammar().vocabulary().trie();
  std::vector<uint64_t> bits(matcher.num_words());
  std::string text;
  while (!matcher.complete() && text.size() < 200) {
    if (matcher.CanEnd() && rng.Int(0, 3) == 0) break;
    matcher.Mask(bits);
    std::vector<int32_t> allowed;
    for (int32_t token = 0; token < static_cast<int32_t>(trie.num_tokens()); ++token) {
      if ((bits[static_cast<size_t>(token) / 64] >> (token % 64)) & 1) allowed.push_back(token);
    }
    // All bytes are there, so a grammar never gets stuck.
    RETORT_CHECK(!allowed.empty());
    const int32_t token = allowed[static_cast<size_t>(rng.Int(0, std::ssize(allowed) - 1))];
    matcher.Accept(token);
    text += trie.bytes(token);
  }
  if (matcher.CanEnd()) RETORT_CHECK(nlohmann::json::accept(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto vocabulary = Vocabulary();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto grammar =
        retort::CompileGrammar(retort::JsonSchemaGrammar(text, "fuzz"), vocabulary);
    for (uint64_t seed = 0; seed < 3; ++seed) Walk(retort::GrammarMatcher(grammar), seed);
  } catch (const retort::Error&) {
    // A clear refusal is the right answer to most inputs.
  }
  return 0;
}
