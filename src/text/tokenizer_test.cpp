#include "text/tokenizer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/error.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "text/test_data.h"

namespace retort {
namespace {

// The message of the error that `make` throws, which must have this code.
template <typename F>
std::string MessageOf(ErrorCode code, F make) {
  try {
    make();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return {};
}

// A vocabulary of three bytes and what they merge to, small enough to follow by hand.
TokenizerSpec HandSpec() {
  TokenizerSpec spec;
  spec.source = "hand.gguf";
  spec.pre = "smollm";
  spec.tokens = {"a", "b", "c", "ab", "bc", "abc", "aa"};
  spec.kinds.assign(spec.tokens.size(), TokenKind::kNormal);
  spec.merges = {"b c", "a b", "a bc", "a a"};
  return spec;
}

using Ids = std::vector<int32_t>;

TEST(Tokenizer, MergesTheLowestRankFirstAndTheLeftmostOfEquals) {
  const Tokenizer tokenizer(HandSpec());
  EXPECT_EQ(tokenizer.Encode("abc"), Ids({5}));     // b c, then a bc
  EXPECT_EQ(tokenizer.Encode("ab"), Ids({3}));      //
  EXPECT_EQ(tokenizer.Encode("aaa"), Ids({6, 0}));  // the left pair
  EXPECT_EQ(tokenizer.Encode("aab"), Ids({0, 3}));  // a b before a a
  EXPECT_EQ(tokenizer.Encode("aaaa"), Ids({6, 6}));
}

TEST(Tokenizer, BytesThatTheVocabularyLacksYieldNothingAndStopMerges) {
  const Tokenizer tokenizer(HandSpec());
  EXPECT_EQ(tokenizer.Encode("adb"), Ids({0, 1}));
  EXPECT_EQ(tokenizer.Encode("d"), Ids());
}

TEST(Tokenizer, DecodingGivesTheTextBack) {
  const Tokenizer tokenizer(TinySpec("smollm"));
  for (const std::string& line : ReadLines(TestData("text/tiny_tokenizer.jsonl"))) {
    const auto text = nlohmann::json::parse(line).at("text").get<std::string>();
    EXPECT_EQ(tokenizer.Decode(tokenizer.Encode(text)), text);
    EXPECT_EQ(tokenizer.Decode(tokenizer.Encode(text, {.parse_added = false})), text);
  }
}

constexpr const char* kFamilies[] = {"qwen2", "llama-bpe", "deepseek-v3", "smollm"};

TEST(Tokenizer, InvalidBytesAreKeptWhereverTheyStand) {
  for (const char* family : kFamilies) {
    const Tokenizer tokenizer(TinySpec(family));
    Rng rng(1);
    for (int i = 0; i < 300; ++i) {
      std::string bytes;
      for (int64_t n = rng.Int(0, 40); n > 0; --n) {
        if (rng.Int(0, 2) == 0) {
          bytes += static_cast<char>(rng.Int(0, 255));
        } else {
          // Hangul syllables and ASCII: text that NFC leaves as it is.
          AppendUtf8(
              static_cast<uint32_t>(rng.Int(0, 1) ? rng.Int(0xAC00, 0xD7A3) : rng.Int(1, 0x7F)),
              &bytes);
        }
      }
      EXPECT_EQ(tokenizer.DecodeBytes(tokenizer.Encode(bytes)), bytes);
    }
    EXPECT_EQ(tokenizer.Decode(tokenizer.Encode("a\xFF"
                                                "b\xE4\xBD")),
              "a\xEF\xBF\xBD"
              "b\xEF\xBF\xBD");
  }
}

TEST(Tokenizer, AddedTokensAreFoundLeftmostLongestOnlyWhenAsked) {
  const Tokenizer tokenizer(TinySpec("qwen2"));
  const auto id = [&](const char* text) { return *tokenizer.Find(text); };
  EXPECT_EQ(tokenizer.Encode("<|im|>"), Ids({id("<|im|>")}));
  EXPECT_EQ(tokenizer.Encode("<|im|>xy"), Ids({id("<|im|>xy")}));
  EXPECT_EQ(tokenizer.Encode("<|im|>x"), Ids({id("<|im|>"), id("x")}));
  EXPECT_EQ(tokenizer.Encode("<<think>"), Ids({id("<"), id("<think>")}));
  const Ids plain = tokenizer.Encode("<|im_end|>", {.parse_added = false});
  EXPECT_GT(plain.size(), 1u);
  EXPECT_EQ(tokenizer.Decode(plain), "<|im_end|>");
}

TEST(Tokenizer, OnlyControlTokensAreSkipped) {
  const Tokenizer tokenizer(TinySpec("qwen2"));
  const Ids ids = tokenizer.Encode("<|im_start|><think>a</think>b<|im_end|>");
  EXPECT_EQ(tokenizer.Decode(ids, /*skip_control=*/true), "<think>a</think>b");
  EXPECT_EQ(tokenizer.Decode(ids), "<|im_start|><think>a</think>b<|im_end|>");
}

TEST(Tokenizer, IdsOutsideTheVocabularyDecodeToNothing) {
  const Tokenizer tokenizer(TinySpec("qwen2"));
  EXPECT_EQ(tokenizer.Decode(Ids{-1, tokenizer.size(), 1 << 30}), "");
  EXPECT_EQ(tokenizer.TokenBytes(-7), "");
  EXPECT_FALSE(tokenizer.IsControl(tokenizer.size()));
  EXPECT_FALSE(tokenizer.Find("[PAD]")) << "unused ids are no tokens";
}

TEST(Tokenizer, NormalisesForQwenOnly) {
  const std::string decomposed = "cafe\u0301", composed = "caf\u00e9";
  const Tokenizer qwen(TinySpec("qwen2")), smol(TinySpec("smollm"));
  EXPECT_EQ(qwen.Encode(decomposed), qwen.Encode(composed));
  EXPECT_NE(smol.Encode(decomposed), smol.Encode(composed));
  EXPECT_EQ(qwen.Decode(qwen.Encode("e<|im_end|>\u0301")), "e<|im_end|>\u0301")
      << "a mark does not reach across an added token";
}

// Each of these took minutes or hit a limit if merging or matching were quadratic.
TEST(Tokenizer, LongRunsAreLinear) {
  for (const char* family : kFamilies) {
    const Tokenizer tokenizer(TinySpec(family));
    for (const char* unit :
         {"a", " ", "\n", " \n", "7", "!", "é", "\t", "\u3000", "中", "e\u0301"}) {
      std::string text;
      while (text.size() < 100'000) text += unit;
      const Ids ids = tokenizer.Encode(text + "x");
      EXPECT_FALSE(ids.empty());
      if (std::string(unit) != "e\u0301") {
        EXPECT_EQ(tokenizer.Decode(ids), text + "x");
      }
    }
  }
}

TEST(Tokenizer, OneServesManyThreads) {
  const Tokenizer tokenizer(TinySpec("llama-bpe"));
  const std::string text = "Let x be the number <|im_end|> then 2x + 3 = 11. ";
  const Ids expected = tokenizer.Encode(text);
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        const Ids ids = tokenizer.Encode(text);
        right += ids == expected && tokenizer.Decode(ids) == text;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 200);
}

TEST(Tokenizer, UnknownFamiliesAreNamedWithTheKnownOnes) {
  TokenizerSpec spec = HandSpec();
  spec.pre = "gpt-5";
  const std::string message =
      MessageOf(ErrorCode::kUnsupported, [&] { Tokenizer tokenizer(spec); });
  EXPECT_NE(message.find("hand.gguf"), std::string::npos) << message;
  EXPECT_NE(message.find("gpt-5"), std::string::npos) << message;
  EXPECT_NE(message.find("qwen2, llama-bpe, deepseek-v3, smollm"), std::string::npos) << message;
}

TEST(Tokenizer, ContradictingVocabulariesAreRefused) {
  struct Case {
    const char* says;
    void (*spoil)(TokenizerSpec*);
  };
  const Case cases[] = {
      {"no tokens", [](TokenizerSpec* s) { s->tokens.clear(), s->kinds.clear(); }},
      {"6 token types", [](TokenizerSpec* s) { s->kinds.pop_back(); }},
      {"tokens 0 and 2 are both", [](TokenizerSpec* s) { s->tokens[2] = std::string("a"); }},
      {"token 1 is empty", [](TokenizerSpec* s) { s->tokens[1] = std::string(""); }},
      {"not written in the byte-level alphabet",
       [](TokenizerSpec* s) { s->tokens[5] = std::string("a c"); }},
      {"names 'd', which is no token", [](TokenizerSpec* s) { s->merges[2] = std::string("a d"); }},
      {"names 'cb', which is no token",
       [](TokenizerSpec* s) { s->merges[2] = std::string("c b"); }},
      {"merge 1 'ab' is not two", [](TokenizerSpec* s) { s->merges[1] = std::string("ab"); }},
      {"is not two", [](TokenizerSpec* s) { s->merges[1] = std::string("a b c"); }},
      {"eos token id 7", [](TokenizerSpec* s) { s->eos = 7; }},
      {"stop token id -1",
       [](TokenizerSpec* s) {
         s->stop_ids = {0, -1};
       }},
      {"no byte-level vocabulary",
       [](TokenizerSpec* s) {
         s->tokens = {"ab", "bc"};
         s->kinds.resize(2);
         s->merges.clear();
       }},
  };
  for (const Case& c : cases) {
    TokenizerSpec spec = HandSpec();
    c.spoil(&spec);
    const std::string message = MessageOf(ErrorCode::kCorrupt, [&] { Tokenizer tokenizer(spec); });
    EXPECT_NE(message.find(c.says), std::string::npos) << message;
    EXPECT_EQ(message.find("hand.gguf"), 0u) << message;
  }
}

}  // namespace
}  // namespace retort
