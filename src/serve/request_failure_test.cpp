// Whatever goes wrong with a request, and wherever on its way: it gets one error that says so, and
// those beside it get the answers that they would have had alone.
#include <gtest/gtest.h>

#include <future>

#include "serve/test_service.h"

namespace retort::serve {
namespace {

constexpr const char* kChat = "/v1/chat/completions";

struct Failing {
  const char* stage;
  Json body;
  int status;
};

class RequestFailureTest : public ServiceTest {
 protected:
  void SetUp() override {
    models_.Say("good", "hm</think>" + good_answer_);
    models_.Say("row", std::string("hm</think>so") + static_cast<char>(kRowFails) + "never");
    models_.Say("step", std::string("hm</think>so") + static_cast<char>(kStepFails) + "never");
  }

  static Json With(Json body, const std::string& name, Json value) {
    body[name] = std::move(value);
    return body;
  }

  // In the order of a request's way.
  std::vector<Failing> OneOfEachStage() const {
    return {{"fields", With(ChatBody("q"), "top_p", "high"), 400},
            {"model", With(ChatBody("q"), "model", "absent"), 404},
            {"template", ChatBody("refused"), 400},
            {"context", ChatBody(std::string(5000, 'q')), 400},
            {"grammar", With(ChatBody("q"), "grammar", "root ::= absent"), 400},
            {"schema",
             With(ChatBody("q"), "response_format",
                  {{"type", "json_schema"},
                   {"json_schema", {{"name", "x"}, {"schema", {{"type", "nothing"}}}}}}),
             400},
            {"sampling", ChatBody("row"), 500}};
  }

  std::vector<std::future<net::Response>> StartGoodOnes(size_t count) {
    std::vector<std::future<net::Response>> replies;
    for (size_t i = 0; i < count; ++i) {
      replies.push_back(
          std::async(std::launch::async, [&] { return Post(kChat, ChatBody("good")); }));
    }
    return replies;
  }

  // 100 words that are all different, which no loop guard minds.
  static std::string Numbers() {
    std::string text;
    for (int i = 0; i < 100; ++i) text += std::to_string(i * 7919 % 1000) + " ";
    return text + "and the end";
  }

  const std::string good_answer_ = Numbers();
};

TEST_F(RequestFailureTest, AtEveryStageLeavesTheOthersAlone) {
  Start();
  models_.step_s = 0.002;
  auto good = StartGoodOnes(4);
  ASSERT_TRUE(Eventually([&] { return BlocksInUse() > 0; }));
  EXPECT_EQ(ErrorOf(Send("POST", kChat, "{\"messages\": ["), 400).empty(), false);
  for (const Failing& failing : OneOfEachStage()) {
    EXPECT_NE(ErrorOf(Post(kChat, failing.body), failing.status), "") << failing.stage;
  }
  for (auto& reply : good) {
    const net::Response response = reply.get();
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(Json::parse(response.body)["choices"][0]["message"]["content"], good_answer_);
  }
  EXPECT_TRUE(Eventually([&] { return BlocksInUse() == 0; }));
}

TEST_F(RequestFailureTest, InAStreamIsItsLastEvent) {
  Start();
  Json body = ChatBody("row");
  body["stream"] = true;
  const net::Response response = Post(kChat, body);
  EXPECT_EQ(response.status, 200) << "it had begun";
  const Streamed streamed = ReadStream(response.body);
  EXPECT_EQ(streamed.text.substr(0, 2), "so");
  ASSERT_FALSE(streamed.events.empty());
  EXPECT_TRUE(streamed.events.back().contains("error")) << streamed.events.back();
  EXPECT_TRUE(Eventually([&] { return BlocksInUse() == 0; }));
}

TEST_F(RequestFailureTest, AStepThatFailsEndsWhatWasInItAndNothingLater) {
  Start();
  ErrorOf(Post(kChat, ChatBody("step")), 500);
  EXPECT_EQ(Chat(ChatBody("good"))["choices"][0]["message"]["content"], good_answer_);
  EXPECT_TRUE(Eventually([&] { return BlocksInUse() == 0; }));
}

}  // namespace
}  // namespace retort::serve
