#include "api/openai_chat.h"
#include "api/test_api.h"

namespace retort::api {
namespace {

std::unique_ptr<ReplyWriter> Writer(const GenerateRequest& request = {}) {
  return MakeChatCompletionWriter(SomeHead(), request);
}

TEST(ChatCompletionWriter, WritesAWholeAnswer) {
  const Json whole = Writer()->Whole({SomeOutcome()});
  EXPECT_EQ(whole, Json::parse(R"({
    "id": "chatcmpl-5f0c2a", "object": "chat.completion", "created": 1767225600, "model": "r1",
    "timings": {"first_token_s": 0.5, "first_answer_s": 1.5, "thinking_s": 0.0, "total_s": 2.0,
                "tokens_per_s": 0.0, "load_s": 0.0},
    "choices": [{"index": 0,
      "message": {"role": "assistant", "content": "It is 391.", "refusal": null,
                  "reasoning_content": "17 * 23 = 391", "reasoning": "17 * 23 = 391"},
      "logprobs": null, "finish_reason": "stop", "thinking_end": "model"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 20, "total_tokens": 29,
              "prompt_tokens_details": {"cached_tokens": 4},
              "completion_tokens_details": {"reasoning_tokens": 12}}})"));
}

TEST(ChatCompletionWriter, AnAnswerCutInItsThoughtIsEmptyAndNotNull) {
  Outcome outcome = SomeOutcome();
  outcome.choices[0].text = "";
  outcome.choices[0].finish = Finish::kLength;
  outcome.choices[0].reasoning_truncated = true;
  const Json choice = Writer()->Whole({outcome})["choices"][0];
  EXPECT_EQ(choice["message"]["content"], "");
  EXPECT_EQ(choice["finish_reason"], "length");
  EXPECT_EQ(choice["reasoning_truncated"], true);
}

TEST(ChatCompletionWriter, ContentIsNullOnlyBesideCalls) {
  Outcome outcome = SomeOutcome();
  outcome.choices[0].text = "";
  outcome.choices[0].calls = {SomeCall()};
  outcome.choices[0].finish = Finish::kToolCalls;
  const Json choice = Writer()->Whole({outcome})["choices"][0];
  EXPECT_EQ(choice["message"]["content"], nullptr);
  EXPECT_EQ(choice["finish_reason"], "tool_calls");
  EXPECT_EQ(choice["message"]["tool_calls"], Json::parse(R"([{"id": "call_1", "type": "function",
      "function": {"name": "weather", "arguments": "{\"city\":\"Oslo\"}"}}])"));
}

TEST(ChatCompletionWriter, SaysHowAnAnswerEnded) {
  const auto ended = [](Finish finish) {
    Outcome outcome = SomeOutcome();
    outcome.choices[0].finish = finish;
    outcome.choices[0].stop_sequence = "###";
    return Writer()->Whole({outcome})["choices"][0];
  };
  EXPECT_EQ(ended(Finish::kLoop)["finish_reason"], "length");
  EXPECT_EQ(ended(Finish::kLoop)["finish_details"]["type"], "loop");
  EXPECT_EQ(ended(Finish::kCancelled)["finish_reason"], "stop");
  EXPECT_EQ(ended(Finish::kCancelled)["finish_details"]["type"], "cancelled");
  EXPECT_EQ(ended(Finish::kStop)["stop_reason"], "###");
  EXPECT_FALSE(ended(Finish::kStop).contains("finish_details"));
}

TEST(ChatCompletionWriter, StreamsChunks) {
  const auto writer = Writer();
  const std::vector<Event> begin = writer->Begin();
  ASSERT_EQ(begin.size(), 1u);
  EXPECT_EQ(DataOf(begin[0]), Json::parse(R"({"id": "chatcmpl-5f0c2a",
      "object": "chat.completion.chunk", "created": 1767225600, "model": "r1",
      "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "logprobs": null,
                   "finish_reason": null}]})"));
  const std::vector<Event> both = writer->Push({.reasoning = "hm", .text = "4"});
  ASSERT_EQ(both.size(), 2u) << "clients look at one of the two in a delta";
  EXPECT_EQ(DataOf(both[0])["choices"][0]["delta"],
            Json::parse(R"({"reasoning_content": "hm", "reasoning": "hm"})"));
  EXPECT_EQ(DataOf(both[1])["choices"][0]["delta"], Json::parse(R"({"content": "4"})"));
  EXPECT_TRUE(writer->Push({}).empty());
  const std::vector<Event> end = writer->End({SomeOutcome()});
  ASSERT_EQ(end.size(), 2u);
  EXPECT_EQ(DataOf(end[0])["choices"][0]["finish_reason"], "stop");
  EXPECT_EQ(DataOf(end[0])["choices"][0]["delta"], Json::object());
  EXPECT_EQ(DataOf(end[0])["timings"]["total_s"], 2.0);
  EXPECT_EQ(end[1].data, "[DONE]");
}

