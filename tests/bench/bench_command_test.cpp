// `retort bench` as a user runs it: the real program on tiny models.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/process.h"
#include "store/run_store.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

constexpr char kModels[] = RETORT_SOURCE_DIR "/tests/data/models/";

std::string Model(const std::string& name) { return kModels + name + ".gguf"; }

struct Outcome {
  std::vector<std::string> lines;
  std::string end, last_error;
};

std::vector<std::string> Command(const std::vector<std::string>& arguments) {
  std::vector<std::string> argv = {RETORT_PROGRAM, "bench", "--threads", "1"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return argv;
}

Outcome Finish(const std::vector<std::string>& argv) {
  ChildProcess child(argv);
  Outcome outcome;
  while (auto line = child.ReadLine()) outcome.lines.push_back(*line);
  outcome.end = child.WaitForEnd();
  outcome.last_error = child.LastErrorLine();
  return outcome;
}

Outcome Bench(const std::vector<std::string>& arguments) { return Finish(Command(arguments)); }

class BenchCommand : public testing::Test {
 protected:
  BenchCommand() { ::setenv("RETORT_STORE", dir_.File("runs.db").c_str(), 1); }
  ~BenchCommand() override { ::unsetenv("RETORT_STORE"); }

  TempDir dir_;
};

TEST_F(BenchCommand, JsonHasOneObjectForEachModelAndTest) {
  const Outcome outcome =
      Bench({Model("tiny-llama"), Model("tiny-qwen2"), "--prompts", "8,16", "--gen", "4",
             "--depths", "0,8", "--batches", "2", "--repeat", "2", "--json"});
  ASSERT_EQ(outcome.end, "exit status 0") << outcome.last_error;
  std::vector<std::string> seen;
  for (const std::string& text : outcome.lines) {
    const auto line = nlohmann::json::parse(text);
    seen.push_back(line["test"].get<std::string>() + " " + line["model"].get<std::string>());
    EXPECT_GT(line["tokens_per_s"].get<double>(), 0) << text;
    EXPECT_GT(line["limit_share"].get<double>(), 0) << text;
    EXPECT_EQ(line["n"], 2);
    EXPECT_EQ(line["threads"], 1);
    EXPECT_GT(line["cold_start_s"].get<double>(), 0) << text;
    EXPECT_GT(line["weights_bytes"].get<int64_t>(), 0) << text;
    EXPECT_GT(line["resident_bytes"].get<int64_t>(), line["weights_bytes"].get<int64_t>()) << text;
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"pp8 tiny-llama", "pp8 tiny-qwen2", "pp16 tiny-llama",
                                            "pp16 tiny-qwen2", "tg4 tiny-llama", "tg4 tiny-qwen2",
                                            "tg4@8 tiny-llama", "tg4@8 tiny-qwen2",
                                            "batch2 tiny-llama", "batch2 tiny-qwen2"}));
}

// The tiny models' contexts are too short for all that clients ask.
TEST_F(BenchCommand, ClientsNeedAContext) {
  const Outcome outcome = Bench({Model("tiny-llama"), "--prompts", "none", "--depths", "none",
                                 "--batches", "none", "--clients", "2", "--no-start"});
  EXPECT_EQ(outcome.end, "exit status 1");
  EXPECT_NE(outcome.last_error.find("leave out --clients"), std::string::npos)
      << outcome.last_error;
}

TEST_F(BenchCommand, TablesNameTestsModelsAndUnits) {
  const Outcome outcome = Bench({Model("tiny-llama"), "--prompts", "8", "--depths", "none",
                                 "--batches", "none", "--repeat", "1", "--markdown"});
  ASSERT_EQ(outcome.end, "exit status 0") << outcome.last_error;
  std::string text;
  for (const std::string& line : outcome.lines) text += line + "\n";
  EXPECT_NE(text.find("| test | model | tokens/s | of limit, % | limited by |"), std::string::npos)
      << text;
  EXPECT_NE(text.find("| pp8 | tiny-llama |"), std::string::npos) << text;
  EXPECT_NE(text.find("resident, MB"), std::string::npos) << text;
}

