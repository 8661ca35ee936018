#include "cli/batch_input.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "base/error.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

BatchRequest Read(std::string_view line, const GenerationOptions& base = {},
                  const std::string& system = "") {
  return ReadBatchRequest(ParseBatchLine(line), base, system);
}

std::string Refusal(std::string_view line) {
  try {
    Read(line);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(BatchInput, APromptBecomesAUserMessage) {
  const BatchRequest request = Read(R"({"id": "q1", "prompt": "Hi"})");
  EXPECT_EQ(*request.messages, Json::parse(R"([{"role": "user", "content": "Hi"}])"));
}

TEST(BatchInput, SettingsOfALineStandOverThoseOfTheCommand) {
  GenerationOptions base;
  base.max_tokens = 7;
  const BatchRequest request = Read(R"({"prompt": "Hi", "temperature": 0.5, "seed": 3})", base);
  EXPECT_EQ(request.options.sampling.temperature, 0.5);
  EXPECT_EQ(request.options.sampling.seed, 3u);
  EXPECT_EQ(request.options.max_tokens, 7);
}

TEST(BatchInput, TheSystemMessageComesFirstUnlessTheLineHasOne) {
  EXPECT_EQ(Read(R"({"prompt": "Hi"})", {}, "Be brief.").messages->at(0)["content"], "Be brief.");
  const BatchRequest own = Read(
      R"({"messages": [{"role": "system", "content": "Own."}, {"role": "user", "content": "Hi"}]})",
      {}, "Be brief.");
  EXPECT_EQ(own.messages->size(), 2u);
  EXPECT_EQ(own.messages->at(0)["content"], "Own.");
}

TEST(BatchInput, EachKindOfBadLineIsNamed) {
  EXPECT_TRUE(Refusal("not json").starts_with("the line is no JSON object; give one such as"));
  EXPECT_TRUE(Refusal("[1]").starts_with("the line is no JSON object"));
  EXPECT_TRUE(Refusal("{}").starts_with("the line has neither prompt nor messages"));
  EXPECT_EQ(Refusal(R"({"prompt": 7})"), "prompt is 7; give a text");
  EXPECT_TRUE(Refusal(R"({"messages": []})").starts_with("messages must be a list such as"));
  EXPECT_TRUE(Refusal(R"({"messages": [{"content": "x"}]})").starts_with("messages must be"));
  EXPECT_TRUE(Refusal(R"({"prompt": "a", "messages": [{"role": "user"}]})")
                  .starts_with("the line has prompt and messages"));
  EXPECT_TRUE(Refusal(R"({"prompt": "a", "warmth": 1})").starts_with("there is no setting warmth"));
}

TEST(BatchInput, ProgressCountsWholeLinesAlone) {
  std::istringstream output("{\"line\": 3, \"answer\": \"x\"}\n{\"line\": 1}\n{\"line\": 2, \"ans");
  const BatchProgressSoFar progress = ReadBatchProgress(output, "out");
  EXPECT_EQ(progress.answered, (std::set<int64_t>{1, 3}));
  EXPECT_EQ(progress.whole_bytes, 39);
}

TEST(BatchInput, AFileThatNoBatchWroteIsRefused) {
  for (const char* text : {"hello\n", "{}\n", "{\"line\": \"1\"}\n", "[1]\n"}) {
    std::istringstream output(text);
    EXPECT_THROW(ReadBatchProgress(output, "notes.txt"), Error) << text;
  }
}

}  // namespace
}  // namespace retort
