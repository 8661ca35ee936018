// `retort compare` as a user runs it: the real program, real worker processes, tiny models.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/process.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

constexpr char kModels[] = RETORT_SOURCE_DIR "/tests/data/models/";

class CompareCommandTest : public testing::Test {
 protected:
  CompareCommandTest() { ::setenv("RETORT_STORE", store_dir_.File("runs.db").c_str(), 1); }
  ~CompareCommandTest() override { ::unsetenv("RETORT_STORE"); }

  static std::string Model(const std::string& name) { return kModels + name + ".gguf"; }
  std::string Report() const { return dir_.File("report.html"); }

  std::vector<std::string> Command(const std::vector<std::string>& arguments) const {
    std::vector<std::string> argv = {RETORT_PROGRAM, "compare"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    const std::pair<const char*, std::string> small[] = {{"--samples", "12"},
                                                         {"--max-tokens", "24"},
                                                         {"--runs", "1"},
                                                         {"--threads", "1"},
                                                         {"--html", Report()}};
    argv.emplace_back("--quick");
    for (const auto& [flag, value] : small) {
      if (std::find(argv.begin(), argv.end(), flag) == argv.end())
        argv.insert(argv.end(), {flag, value});
    }
    return argv;
  }

  Outcome Run(const std::vector<std::string>& arguments) const {
    return RunProgram(Command(arguments));
  }

  TempDir dir_, store_dir_;
};

std::string ReadAll(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST_F(CompareCommandTest, MeasuresGradesAndReports) {
  const Outcome outcome = Run({Model("tiny-llama"), Model("tiny-qwen2"), "--json"});
  ASSERT_EQ(outcome.end, "exit status 0") << outcome.last_error;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["schema"], "retort.compare/1");
  ASSERT_EQ(json["models"].size(), 2u);
  ASSERT_EQ(json["problems"].size(), 12u);
  for (const auto& model : json["models"]) {
    EXPECT_TRUE(model["failure"].is_null());
    EXPECT_EQ(model["cold_starts"]["warm"].size(), 3u);
    EXPECT_GT(model["memory"]["after_load"], 1'000'000);
    EXPECT_EQ(model["prompts"].size(), 3u);
    std::set<int> answered;
    for (const auto& answer : model["answers"]) {
      answered.insert(answer["problem"].get<int>());
      EXPECT_LE(answer["new_tokens"], 24);
    }
    EXPECT_EQ(answered.size(), 12u);
    // Random weights never get a problem right; all of that is accounted for.
    EXPECT_EQ(model["answers"].size(), 12u);
  }
  EXPECT_TRUE(Has(json["command"], "compare")) << json["command"];
  EXPECT_TRUE(Has(json["verdict"]["headline"], "No significant difference in accuracy"));
  const std::string page = ReadAll(Report());
  EXPECT_TRUE(Has(page, "<!doctype html>"));
  EXPECT_TRUE(Has(page, "</html>"));
  EXPECT_TRUE(Has(page, "tiny-qwen2"));
}

TEST_F(CompareCommandTest, TheTableEndsWithWhereTheReportIs) {
  const Outcome outcome =
      Run({Model("tiny-llama"), Model("tiny-qwen2"), Model("tiny-llama-tied"), "--samples", "0"});
  ASSERT_EQ(outcome.end, "exit status 0") << outcome.last_error;
  EXPECT_TRUE(Has(outcome.out, "was not measured.")) << outcome.out;
  EXPECT_TRUE(Has(outcome.out, "Report: " + Report())) << outcome.out;
  EXPECT_TRUE(Has(outcome.out, "Next: ")) << outcome.out;
}

TEST_F(CompareCommandTest, BadInputGetsAnErrorAndNoReport) {
  const std::string rubbish = dir_.File("rubbish.gguf");
  std::ofstream(rubbish) << "this is no model";
  const std::pair<std::vector<std::string>, std::string> cases[] = {
      {{Model("tiny-llama")}, "at least two"},
      {{Model("tiny-llama"), "/nonexistent.gguf"}, "/nonexistent.gguf"},
      {{Model("tiny-llama"), Model("tiny-llama")}, "same file"},
      {{Model("tiny-llama"), rubbish}, "rubbish"},
  };
  for (const auto& [arguments, message] : cases) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.end, "exit status 1") << message;
    EXPECT_TRUE(Has(outcome.last_error, message)) << outcome.last_error;
    EXPECT_FALSE(std::filesystem::exists(Report())) << message;
  }
}

TEST_F(CompareCommandTest, AnInterruptLeavesNothingBehind) {
  ChildProcess child(Command(
      {Model("tiny-llama"), Model("tiny-qwen2"), "--max-tokens", "2000", "--samples", "600"}));
  // Until the models are at work: their processes are children of the command.
  const std::string children =
      "/proc/" + std::to_string(child.pid()) + "/task/" + std::to_string(child.pid()) + "/children";
  std::vector<pid_t> workers;
  while (workers.size() < 2) {
    workers.clear();
    std::istringstream list(ReadAll(children));
    for (pid_t pid = 0; list >> pid;) workers.push_back(pid);
    ::usleep(1000);
  }
  ::kill(child.pid(), SIGINT);
  while (child.ReadLine()) {
  }
  EXPECT_EQ(child.WaitForEnd(), "exit status 1");
  EXPECT_TRUE(Has(child.LastErrorLine(), "interrupted")) << child.LastErrorLine();
  for (const pid_t pid : workers) EXPECT_NE(::kill(pid, 0), 0) << pid;
  EXPECT_TRUE(std::filesystem::is_empty(dir_.path()));
}

}  // namespace
}  // namespace retort
