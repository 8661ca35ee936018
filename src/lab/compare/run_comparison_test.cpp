#include "lab/compare/run_comparison.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "lab/compare/page_cache.h"
#include "tests/support/run_program.h"

namespace retort {
namespace {

// A worker in shell: ready at once, every chat answered the same.
constexpr char kReady[] =
    R"(printf '{"ready":{"facts":{"path":"p","file_bytes":1,"architecture":"fake","num_layers":1,)"
    R"("hidden_size":2,"context":8192,"backend":"none","weight_bytes":3,"kv_bytes":4,)"
    R"("workspace_bytes":5}}}\n'; )";
constexpr char kChat[] =
    R"(printf '{"reply":{"reasoning":"","answer":"hi","finish":"stop","prompt_tokens":5,)"
    R"("new_tokens":10,"reasoning_tokens":0,"first_token_s":0.5,"tokens_per_s":20,"total_s":1}}\n')";

class RunComparisonTest : public testing::Test {
 protected:
  RunComparisonTest()
      : folder_(std::filesystem::temp_directory_path() /
                ("retort-run-comparison-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
    settings_.runs = 2;
    settings_.lengths.clear();
    settings_.samples = 0;
    settings_.cold_starts = 1;
    settings_.idle_seconds = 0.01;
    settings_.skip_cold_cache = true;
  }
  ~RunComparisonTest() override { std::filesystem::remove_all(folder_); }

  std::string Touch(const std::string& name) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << "weights";
    return folder_ / name;
  }

  // The script gets the model's path as $0.
  Comparison Run(const std::vector<std::string>& paths, const std::string& script,
                 const InterruptSignals* interrupts = nullptr) {
    return RunComparison(settings_, paths,
                         {.worker_command = {"/bin/sh", "-c", script},
                          .command = "retort compare",
                          .progress = nullptr,
                          .interrupts = interrupts});
  }

