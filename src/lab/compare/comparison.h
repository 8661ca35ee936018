// Everything that one comparison of models measured, as plain data: what `retort compare` fills,
// and what the summary, the verdict, the table, the JSON document and the HTML report read.
//
//   Comparison comparison = RunComparison(settings, paths, hooks);
//   Summary summary = Summarize(comparison);
//
//   Comparison earlier = LoadComparison(store, store.Find("k3"));   // lab/runs/comparison_store.h
//
// Samples are kept, not their means: every figure can be worked out again. A field that could not
// be measured is an empty vector or nullopt, never a zero. Plain values, no errors, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/machine.h"
#include "lab/grading.h"
#include "lab/problems.h"

namespace retort {

// So many tokens in, so many out, whatever the model would like to say.
struct LengthTest {
  int prompt_tokens = 0;
  int new_tokens = 0;
};

struct CompareSettings {
  bool quick = false;
  uint64_t seed = 1;
  std::string backend = "cpu";
  int num_threads = 0;  // 0: all usable cores
  std::string cpu_level;
  std::string kv_type;    // of keys and values; "": f16
  int64_t kv_tokens = 0;  // 0: as many as the tests need
  int64_t kv_bytes = 0;   // or the memory of the cache
  // Off: texts differ in how well they can be guessed, and the length tests' repeat themselves, so
  // speeds would say less of the models.
  bool speculate = false;

  // Speed.
  int runs = 10;               // of each of the three prompts
  int speed_max_tokens = 200;  // new tokens of these
  std::vector<LengthTest> lengths = {{128, 256}, {256, 512}, {512, 1024}};
  int length_runs = 3;
  int cold_starts = 3;
  bool skip_cold_cache = false;
  double idle_seconds = 2;

  // Accuracy.
  int samples = 300;  // problems; 0 leaves accuracy out
  int max_tokens = 2048;
  std::optional<int> think_budget;  // of max_tokens; none: no limit of its own
  int parallel = 16;                // problems that a model answers at once
  std::vector<Language> languages = {Language::kEnglish, Language::kChinese};

  // Both; DeepSeek's recommendation for R1 models.
  double temperature = 0.6;
  double top_p = 0.95;
};

// What `--quick` means: enough to see large differences, within minutes on two cores.
CompareSettings QuickSettings();

struct ComparedModel {
  std::string letter;  // "A", "B", ...
  std::string name;    // short and distinct within the comparison
  std::string path;
  std::string digest;  // SHA-256; empty where nothing is stored
  int64_t file_bytes = 0;
  std::string architecture;
  std::string quantization;  // the type of most of its bytes: "Q4_K"; empty as digest
  int64_t num_layers = 0;
  int64_t hidden_size = 0;
  int64_t context = 0;
  std::string backend;  // "cpu avx512, 2 threads"
  // Bytes by purpose, as the runtime accounts for them.
  int64_t weight_bytes = 0, kv_bytes = 0, workspace_bytes = 0;
};

struct SpeedSample {
  double first_token_s = 0;
  double tokens_per_s = 0;  // after the first token; 0 if there was no second
  int prompt_tokens = 0;
  int new_tokens = 0;
};

struct SpeedTest {
  std::string id;      // "algebra", "geometry", "word"; "128/256"
  std::string prompt;  // the text, empty for a length test
  std::string answer;  // of the first run
  std::vector<SpeedSample> samples;
};

// Seconds from before exec to the first token.
struct ColdStarts {
  std::vector<double> warm;  // the file in the page cache
  std::vector<double> cold;  // the file dropped from it
  std::string cold_note;     // why `cold` is empty, or how the cache was dropped
};

// Resident bytes, mapped pages included.
struct MemoryUse {
  int64_t after_load = 0;       // and one answer of one token, so that all weights were touched
  int64_t after_load_file = 0;  // of these, pages of mapped files
  int64_t peak_one = 0;         // while answering one request at a time
  int64_t peak_parallel = 0;    // while answering settings.parallel at once; 0 if that was left out
};

struct AnswerRecord {
  int problem = 0;  // index into Comparison::problems
  std::string reasoning, answer;
  std::string finish;        // "stop", "length", "loop" (stopped because it repeated itself)
  std::string thinking_end;  // of ThinkingEndName: "none", "model", "budget", "budget_hard", "loop"
  int prompt_tokens = 0, new_tokens = 0, reasoning_tokens = 0;
  Graded graded;
};

struct ModelRun {
  ComparedModel facts;
  std::optional<std::string> failure;  // why its measurements end early
  ColdStarts cold_starts;
  std::optional<MemoryUse> memory;
  std::optional<double> idle_cpu_percent;  // of one core
  std::vector<SpeedTest> prompts;
  std::vector<SpeedTest> lengths;
  std::vector<AnswerRecord> answers;  // ascending by problem
  double accuracy_seconds = 0;        // computing time that they took
};

struct Comparison {
  std::string id;  // of the stored run; empty if it is not stored
  std::string version;
  std::string started_at;  // ISO 8601, UTC
  std::string command;
  double seconds = 0;  // of work: without the time between an interruption and its resumption
  std::vector<std::string> resumed_at;  // ISO 8601, UTC
  std::vector<std::string> notes;       // what a reader must know of where the figures come from
  Machine machine;
  CompareSettings settings;
  std::vector<Problem> problems;
  std::vector<ModelRun> models;
};

}  // namespace retort
