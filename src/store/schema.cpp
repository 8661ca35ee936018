#include "store/schema.h"

#include <chrono>
#include <thread>

#include "base/error.h"

namespace retort {
namespace {

constexpr int64_t kApplicationId = 0x52544F52;  // "RTOR"

constexpr char kRunsAndComparisons[] = R"(
CREATE TABLE machines (
  id            INTEGER PRIMARY KEY,
  cpu           TEXT NOT NULL,
  units         TEXT NOT NULL,
  usable_cores  INTEGER NOT NULL,
  online_cores  INTEGER NOT NULL,
  memory_bytes  INTEGER NOT NULL,
  os            TEXT NOT NULL,
  kernel        TEXT NOT NULL,
  UNIQUE (cpu, units, usable_cores, online_cores, memory_bytes, os, kernel)
) STRICT;

CREATE TABLE models (
  id            INTEGER PRIMARY KEY,
  digest        TEXT NOT NULL UNIQUE,
  bytes         INTEGER NOT NULL,
  name          TEXT NOT NULL,
  architecture  TEXT NOT NULL,
  quantization  TEXT NOT NULL,
  path          TEXT NOT NULL
) STRICT;

CREATE TABLE file_digests (
  path          TEXT PRIMARY KEY,
  bytes         INTEGER NOT NULL,
  modified_ns   INTEGER NOT NULL,
  inode         INTEGER NOT NULL,
  digest        TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  number        INTEGER PRIMARY KEY,
  id            TEXT NOT NULL UNIQUE,
  kind          TEXT NOT NULL,
  state         TEXT NOT NULL,
  started_at    TEXT NOT NULL,
  finished_at   TEXT,
  seconds       REAL NOT NULL DEFAULT 0,
  version       TEXT NOT NULL,
  command       TEXT NOT NULL,
  settings      TEXT NOT NULL,
  seed          INTEGER NOT NULL,
  machine       INTEGER NOT NULL REFERENCES machines (id)
) STRICT;
CREATE INDEX runs_by_machine ON runs (machine);

CREATE TABLE sessions (
  run           INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  number        INTEGER NOT NULL,
  started_at    TEXT NOT NULL,
  PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_models (
  run           INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  position      INTEGER NOT NULL,
  model         INTEGER NOT NULL REFERENCES models (id),
  name          TEXT NOT NULL,
  path          TEXT NOT NULL,
  backend       TEXT NOT NULL DEFAULT '',
  num_layers    INTEGER NOT NULL DEFAULT 0,
  hidden_size   INTEGER NOT NULL DEFAULT 0,
  context       INTEGER NOT NULL DEFAULT 0,
  weight_bytes  INTEGER NOT NULL DEFAULT 0,
  kv_bytes      INTEGER NOT NULL DEFAULT 0,
  workspace_bytes         INTEGER NOT NULL DEFAULT 0,
  memory_after_load       INTEGER,
  memory_after_load_file  INTEGER,
  memory_peak_one         INTEGER,
  memory_peak_parallel    INTEGER,
  idle_cpu_percent        REAL,
  accuracy_seconds        REAL NOT NULL DEFAULT 0,
  cold_note     TEXT NOT NULL DEFAULT '',
  failure       TEXT,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_models_by_model ON run_models (model);

CREATE TABLE problems (
  id            INTEGER PRIMARY KEY,
  name          TEXT NOT NULL,
  type          TEXT NOT NULL,
  language      TEXT NOT NULL,
  level         INTEGER NOT NULL,
  kind          TEXT NOT NULL,
  question      TEXT NOT NULL,
  answer        TEXT NOT NULL,
  UNIQUE (name, question, answer)
) STRICT;

CREATE TABLE run_problems (
  run           INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  position      INTEGER NOT NULL,
  problem       INTEGER NOT NULL REFERENCES problems (id),
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_problems_by_problem ON run_problems (problem);

CREATE TABLE samples (
  run           INTEGER NOT NULL,
  model         INTEGER NOT NULL,
  problem       INTEGER NOT NULL,
  verdict       TEXT NOT NULL,
  extracted     TEXT NOT NULL,
  found_by      TEXT NOT NULL,
  finish        TEXT NOT NULL,
  prompt_tokens     INTEGER NOT NULL,
  new_tokens        INTEGER NOT NULL,
  reasoning_tokens  INTEGER NOT NULL,
  reasoning     TEXT NOT NULL,
  answer        TEXT NOT NULL,
  PRIMARY KEY (run, model, problem),
  FOREIGN KEY (run, model) REFERENCES run_models (run, position) ON DELETE CASCADE,
  FOREIGN KEY (run, problem) REFERENCES run_problems (run, position) ON DELETE CASCADE
) STRICT;
CREATE INDEX samples_by_problem ON samples (run, problem);

CREATE TABLE tests (
  run           INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  position      INTEGER NOT NULL,
  id            TEXT NOT NULL,
  kind          TEXT NOT NULL,
  prompt        TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (run, position),
  UNIQUE (run, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE timings (
  run           INTEGER NOT NULL,
  model         INTEGER NOT NULL,
  test          TEXT NOT NULL,
  round         INTEGER NOT NULL,
  session       INTEGER NOT NULL,
  tokens_per_s  REAL NOT NULL,
  first_token_s REAL,
  prompt_tokens INTEGER,
  new_tokens    INTEGER,
  answer        TEXT,
  PRIMARY KEY (run, model, test, round),
  FOREIGN KEY (run, model) REFERENCES run_models (run, position) ON DELETE CASCADE,
  FOREIGN KEY (run, test) REFERENCES tests (run, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX timings_by_test ON timings (run, test);

CREATE TABLE starts (
  run           INTEGER NOT NULL,
  model         INTEGER NOT NULL,
  cache         TEXT NOT NULL,
  round         INTEGER NOT NULL,
  session       INTEGER NOT NULL,
  seconds       REAL NOT NULL,
  PRIMARY KEY (run, model, cache, round),
  FOREIGN KEY (run, model) REFERENCES run_models (run, position) ON DELETE CASCADE
) STRICT;
)";

constexpr const char* kMigrations[] = {kRunsAndComparisons};

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

int64_t CheckIsOurs(Database& database, size_t newest) {
  const int64_t version = database.QueryInt("PRAGMA user_version");
  const int64_t application = database.QueryInt("PRAGMA application_id");
  const bool empty = database.QueryInt("SELECT count(*) FROM sqlite_schema") == 0;
  if (application != kApplicationId && !empty)
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

std::span<const char* const> Migrations() { return kMigrations; }

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