  std::string ErrorOf(const std::vector<std::string>& paths, const std::string& script = "exit 1") {
    try {
      Run(paths, script);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  std::filesystem::path folder_;
  CompareSettings settings_;
};

TEST_F(RunComparisonTest, WantsTwoDifferentFilesThatExist) {
  const std::string a = Touch("a.gguf");
  EXPECT_TRUE(Has(ErrorOf({a}), "at least two"));
  EXPECT_TRUE(Has(ErrorOf({a, folder_ / "nothing.gguf"}), "nothing.gguf"));
  EXPECT_TRUE(Has(ErrorOf({a, folder_}), "without .safetensors"));
  EXPECT_TRUE(Has(ErrorOf({a, (folder_ / "." / "a.gguf").string()}), "same file"));
  settings_.runs = 0;
  EXPECT_TRUE(Has(ErrorOf({a, Touch("b.gguf")}), "--runs is 0"));
}

TEST_F(RunComparisonTest, MeasuresWhatTheWorkersSay) {
  const Comparison comparison =
      Run({Touch("a.gguf"), Touch("b.gguf")},
          std::string(kReady) + "while read line; do " + kChat + "; done");
  ASSERT_EQ(comparison.models.size(), 2u);
  for (const ModelRun& run : comparison.models) {
    EXPECT_FALSE(run.failure.has_value());
    EXPECT_EQ(run.facts.architecture, "fake");
    EXPECT_EQ(run.cold_starts.warm.size(), 1u);
    EXPECT_TRUE(run.cold_starts.cold.empty());
    ASSERT_EQ(run.prompts.size(), 3u);
    for (const SpeedTest& test : run.prompts) {
      ASSERT_EQ(test.samples.size(), 2u);
      EXPECT_EQ(test.samples[0].tokens_per_s, 20);
      EXPECT_EQ(test.answer, "hi");
    }
    ASSERT_TRUE(run.memory.has_value());
    EXPECT_GT(run.memory->after_load, 0);
    EXPECT_GE(run.memory->peak_one, run.memory->after_load / 2);
  }
  EXPECT_EQ(comparison.models[0].facts.letter, "A");
  EXPECT_EQ(comparison.models[1].facts.name, "b");
}

TEST_F(RunComparisonTest, AModelThatCannotBeLoadedIsNamedWithItsLastWords) {
  const std::string message =
      ErrorOf({Touch("good.gguf"), Touch("bad.gguf")},
              "case $0 in *bad*) echo 'retort: bad.gguf: no such tensor' >&2; exit 1;; esac; " +
                  std::string(kReady) + "while read line; do " + kChat + "; done");
  EXPECT_TRUE(Has(message, "B (bad)")) << message;
  EXPECT_TRUE(Has(message, "exit status 1")) << message;
  EXPECT_TRUE(Has(message, "no such tensor")) << message;
}

// The third chat kills it: one for the cold start's process, one after loading, then the prompts.
TEST_F(RunComparisonTest, AModelThatDiesLosesOnlyItsOwnRest) {
  const Comparison comparison =
      Run({Touch("good.gguf"), Touch("bad.gguf")},
          std::string(kReady) +
              "n=0; while read line; do n=$((n+1)); case $0 in *bad*) [ $n -lt 3 ] || "
              "{ echo 'out of luck' >&2; kill -9 $$; };; esac; " +
              kChat + "; done");
  EXPECT_FALSE(comparison.models[0].failure.has_value());
  EXPECT_EQ(comparison.models[0].prompts[2].samples.size(), 2u);
  ASSERT_TRUE(comparison.models[1].failure.has_value());
  EXPECT_TRUE(Has(*comparison.models[1].failure, "killed by signal 9"));
  EXPECT_TRUE(Has(*comparison.models[1].failure, "out of luck"));
  EXPECT_EQ(comparison.models[1].prompts[2].samples.size(), 0u);
}

TEST_F(RunComparisonTest, AWorkerThatTalksNonsenseIsAnError) {
  EXPECT_TRUE(Has(ErrorOf({Touch("a.gguf"), Touch("b.gguf")}, "echo hello"), "not a JSON object"));
  EXPECT_TRUE(Has(ErrorOf({Touch("a.gguf"), Touch("b.gguf")}, "echo '{}'"), "did not say"));
}

TEST_F(RunComparisonTest, AnInterruptEndsItAndItsProcesses) {
  const InterruptSignals interrupts;
  ::kill(::getpid(), SIGINT);
  const std::string note = folder_ / "pid";
  try {
    Run({Touch("a.gguf"), Touch("b.gguf")}, "echo $$ > " + note + "; sleep 1000", &interrupts);
    FAIL() << "should have been interrupted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
  pid_t pid = 0;
  std::ifstream(note) >> pid;
  if (pid > 0) {
    EXPECT_NE(::kill(pid, 0), 0);
  }
}

TEST(ShortNamesTest, AddTheFolderOnlyWhereNamesRepeat) {
  EXPECT_EQ(ShortNames({"/m/Qwen2.5-0.5B", "/m/Qwen2.5-1.5B"}),
            (std::vector<std::string>{"Qwen2.5-0.5B", "Qwen2.5-1.5B"}));
  EXPECT_EQ(ShortNames({"/m/a.Q4_1.gguf", "/n/b.gguf"}), (std::vector<std::string>{"a.Q4_1", "b"}));
  EXPECT_EQ(ShortNames({"/m/a.gguf", "/n/a.gguf", "c.gguf"}),
            (std::vector<std::string>{"m/a", "n/a", "c"}));
}

TEST(KvTokensTest, HoldWhatRunsAtOnce) {
  CompareSettings settings;
  settings.parallel = 10;
  settings.max_tokens = 1000;
  EXPECT_GE(KvSizeFor(settings).tokens, 10'000);
  settings.samples = 0;
  EXPECT_LT(KvSizeFor(settings).tokens, 10'000);
  EXPECT_GE(KvSizeFor(settings).tokens, 512 + 1024);
  settings.kv_tokens = 77;
  EXPECT_EQ(KvSizeFor(settings).tokens, 77);
  settings.kv_bytes = 1 << 30;
  EXPECT_EQ(KvSizeFor(settings).bytes, 1 << 30);
  EXPECT_EQ(KvSizeFor(settings).tokens, 0) << "one of the two";
}

TEST_F(RunComparisonTest, APageCacheCanBeFilledAndLookedAt) {
  const std::string path = Touch("cached");
  FillPageCache({path});
  EXPECT_EQ(CachedShare(path), 1);
  const DropResult drop = DropFromPageCache({path});
  EXPECT_FALSE(drop.note.empty());
  if (drop.dropped) {
    EXPECT_LT(CachedShare(path), 1);
  }
  EXPECT_THROW(FillPageCache({folder_ / "nothing"}), Error);
}

}  // namespace
}  // namespace retort
