#include "store/schema.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/error.h"
#include "store/run_store.h"
#include "tests/support/read_file.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

std::string SchemaOf(Database& database) {
  return database.QueryText(
      "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)");
}

// A run as version 1 of the schema keeps it.
constexpr char kOldRun[] = R"(
INSERT INTO machines VALUES (1, 'old cpu', 'avx2', 2, 2, 1000, 'os', 'kernel');
INSERT INTO models VALUES (1, 'd1', 5, 'm', 'llama', 'Q8_0', '/m.gguf');
INSERT INTO runs VALUES (1, 'abcdef', 'compare', 'finished', '2026-01-01T00:00:00Z',
                         '2026-01-01T00:01:00Z', 60, '0.1.0', 'retort compare', '{}', 1, 1);
INSERT INTO sessions VALUES (1, 0, '2026-01-01T00:00:00Z');
INSERT INTO run_models (run, position, model, name, path) VALUES (1, 0, 1, 'm', 'm.gguf');
INSERT INTO problems VALUES (1, 'p', 'algebra', 'en', 1, 'k', '1+1?', '2');
INSERT INTO run_problems VALUES (1, 0, 1);
INSERT INTO samples (run, model, problem, verdict, extracted, found_by, finish, prompt_tokens,
                     new_tokens, reasoning_tokens, reasoning, answer)
  VALUES (1, 0, 0, 'correct', '2', 'boxed', 'stop', 3, 4, 0, '', '2');
INSERT INTO tests VALUES (1, 0, 'word', 'prompt', 'Hello');
INSERT INTO timings (run, model, test, round, session, tokens_per_s, first_token_s, prompt_tokens,
                     new_tokens, answer)
  VALUES (1, 0, 'word', 0, 0, 12.5, 0.25, 7, 9, 'Hi');
INSERT INTO starts VALUES (1, 0, 'warm', 0, 0, 0.5);
)";

// Every version that was ever written is brought up to date with its rows.
TEST(SchemaTest, BringsOldStoresUpToDate) {
  const TempDir dir;
  Database fresh(dir.File("fresh.db"));
  OpenSchema(fresh);
  EXPECT_EQ(fresh.QueryInt("PRAGMA user_version"), static_cast<int64_t>(Migrations().size()));
  for (size_t version = 1; version <= Migrations().size(); ++version) {
    SCOPED_TRACE(version);
    const std::string path = dir.File("old" + std::to_string(version));
    {
      Database old(path);
      OpenSchema(old, Migrations().first(version));
      EXPECT_EQ(old.QueryInt("PRAGMA user_version"), static_cast<int64_t>(version));
      old.Execute(kOldRun);
    }
    RunStore store(path);
    EXPECT_EQ(SchemaOf(store.database()), SchemaOf(fresh));
    const RunRow run = store.Find("abc");
    EXPECT_EQ(run.machine.cpu, "old cpu");
    EXPECT_EQ(run.state, RunState::kFinished);
    ASSERT_EQ(store.Samples(1, 0).size(), 1u);
    EXPECT_EQ(store.Samples(1, 0)[0].verdict, "correct");
    EXPECT_EQ(store.Samples(1, 0)[0].thinking_end, "") << "not known then";
    ASSERT_EQ(store.Timings(1, 0).size(), 1u);
    EXPECT_EQ(store.Timings(1, 0)[0].tokens_per_s, 12.5);
    EXPECT_FALSE(store.Timings(1, 0)[0].wait_s) << "not known then";
    EXPECT_EQ(store.database().QueryText("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(store.database().QueryText("PRAGMA foreign_key_check"), "");
  }
}

TEST(SchemaTest, AppliesEachMigrationOnce) {
  const TempDir dir;
  constexpr const char* kSteps[] = {"CREATE TABLE a (i INTEGER); INSERT INTO a VALUES (1)",
                                    "ALTER TABLE a ADD COLUMN j INTEGER DEFAULT 7",
                                    "UPDATE a SET i = i + 1"};
  for (size_t version = 1; version <= 3; ++version) {
    Database database(dir.File("steps.db"));
    OpenSchema(database, std::span(kSteps).first(version));
    OpenSchema(database, std::span(kSteps).first(version));
  }
  Database database(dir.File("steps.db"));
  OpenSchema(database, kSteps);
  EXPECT_EQ(database.QueryInt("SELECT i * 10 + j FROM a"), 27);
}

// Half a migration would be worse than none.
TEST(SchemaTest, AMigrationThatFailsLeavesTheStoreAsItWas) {
  const TempDir dir;
  constexpr const char* kGood[] = {"CREATE TABLE a (i INTEGER)"};
  constexpr const char* kBad[] = {kGood[0], "CREATE TABLE b (i INTEGER); no SQL"};
  Database database(dir.File("runs.db"));
  OpenSchema(database, kGood);
  EXPECT_THROW(OpenSchema(database, kBad), Error);
  EXPECT_EQ(database.QueryInt("PRAGMA user_version"), 1);
  EXPECT_EQ(database.QueryInt("SELECT count(*) FROM sqlite_schema"), 1);
}

TEST(SchemaTest, RefusesWhatANewerRetortWrote) {
  const TempDir dir;
  const std::string path = dir.File("runs.db");
  {
    RunStore store(path);
    store.database().Execute("PRAGMA user_version = 99");
  }
  const std::string before = ReadFile(path);
  try {
    RunStore store(path);
    FAIL() << "should have refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    EXPECT_NE(std::string(error.what()).find("version 99"), std::string::npos) << error.what();
  }
  EXPECT_EQ(ReadFile(path), before);
}

TEST(SchemaTest, LeavesForeignAndDamagedFilesAlone) {
  const TempDir dir;
  {
    Database foreign(dir.File("foreign.db"));
    foreign.Execute("CREATE TABLE songs (name TEXT)");
  }
  std::ofstream(dir.File("text.db"))
      << "not a database, and long enough to be looked at as one: " << std::string(600, '.');
  {
    RunStore store(dir.File("cut.db"));
    store.database().Execute("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  std::ofstream(dir.File("damaged.db"), std::ios::binary)
      << ReadFile(dir.File("cut.db")).substr(0, 4096 + 100);
  for (const char* name : {"foreign.db", "text.db", "damaged.db"}) {
    SCOPED_TRACE(name);
    const std::string before = ReadFile(dir.File(name));
    try {
      RunStore store(dir.File(name));
      store.List({});
      ADD_FAILURE() << "should have refused";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCorrupt) << error.what();
      EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
    }
    EXPECT_EQ(ReadFile(dir.File(name)), before);
  }
}

TEST(SchemaTest, SeveralMayCreateItAtOnce) {
  const TempDir dir;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { RunStore store(dir.File("runs.db")); });
  for (std::thread& thread : threads) thread.join();
  Database database(dir.File("runs.db"));
  EXPECT_EQ(database.QueryText("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(database.QueryInt("PRAGMA user_version"), static_cast<int64_t>(Migrations().size()));
}

}  // namespace
}  // namespace retort
