#include "checkpoint/config_metadata.h"

#include <gtest/gtest.h>

#include <string>

#include "base/strict_json.h"
#include "tests/support/expect_error.h"

namespace retort {
namespace {

TEST(ConfigMetadata, ReadsEveryKindOfValue) {
  const Metadata m = MetadataFromJson(
      R"({"int": 28, "negative": -1, "float": 1e-06, "flag": false, "text": "qwen2",
          "no_limit": 18446744073709551615, "ids": [1, 2], "mixed": [1, 0.5], "flags": [true],
          "names": ["LlamaForCausalLM"], "rope_scaling": {"factor": 8.0, "deep": {"er": 1}},
          "nothing": null, "empty": [], "objects": [{"a": 1}], "jumble": [1, "a"], "none": {}})",
      "config.json");
  EXPECT_EQ(m.source(), "config.json");
  EXPECT_EQ(m.GetInt("int"), 28);
  EXPECT_EQ(m.GetInt("negative"), -1);
  EXPECT_EQ(m.GetDouble("float"), 1e-6);
  EXPECT_EQ(m.FindBool("flag"), false);
  EXPECT_EQ(m.GetString("text"), "qwen2");
  EXPECT_EQ(m.GetDouble("no_limit"), 18446744073709551616.0);
  EXPECT_EQ(*m.FindInts("ids"), (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(m.FindStrings("names")->front(), "LlamaForCausalLM");
  EXPECT_EQ(m.GetDouble("rope_scaling.factor"), 8.0);
  EXPECT_EQ(m.GetInt("rope_scaling.deep.er"), 1);
  EXPECT_EQ(std::get<std::vector<double>>(m.values().at("mixed")), (std::vector<double>{1, 0.5}));
  EXPECT_EQ(std::get<std::vector<bool>>(m.values().at("flags")), std::vector<bool>{true});
  for (const char* left_out : {"nothing", "empty", "objects", "jumble", "none", "rope_scaling"}) {
    EXPECT_FALSE(m.values().contains(left_out)) << left_out;
  }
}

TEST(ConfigMetadata, RefusesWhatIsNoObjectOfSettings) {
  const auto expect = [](const std::string& text, const std::vector<std::string>& parts) {
    ExpectError(ErrorCode::kCorrupt, parts, [&] { MetadataFromJson(text, "config.json"); });
  };
  expect("[1]", {"config.json", "holds array"});
  expect("3", {"config.json", "holds number"});
  for (const char* text : {"", "{\"a\": 1,}", "{\"a\": \"\xff\"}", "{\"a\": 1} {}",
                           "{\"a\": 1e999}", "{\"a\": NaN}"}) {
    expect(text, {"config.json", "JSON"});
  }
}

TEST(ConfigMetadata, RefusesKeysThatComeTwice) {
  for (const char* text : {R"({"a.b": 1, "c": 2, "a.b": 1})", R"({"a.b": 1, "a": {"b": 2}})",
                           R"({"x": [{"a.b": 1, "a.b": 2}]})"}) {
    ExpectError(ErrorCode::kCorrupt, {"config.json", "'a.b' comes twice"},
                [&] { MetadataFromJson(text, "config.json"); });
  }
}

std::string Nested(size_t depth) {
  return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
}

TEST(ConfigMetadata, BoundsTheDepth) {
  EXPECT_NO_THROW(MetadataFromJson(Nested(kMaxJsonDepth - 1), "config.json"));
  for (const size_t depth : {size_t{kMaxJsonDepth}, size_t{1'000'000}}) {
    ExpectError(ErrorCode::kCorrupt, {"config.json", "nests more than 200 deep"},
                [&] { MetadataFromJson(Nested(depth), "config.json"); });
  }
  std::string objects;
  for (int i = 0; i < 1000; ++i) objects += "{\"a\":";
  ExpectError(ErrorCode::kCorrupt, {"nests more than"},
              [&] { MetadataFromJson(objects, "config.json"); });
}

}  // namespace
}  // namespace retort
