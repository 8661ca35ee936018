// What the run store keeps, as plain rows: the tables of migrations.cpp as structs. docs/runs.md
// says what each means. Plain values, no errors, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/machine.h"

namespace retort {

enum class RunState {
  kRunning,      // a process is at it
  kInterrupted,  // Ctrl-C, kill -9 or an error ended it; can be resumed
  kFailed,       // ended, but a model did not get to its end; can be resumed
  kFinished,
};
const char* RunStateName(RunState state);  // "running", "interrupted", "failed", "finished"

struct RunRow {
  int64_t number = 0;     // the store's own
  std::string id = {};    // what people type
  std::string kind = {};  // "compare", "bench"
  RunState state = RunState::kRunning;
  std::string started_at = {}, finished_at = {};  // ISO 8601, UTC; finished_at empty until then
  double seconds = 0;                             // of work, over all sessions
  std::string version = {};
  std::string command = {};
  std::string settings = {};  // JSON
  uint64_t seed = 0;
  Machine machine = {};
  std::vector<std::string> sessions = {};  // when it was started, and each time it was resumed
};

struct ModelRow {
  std::string digest = {};  // SHA-256 in hex
  int64_t bytes = 0;
  std::string name = {}, architecture = {}, quantization = {};
  std::string path = {};  // absolute, where it was seen last
};

// A model as one run saw it. Bytes that were not measured are absent.
struct RunModelRow {
  ModelRow model = {};
  std::string name = {}, path = {}, backend = {};  // path: as typed
  int64_t num_layers = 0, hidden_size = 0, context = 0;
  int64_t weight_bytes = 0, kv_bytes = 0, workspace_bytes = 0;
  std::optional<int64_t> memory_after_load = {}, memory_after_load_file = {}, memory_peak_one = {},
                         memory_peak_parallel = {};
  std::optional<double> idle_cpu_percent = {};
  double accuracy_seconds = 0;
  std::string cold_note = {};
  std::optional<std::string> failure = {};
};

struct ProblemRow {
  std::string name = {};  // "algebra/en/3/1-17"
  std::string type = {}, language = {};
  int level = 0;
  std::string kind = {}, question = {}, answer = {};
};

struct SampleRow {
  int problem = 0;  // index into the run's problems
  std::string verdict = {}, extracted = {}, found_by = {};
  std::string finish = {}, thinking_end = {};
  int prompt_tokens = 0, new_tokens = 0, reasoning_tokens = 0;
  std::string reasoning = {}, answer = {};
};

// How long a stored answer became, whichever run it is of.
struct AnswerLength {
  int new_tokens = 0;
  bool cut = false;  // by the limit on tokens: it would have gone on
};

struct TestRow {
  std::string id = {};    // "algebra", "128/256", "pp512"
  std::string kind = {};  // "prompt", "length", "bench"
  std::string prompt = {};
};

struct TimingRow {
  std::string test = {};
  int round = 0;
  int session = 0;  // index into RunRow::sessions
  double tokens_per_s = 0;
  std::optional<double> first_token_s = {};
  std::optional<int> prompt_tokens = {}, new_tokens = {};
  std::optional<std::string> answer = {};
  std::optional<double> wait_s = {};  // of a benchmark: BenchResult::wait_s
};

struct BenchResultRow {
  std::string test = {};
  double limit_share = 0;       // of the median: 1 is the machine's limit
  std::string limited_by = {};  // "bandwidth", "arithmetic"
};

struct StartRow {
  bool warm = true;  // the file in the page cache
  int round = 0;
  int session = 0;
  double seconds = 0;
};

}  // namespace retort
