#include "lab/compare/worker_protocol.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace retort {
namespace {

TEST(WorkerProtocolTest, TasksAndRepliesSurviveTheWire) {
  const ChatTask task{.prompt = "1 + 1 = ?\n\"quoted\" 求",
                      .max_tokens = 64,
                      .sampling = {.temperature = 0.6, .top_k = 3, .top_p = 0.95, .seed = ~0ull}};
  const ChatTask read = ChatTaskFromJson(ParseLine(ToLine(ToJson(task))));
  EXPECT_EQ(read.prompt, task.prompt);
  EXPECT_EQ(read.max_tokens, 64);
  EXPECT_EQ(read.sampling.temperature, 0.6);
  EXPECT_EQ(read.sampling.top_k, 3);
  EXPECT_EQ(read.sampling.seed, ~0ull);

  ChatReply reply;
  reply.reasoning = "hm";
  reply.answer = "2";
  reply.finish = "stop";
  reply.new_tokens = 3;
  reply.first_token_s = 0.125;
  const ChatReply back = ChatReplyFromJson(ParseLine(ToLine(ToJson(reply))));
  EXPECT_EQ(back.reasoning, "hm");
  EXPECT_EQ(back.answer, "2");
  EXPECT_EQ(back.first_token_s, 0.125);
}

TEST(WorkerProtocolTest, BatchesSurviveTheWire) {
  BatchTask task;
  task.questions = {{.problem = 4, .prompt = "a", .seed = 9}, {.problem = 7, .prompt = "b"}};
  task.parallel = 5;
  EXPECT_EQ(BatchTaskFromJson(ParseLine(ToLine(ToJson(task)))).think_budget, std::nullopt);
  task.think_budget = 0;
  const BatchTask read = BatchTaskFromJson(ParseLine(ToLine(ToJson(task))));
  ASSERT_EQ(read.questions.size(), 2u);
  EXPECT_EQ(read.questions[0].seed, 9u);
  EXPECT_EQ(read.questions[1].problem, 7);
  EXPECT_EQ(read.parallel, 5);
  EXPECT_EQ(read.think_budget, 0);

  BatchProgress progress;
  progress.finished.resize(1);
  progress.finished[0].answer = "x";
  progress.finished[0].finish = "loop";
  progress.finished[0].thinking_end = "budget";
  progress.left = 3;
  const BatchProgress back = BatchProgressFromJson(ParseLine(ToLine(ToJson(progress))));
  ASSERT_EQ(back.finished.size(), 1u);
  EXPECT_EQ(back.finished[0].finish, "loop");
  EXPECT_EQ(back.finished[0].thinking_end, "budget");
  EXPECT_EQ(back.left, 3);
}

TEST(WorkerProtocolTest, ALineIsOneLineOfValidUtf8WhateverTheModelSaid) {
  ChatReply reply;
  reply.answer = "a\nb\xff\xfe\x01";
  const std::string line = ToLine(ToJson(reply));
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(ChatReplyFromJson(ParseLine(line)).answer, "a\nb\uFFFD\uFFFD\x01");
}

TEST(WorkerProtocolTest, AMissingFieldIsNamed) {
  try {
    ChatTaskFromJson(ParseLine("{\"prompt\": \"x\"}"));
    FAIL() << "max_tokens is missing";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
    EXPECT_NE(std::string(error.what()).find("max_tokens"), std::string::npos);
  }
  EXPECT_THROW(ChatTaskFromJson(ParseLine("{\"prompt\": 1, \"max_tokens\": 1}")), Error);
  EXPECT_THROW(ParseLine("not json"), Error);
  EXPECT_THROW(ParseLine("[1]"), Error);
}

}  // namespace
}  // namespace retort
