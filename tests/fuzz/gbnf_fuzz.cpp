// Any bytes as a grammar in GBNF: refused with retort::Error, or an automaton whose masks agree
// with what it accepts, token by token, along a walk that the bytes choose.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "grammar/gbnf.h"
#include "grammar/matcher.h"

namespace {

constexpr int32_t kEnd = 0;

std::shared_ptr<const retort::GrammarVocabulary> Vocabulary() {
  std::vector<std::string> tokens = {"", "ab", "a\"", "\"}", ", ", "00", "\xc3\xa9", "((", "))"};
  for (int byte = 0; byte < 256; ++byte) tokens.emplace_back(1, static_cast<char>(byte));
  return std::make_shared<const retort::GrammarVocabulary>(tokens, std::vector<int32_t>{kEnd});
}

void Walk(retort::GrammarMatcher matcher, uint64_t seed) {
  retort::Rng rng(seed);
  std::vector<uint64_t> bits(matcher.num_words());
  for (int step = 0; step < 12; ++step) {
    matcher.Mask(bits);
    std::vector<int32_t> allowed;
    const auto num_tokens =
        static_cast<int32_t>(matcher.grammar().vocabulary().trie().num_tokens());
    for (int32_t token = 0; token < num_tokens; ++token) {
      const bool bit = ((bits[static_cast<size_t>(token) / 64] >> (token % 64)) & 1) != 0;
      RETORT_CHECK(bit == matcher.Allows(token));
      if (bit) allowed.push_back(token);
    }
    // All bytes are there, so a grammar never gets stuck.
    RETORT_CHECK(!allowed.empty() || matcher.complete());
    if (allowed.empty()) return;
    matcher.Accept(allowed[static_cast<size_t>(rng.Int(0, std::ssize(allowed) - 1))]);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto vocabulary = Vocabulary();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto grammar = retort::CompileGrammar(retort::ParseGbnf(text, "fuzz"), vocabulary);
    Walk(retort::GrammarMatcher(grammar), size);
  } catch (const retort::Error&) {
    // A clear refusal is the right answer to most inputs.
  }
  return 0;
}
