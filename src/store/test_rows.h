// Rows to write in tests of the store.
#pragma once

#include <string>

#include "store/run_records.h"

namespace retort {

inline constexpr char kLater[] = "2026-02-02T00:00:00Z";

inline RunRow SomeRun(const std::string& kind = "compare") {
  RunRow run;
  run.kind = kind;
  run.started_at = "2026-01-01T00:00:00Z";
  run.version = "0.1.0";
  run.command = "retort compare a.gguf b.gguf";
  run.settings = R"({"seed": 18446744073709551615})";
  run.seed = UINT64_MAX;
  run.machine = {.cpu = "a cpu",
                 .units = {"avx2", "f16c"},
                 .usable_cores = 2,
                 .online_cores = 4,
                 .memory_bytes = int64_t{1} << 34,
                 .os = "an os",
                 .kernel = "a kernel"};
  return run;
}

inline RunModelRow SomeModel(const std::string& name) {
  RunModelRow row;
  row.model = {.digest = "digest of " + name,
               .bytes = 100,
               .name = name,
               .architecture = "llama",
               .quantization = "Q8_0",
               .path = "/models/" + name + ".gguf"};
  row.name = name;
  row.path = name + ".gguf";
  return row;
}

inline ProblemRow SomeProblem(int number) {
  return {.name = "algebra/en/1/1-" + std::to_string(number),
          .type = "algebra",
          .language = "en",
          .level = 1,
          .kind = "sum",
          .question = "1 + 1?",
          .answer = "2"};
}

inline SampleRow SomeSample(int problem) {
  return {.problem = problem,
          .verdict = "wrong",
          .extracted = "3",
          .found_by = "boxed",
          .finish = "stop",
          .thinking_end = "model",
          .prompt_tokens = 4,
          .new_tokens = 5,
          .reasoning_tokens = 3,
          .reasoning = "let me think " + std::to_string(problem),
          .answer = "\\boxed{3}"};
}

}  // namespace retort
