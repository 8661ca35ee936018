// `retort make-model` as a user runs it, and the model that it made answering a question.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "base/process.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

struct Outcome {
  std::string output, end, last_error;
};

Outcome Retort(const std::vector<std::string>& arguments) {
  std::vector<std::string> argv = {RETORT_PROGRAM};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  ChildProcess child(argv);
  Outcome outcome;
  while (auto line = child.ReadLine()) outcome.output += *line + "\n";
  outcome.end = child.WaitForEnd();
  outcome.last_error = child.LastErrorLine();
  return outcome;
}

Outcome Answer(const std::string& model) {
  return Retort(
      {"run", model, "1 + 1?", "--json", "--max-tokens", "8", "--seed", "1", "--threads", "1"});
}

TEST(MakeModelCommand, TheModelAnswersWithItsOwnOrABorrowedTokenizer) {
  const TempDir folder;
  const std::string first = folder.File("first.gguf"), second = folder.File("second.gguf");
  Outcome outcome =
      Retort({"make-model", "--shape", "tiny-llama", "--type", "iq4_xs", "--layers", "1", first});
  ASSERT_EQ(outcome.end, "exit status 0") << outcome.last_error;
  outcome = Retort({"make-model", "--shape", "tiny-qwen", "--tokenizer", first, second});
  ASSERT_EQ(outcome.end, "exit status 0") << outcome.last_error;
  for (const std::string& model : {first, second}) {
    outcome = Answer(model);
    ASSERT_EQ(outcome.end, "exit status 0") << outcome.last_error;
    EXPECT_TRUE(nlohmann::json::parse(outcome.output).is_object()) << outcome.output;
  }
}

TEST(MakeModelCommand, ErrorsNameTheThing) {
  const TempDir folder;
  const std::string out = folder.File("m.gguf");
  Outcome outcome = Retort({"make-model", "--shape", "gpt-5", out});
  EXPECT_EQ(outcome.end, "exit status 1");
  EXPECT_NE(outcome.last_error.find("r1-distill-qwen-7b"), std::string::npos) << outcome.last_error;
  outcome = Retort({"make-model", "--shape", "tiny-qwen", "--type", "q9", out});
  EXPECT_EQ(outcome.end, "exit status 1");
  EXPECT_NE(outcome.last_error.find("iq4_xs"), std::string::npos) << outcome.last_error;
  outcome = Retort({"make-model", "--shape", "tiny-qwen", "--tokenizer", "none.gguf", out});
  EXPECT_EQ(outcome.end, "exit status 1");
  EXPECT_NE(outcome.last_error.find("none.gguf"), std::string::npos) << outcome.last_error;
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(MakeModelCommand, AnInterruptLeavesNothing) {
  const TempDir folder;
  const std::string out = folder.File("m.gguf");
  ChildProcess child(
      {RETORT_PROGRAM, "make-model", "--shape", "r1-distill-qwen-1.5b", "--threads", "1", out});
  for (int i = 0; i < 30'000 && !std::filesystem::exists(out + ".part"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  kill(child.pid(), SIGINT);
  while (child.ReadLine()) {
  }
  EXPECT_EQ(child.WaitForEnd(), "exit status 1");
  EXPECT_NE(child.LastErrorLine().find("stopped"), std::string::npos) << child.LastErrorLine();
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace retort
