// The tables, version by version. A migration that was released stays as it is.
#include "store/schema.h"

namespace retort {
namespace {

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

constexpr char kBenchmarksAndFigures[] = R"(
ALTER TABLE samples ADD COLUMN thinking_end TEXT NOT NULL DEFAULT '';

CREATE TABLE bench_results (
  run           INTEGER NOT NULL,
  model         INTEGER NOT NULL,
  test          TEXT NOT NULL,
  limit_share   REAL NOT NULL,
  limited_by    TEXT NOT NULL,
  PRIMARY KEY (run, model, test),
  FOREIGN KEY (run, model) REFERENCES run_models (run, position) ON DELETE CASCADE,
  FOREIGN KEY (run, test) REFERENCES tests (run, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX bench_results_by_test ON bench_results (run, test);

CREATE VIEW figures AS
WITH ranked AS (
  SELECT t.run, t.model, tokens_per_s, first_token_s,
         row_number() OVER (PARTITION BY t.run, t.model ORDER BY tokens_per_s) AS speed_rank,
         row_number() OVER (PARTITION BY t.run, t.model ORDER BY first_token_s) AS latency_rank,
         count(*) OVER (PARTITION BY t.run, t.model) AS n
  FROM timings AS t JOIN tests ON tests.run = t.run AND tests.id = t.test
  WHERE tests.kind = 'prompt'
), speeds AS (
  SELECT run, model,
         max(CASE WHEN speed_rank = (n + 1) / 2 THEN tokens_per_s END) AS tokens_per_s,
         max(CASE WHEN latency_rank = (n * 95 + 99) / 100 THEN first_token_s END)
           AS first_token_p95_s
  FROM ranked GROUP BY run, model
), marks AS (
  SELECT run, model, count(*) AS answers, avg(verdict = 'correct') AS accuracy,
         avg(new_tokens) AS tokens_per_answer
  FROM samples GROUP BY run, model
)
SELECT runs.id AS run, runs.state, runs.started_at, runs.machine, m.position, m.name,
       models.digest, models.quantization, models.bytes, m.backend, runs.settings,
       marks.answers, marks.accuracy, marks.tokens_per_answer,
       speeds.tokens_per_s, speeds.first_token_p95_s,
       m.memory_after_load, m.memory_peak_one, m.memory_peak_parallel
FROM run_models AS m
JOIN runs ON runs.number = m.run
JOIN models ON models.id = m.model
LEFT JOIN speeds ON speeds.run = m.run AND speeds.model = m.position
LEFT JOIN marks ON marks.run = m.run AND marks.model = m.position;
)";

// How long somebody waited for a token, where a benchmark's test is about that.
constexpr char kWaits[] = "ALTER TABLE timings ADD COLUMN wait_s REAL";

// What people preferred, seen side by side.
constexpr char kVotes[] = R"(
CREATE TABLE votes (
  number INTEGER PRIMARY KEY,
  voted_at TEXT NOT NULL,      -- ISO 8601, UTC
  prompt TEXT NOT NULL,
  best INTEGER                 -- position of an answer; NULL: they were alike
) STRICT;
CREATE TABLE vote_answers (
  vote INTEGER NOT NULL REFERENCES votes ON DELETE CASCADE,
  position INTEGER NOT NULL,
  model TEXT NOT NULL,         -- as the server called it
  answer TEXT NOT NULL,
  reasoning TEXT NOT NULL,
  PRIMARY KEY (vote, position)
) STRICT, WITHOUT ROWID;
)";

constexpr const char* kMigrations[] = {kRunsAndComparisons, kBenchmarksAndFigures, kWaits, kVotes};

}  // namespace

std::span<const char* const> Migrations() { return kMigrations; }

}  // namespace retort
