#include "text/tokenizer_json.h"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;
using Ids = std::vector<int32_t>;

// Three letters and what they merge to, with added tokens of each kind.
Json Small() {
  return Json::parse(R"({
    "version": "1.0", "truncation": null, "padding": null,
    "added_tokens": [
      {"id": 6, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false,
       "normalized": false, "special": true},
      {"id": 8, "content": "<think>", "single_word": false, "lstrip": false, "rstrip": false,
       "normalized": true, "special": false}],
    "normalizer": {"type": "NFC"},
    "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
      {"type": "Digits", "individual_digits": true},
      {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}]},
    "post_processor": {"type": "Sequence", "processors": [
      {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false, "use_regex": true},
      {"type": "TemplateProcessing",
       "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
       "pair": [], "special_tokens": {}}]},
    "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true,
                "use_regex": true},
    "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "",
      "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": true,
      "vocab": {"a": 0, "b": 1, "c": 2, "ab": 3, "bc": 4, "abc": 5},
      "merges": ["a b", ["b", "c"]]}})");
}

TokenizerSpec Read(const Json& file) { return ReadTokenizerJson(file.dump(), "t.json"); }

TEST(TokenizerJson, ReadsAllThatATextNeeds) {
  const TokenizerSpec spec = Read(Small());
  EXPECT_EQ(spec.source, "t.json");
  EXPECT_EQ(spec.pre, "smollm");
  EXPECT_EQ(spec.tokens,
            (std::vector<std::string>{"a", "b", "c", "ab", "bc", "abc", "<s>", "", "<think>"}));
  const TokenKind n = TokenKind::kNormal;
  EXPECT_EQ(spec.kinds, (std::vector<TokenKind>{n, n, n, n, n, n, TokenKind::kControl,
                                                TokenKind::kUnused, TokenKind::kUserDefined}));
  EXPECT_EQ(spec.merges, (std::vector<std::string>{"a b", "b c"}));
  EXPECT_TRUE(spec.nfc && spec.ignore_merges && spec.add_bos);
  EXPECT_EQ(spec.normalized_ids, Ids({8}));
  EXPECT_EQ(spec.bos, 6);
  EXPECT_FALSE(spec.eos || spec.pad);
}

TEST(TokenizerJson, PiecesThatAreTokensNeedNoMerges) {
  Json file = Small();
  EXPECT_EQ(Tokenizer(Read(file)).Encode("abc<s>abcc"), Ids({5, 6, 3, 2, 2}));
  file["model"]["ignore_merges"] = false;
  EXPECT_EQ(Tokenizer(Read(file)).Encode("abc<s>abcc"), Ids({3, 2, 6, 3, 2, 2}));
}

TEST(TokenizerJson, NormalizedTokensComeAfterTheOthers) {
  Json file = Small();
  file["added_tokens"][1]["content"] = "c<s>";  // begins before <s>
  EXPECT_EQ(Tokenizer(Read(file)).Encode("c<s>"), Ids({2, 6}));
  file["added_tokens"][1]["normalized"] = false;
  EXPECT_EQ(Tokenizer(Read(file)).Encode("c<s>"), Ids({8}));
}

TEST(TokenizerJson, DefaultsAreThoseOfTheFormat) {
  Json file = Small();
  for (const char* name : {"added_tokens", "normalizer", "post_processor"}) file[name] = nullptr;
  file["model"] = {{"vocab", file["model"]["vocab"]}, {"merges", Json::array()}};
  const TokenizerSpec spec = Read(file);
  EXPECT_FALSE(spec.nfc || spec.ignore_merges || spec.add_bos || spec.bos);
  file["normalizer"] = {{"type", "Sequence"}, {"normalizers", Json::array()}};
  file["post_processor"] = {{"type", "ByteLevel"}};
  EXPECT_FALSE(Read(file).nfc);
}

struct Refusal {
  const char* says;
  ErrorCode code;
  std::function<void(Json&)> spoil;
};

void ExpectRefused(const std::vector<Refusal>& refusals) {
  for (const Refusal& refusal : refusals) {
    Json file = Small();
    refusal.spoil(file);
    try {
      Tokenizer tokenizer(Read(file));
      ADD_FAILURE() << "accepted: " << refusal.says;
    } catch (const Error& error) {
      const std::string message = error.what();
      EXPECT_EQ(error.code(), refusal.code) << message;
      EXPECT_EQ(message.find("t.json: "), 0u) << message;
      EXPECT_NE(message.find(refusal.says), std::string::npos) << message << "\n" << refusal.says;
    }
  }
}

