#include "store/schema.h"

#include <chrono>
#include <thread>

#include "base/error.h"

namespace retort {
namespace {

constexpr int64_t kApplicationId = 0x52544F52;  // "RTOR"

// Changing to WAL wants the file alone and does not wait for it, so two that create it take turns.
void UseWriteAheadLog(Database& database) {
  constexpr int kAttempts = 200;
  std::string mode;
  for (int attempt = 1; mode.empty(); ++attempt) {
    try {
      mode = database.QueryText("PRAGMA journal_mode = WAL");
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kUnavailable || attempt == kAttempts) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  if (mode != "wal")
    Fail(ErrorCode::kUnavailable,
         "{}: this file system cannot hold SQLite's write-ahead log; put the run store on a local "
         "disk",
         database.path());
}

// One statement, so that all three belong to one moment: between two, another process may create
// the store, and half of what is read would be of the empty file.
int64_t CheckIsOurs(Database& database, size_t newest) {
  Statement query(database,
                  "SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema) "
                  "FROM pragma_user_version, pragma_application_id");
  RETORT_CHECK(query.Step());
  const int64_t version = query.Int(0);
  const bool ours = query.Int(1) == kApplicationId;
  const bool empty = query.Int(2) == 0;
  if (!ours && !empty)
    Fail(ErrorCode::kCorrupt,
         "{} is a database of another program; it was left as it is: name another file",
         database.path());
  if (version < 0 || version > static_cast<int64_t>(newest))
    Fail(ErrorCode::kUnsupported,
         "{} has schema version {}, this Retort knows versions up to {}; use the newer Retort that "
         "wrote it, or name another file",
         database.path(), version, newest);
  return version;
}

}  // namespace

void OpenSchema(Database& database) { OpenSchema(database, Migrations()); }

void OpenSchema(Database& database, std::span<const char* const> migrations) {
  const int64_t version = CheckIsOurs(database, migrations.size());
  // A commit survives the death of its process without a sync; one that the power took is measured
  // again. A sync at each measurement would stand in the measurements.
  database.Execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
  database.Execute("PRAGMA auto_vacuum = INCREMENTAL");  // counts where there are no tables yet
  UseWriteAheadLog(database);
  if (version == static_cast<int64_t>(migrations.size())) return;

  Transaction transaction(database);
  // Another process may have been faster.
  for (auto i = static_cast<size_t>(CheckIsOurs(database, migrations.size()));
       i < migrations.size(); ++i)
    database.Execute(migrations[i]);
  database.Execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                               kApplicationId, migrations.size()));
  transaction.Commit();
}

}  // namespace retort
