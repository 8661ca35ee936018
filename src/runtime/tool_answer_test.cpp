// What the grammar of tool calls lets through, the parser of tool calls reads.
#include "runtime/tool_answer.h"

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "base/rng.h"
#include "grammar/matcher.h"
#include "grammar/test_schema.h"
#include "tests/support/expect_error.h"
#include "text/tool_calls.h"

namespace retort {
namespace {

constexpr ToolCallStyle kStyles[] = {ToolCallStyle::kHermes, ToolCallStyle::kLlamaJson,
                                     ToolCallStyle::kDeepSeek, ToolCallStyle::kDeepSeekBare};

std::shared_ptr<const GrammarVocabulary> Bytes() {
  std::vector<std::string> tokens = {"\": ", "\", \"", "\"}", "</tool_call>"};
  for (int byte = 0; byte < 256; ++byte) tokens.emplace_back(1, static_cast<char>(byte));
  return std::make_shared<const GrammarVocabulary>(tokens, std::vector<int32_t>{});
}

// A text of the grammar; empty if it grew long before its end.
std::string RandomText(GrammarMatcher matcher, Rng& rng) {
  const TokenTrie& trie = matcher.grammar().vocabulary().trie();
  std::vector<uint64_t> bits(matcher.num_words());
  std::string text;
  while (!matcher.complete()) {
    if (matcher.CanEnd() && rng.Int(0, 1) == 0) break;
    if (text.size() > 2000) return {};
    matcher.Mask(bits);
    std::vector<int32_t> allowed;
    for (int32_t token = 0; token < static_cast<int32_t>(trie.num_tokens()); ++token) {
      if ((bits[static_cast<size_t>(token) / 64] >> (token % 64)) & 1) allowed.push_back(token);
    }
    // What ends a string or a value is one byte of many: tried more often, texts stay short.
    int32_t token = allowed[static_cast<size_t>(rng.Int(0, std::ssize(allowed) - 1))];
    for (const char byte : {'"', '}', ']'}) {
      const auto ends = trie.TokensOf(std::string_view(&byte, 1));
      if (rng.Int(0, 3) == 0 && matcher.Allows(ends.front())) token = ends.front();
    }
    matcher.Accept(token);
    text += trie.bytes(token);
  }
  return text;
}

SchemaJson ObjectSchema(uint64_t seed) {
  SchemaJson first = RandomSchema(seed);
  const SchemaJson defs = first.at("$defs");  // references are from the root
  first.erase("$defs");
  return {{"type", "object"},
          {"properties", {{"first", first}, {"n", {{"type", "integer"}}}}},
          {"required", {"first"}},
          {"$defs", defs}};
}

TEST(ToolAnswer, WhatTheGrammarAllowsTheParserReads) {
  const auto vocabulary = Bytes();
  int whole = 0, several = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const ToolCallStyle style = kStyles[seed % 4];
    const bool parallel = seed % 3 != 0;
    const SchemaJson schemas[] = {ObjectSchema(seed), ObjectSchema(seed + 500)};
    const std::vector<std::string> names = {"get", "get_all", "now"};
    const auto grammar = CompileGrammar(
        ToolAnswerGrammar(
            style, {{names[0], schemas[0].dump()}, {names[1], schemas[1].dump()}, {names[2], ""}},
            parallel),
        vocabulary);
    Rng rng(seed);
    for (int round = 0; round < 5; ++round) {
      const std::string text = RandomText(GrammarMatcher(grammar), rng);
      if (text.empty()) continue;
      ++whole;
      ToolCallParser parser(style, names);
      ToolDelta parsed = parser.Push(text);
      const ToolDelta rest = parser.Finish();
      EXPECT_EQ(parsed.text + rest.text, "") << text;
      parsed.calls.insert(parsed.calls.end(), rest.calls.begin(), rest.calls.end());
      ASSERT_FALSE(parsed.calls.empty()) << text;
      EXPECT_TRUE(parallel || parsed.calls.size() == 1) << text;
      several += parsed.calls.size() > 1 ? 1 : 0;
      for (const ParsedToolCall& call : parsed.calls) {
        const SchemaJson arguments = SchemaJson::parse(call.arguments);
        if (call.name == names[2]) {
          EXPECT_EQ(arguments, SchemaJson::object()) << text;
        } else {
          EXPECT_EQ(WhyNot(schemas[call.name == names[0] ? 0 : 1], arguments), "") << text;
        }
      }
    }
  }
  EXPECT_GT(whole, 150);
  EXPECT_GT(several, 20);
}

TEST(ToolAnswer, RefusesWhatItCannotDemand) {
  ExpectError(ErrorCode::kUnsupported, {"the model's chat template has none"}, [] {
    ToolAnswerGrammar(ToolCallStyle::kNone, {{"f", ""}}, false);
  });
  for (const ToolCallStyle style : {ToolCallStyle::kDeepSeek, ToolCallStyle::kDeepSeekBare}) {
    ExpectError(ErrorCode::kInvalidArgument, {"'a<b'"}, [&] {
      ToolAnswerGrammar(style, {{"a<b", ""}}, false);
    });
  }
  EXPECT_NO_THROW(ToolAnswerGrammar(ToolCallStyle::kHermes, {{"a<b", ""}}, false));
}

}  // namespace
}  // namespace retort
