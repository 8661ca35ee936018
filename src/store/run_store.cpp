#include "store/run_store.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "base/error.h"
#include "base/quote.h"
#include "store/run_lock.h"
#include "store/schema.h"

namespace retort {
namespace {

constexpr std::string_view kIdLetters = "0123456789abcdefghjkmnpqrstvwxyz";  // Crockford's base 32
constexpr size_t kIdLength = 6;

RunState StateFromName(const std::string& name) {
  for (const RunState state : {RunState::kRunning, RunState::kFailed, RunState::kFinished}) {
    if (name == RunStateName(state)) return state;
  }
  return RunState::kInterrupted;
}

std::vector<std::string> SplitWords(const std::string& text) {
  std::istringstream words(text);
  std::vector<std::string> out;
  for (std::string word; words >> word;) out.push_back(word);
  return out;
}

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

constexpr char kRunColumns[] =
    "SELECT number, runs.id, kind, state, started_at, finished_at, seconds, version, command, "
    "settings, seed, cpu, units, usable_cores, online_cores, memory_bytes, os, kernel "
    "FROM runs JOIN machines ON machines.id = runs.machine ";

RunRow RunFrom(const Statement& query) {
  RunRow run;
  run.number = query.Int(0);
  run.id = query.Text(1);
  run.kind = query.Text(2);
  run.state = StateFromName(query.Text(3));
  run.started_at = query.Text(4);
  run.finished_at = query.Text(5);
  run.seconds = query.Real(6);
  run.version = query.Text(7);
  run.command = query.Text(8);
  run.settings = query.Text(9);
  run.seed = static_cast<uint64_t>(query.Int(10));
  run.machine = {.cpu = query.Text(11),
                 .units = SplitWords(query.Text(12)),
                 .usable_cores = static_cast<int>(query.Int(13)),
                 .online_cores = static_cast<int>(query.Int(14)),
                 .memory_bytes = query.Int(15),
                 .os = query.Text(16),
                 .kernel = query.Text(17)};
  return run;
}

}  // namespace

const char* RunStateName(RunState state) {
  switch (state) {
    case RunState::kRunning:
      return "running";
    case RunState::kInterrupted:
      return "interrupted";
    case RunState::kFailed:
      return "failed";
    case RunState::kFinished:
      return "finished";
  }
  return "unknown";
}

bool LooksLikeRunId(std::string_view text) {
  return !text.empty() && text.size() <= kIdLength &&
         Lower(text).find_first_not_of(kIdLetters) == std::string::npos;
}

RunStore::RunStore(const std::string& path) : database_(path) { OpenSchema(database_); }

template <typename... Values>
std::vector<RunRow> RunStore::Query(const std::string& condition, const Values&... values) {
  std::vector<RunRow> runs;
  Statement query(database_, kRunColumns + condition);
  for (query.Bind(values...); query.Step();) runs.push_back(RunFrom(query));
  Statement sessions(database_, "SELECT started_at FROM sessions WHERE run = ? ORDER BY number");
  for (RunRow& run : runs) {
    for (sessions.Bind(run.number); sessions.Step();) run.sessions.push_back(sessions.Text(0));
    // Who was killed could not say so.
    if (run.state == RunState::kRunning && !RunLock::IsHeld(path(), run.number))
      run.state = RunState::kInterrupted;
  }
  return runs;
}

std::vector<RunSummary> RunStore::List(const RunFilter& filter) {
  const std::vector<RunRow> runs = Query(
      "WHERE (?1 = '' OR kind = ?1) AND (?2 = '' OR EXISTS ("
      " SELECT 1 FROM run_models AS m JOIN models ON models.id = m.model WHERE m.run = number AND ("
      " instr(m.name, ?2) OR instr(m.path, ?2) OR instr(models.path, ?2)"
      " OR substr(digest, 1, length(?2)) = ?2))) ORDER BY number DESC LIMIT ?3",
      filter.kind, filter.model, filter.last > 0 ? filter.last : int64_t{-1});
  Statement names(database_, "SELECT name FROM run_models WHERE run = ? ORDER BY position");
  Statement counts(database_,
                   "SELECT (SELECT count(*) FROM samples WHERE run = ?1),"
                   " (SELECT count(*) FROM run_problems WHERE run = ?1),"
                   " (SELECT count(*) FROM timings WHERE run = ?1)");
  std::vector<RunSummary> summaries;
  for (const RunRow& run : runs) {
    RunSummary& summary = summaries.emplace_back();
    summary.run = run;
    for (names.Bind(run.number); names.Step();) summary.models.push_back(names.Text(0));
    counts.Bind(run.number).Step();
    summary.samples = counts.Int(0);
    summary.problems = counts.Int(1);
    summary.timings = counts.Int(2);
  }
  return summaries;
}

RunRow RunStore::Find(std::string_view id) {
  std::vector<RunRow> runs;
  if (LooksLikeRunId(id))
    runs = Query("WHERE substr(runs.id, 1, length(?1)) = ?1 ORDER BY number DESC", Lower(id));
  if (runs.empty())
    Fail(ErrorCode::kNotFound, "no stored run begins with {}; retort runs list shows those of {}",
         Quoted(id), path());
  if (runs.size() == 1) return runs.front();
  std::vector<std::string> ids;
  for (const RunRow& run : runs) ids.push_back(run.id);
  Fail(ErrorCode::kInvalidArgument, "{} begins the ids of {} runs: {}; type more of it", Quoted(id),
       ids.size(), fmt::join(ids, ", "));
}

bool RunStore::Has(std::string_view id) {
  if (!LooksLikeRunId(id)) return false;
  Statement query(database_, "SELECT 1 FROM runs WHERE substr(id, 1, length(?1)) = ?1");
  return query.Bind(Lower(id)).Step();
}

RemovedRun RunStore::Remove(const RunRow& run) {
  const RunLock lock(path(), run.number);
  const auto count = [&](const char* table) {
    Statement query(database_, fmt::format("SELECT count(*) FROM {} WHERE run = ?", table));
    query.Bind(run.number).Step();
    return query.Int(0);
  };
  RemovedRun removed{.samples = count("samples"), .timings = count("timings")};
  const int64_t page_bytes = database_.QueryInt("PRAGMA page_size");
  const int64_t pages = database_.QueryInt("PRAGMA page_count");
  Transaction transaction(database_);
  Statement(database_, "DELETE FROM runs WHERE number = ?").Run(run.number);
  database_.Execute(
      "DELETE FROM problems WHERE id NOT IN (SELECT problem FROM run_problems);"
      "DELETE FROM models WHERE id NOT IN (SELECT model FROM run_models);"
      "DELETE FROM machines WHERE id NOT IN (SELECT machine FROM runs)");
  transaction.Commit();
  database_.Execute("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)");
  removed.freed_bytes = page_bytes * (pages - database_.QueryInt("PRAGMA page_count"));
  return removed;
}

}  // namespace retort
