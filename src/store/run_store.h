// The run store: every run of `compare` and `bench` with its models, machine and measurements, in
// one SQLite file.
//
//   RunStore store("~/.local/share/retort/runs.db");
//   RunWriter writer = RunWriter::Begin(store, run);      // run_writer.h: as they are measured
//   for (const RunSummary& run : store.List({.kind = "compare", .last = 10})) ...
//   const RunRow run = store.Find("k3");                  // ids may be cut short
//   store.Samples(run.number, /*model=*/0);
//
// Errors: those of OpenSchema and Database; kNotFound for an id that no run has, kInvalidArgument
// for one that several begin with (they are named). One thread at a time; any number of processes
// may use the file at once, each waiting ten seconds for the others at most.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/database.h"
#include "store/run_records.h"

namespace retort {

struct RunFilter {
  std::string kind = {};   // empty: all
  std::string model = {};  // part of a model's name, path or digest
  int64_t last = 0;        // so many of the newest; 0: all
};

struct RunSummary {
  RunRow run;
  std::vector<std::string> models;  // names
  int64_t samples = 0, problems = 0, timings = 0;
};

struct RemovedRun {
  int64_t samples = 0, timings = 0;
  int64_t freed_bytes = 0;  // of the file
};

class RunStore {
 public:
  // Creates the file and the folders above it where there are none.
  explicit RunStore(const std::string& path);

  const std::string& path() const { return database_.path(); }

  // Newest first.
  std::vector<RunSummary> List(const RunFilter& filter);
  RunRow Find(std::string_view id);
  // Whether any run's id begins so.
  bool Has(std::string_view id);
  // With everything that only it needed. kUnavailable while a process works on it.
  RemovedRun Remove(const RunRow& run);

  // What a run holds, in the order of its models, problems, rounds.
  std::vector<RunModelRow> Models(int64_t run);
  std::vector<ProblemRow> Problems(int64_t run);
  std::vector<TestRow> Tests(int64_t run);
  std::vector<SampleRow> Samples(int64_t run, size_t model);
  std::vector<TimingRow> Timings(int64_t run, size_t model);
  std::vector<BenchResultRow> BenchResults(int64_t run, size_t model);
  std::vector<StartRow> Starts(int64_t run, size_t model);

  // Of every answer of a model in any run: of the file at `path` by the digest that is remembered
  // for it (nothing is read), or of one that a run called `name`.
  std::vector<AnswerLength> AnswerLengths(const std::string& path, const std::string& name);

  Database& database() { return database_; }

 private:
  // Runs for which an SQL condition over the values holds.
  template <typename... Values>
  std::vector<RunRow> Query(const std::string& condition, const Values&... values);

  Database database_;
};

// Letters and digits that are not mistaken for each other: 6 of them, a thousand million ids.
bool LooksLikeRunId(std::string_view text);

}  // namespace retort
