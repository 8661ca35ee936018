// `retort compare` stopped in every way there is and resumed: the real program, real worker
// processes, tiny models.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "store/run_store.h"
#include "tests/support/read_file.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

using Json = nlohmann::json;

class ResumeCommandTest : public testing::Test {
 protected:
  ResumeCommandTest() {
    ::setenv("RETORT_STORE", dir_.File("runs.db").c_str(), 1);
    for (const char* name : {"tiny-llama", "tiny-qwen2"})
      std::filesystem::copy_file(
          RETORT_SOURCE_DIR "/tests/data/models/" + std::string(name) + ".gguf", Model(name));
  }
  ~ResumeCommandTest() override { ::unsetenv("RETORT_STORE"); }

  std::string Model(const std::string& name) const { return dir_.File(name + ".gguf"); }

  std::vector<std::string> Command(const std::vector<std::string>& arguments) const {
    std::vector<std::string> argv = {RETORT_PROGRAM, "compare"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    argv.insert(argv.end(), {"--json", "--html", dir_.File("report.html")});
    return argv;
  }
  // A new run of both models.
  std::vector<std::string> New() const {
    return Command({Model("tiny-llama"), Model("tiny-qwen2"), "--quick", "--samples", "12",
                    "--max-tokens", "24", "--runs", "2", "--threads", "1"});
  }

  // Starts the command, waits until the store's query gives so many, and does what is asked.
  Outcome Disturb(const std::vector<std::string>& argv, const std::string& count, int64_t least,
                  const std::function<void(pid_t)>& how) {
    ChildProcess child(argv);
    RunStore store(dir_.File("runs.db"));
    for (int i = 0; i < 60'000 && store.database().QueryInt(count) < least; ++i) ::usleep(1000);
    how(child.pid());
    return Finish(child);
  }
  static void KillIt(pid_t pid) { ::kill(pid, SIGKILL); }
  static void KillAWorker(pid_t pid) {
    const std::string parent = std::to_string(pid);
    std::istringstream children(ReadFile("/proc/" + parent + "/task/" + parent + "/children"));
    pid_t worker = 0;
    children >> worker;
    ASSERT_GT(worker, 0);
    ::kill(worker, SIGKILL);
  }
  static void Interrupt(pid_t pid) { ::kill(pid, SIGINT); }

  TempDir dir_;
};

constexpr char kStarts[] = "SELECT count(*) FROM starts";
constexpr char kTimings[] = "SELECT count(*) FROM timings";
constexpr char kSamples[] = "SELECT count(*) FROM samples";

// Whatever stopped it, the end has every measurement once, and the answers of a run that nothing
// stopped.
TEST_F(ResumeCommandTest, GoesOnWhereItWasStopped) {
  const Outcome whole = RunProgram(New());
  ASSERT_EQ(whole.end, "exit status 0") << whole.last_error;
  const Json wanted = Json::parse(whole.out);
  ASSERT_EQ(RunProgram({RETORT_PROGRAM, "runs", "rm", wanted["id"], "--yes"}).end, "exit status 0");

  EXPECT_EQ(Disturb(New(), kStarts, 3, KillIt).end, "killed by signal 9 (Killed)");
  const std::vector<std::string> resume = Command({"--resume"});
  Outcome outcome = Disturb(resume, kTimings, 2, KillAWorker);
  EXPECT_EQ(outcome.end, "exit status 1");
  EXPECT_TRUE(Has(outcome.last_error, "another attempt: retort compare --resume"))
      << outcome.last_error;
  EXPECT_EQ(Disturb(resume, kSamples, 1, KillIt).end, "killed by signal 9 (Killed)");
  outcome = RunProgram(resume);
  ASSERT_EQ(outcome.end, "exit status 0") << outcome.last_error;

  const Json got = Json::parse(outcome.out);
  EXPECT_EQ(got["resumed_at"].size(), 3u);
  EXPECT_EQ(got["problems"], wanted["problems"]);
  EXPECT_EQ(got["settings"], wanted["settings"]);
  for (size_t model = 0; model < 2; ++model) {
    const Json &there = wanted["models"][model], &here = got["models"][model];
    EXPECT_EQ(here["answers"], there["answers"]) << model;
    EXPECT_EQ(here["answers"].size(), 12u);
    EXPECT_TRUE(here["failure"].is_null());
    EXPECT_EQ(here["cold_starts"]["warm"].size(), 3u);
    EXPECT_EQ(here["digest"], there["digest"]);
    for (const char* tests : {"prompts", "lengths"}) {
      ASSERT_EQ(here[tests].size(), there[tests].size());
      for (size_t i = 0; i < here[tests].size(); ++i) {
        EXPECT_EQ(here[tests][i]["answer"], there[tests][i]["answer"]);
        EXPECT_EQ(here[tests][i]["samples"].size(), there[tests][i]["samples"].size());
      }
    }
  }
  EXPECT_TRUE(Has(got["verdict"]["cautions"].dump(), "resumed 3 times"))
      << got["verdict"]["cautions"];
  // What was printed is what is stored.
  EXPECT_EQ(Json::parse(RunProgram({RETORT_PROGRAM, "runs", "export", got["id"]}).out), got);
}

TEST_F(ResumeCommandTest, RefusesWhatWouldNotBeTheSameRun) {
  const Outcome stopped = Disturb(New(), kStarts, 1, Interrupt);
  EXPECT_EQ(stopped.end, "exit status 1");
  EXPECT_TRUE(Has(stopped.last_error, "go on with: retort compare --resume")) << stopped.last_error;
  const std::pair<std::vector<std::string>, std::string> cases[] = {
      {{"--resume", "--samples", "13"}, "samples is 12 there and 13 here"},
      {{"--resume", "--seed", "2"}, "seed is 1 there and 2 here"},
      {{"--resume", "zzzzzz"}, "zzzzzz"},
      {{"--resume", "--no-store"}, "needs the run store"},
      {{Model("tiny-llama"), "no-such-model"}, "no-such-model"},
      {{Model("tiny-llama"), "zzzzzz"}, "nor is zzzzzz the id of a stored run"},
  };
  for (const auto& [arguments, message] : cases) {
    const Outcome outcome = RunProgram(Command(arguments));
    EXPECT_NE(outcome.end, "exit status 0") << message;
    EXPECT_TRUE(Has(outcome.last_error, message)) << outcome.last_error;
  }
  std::filesystem::copy_file(Model("tiny-llama"), Model("tiny-qwen2"),
                             std::filesystem::copy_options::overwrite_existing);
  const Outcome changed = RunProgram(Command({"--resume"}));
  EXPECT_TRUE(Has(changed.last_error, "is not the file that B was there")) << changed.last_error;
}

// A model set beside those of a stored run is measured with that run's settings.
TEST_F(ResumeCommandTest, AThirdModelJoinsAStoredRun) {
  const Outcome first = RunProgram(New());
  ASSERT_EQ(first.end, "exit status 0") << first.last_error;
  const Json stored = Json::parse(first.out);
  std::filesystem::copy_file(RETORT_SOURCE_DIR "/tests/data/models/tiny-qwen3.gguf",
                             Model("tiny-qwen3"));
  const Outcome joined = RunProgram(Command({stored["id"], Model("tiny-qwen3")}));
  ASSERT_EQ(joined.end, "exit status 0") << joined.last_error;
  const Json got = Json::parse(joined.out);
  ASSERT_EQ(got["models"].size(), 3u);
  EXPECT_EQ(got["pairs"].size(), 3u);
  EXPECT_EQ(got["settings"], stored["settings"]);
  EXPECT_EQ(got["problems"], stored["problems"]);
  EXPECT_EQ(got["models"][0]["answers"], stored["models"][0]["answers"]);
  EXPECT_EQ(got["models"][2]["name"], "tiny-qwen3");
  EXPECT_EQ(got["models"][2]["answers"].size(), 12u);
}

}  // namespace
}  // namespace retort
