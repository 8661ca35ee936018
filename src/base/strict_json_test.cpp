#include "base/strict_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"

namespace retort {
namespace {

std::string MessageOf(const std::string& text) {
  try {
    ReadJson(text, "c.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
    return error.what();
  }
  return "accepted";
}

TEST(StrictJson, ReadsWhatNlohmannReads) {
  for (const char* text :
       {"1", "-7", "2.5", "true", "null", "\"a\\u00e9\\n\"", "[]", "{}", "[1, [2, {}], \"x\"]",
        R"({"z": 1, "a": {"y": [null, {"b": -1}], "x": 18446744073709551615}, "e": 1e300})",
        " \n\t[1]\n ", "\xEF\xBB\xBF{}"}) {
    EXPECT_EQ(ReadJson(text, "c.json"), nlohmann::ordered_json::parse(text)) << text;
    EXPECT_EQ(ReadJson(text, "c.json").dump(), nlohmann::ordered_json::parse(text).dump());
  }
}

TEST(StrictJson, SaysInOurWordsWhatIsWrongAndWhere) {
  EXPECT_EQ(MessageOf("{\"a\": nul}"), "c.json: not JSON at column 10: '}'; get the file anew");
  EXPECT_EQ(MessageOf("{\n \"a\": 1,\n \"b\": x}"),
            "c.json: not JSON at line 3, column 7: 'x}'; get the file anew");
  EXPECT_EQ(MessageOf("[1, 2"),
            "c.json: the JSON ends too early, after 5 bytes; get the file anew");
  EXPECT_EQ(MessageOf(""), "c.json: the JSON ends too early, after 0 bytes; get the file anew");
  EXPECT_EQ(MessageOf("[1] [2]"), "c.json: not JSON at column 5: '[2]'; get the file anew");
  for (const char* text : {"{\"a\" 1}", "[1,]", "{,}", "'a'", "\"\xFF\"", "[\"\n\"]", "1e999",
                           "nan", "01", "\"\\x\"", "\"\\ud800\"", "// c\n1"}) {
    EXPECT_EQ(MessageOf(text).find("c.json: not JSON at "), 0u) << text << " " << MessageOf(text);
  }
}

TEST(StrictJson, KeysComeOnceInAnObject) {
  EXPECT_EQ(MessageOf(R"({"a": 1, "b": {"a": 2}, "a": 3})"),
            "c.json: the key 'a' comes twice in one object; get the file anew");
  EXPECT_EQ(MessageOf(R"([{"a": 1}, {"a": 2, "b": {"a": 2}}])"), "accepted");
}

TEST(StrictJson, NestingIsBounded) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(MessageOf(nested(kMaxJsonDepth)), "accepted");
  EXPECT_EQ(MessageOf(nested(kMaxJsonDepth + 1)),
            "c.json: the JSON nests more than 200 deep; get the file anew");
  EXPECT_EQ(MessageOf(std::string(1'000'000, '[')),
            "c.json: the JSON nests more than 200 deep; get the file anew");
}

// With a search among the keys for each key this would take minutes.
TEST(StrictJson, ManyKeysAreLinear) {
  std::string text = "{";
  for (int i = 0; i < 100'000; ++i) text += "\"k" + std::to_string(i) + "\": 0, ";
  EXPECT_EQ(ReadJson(text + "\"last\": 1}", "c.json").size(), 100'001u);
}

}  // namespace
}  // namespace retort
