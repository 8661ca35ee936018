#include "store/database.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

ErrorCode CodeOf(const std::function<void()>& work, std::string* message = nullptr) {
  try {
    work();
  } catch (const Error& error) {
    if (message != nullptr) *message = error.what();
    return error.code();
  }
  ADD_FAILURE() << "no error";
  return ErrorCode::kInternal;
}

TEST(DatabaseTest, GivesBackWhatWasBound) {
  const TempDir dir;
  Database database(dir.File("a/b/runs.db"));  // folders are made
  database.Execute("CREATE TABLE t (i INTEGER, r REAL, s TEXT, n TEXT)");
  const std::string text("nul \0 and ü", 12);
  Statement insert(database, "INSERT INTO t VALUES (?, ?, ?, ?)");
  insert.Run(INT64_MIN, 0.1, text, std::nullopt);
  insert.Run(1, 2.0, std::string_view(), std::optional<std::string>("x"));
  EXPECT_EQ(database.Changes(), 1);
  EXPECT_EQ(database.LastRowId(), 2);

  Statement query(database, "SELECT i, r, s, n FROM t WHERE r < ? ORDER BY r");
  query.Bind(10.0);
  ASSERT_TRUE(query.Step());
  EXPECT_EQ(query.Int(0), INT64_MIN);
  EXPECT_EQ(query.Real(1), 0.1);
  EXPECT_EQ(query.Text(2), text);
  EXPECT_TRUE(query.IsNull(3));
  EXPECT_EQ(query.MaybeText(3), std::nullopt);
  ASSERT_TRUE(query.Step());
  EXPECT_FALSE(query.IsNull(2)) << "an empty text is no NULL";
  EXPECT_EQ(query.MaybeInt(0), 1);
  EXPECT_EQ(query.MaybeReal(1), 2.0);
  EXPECT_EQ(query.MaybeText(3), "x");
  EXPECT_FALSE(query.Step());
  // Bound anew, it starts anew.
  query.Bind(1.0);
  EXPECT_TRUE(query.Step());
  EXPECT_FALSE(query.Step());
}

TEST(DatabaseTest, ATransactionThatIsNotCommittedNeverWas) {
  const TempDir dir;
  Database database(dir.File("runs.db"));
  database.Execute("CREATE TABLE t (i INTEGER)");
  {
    const Transaction lost(database);
    database.Execute("INSERT INTO t VALUES (1)");
  }
  EXPECT_EQ(database.QueryInt("SELECT count(*) FROM t"), 0);
  {
    Transaction kept(database);
    database.Execute("INSERT INTO t VALUES (1)");
    kept.Commit();
  }
  EXPECT_EQ(database.QueryInt("SELECT count(*) FROM t"), 1);
}

TEST(DatabaseTest, WhoWaitsTooLongIsToldWhoIsInTheWay) {
  const TempDir dir;
  Database one(dir.File("runs.db")), other(dir.File("runs.db"), /*busy_seconds=*/0.01);
  const Transaction held(one);
  std::string message;
  EXPECT_EQ(CodeOf([&] { const Transaction waits(other); }, &message), ErrorCode::kUnavailable);
  EXPECT_NE(message.find("another process"), std::string::npos) << message;
}

TEST(DatabaseTest, ErrorsNameTheFile) {
  const TempDir dir;
  const std::string rubbish = dir.File("rubbish");
  std::ofstream(rubbish) << std::string(5000, 'x');
  std::string message;
  Database database(rubbish);
  EXPECT_EQ(CodeOf([&] { database.QueryInt("PRAGMA user_version"); }, &message),
            ErrorCode::kCorrupt);
  EXPECT_NE(message.find(rubbish), std::string::npos) << message;

  EXPECT_EQ(CodeOf([&] { Database folder(dir.path()); }, &message), ErrorCode::kUnavailable);
  EXPECT_NE(message.find(dir.path()), std::string::npos) << message;

  EXPECT_EQ(CodeOf([&] { Database below(rubbish + "/runs.db"); }, &message),
            ErrorCode::kUnavailable);
  EXPECT_NE(message.find("cannot make the folder"), std::string::npos) << message;

  Database fine(dir.File("runs.db"));
  EXPECT_EQ(CodeOf([&] { fine.Execute("no SQL"); }, &message), ErrorCode::kInternal);
  EXPECT_EQ(CodeOf([&] { Statement wrong(fine, "SELECT * FROM absent"); }, &message),
            ErrorCode::kInternal);
  EXPECT_NE(message.find("no such table: absent"), std::string::npos) << message;
}

}  // namespace
}  // namespace retort