TEST(TokenizerJson, WhatRetortDoesNotDoIsNamed) {
  const auto code = ErrorCode::kUnsupported;
  const auto step = [](Json& f) -> Json& { return f["pre_tokenizer"]["pretokenizers"][0]; };
  ExpectRefused({
      {"model.type is '\"WordPiece\"'", code, [](Json& f) { f["model"]["type"] = "WordPiece"; }},
      {"model.type is '\"Unigram\"'", code, [](Json& f) { f["model"]["type"] = "Unigram"; }},
      {"model.unk_token is '\"<s>\"'", code, [](Json& f) { f["model"]["unk_token"] = "<s>"; }},
      {"model.dropout is '0.1'", code, [](Json& f) { f["model"]["dropout"] = 0.1; }},
      {"model.byte_fallback", code, [](Json& f) { f["model"]["byte_fallback"] = true; }},
      {"model.end_of_word_suffix", code,
       [](Json& f) { f["model"]["end_of_word_suffix"] = "</w>"; }},
      {"normalizer is '{\"type\":\"Lowercase\"}'; Retort supports NFC or none", code,
       [](Json& f) { f["normalizer"]["type"] = "Lowercase"; }},
      {"normalizer.normalizers[1] is", code,
       [](Json& f) {
         f["normalizer"] = Json::parse(
             R"({"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Strip"}]})");
       }},
      {"pretokenizers[0] is '{\"type\":\"Metaspace\"", code,
       [&](Json& f) { step(f)["type"] = "Metaspace"; }},
      {"families: qwen2, llama-bpe, deepseek-v3, smollm", code,
       [&](Json& f) { step(f)["individual_digits"] = false; }},
      {"pretokenizers[0].behavior is '\"Removed\"'", code,
       [&](Json& f) {
         step(f) = Json::parse(R"({"type": "Split", "pattern": {"Regex": "x"},
                                   "behavior": "Removed", "invert": false})");
       }},
      {"add_prefix_space", code,
       [](Json& f) { f["pre_tokenizer"]["pretokenizers"][1]["add_prefix_space"] = true; }},
      {"end in ByteLevel", code, [](Json& f) { f["pre_tokenizer"]["pretokenizers"].erase(1); }},
      {"post_processor.processors[1].single is", code,
       [](Json& f) {
         Json& single = f["post_processor"]["processors"][1]["single"];
         single.push_back(single[0]);
       }},
      {"processors[0] is '{\"type\":\"BertProcessing\"", code,
       [](Json& f) { f["post_processor"]["processors"][0]["type"] = "BertProcessing"; }},
      {"decoder is", code, [](Json& f) { f["decoder"]["type"] = "WordPiece"; }},
      {"added_tokens[0].lstrip is 'true'", code,
       [](Json& f) { f["added_tokens"][0]["lstrip"] = true; }},
      {"added_tokens[1].single_word", code,
       [](Json& f) { f["added_tokens"][1]["single_word"] = true; }},
      {"normalized tokens in NFC", code,
       [](Json& f) { f["added_tokens"][1]["content"] = "e\u0301"; }},
  });
}

TEST(TokenizerJson, WhatContradictsTheFormatIsRefused) {
  const auto code = ErrorCode::kCorrupt;
  ExpectRefused({
      {"the file has no 'model'", code, [](Json& f) { f.erase("model"); }},
      {"model is array, must be object", code, [](Json& f) { f["model"] = Json::array(); }},
      {"the file is number, must be object", code, [](Json& f) { f = 7; }},
      {"model has no 'vocab'", code, [](Json& f) { f["model"].erase("vocab"); }},
      {"model has no 'merges'", code, [](Json& f) { f["model"].erase("merges"); }},
      {"'a' the id '-1'", code, [](Json& f) { f["model"]["vocab"]["a"] = -1; }},
      {"'a' the id '\"0\"'", code, [](Json& f) { f["model"]["vocab"]["a"] = "0"; }},
      {"'a' the id '2147483648'", code, [](Json& f) { f["model"]["vocab"]["a"] = 2147483648u; }},
      {"has 6 tokens, but ids up to 100000", code,
       [](Json& f) { f["model"]["vocab"]["a"] = 100000; }},
      {"has 2 tokens, but ids up to 100000", code,
       [](Json& f) { f["added_tokens"][0]["id"] = 100000; }},
      {"'a' and 'b' the same id 0", code, [](Json& f) { f["model"]["vocab"]["b"] = 0; }},
      {"added_tokens[0] has the id 5 of 'abc'", code,
       [](Json& f) { f["added_tokens"][0]["id"] = 5; }},
      {"tokens 0 and 8 are both 'a'", code, [](Json& f) { f["added_tokens"][1]["content"] = "a"; }},
      {"token 8 is empty", code, [](Json& f) { f["added_tokens"][1]["content"] = ""; }},
      {"added_tokens is object, must be array", code,
       [](Json& f) { f["added_tokens"] = Json::object(); }},
      {"model.merges[1] must be two tokens", code, [](Json& f) { f["model"]["merges"][1] = 7; }},
      {"merge 0 'a' is not two tokens", code, [](Json& f) { f["model"]["merges"][0] = "a"; }},
      {"which is no token", code, [](Json& f) { f["model"]["merges"][0] = "a x"; }},
      {"the file has no 'pre_tokenizer'", code, [](Json& f) { f.erase("pre_tokenizer"); }},
      {"pretokenizers[0] has no 'type'", code,
       [](Json& f) { f["pre_tokenizer"]["pretokenizers"][0] = Json::object(); }},
      {"is '<none>', which is no token", code,
       [](Json& f) {
         f["post_processor"]["processors"][1]["single"][0]["SpecialToken"]["id"] = "<none>";
       }},
  });
}

}  // namespace
}  // namespace retort
