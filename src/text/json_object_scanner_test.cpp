#include "text/json_object_scanner.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/strict_json.h"

namespace retort {
namespace {

using Result = JsonObjectScanner::Result;

// How many bytes the scanner takes, and what the last of them gives.
std::pair<size_t, Result> Scan(std::string_view text) {
  JsonObjectScanner scanner;
  for (size_t i = 0; i < text.size(); ++i) {
    const Result result = scanner.Push(text[i]);
    if (result != Result::kMore) return {i + 1, result};
  }
  return {text.size(), Result::kMore};
}

TEST(JsonObjectScanner, EndsWithTheObject) {
  for (const std::string_view text : {
           R"({})",
           R"({ })",
           R"({"a":1})",
           R"({"a" : -1.5e+3 , "b":[ ] , "c":[1,[true],{"d":null}],"e":{}})",
           R"({"}": "}{\"", "\\": "\\"})",
           "{\n\t\"a\": false\r\n}",
           "{\"思考\": \"\xF0\x9F\x98\x80\"}",
           R"({"a":{"b":{"c":{}}}})",
       }) {
    EXPECT_EQ(Scan(text), std::pair(text.size(), Result::kDone)) << text;
    EXPECT_EQ(Scan(std::string(text) + "}"), std::pair(text.size(), Result::kDone)) << text;
    EXPECT_EQ(Scan(text.substr(0, text.size() - 1)), std::pair(text.size() - 1, Result::kMore));
  }
}

TEST(JsonObjectScanner, SeesWhatIsNone) {
  // Each is bad at its last byte, and not before.
  for (const std::string_view text : {"[",
                                      " ",
                                      "\"",
                                      "{a",
                                      "{,",
                                      "{{",
                                      "{[",
                                      "{1",
                                      "{]",
                                      R"({"a"})",
                                      R"({"a",)",
                                      R"({"a"")",
                                      R"({"a":,)",
                                      R"({"a":})",
                                      R"({"a":])",
                                      R"({"a":x)",
                                      R"({"a":tx)",
                                      R"({"a":tru,)",
                                      R"({"a":truee)",
                                      R"({"a":+)",
                                      R"({"a":.)",
                                      R"({"a":1 2)",
                                      R"({"a":1x)",
                                      R"({"a":"b"")",
                                      R"({"a":1,})",
                                      R"({"a":1,1)",
                                      R"({"a":1])",
                                      R"({"a":[1})",
                                      R"({"a":[1,])",
                                      R"({"a":[,)",
                                      "{\"a\n",
                                      "{\"a\":\"\x01",
                                      "{\"a\":\"\\\n"}) {
    EXPECT_EQ(Scan(text), std::pair(text.size(), Result::kBad)) << text;
  }
  JsonObjectScanner scanner;
  scanner.Push('{');
  EXPECT_EQ(scanner.Push('}'), Result::kDone);
  EXPECT_EQ(scanner.Push(' '), Result::kBad);
}

TEST(JsonObjectScanner, TellsWhereMembersStand) {
  const std::string_view text = R"({"a": {"x": 1, "y": [2]}, "bc" :12 ,"d":"e\"" , "f":[{}]})";
  JsonObjectScanner scanner;
  for (const char byte : text) scanner.Push(byte);
  std::vector<std::string> parts;
  for (const auto& member : scanner.members()) {
    parts.emplace_back(text.substr(member.key_begin, member.key_end - member.key_begin));
    parts.emplace_back(text.substr(member.value_begin, member.value_end - member.value_begin));
  }
  const std::vector<std::string> expected = {
      "\"a\"", R"({"x": 1, "y": [2]})", "\"bc\"", "12", "\"d\"", R"("e\"")", "\"f\"", "[{}]"};
  EXPECT_EQ(parts, expected);
}

TEST(JsonObjectScanner, NestsAsDeepAsOurJsonMay) {
  const auto nested = [](int depth) {
    std::string text = "{\"a\":";
    for (int i = 1; i < depth; ++i) text += '[';
    for (int i = 1; i < depth; ++i) text += ']';
    return text + "}";
  };
  EXPECT_EQ(Scan(nested(kMaxJsonDepth)).second, Result::kDone);
  EXPECT_EQ(Scan(nested(kMaxJsonDepth + 1)).second, Result::kBad);
}

}  // namespace
}  // namespace retort
