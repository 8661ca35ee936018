#include "cli/json_lines.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

TEST(JsonLines, ABadLineIsAnsweredAndTheNextGoesOn) {
  std::istringstream in("{\"a\": 1}\n\n{broken\n[1]\n{\"a\": \"é\"}\n{\"b\": 2}");
  std::ostringstream out;
  const JsonLineCounts counts = AnswerJsonLines(in, out, [](const Json& request) -> Json {
    return {{"got", request.at("a")}};
  });
  EXPECT_EQ(counts.lines, 5);
  EXPECT_EQ(counts.failed, 3);
  std::istringstream replies(out.str());
  std::vector<Json> lines;
  for (std::string line; std::getline(replies, line);) lines.push_back(Json::parse(line));
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0], Json({{"got", 1}}));
  EXPECT_TRUE(lines[1].contains("error"));
  EXPECT_EQ(lines[2], Json({{"error", "a line must be a JSON object, not array"}}));
  EXPECT_EQ(lines[3], Json({{"got", "é"}}));
  EXPECT_TRUE(lines[4].contains("error"));
  EXPECT_THROW(FailIfAnyFailed(counts), Error);
  EXPECT_NO_THROW(FailIfAnyFailed({5, 0}));
}

}  // namespace
}  // namespace retort
