#include "runtime/text_metadata.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/error.h"

namespace retort {
namespace {

using Values = std::map<std::string, MetadataValue, std::less<>>;
using Strings = std::vector<std::string>;
using Ints = std::vector<int64_t>;

Values ChatModel() {
  return {
      {"tokenizer.ggml.model", std::string("gpt2")},
      {"tokenizer.ggml.pre", std::string("qwen2")},
      {"tokenizer.ggml.tokens",
       Strings{"a", "b", "ab", "<|endoftext|>", "<|im_end|>", "<think>", "[PAD6]"}},
      {"tokenizer.ggml.token_type", Ints{1, 1, 1, 3, 3, 4, 5}},
      {"tokenizer.ggml.merges", Strings{"a b"}},
      {"tokenizer.ggml.bos_token_id", int64_t{3}},
      {"tokenizer.ggml.eos_token_id", int64_t{4}},
      {"tokenizer.ggml.padding_token_id", int64_t{3}},
  };
}

TokenizerSpec Read(const Values& values) { return ReadTokenizerSpec(Metadata("m.gguf", values)); }

void ExpectMetadataRefused(const Values& values, ErrorCode code,
                           const std::vector<std::string>& parts) {
  try {
    Read(values);
    ADD_FAILURE() << "accepted, expected to be refused for " << parts.front();
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_EQ(error.code(), code) << message;
    EXPECT_NE(message.find("m.gguf"), std::string::npos) << message;
    for (const std::string& part : parts) {
      EXPECT_NE(message.find(part), std::string::npos) << part << " is not in: " << message;
    }
  }
}

TEST(TextMetadata, ReadsATokenizer) {
  const TokenizerSpec spec = Read(ChatModel());
  EXPECT_EQ(spec.source, "m.gguf");
  EXPECT_EQ(spec.pre, "qwen2");
  EXPECT_EQ(spec.tokens.size(), 7u);
  EXPECT_EQ(spec.kinds,
            (std::vector<TokenKind>{TokenKind::kNormal, TokenKind::kNormal, TokenKind::kNormal,
                                    TokenKind::kControl, TokenKind::kControl,
                                    TokenKind::kUserDefined, TokenKind::kUnused}));
  EXPECT_EQ(spec.merges, (Strings{"a b"}));
  EXPECT_EQ(spec.bos, 3);
  EXPECT_EQ(spec.eos, 4);
  EXPECT_EQ(spec.pad, 3);
  EXPECT_FALSE(spec.add_bos);
}

TEST(TextMetadata, EveryTokenThatEndsATurnStops) {
  // eos first, then <|endoftext|>, which the file does not name but a chat model may emit.
  EXPECT_EQ(Read(ChatModel()).stop_ids, (std::vector<int32_t>{4, 3}));
  Values values = ChatModel();
  values["tokenizer.ggml.eot_token_id"] = int64_t{2};
  EXPECT_EQ(Read(values).stop_ids, (std::vector<int32_t>{4, 2, 3}));
  // Such a text as an ordinary token ends nothing.
  values["tokenizer.ggml.token_type"] = Ints{1, 1, 1, 1, 3, 4, 5};
  EXPECT_EQ(Read(values).stop_ids, (std::vector<int32_t>{4, 2}));
}

TEST(TextMetadata, OptionalKeysMayBeAbsent) {
  Values values = ChatModel();
  for (const char* key : {"bos_token_id", "eos_token_id", "padding_token_id", "token_type"}) {
    values.erase("tokenizer.ggml." + std::string(key));
  }
  values["tokenizer.ggml.add_bos_token"] = true;
  const TokenizerSpec spec = Read(values);
  EXPECT_FALSE(spec.bos || spec.eos || spec.pad);
  EXPECT_TRUE(spec.add_bos);
  EXPECT_TRUE(spec.stop_ids.empty());
  EXPECT_EQ(spec.kinds, std::vector<TokenKind>(7, TokenKind::kNormal));
}

TEST(TextMetadata, NamesOfOneFamilyAreOne) {
  for (const auto& [name, family] : {std::pair("deepseek-r1-qwen", "qwen2"),
                                     {"llama3", "llama-bpe"},
                                     {"llama-v3", "llama-bpe"},
                                     {"deepseek-v3", "deepseek-v3"},
                                     {"smollm", "smollm"}}) {
    Values values = ChatModel();
    values["tokenizer.ggml.pre"] = std::string(name);
    EXPECT_EQ(Read(values).pre, family);
  }
}

TEST(TextMetadata, TheFamilySaysWhatTheFileLeavesOut) {
  Values values = ChatModel();
  EXPECT_TRUE(Read(values).nfc);
  EXPECT_FALSE(Read(values).ignore_merges);
  values["tokenizer.ggml.pre"] = std::string("llama-bpe");
  EXPECT_FALSE(Read(values).nfc);
  EXPECT_TRUE(Read(values).ignore_merges);
}

TEST(TextMetadata, RefusesLies) {
  Values values = ChatModel();
  values["tokenizer.ggml.eos_token_id"] = int64_t{7};
  ExpectMetadataRefused(values, ErrorCode::kCorrupt,
                        {"tokenizer.ggml.eos_token_id is 7", "7 tokens"});
  values["tokenizer.ggml.eos_token_id"] = int64_t{-1};
  ExpectMetadataRefused(values, ErrorCode::kCorrupt, {"tokenizer.ggml.eos_token_id is -1"});
  values = ChatModel();
  values["tokenizer.ggml.token_type"] = Ints{1, 1};
  ExpectMetadataRefused(values, ErrorCode::kCorrupt, {"token_type has 2 entries for 7 tokens"});
  values["tokenizer.ggml.token_type"] = Ints{1, 1, 1, 9, 3, 4, 5};
  ExpectMetadataRefused(values, ErrorCode::kCorrupt, {"token_type[3] is 9"});
  for (const char* key : {"model", "pre", "tokens", "merges"}) {
    values = ChatModel();
    values.erase("tokenizer.ggml." + std::string(key));
    ExpectMetadataRefused(values, ErrorCode::kCorrupt, {"tokenizer.ggml." + std::string(key)});
  }
}

TEST(TextMetadata, RefusesOtherKindsOfTokenizers) {
  Values values = ChatModel();
  values["tokenizer.ggml.model"] = std::string("llama");
  ExpectMetadataRefused(values, ErrorCode::kUnsupported, {"tokenizer.ggml.model is llama"});
}

TEST(TextMetadata, FindsChatTemplatesByName) {
  Values values = ChatModel();
  EXPECT_TRUE(ReadChatTemplates(Metadata("m.gguf", values)).empty());
  values["tokenizer.chat_template"] = std::string("{{ messages }}");
  values["tokenizer.chat_template.tool_use"] = std::string("{{ tools }}");
  values["tokenizer.chat_templates"] = Strings{"tool_use"};  // their names, which the keys tell
  EXPECT_EQ(ReadChatTemplates(Metadata("m.gguf", values)),
            (std::map<std::string, std::string>{{"default", "{{ messages }}"},
                                                {"tool_use", "{{ tools }}"}}));
  values["tokenizer.chat_template"] = int64_t{1};
  EXPECT_THROW(ReadChatTemplates(Metadata("m.gguf", values)), Error);
}

}  // namespace
}  // namespace retort
