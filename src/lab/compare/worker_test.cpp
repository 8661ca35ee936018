#include "lab/compare/worker.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace retort {
namespace {

using SortedJson = nlohmann::json;

class WorkerTest : public testing::Test {
 protected:
  WorkerTest()
      : model_(LoadModel(RETORT_SOURCE_DIR "/tests/data/models/tiny-qwen2.gguf",
                         {.num_threads = 1, .cpu_level = "", .kv_tokens = 2048})),
        worker_(*model_, /*parallel=*/4, /*speculate=*/false) {}

  SortedJson Ask(SortedJson request, const char* op) {
    request["op"] = op;
    return SortedJson::parse(worker_.Handle(request.dump()));
  }

  std::unique_ptr<LoadedModel> model_;
  Worker worker_;
};

BatchTask SomeQuestions(int count) {
  BatchTask task;
  for (int i = 0; i < count; ++i)
    task.questions.push_back({.problem = i,
                              .prompt = "What is 1 + " + std::to_string(i) + "?",
                              .seed = static_cast<uint64_t>(i)});
  task.max_tokens = 12;
  task.parallel = 4;
  task.sampling.temperature = 1;
  return task;
}

TEST_F(WorkerTest, ChatsWithTimes) {
  const ChatTask task{.prompt = "Hello", .max_tokens = 8, .sampling = {}};
  const SortedJson reply = Ask(ToJson(task), "chat");
  ASSERT_TRUE(reply.contains("reply")) << reply;
  const ChatReply chat = ChatReplyFromJson(reply["reply"]);
  EXPECT_GE(chat.new_tokens, 1);
  EXPECT_LE(chat.new_tokens, 8);
  EXPECT_GT(chat.prompt_tokens, 0);
  EXPECT_GT(chat.first_token_s, 0);
  EXPECT_GE(chat.total_s, chat.first_token_s);
}

TEST_F(WorkerTest, LengthTestsHaveExactlyTheLengthsAskedFor) {
  const SpeedSample sample =
      SpeedSampleFromJson(Ask(ToJson(LengthTest{100, 20}), "fixed")["reply"]);
  EXPECT_EQ(sample.prompt_tokens, 100);
  EXPECT_EQ(sample.new_tokens, 20);
  EXPECT_GT(sample.tokens_per_s, 0);
}

TEST_F(WorkerTest, AnswersEveryQuestionOnceHoweverTheTurnsFall) {
  ASSERT_TRUE(Ask(ToJson(SomeQuestions(11)), "start").contains("reply"));
  std::set<int> answered;
  int left = 11;
  for (int turn = 0; left > 0 && turn < 10000; ++turn) {
    const BatchProgress progress =
        BatchProgressFromJson(Ask({{"seconds", 0.002}}, "advance")["reply"]);
    for (const AnswerRecord& record : progress.finished) {
      EXPECT_TRUE(answered.insert(record.problem).second) << record.problem;
      EXPECT_LE(record.new_tokens, 12);
    }
    left = progress.left;
  }
  EXPECT_EQ(answered.size(), 11u);
}

TEST_F(WorkerTest, TheSameAnswersAloneAndTogether) {
  const auto answers = [&](int parallel) {
    BatchTask task = SomeQuestions(6);
    task.parallel = parallel;
    Ask(ToJson(task), "start");
    std::vector<std::string> texts(6);
    for (int left = 6; left > 0;) {
      const BatchProgress progress =
          BatchProgressFromJson(Ask({{"seconds", 10}}, "advance")["reply"]);
      for (const AnswerRecord& record : progress.finished)
        texts[static_cast<size_t>(record.problem)] = record.answer;
      left = progress.left;
    }
    return texts;
  };
  EXPECT_EQ(answers(1), answers(4));
}

TEST_F(WorkerTest, BadRequestsGetAnErrorAndTheWorkerLivesOn) {
  for (const char* line : {"", "nonsense", "[]", "{}", "{\"op\": \"dance\"}", "{\"op\": \"chat\"}",
                           "{\"op\": \"advance\"}", "{\"op\": 3}"}) {
    const SortedJson reply = SortedJson::parse(worker_.Handle(line));
    ASSERT_TRUE(reply.contains("error")) << line;
    EXPECT_FALSE(reply["error"]["message"].get<std::string>().empty());
  }
  EXPECT_TRUE(Ask(ToJson(LengthTest{10, 2}), "fixed").contains("reply"));
}

TEST_F(WorkerTest, AnUnfinishedBatchMayBeDropped) {
  Ask(ToJson(SomeQuestions(9)), "start");
  Ask({{"seconds", 0.001}}, "advance");
  EXPECT_TRUE(Ask(ToJson(SomeQuestions(2)), "start").contains("reply"));
}

TEST_F(WorkerTest, ServesUntilTheInputEnds) {
  std::istringstream in("{\"op\": \"dance\"}\nrubbish\n");
  std::ostringstream out;
  ServeWorker(worker_, in, out);
  std::istringstream lines(out.str());
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  const ComparedModel facts = ComparedModelFromJson(SortedJson::parse(line)["ready"]["facts"]);
  EXPECT_EQ(facts.architecture, "qwen2");
  EXPECT_GT(facts.weight_bytes, 0);
  EXPECT_GT(facts.file_bytes, 0);
  int errors = 0;
  while (std::getline(lines, line)) errors += SortedJson::parse(line).contains("error") ? 1 : 0;
  EXPECT_EQ(errors, 2);
}

}  // namespace
}  // namespace retort
