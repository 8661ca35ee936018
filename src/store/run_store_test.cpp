#include "store/run_store.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "store/run_writer.h"
#include "store/test_rows.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

class RunStoreTest : public testing::Test {
 protected:
  RunWriter Begin(const std::string& kind = "compare",
                  const std::vector<std::string>& models = {"a", "b"}) {
    std::vector<RunModelRow> rows;
    for (const std::string& name : models) rows.push_back(SomeModel(name));
    return RunWriter::Begin(store_, SomeRun(kind), rows, {SomeProblem(0), SomeProblem(1)},
                            {{.id = "word", .kind = "prompt", .prompt = "Hello"},
                             {.id = "128/256", .kind = "length", .prompt = ""}});
  }
  std::string ErrorOf(const std::string& id, ErrorCode code) {
    try {
      store_.Find(id);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "no error for " << id;
    return "";
  }
  int64_t Count(const std::string& table) {
    return store_.database().QueryInt("SELECT count(*) FROM " + table);
  }

  TempDir dir_;
  RunStore store_{dir_.File("runs.db")};
};

TEST_F(RunStoreTest, GivesBackTheRunAsItWasBegun) {
  const RunWriter writer = Begin();
  EXPECT_TRUE(LooksLikeRunId(writer.run().id)) << writer.run().id;
  const RunRow run = store_.Find(writer.run().id);
  const RunRow wanted = SomeRun();
  EXPECT_EQ(run.state, RunState::kRunning);
  EXPECT_EQ(run.kind, "compare");
  EXPECT_EQ(run.started_at, wanted.started_at);
  EXPECT_EQ(run.finished_at, "");
  EXPECT_EQ(run.version, wanted.version);
  EXPECT_EQ(run.command, wanted.command);
  EXPECT_EQ(run.settings, wanted.settings);
  EXPECT_EQ(run.seed, UINT64_MAX);
  EXPECT_EQ(run.machine.units, wanted.machine.units);
  EXPECT_EQ(run.machine.memory_bytes, wanted.machine.memory_bytes);
  EXPECT_EQ(run.machine.kernel, wanted.machine.kernel);
  EXPECT_EQ(run.sessions, std::vector<std::string>{wanted.started_at});
  EXPECT_EQ(store_.Models(run.number)[1].model.digest, "digest of b");
  EXPECT_EQ(store_.Models(run.number)[1].path, "b.gguf");
  EXPECT_EQ(store_.Problems(run.number)[1].name, "algebra/en/1/1-1");
  EXPECT_EQ(store_.Tests(run.number)[1].id, "128/256");
}

TEST_F(RunStoreTest, GivesBackWhatWasMeasured) {
  RunWriter writer = Begin();
  const int64_t run = writer.run().number;
  RunModelRow model = SomeModel("b");
  model.backend = "cpu avx2";
  model.memory_after_load = 7;
  model.idle_cpu_percent = 0.5;
  model.accuracy_seconds = 12.25;
  model.cold_note = "a note";
  model.failure = "died";
  writer.SetModel(1, model);
  writer.AddSample(1, SomeSample(1));
  writer.AddSample(1, SomeSample(0));
  writer.AddTiming(1, {.test = "128/256", .round = 0, .tokens_per_s = 3});
  writer.AddTiming(1, {.test = "word",
                       .round = 0,
                       .tokens_per_s = 20,
                       .first_token_s = 0.1,
                       .prompt_tokens = 5,
                       .new_tokens = 6,
                       .answer = "Hi"});
  writer.AddStart(1, {.warm = false, .round = 0, .seconds = 2});
  writer.AddStart(1, {.warm = true, .round = 0, .seconds = 1});

  const RunModelRow back = store_.Models(run)[1];
  EXPECT_EQ(back.backend, "cpu avx2");
  EXPECT_EQ(back.memory_after_load, 7);
  EXPECT_EQ(back.memory_peak_one, std::nullopt);
  EXPECT_EQ(back.idle_cpu_percent, 0.5);
  EXPECT_EQ(back.accuracy_seconds, 12.25);
  EXPECT_EQ(back.cold_note, "a note");
  EXPECT_EQ(back.failure, "died");
  EXPECT_EQ(store_.Models(run)[0].failure, std::nullopt);

  const auto samples = store_.Samples(run, 1);
  ASSERT_EQ(samples.size(), 2u);
  EXPECT_EQ(samples[0].problem, 0);
  EXPECT_EQ(samples[0].thinking_end, "model");
  EXPECT_EQ(samples[1].reasoning, "let me think 1");
  EXPECT_EQ(samples[1].found_by, "boxed");
  EXPECT_EQ(samples[1].reasoning_tokens, 3);
  EXPECT_TRUE(store_.Samples(run, 0).empty());

  const auto timings = store_.Timings(run, 1);
  ASSERT_EQ(timings.size(), 2u);
  EXPECT_EQ(timings[0].test, "word") << "in the order of the tests";
  EXPECT_EQ(timings[0].first_token_s, 0.1);
  EXPECT_EQ(timings[0].answer, "Hi");
  EXPECT_EQ(timings[1].prompt_tokens, std::nullopt);
  const auto starts = store_.Starts(run, 1);
  ASSERT_EQ(starts.size(), 2u);
  EXPECT_FALSE(starts[0].warm);
  EXPECT_EQ(starts[1].seconds, 1);
}

TEST_F(RunStoreTest, NoMeasurementIsKeptTwice) {
  RunWriter writer = Begin();
  writer.AddSample(0, SomeSample(0));
  EXPECT_THROW(writer.AddSample(0, SomeSample(0)), Error);
  EXPECT_THROW(writer.AddSample(0, SomeSample(99)), Error) << "no such problem";
  EXPECT_THROW(writer.AddTiming(0, {.test = "unknown", .tokens_per_s = 1}), Error);
  EXPECT_EQ(Count("samples"), 1);
}

TEST_F(RunStoreTest, WhatIsWrittenTogetherIsKeptTogether) {
  RunWriter writer = Begin();
  EXPECT_THROW(writer.Together([&] {
    writer.AddSample(0, SomeSample(0));
    Fail(ErrorCode::kInternal, "something else went wrong");
  }),
               Error);
  EXPECT_EQ(Count("samples"), 0);
}

TEST_F(RunStoreTest, FindsRunsByTheBeginningOfTheirIds) {
  const RunWriter one = Begin(), other = Begin();
  store_.database().Execute("UPDATE runs SET id = 'k3aaaa' WHERE number = 1");
  store_.database().Execute("UPDATE runs SET id = 'k3bbbb' WHERE number = 2");
  EXPECT_EQ(store_.Find("K3A").number, 1);
  EXPECT_EQ(store_.Find("k3bbbb").number, 2);
  EXPECT_TRUE(store_.Has("k3"));
  EXPECT_FALSE(store_.Has("x"));
  EXPECT_FALSE(store_.Has(""));
  EXPECT_FALSE(store_.Has("k3%"));
  const std::string message = ErrorOf("k3", ErrorCode::kInvalidArgument);
  EXPECT_NE(message.find("k3bbbb, k3aaaa"), std::string::npos) << message;
  ErrorOf("zz", ErrorCode::kNotFound);
  ErrorOf("model.gguf", ErrorCode::kNotFound);
  ErrorOf("", ErrorCode::kNotFound);
}

TEST_F(RunStoreTest, ListsTheNewestFirstAndOnlyWhatIsAskedFor) {
  const RunWriter one = Begin("compare", {"small", "big"}), two = Begin("bench", {"small"}),
                  three = Begin("compare", {"other", "big"});
  const auto ids = [&](const RunFilter& filter) {
    std::vector<int64_t> numbers;
    for (const RunSummary& summary : store_.List(filter)) numbers.push_back(summary.run.number);
    return numbers;
  };
  EXPECT_EQ(ids({}), (std::vector<int64_t>{3, 2, 1}));
  EXPECT_EQ(ids({.kind = "compare"}), (std::vector<int64_t>{3, 1}));
  EXPECT_EQ(ids({.model = "small"}), (std::vector<int64_t>{2, 1}));
  EXPECT_EQ(ids({.model = "digest of oth"}), (std::vector<int64_t>{3}));
  EXPECT_EQ(ids({.model = "%"}), (std::vector<int64_t>{}));
  EXPECT_EQ(ids({.last = 2}), (std::vector<int64_t>{3, 2}));
  EXPECT_EQ(ids({.kind = "compare", .model = "big", .last = 1}), (std::vector<int64_t>{3}));
  EXPECT_EQ(store_.List({})[2].models, (std::vector<std::string>{"small", "big"}));
  EXPECT_EQ(store_.List({})[2].problems, 2);
}

TEST_F(RunStoreTest, ARunWithoutItsProcessIsInterruptedAndCanBeResumed) {
  std::string id;
  {
    RunWriter writer = Begin();
    id = writer.run().id;
    EXPECT_EQ(store_.Find(id).state, RunState::kRunning);
    EXPECT_THROW(RunWriter::Resume(store_, store_.Find(id), kLater), Error);
    EXPECT_THROW(store_.Remove(store_.Find(id)), Error);
  }
  EXPECT_EQ(store_.Find(id).state, RunState::kInterrupted);
  RunWriter writer = RunWriter::Resume(store_, store_.Find(id), kLater);
  EXPECT_EQ(writer.session(), 1);
  EXPECT_EQ(store_.Find(id).state, RunState::kRunning);
  EXPECT_EQ(store_.Find(id).sessions, (std::vector<std::string>{"2026-01-01T00:00:00Z", kLater}));
  writer.AddStart(0, {.warm = true, .round = 0, .seconds = 1});
  EXPECT_EQ(store_.Starts(writer.run().number, 0)[0].session, 1);
  writer.SetSeconds(3.5);
  writer.End(RunState::kFinished, kLater);
  EXPECT_EQ(store_.Find(id).state, RunState::kFinished);
  EXPECT_EQ(store_.Find(id).finished_at, kLater);
  EXPECT_EQ(store_.Find(id).seconds, 3.5);
}

TEST_F(RunStoreTest, RemovingARunTakesWhatOnlyItNeeded) {
  RunWriter kept = Begin("compare", {"a", "b"}), gone = Begin("compare", {"b", "c"});
  for (int problem = 0; problem < 2; ++problem) {
    SampleRow large = SomeSample(problem);
    large.reasoning.assign(100'000, 'x');
    gone.AddSample(0, large);
  }
  kept.AddSample(0, SomeSample(0));
  gone.End(RunState::kFinished, kLater);
  const RemovedRun removed = store_.Remove(gone.run());
  EXPECT_EQ(removed.samples, 2);
  EXPECT_GT(removed.freed_bytes, 150'000);
  EXPECT_EQ(Count("runs"), 1);
  EXPECT_EQ(Count("samples"), 1);
  EXPECT_EQ(Count("models"), 2) << "b is still in use";
  EXPECT_EQ(Count("problems"), 2);
  EXPECT_EQ(Count("tests"), 2);
  EXPECT_EQ(store_.database().QueryText("PRAGMA foreign_key_check"), "");
  EXPECT_EQ(store_.database().QueryText("PRAGMA integrity_check"), "ok");
  kept.Discard();
  for (const char* table : {"runs", "models", "machines", "problems", "samples", "sessions"})
    EXPECT_EQ(Count(table), 0) << table;
}

// What is the most accurate model that starts to answer within a second? docs/runs.md asks it.
TEST_F(RunStoreTest, AnswersWhichSettingIsGoodAndFastEnough) {
  RunWriter writer = Begin("compare", {"slow", "fast"});
  for (size_t model : {0u, 1u}) {
    for (int round = 0; round < 20; ++round)
      writer.AddTiming(model, {.test = "word",
                               .round = round,
                               .tokens_per_s = 10.0 * static_cast<double>(model + 1) + round,
                               .first_token_s = (model == 0 ? 2.0 : 0.5) + 0.01 * round});
    writer.AddTiming(model, {.test = "128/256", .round = 0, .tokens_per_s = 1000});
    for (int problem = 0; problem < 2; ++problem) {
      SampleRow sample = SomeSample(problem);
      if (model == 0 || problem == 0) sample.verdict = "correct";
      writer.AddSample(model, sample);
    }
  }
  const auto best = [&](double accuracy, double seconds) {
    Statement query(store_.database(),
                    "SELECT name FROM figures WHERE accuracy >= ? AND first_token_p95_s <= ? "
                    "ORDER BY memory_after_load, tokens_per_s DESC");
    query.Bind(accuracy, seconds);
    std::vector<std::string> names;
    while (query.Step()) names.push_back(query.Text(0));
    return names;
  };
  EXPECT_EQ(best(0.5, 1), std::vector<std::string>{"fast"});
  EXPECT_EQ(best(0.9, 3), std::vector<std::string>{"slow"});
  EXPECT_EQ(best(0.9, 1), std::vector<std::string>{});
  EXPECT_EQ(best(0.5, 3), (std::vector<std::string>{"fast", "slow"}));
  Statement query(store_.database(),
                  "SELECT tokens_per_s, first_token_p95_s, accuracy, answers FROM figures "
                  "WHERE name = 'fast'");
  ASSERT_TRUE(query.Step());
  EXPECT_EQ(query.Real(0), 29) << "the lower median of 20 to 39";
  EXPECT_NEAR(query.Real(1), 0.5 + 0.01 * 18, 1e-9) << "the 19th of 20";
  EXPECT_EQ(query.Real(2), 0.5);
  EXPECT_EQ(query.Int(3), 2);
}

// Each process with a connection of its own, as two commands started together.
TEST_F(RunStoreTest, TwoProcessesMayWriteAtOnce) {
  constexpr int kProcesses = 2, kSamples = 50;
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    const pid_t pid = ::fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      int status = 1;
      try {
        RunStore store(dir_.File("runs.db"));
        std::vector<ProblemRow> problems;
        for (int p = 0; p < kSamples; ++p) problems.push_back(SomeProblem(p));
        RunWriter writer = RunWriter::Begin(store, SomeRun(), {SomeModel("a")}, problems, {});
        for (int p = 0; p < kSamples; ++p) writer.AddSample(0, SomeSample(p));
        writer.End(RunState::kFinished, kLater);
        status = 0;
      } catch (const std::exception&) {
      }
      ::_exit(status);
    }
    children.push_back(pid);
  }
  for (const pid_t pid : children) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(store_.List({}).size(), 2u);
  EXPECT_EQ(Count("samples"), kProcesses * kSamples);
  EXPECT_EQ(Count("problems"), kSamples) << "the same problems are kept once";
  EXPECT_EQ(Count("machines"), 1);
}

}  // namespace
}  // namespace retort
