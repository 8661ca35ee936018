#include "store/run_writer.h"

#include <fmt/ranges.h>

#include <random>

#include "base/error.h"

namespace retort {
namespace {

std::string NewId() {
  constexpr std::string_view kLetters = "0123456789abcdefghjkmnpqrstvwxyz";
  std::random_device device;
  std::string id;
  while (id.size() < 6) id += kLetters[device() % kLetters.size()];
  return id;
}

int64_t MachineId(Database& database, const Machine& machine) {
  const std::string units = fmt::format("{}", fmt::join(machine.units, " "));
  Statement(database,
            "INSERT OR IGNORE INTO machines (cpu, units, usable_cores, online_cores, memory_bytes,"
            " os, kernel) VALUES (?, ?, ?, ?, ?, ?, ?)")
      .Run(machine.cpu, units, machine.usable_cores, machine.online_cores, machine.memory_bytes,
           machine.os, machine.kernel);
  Statement query(database,
                  "SELECT id FROM machines WHERE cpu = ? AND units = ? AND usable_cores = ? AND"
                  " online_cores = ? AND memory_bytes = ? AND os = ? AND kernel = ?");
  query
      .Bind(machine.cpu, units, machine.usable_cores, machine.online_cores, machine.memory_bytes,
            machine.os, machine.kernel)
      .Step();
  return query.Int(0);
}

int64_t ModelId(Database& database, const ModelRow& model) {
  Statement(database,
            "INSERT INTO models (digest, bytes, name, architecture, quantization, path)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE SET path = excluded.path")
      .Run(model.digest, model.bytes, model.name, model.architecture, model.quantization,
           model.path);
  Statement query(database, "SELECT id FROM models WHERE digest = ?");
  query.Bind(model.digest).Step();
  return query.Int(0);
}

int64_t ProblemId(Database& database, const ProblemRow& problem) {
  Statement(database,
            "INSERT OR IGNORE INTO problems (name, type, language, level, kind, question, answer)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)")
      .Run(problem.name, problem.type, problem.language, problem.level, problem.kind,
           problem.question, problem.answer);
  Statement query(database,
                  "SELECT id FROM problems WHERE name = ? AND question = ? AND answer = ?");
  query.Bind(problem.name, problem.question, problem.answer).Step();
  return query.Int(0);
}

// Under a fresh id.
void InsertRun(Database& database, RunRow& run) {
  const int64_t machine = MachineId(database, run.machine);
  Statement insert(database,
                   "INSERT OR IGNORE INTO runs (id, kind, state, started_at, version, command,"
                   " settings, seed, machine) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  do {
    run.id = NewId();
    insert.Run(run.id, run.kind, RunStateName(run.state), run.started_at, run.version, run.command,
               run.settings, static_cast<int64_t>(run.seed), machine);
  } while (database.Changes() == 0);
  run.number = database.LastRowId();
}

void InsertSession(Database& database, RunRow& run, const std::string& now) {
  Statement(database, "INSERT INTO sessions VALUES (?, ?, ?)")
      .Run(run.number, run.sessions.size(), now);
  run.sessions.push_back(now);
}

}  // namespace

RunWriter::RunWriter(RunStore& store, RunRow run) : store_(store), run_(std::move(run)) {}

RunWriter RunWriter::Begin(RunStore& store, RunRow run, const std::vector<RunModelRow>& models,
                           const std::vector<ProblemRow>& problems,
                           const std::vector<TestRow>& tests) {
  RunWriter writer(store, std::move(run));
  Database& database = store.database();
  Transaction transaction(database);
  InsertRun(database, writer.run_);
  const int64_t number = writer.run_.number;
  // Nobody can see the run before the commit, so nobody finds it running and not locked.
  writer.lock_ = std::make_unique<RunLock>(store.path(), number);
  InsertSession(database, writer.run_, writer.run_.started_at);
  Statement model(database,
                  "INSERT INTO run_models (run, position, model, name, path)"
                  " VALUES (?, ?, ?, ?, ?)");
  for (size_t i = 0; i < models.size(); ++i)
    model.Run(number, i, ModelId(database, models[i].model), models[i].name, models[i].path);
  Statement problem(database, "INSERT INTO run_problems VALUES (?, ?, ?)");
  for (size_t i = 0; i < problems.size(); ++i)
    problem.Run(number, i, ProblemId(database, problems[i]));
  Statement test(database, "INSERT INTO tests VALUES (?, ?, ?, ?, ?)");
  for (size_t i = 0; i < tests.size(); ++i)
    test.Run(number, i, tests[i].id, tests[i].kind, tests[i].prompt);
  transaction.Commit();
  return writer;
}

RunWriter RunWriter::Resume(RunStore& store, const RunRow& run, const std::string& now) {
  auto lock = std::make_unique<RunLock>(store.path(), run.number);
  // What it was before we held the lock may have changed since.
  RunWriter writer(store, store.Find(run.id));
  writer.lock_ = std::move(lock);
  Transaction transaction(store.database());
  Statement(store.database(), "UPDATE runs SET state = ?, finished_at = NULL WHERE number = ?")
      .Run(RunStateName(RunState::kRunning), run.number);
  InsertSession(store.database(), writer.run_, now);
  transaction.Commit();
  return writer;
}

void RunWriter::Together(const std::function<void()>& writes) {
  Transaction transaction(store_.database());
  writes();
  transaction.Commit();
}

void RunWriter::SetSeconds(double seconds) {
  Statement(store_.database(), "UPDATE runs SET seconds = ? WHERE number = ?")
      .Run(seconds, run_.number);
}

void RunWriter::SetSettings(const std::string& settings) {
  run_.settings = settings;
  Statement(store_.database(), "UPDATE runs SET settings = ? WHERE number = ?")
      .Run(settings, run_.number);
}

void RunWriter::SetModel(size_t model, const RunModelRow& row) {
  Statement(store_.database(),
            "UPDATE run_models SET path = ?, backend = ?, num_layers = ?, hidden_size = ?,"
            " context = ?, weight_bytes = ?, kv_bytes = ?, workspace_bytes = ?,"
            " memory_after_load = ?, memory_after_load_file = ?, memory_peak_one = ?,"
            " memory_peak_parallel = ?, idle_cpu_percent = ?, accuracy_seconds = ?, cold_note = ?,"
            " failure = ? WHERE run = ? AND position = ?")
      .Run(row.path, row.backend, row.num_layers, row.hidden_size, row.context, row.weight_bytes,
           row.kv_bytes, row.workspace_bytes, row.memory_after_load, row.memory_after_load_file,
           row.memory_peak_one, row.memory_peak_parallel, row.idle_cpu_percent,
           row.accuracy_seconds, row.cold_note, row.failure, run_.number, model);
  if (row.model.architecture.empty()) return;
  // Known once the model is loaded.
  Statement(store_.database(),
            "UPDATE models SET architecture = ? WHERE architecture = '' AND id ="
            " (SELECT model FROM run_models WHERE run = ? AND position = ?)")
      .Run(row.model.architecture, run_.number, model);
}

void RunWriter::AddSample(size_t model, const SampleRow& sample) {
  Statement(store_.database(), "INSERT INTO samples VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .Run(run_.number, model, sample.problem, sample.verdict, sample.extracted, sample.found_by,
           sample.finish, sample.prompt_tokens, sample.new_tokens, sample.reasoning_tokens,
           sample.reasoning, sample.answer, sample.thinking_end);
}

void RunWriter::AddTiming(size_t model, const TimingRow& timing) {
  Statement(store_.database(), "INSERT INTO timings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .Run(run_.number, model, timing.test, timing.round, session(), timing.tokens_per_s,
           timing.first_token_s, timing.prompt_tokens, timing.new_tokens, timing.answer,
           timing.wait_s);
}

void RunWriter::AddStart(size_t model, const StartRow& start) {
  Statement(store_.database(), "INSERT INTO starts VALUES (?, ?, ?, ?, ?, ?)")
      .Run(run_.number, model, start.warm ? "warm" : "cold", start.round, session(), start.seconds);
}

void RunWriter::SetBenchResult(size_t model, const BenchResultRow& result) {
  Statement(store_.database(), "INSERT OR REPLACE INTO bench_results VALUES (?, ?, ?, ?, ?)")
      .Run(run_.number, model, result.test, result.limit_share, result.limited_by);
}

void RunWriter::End(RunState state, const std::string& now) {
  Statement(store_.database(), "UPDATE runs SET state = ?, finished_at = ? WHERE number = ?")
      .Run(RunStateName(state), now, run_.number);
  run_.state = state;
  run_.finished_at = now;
  lock_.reset();
}

void RunWriter::Discard() {
  lock_.reset();
  store_.Remove(run_);
}

}  // namespace retort
