// What a stored run holds, table by table.
#include "store/run_store.h"

namespace retort {
namespace {

int Count(const Statement& query, int column) { return static_cast<int>(query.Int(column)); }

std::optional<int> MaybeCount(const Statement& query, int column) {
  return query.IsNull(column) ? std::nullopt : std::optional(Count(query, column));
}

}  // namespace

std::vector<RunModelRow> RunStore::Models(int64_t run) {
  Statement query(
      database_,
      "SELECT digest, bytes, models.name, architecture, quantization, models.path, m.name, m.path,"
      " backend, num_layers, hidden_size, context, weight_bytes, kv_bytes, workspace_bytes,"
      " memory_after_load, memory_after_load_file, memory_peak_one, memory_peak_parallel,"
      " idle_cpu_percent, accuracy_seconds, cold_note, failure "
      "FROM run_models AS m JOIN models ON models.id = m.model WHERE run = ? ORDER BY position");
  std::vector<RunModelRow> rows;
  for (query.Bind(run); query.Step();) {
    RunModelRow& row = rows.emplace_back();
    row.model = {.digest = query.Text(0),
                 .bytes = query.Int(1),
                 .name = query.Text(2),
                 .architecture = query.Text(3),
                 .quantization = query.Text(4),
                 .path = query.Text(5)};
    row.name = query.Text(6);
    row.path = query.Text(7);
    row.backend = query.Text(8);
    row.num_layers = query.Int(9);
    row.hidden_size = query.Int(10);
    row.context = query.Int(11);
    row.weight_bytes = query.Int(12);
    row.kv_bytes = query.Int(13);
    row.workspace_bytes = query.Int(14);
    row.memory_after_load = query.MaybeInt(15);
    row.memory_after_load_file = query.MaybeInt(16);
    row.memory_peak_one = query.MaybeInt(17);
    row.memory_peak_parallel = query.MaybeInt(18);
    row.idle_cpu_percent = query.MaybeReal(19);
    row.accuracy_seconds = query.Real(20);
    row.cold_note = query.Text(21);
    row.failure = query.MaybeText(22);
  }
  return rows;
}

std::vector<ProblemRow> RunStore::Problems(int64_t run) {
  Statement query(database_,
                  "SELECT name, type, language, level, kind, question, answer "
                  "FROM run_problems JOIN problems ON problems.id = problem "
                  "WHERE run = ? ORDER BY position");
  std::vector<ProblemRow> rows;
  for (query.Bind(run); query.Step();) {
    rows.push_back({.name = query.Text(0),
                    .type = query.Text(1),
                    .language = query.Text(2),
                    .level = Count(query, 3),
                    .kind = query.Text(4),
                    .question = query.Text(5),
                    .answer = query.Text(6)});
  }
  return rows;
}

std::vector<TestRow> RunStore::Tests(int64_t run) {
  Statement query(database_, "SELECT id, kind, prompt FROM tests WHERE run = ? ORDER BY position");
  std::vector<TestRow> rows;
  for (query.Bind(run); query.Step();)
    rows.push_back({.id = query.Text(0), .kind = query.Text(1), .prompt = query.Text(2)});
  return rows;
}

std::vector<SampleRow> RunStore::Samples(int64_t run, size_t model) {
  Statement query(database_,
                  "SELECT problem, verdict, extracted, found_by, finish, prompt_tokens, new_tokens,"
                  " reasoning_tokens, reasoning, answer, thinking_end "
                  "FROM samples WHERE run = ? AND model = ? ORDER BY problem");
  std::vector<SampleRow> rows;
  for (query.Bind(run, model); query.Step();) {
    rows.push_back({.problem = Count(query, 0),
                    .verdict = query.Text(1),
                    .extracted = query.Text(2),
                    .found_by = query.Text(3),
                    .finish = query.Text(4),
                    .thinking_end = query.Text(10),
                    .prompt_tokens = Count(query, 5),
                    .new_tokens = Count(query, 6),
                    .reasoning_tokens = Count(query, 7),
                    .reasoning = query.Text(8),
                    .answer = query.Text(9)});
  }
  return rows;
}

std::vector<TimingRow> RunStore::Timings(int64_t run, size_t model) {
  Statement query(database_,
                  "SELECT test, round, session, tokens_per_s, first_token_s, prompt_tokens, "
                  "new_tokens, answer, "
                  "wait_s "
                  "FROM timings JOIN tests ON tests.run = timings.run AND tests.id = test "
                  "WHERE timings.run = ? AND model = ? ORDER BY position, round");
  std::vector<TimingRow> rows;
  for (query.Bind(run, model); query.Step();) {
    rows.push_back({.test = query.Text(0),
                    .round = Count(query, 1),
                    .session = Count(query, 2),
                    .tokens_per_s = query.Real(3),
                    .first_token_s = query.MaybeReal(4),
                    .prompt_tokens = MaybeCount(query, 5),
                    .new_tokens = MaybeCount(query, 6),
                    .answer = query.MaybeText(7),
                    .wait_s = query.MaybeReal(8)});
  }
  return rows;
}

std::vector<BenchResultRow> RunStore::BenchResults(int64_t run, size_t model) {
  Statement query(database_,
                  "SELECT test, limit_share, limited_by FROM bench_results "
                  "WHERE run = ? AND model = ?");
  std::vector<BenchResultRow> rows;
  for (query.Bind(run, model); query.Step();)
    rows.push_back(
        {.test = query.Text(0), .limit_share = query.Real(1), .limited_by = query.Text(2)});
  return rows;
}

std::vector<StartRow> RunStore::Starts(int64_t run, size_t model) {
  Statement query(database_,
                  "SELECT cache = 'warm', round, session, seconds FROM starts "
                  "WHERE run = ? AND model = ? ORDER BY cache, round");
  std::vector<StartRow> rows;
  for (query.Bind(run, model); query.Step();) {
    rows.push_back({.warm = query.Int(0) != 0,
                    .round = Count(query, 1),
                    .session = Count(query, 2),
                    .seconds = query.Real(3)});
  }
  return rows;
}

std::vector<AnswerLength> RunStore::AnswerLengths(const std::string& path,
                                                  const std::string& name) {
  Statement query(
      database_,
      "SELECT new_tokens, finish FROM samples AS s "
      "JOIN run_models AS m ON m.run = s.run AND m.position = s.model "
      "JOIN models ON models.id = m.model "
      "WHERE m.name = ?2 OR digest IN (SELECT digest FROM file_digests WHERE path = ?1)");
  std::vector<AnswerLength> lengths;
  for (query.Bind(path, name); query.Step();) {
    lengths.push_back({.new_tokens = Count(query, 0), .cut = query.Text(1) == "length"});
  }
  return lengths;
}

}  // namespace retort
