#include "cli/json_lines.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

TEST(JsonLines, ABadLineIsAnsweredAndTheNextGoesOn) {
  std::istringstream in(
      "{\"a\": 1}\n\n{broken\n[1]\n{\"a\": \"é\"}\n{\"b\": "
      "2}\n{\"a\": 0}\n{\"a\": 1, \"a\": 2}\n{");
  std::ostringstream out;
  const JsonLineCounts counts =
      AnswerJsonLines(in, out, R"({"a": 1})", [](const Json& request) -> Json {
        if (request.contains("a") && request["a"] == 0) {
          Fail(ErrorCode::kInvalidArgument, "a is 0, must not be");
        }
        return {{"got", request.at("a")}};
      });
  EXPECT_EQ(counts.lines, 8);
  EXPECT_EQ(counts.failed, 6);
  const Json expected[] = {
      {{"got", 1}},
      {{"error", R"(line 3: not JSON at column 2: 'broken'; a line looks like {"a": 1})"}},
      {{"error", R"(line 4: is array, must be a JSON object; a line looks like {"a": 1})"}},
      {{"got", "é"}},
      {{"error", R"(line 6: a field has the wrong type; a line looks like {"a": 1})"}},
      {{"error", "line 7: a is 0, must not be"}},
      {{"error", R"(line 8: the key 'a' comes twice in one object; a line looks like {"a": 1})"}},
      {{"error", R"(line 9: the JSON ends too early, after 1 bytes; a line looks like {"a": 1})"}},
  };
  std::istringstream replies(out.str());
  for (const Json& reply : expected) {
    std::string line;
    ASSERT_TRUE(std::getline(replies, line));
    EXPECT_EQ(Json::parse(line), reply) << line;
  }
  EXPECT_THROW(FailIfAnyFailed(counts), Error);
  EXPECT_NO_THROW(FailIfAnyFailed({5, 0}));
}

}  // namespace
}  // namespace retort