TEST(ChatCompletionWriter, UsageComesLastIfWanted) {
  const auto writer = Writer({.include_usage = true});
  EXPECT_EQ(DataOf(writer->Begin()[0]).at("usage"), nullptr);
  const std::vector<Event> end = writer->End({SomeOutcome()});
  ASSERT_EQ(end.size(), 3u);
  EXPECT_EQ(DataOf(end[0]).at("usage"), nullptr);
  EXPECT_EQ(DataOf(end[1])["choices"], Json::array());
  EXPECT_EQ(DataOf(end[1])["usage"]["completion_tokens_details"]["reasoning_tokens"], 12);
}

TEST(ChatCompletionWriter, CallsAreCountedWithinTheirChoice) {
  const auto writer = Writer({.n = 2});
  EXPECT_EQ(writer->Begin().size(), 2u);
  const auto index = [&](int32_t choice) {
    const std::vector<Event> events = writer->Push({.choice = choice, .calls = {SomeCall()}});
    const Json json = DataOf(events.at(0))["choices"][0];
    EXPECT_EQ(json["index"], choice);
    EXPECT_EQ(json["delta"]["tool_calls"][0]["function"]["name"], "weather");
    return json["delta"]["tool_calls"][0]["index"].get<int>();
  };
  EXPECT_EQ(index(1), 0);
  EXPECT_EQ(index(1), 1);
  EXPECT_EQ(index(0), 0);
}

TEST(ChatCompletionWriter, LogprobsStandWithWhatTheyAreOf) {
  const auto writer = Writer({.top_logprobs = 2});
  const std::vector<Event> events =
      writer->Push({.reasoning = "hm",
                    .text = "\xC3\xA9",
                    .tokens = {Token("hm", -1, true), Token("\xC3", -0.5),
                               Token("\xA9", -std::numeric_limits<double>::infinity())}});
  ASSERT_EQ(events.size(), 2u);
  const Json thought = DataOf(events[0])["choices"][0]["logprobs"];
  EXPECT_EQ(thought["reasoning_content"][0]["token"], "hm");
  EXPECT_TRUE(thought["content"].empty());
  const Json answer = DataOf(events[1])["choices"][0]["logprobs"]["content"];
  EXPECT_EQ(answer[0]["token"], "\xEF\xBF\xBD");
  EXPECT_EQ(answer[0]["bytes"], Json::array({0xC3}));
  EXPECT_EQ(answer[0]["logprob"], -0.5);
  EXPECT_EQ(answer[0]["top_logprobs"][1]["token"], "x");
  EXPECT_EQ(answer[1]["logprob"], -9999.0);
}

TEST(ChatCompletionWriter, RawTextHasAllTokens) {
  const auto writer = Writer({.top_logprobs = 0, .separate_reasoning = false});
  const std::vector<Event> events =
      writer->Push({.text = "<think>", .tokens = {Token("<think>", -1, true)}});
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(DataOf(events[0])["choices"][0]["logprobs"]["content"][0]["token"], "<think>");
}

TEST(ChatCompletionWriter, HidesReasoningThatIsNotWanted) {
  const auto writer = Writer({.include_reasoning = false});
  EXPECT_TRUE(writer->Push({.reasoning = "hm"}).empty());
  const Json message = writer->Whole({SomeOutcome()})["choices"][0]["message"];
  EXPECT_FALSE(message.contains("reasoning") || message.contains("reasoning_content"));
}

TEST(ChatCompletionWriter, AStreamThatBreaksEndsWithItsError) {
  const std::vector<Event> events = Writer()->Break({.message = "out of memory"});
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(DataOf(events[0])["error"]["message"], "out of memory");
}

TEST(ChatCompletionWriter, SendsTokenIdsAndTimingsIfWanted) {
  const auto writer = Writer({.return_token_ids = true, .timings_per_token = true});
  const Json chunk = DataOf(writer->Push({.text = "a", .token_ids = {5, 6}}).at(0));
  EXPECT_EQ(chunk["choices"][0]["token_ids"], Json::array({5, 6}));
  EXPECT_TRUE(chunk.contains("timings"));
}

}  // namespace
}  // namespace retort::api