TEST_F(BenchCommand, ErrorsNameTheThing) {
  Outcome outcome = Bench({"no-such-file.gguf"});
  EXPECT_EQ(outcome.end, "exit status 1");
  EXPECT_NE(outcome.last_error.find("no-such-file.gguf"), std::string::npos) << outcome.last_error;

  outcome = Bench({Model("tiny-llama"), "--prompts", "8;9"});
  EXPECT_EQ(outcome.end, "exit status 1");
  EXPECT_NE(outcome.last_error.find("--prompts 8;9"), std::string::npos) << outcome.last_error;

  outcome = Bench({Model("tiny-llama"), "--prompts", "100000", "--no-start"});
  EXPECT_EQ(outcome.end, "exit status 1");
  EXPECT_NE(outcome.last_error.find("context"), std::string::npos) << outcome.last_error;
}

// Killed twice, it has at the end each repetition once.
TEST_F(BenchCommand, GoesOnWhereItWasKilled) {
  const auto disturb = [&](const std::vector<std::string>& argv, int64_t least) {
    ChildProcess child(argv);
    RunStore store(dir_.File("runs.db"));
    for (int i = 0; i < 60'000; ++i) {
      if (store.database().QueryInt("SELECT count(*) FROM timings") >= least) break;
      ::usleep(1000);
    }
    ::kill(child.pid(), SIGKILL);
    EXPECT_EQ(child.WaitForEnd(), "killed by signal 9 (Killed)");
  };
  std::vector<std::string> first =
      Command({Model("tiny-llama"), Model("tiny-qwen2"), "--prompts", "64", "--gen", "64",
               "--depths", "0", "--batches", "2", "--repeat", "40", "--json"});
  disturb(first, 5);
  const std::vector<std::string> resume = {RETORT_PROGRAM, "bench", "--resume", "--json"};
  disturb(resume, 90);
  RunStore store(dir_.File("runs.db"));
  const RunRow run = store.List({}).at(0).run;
  EXPECT_EQ(run.state, RunState::kInterrupted);
  const auto stopped = store.Timings(run.number, 0);

  Outcome outcome = Finish({RETORT_PROGRAM, "bench", "--resume", "--cpu-level", "scalar"});
  EXPECT_NE(outcome.last_error.find("not scalar"), std::string::npos) << outcome.last_error;
  outcome = Finish(resume);
  ASSERT_EQ(outcome.end, "exit status 0") << outcome.last_error;
  ASSERT_EQ(outcome.lines.size(), 6u);
  for (const std::string& line : outcome.lines) EXPECT_EQ(nlohmann::json::parse(line)["n"], 40);
  const auto all = store.Timings(run.number, 0);
  for (size_t i = 0; i < stopped.size(); ++i)
    EXPECT_EQ(all[i].tokens_per_s, stopped[i].tokens_per_s) << "what was measured stands";
  EXPECT_EQ(Finish({RETORT_PROGRAM, "runs", "export", run.id}).lines, outcome.lines);
  outcome = Finish({RETORT_PROGRAM, "bench", "--resume", run.id});
  EXPECT_NE(outcome.last_error.find("is finished"), std::string::npos) << outcome.last_error;
  outcome = Finish({RETORT_PROGRAM, "bench", "--resume", "--gen", "5"});
  EXPECT_NE(outcome.end, "exit status 0");
}

TEST_F(BenchCommand, AnInterruptLeavesWhatWasMeasured) {
  ChildProcess child(
      Command({Model("tiny-llama"), "--prompts", "8", "--depths", "none", "--batches",
               "1,2,3,4,5,6,7,8", "--repeat", "1000", "--no-start", "--json"}));
  ASSERT_TRUE(child.ReadLine().has_value());  // pp8 is there
  kill(child.pid(), SIGINT);
  while (child.ReadLine()) {
  }
  EXPECT_EQ(child.WaitForEnd(), "exit status 1");
  EXPECT_NE(child.LastErrorLine().find("interrupted"), std::string::npos) << child.LastErrorLine();
}

}  // namespace
}  // namespace retort
