// A comparison with something in every field, for tests of what is done with stored ones.
#pragma once

#include <fmt/core.h>

#include <string>
#include <vector>

#include "base/version.h"
#include "lab/compare/run_comparison.h"
#include "lab/grading.h"

namespace retort {

inline Machine SomeMachine() {
  return {.cpu = "a cpu",
          .units = {"avx2", "f16c"},
          .usable_cores = 2,
          .online_cores = 4,
          .memory_bytes = int64_t{1} << 34,
          .os = "an os",
          .kernel = "a kernel"};
}

inline AnswerRecord SomeAnswer(const std::vector<Problem>& problems, int problem, bool right) {
  AnswerRecord record{.problem = problem,
                      .reasoning = "hmm",
                      .answer = right ? problems[static_cast<size_t>(problem)].answer_text : "no",
                      .finish = "stop",
                      .thinking_end = "model",
                      .prompt_tokens = 10 + problem,
                      .new_tokens = 20,
                      .reasoning_tokens = 3,
                      .graded = {}};
  record.graded = {.verdict = right ? Verdict::kCorrect : Verdict::kNoAnswer,
                   .extracted = right ? record.answer : "",
                   .path = right ? "boxed" : ""};
  return record;
}

// Nothing is measured yet.
inline Comparison EmptyComparison(const CompareSettings& settings,
                                  const std::vector<std::string>& names) {
  Comparison comparison;
  comparison.version = kVersion;
  comparison.started_at = "2026-01-02T03:04:05Z";
  comparison.command = "retort compare";
  comparison.machine = SomeMachine();
  comparison.settings = settings;
  ProblemSpec spec;
  spec.seed = settings.seed;
  spec.count = settings.samples;
  comparison.problems = GenerateProblems(spec);
  for (size_t i = 0; i < names.size(); ++i) {
    ModelRun run;
    run.facts.letter = LetterOf(i);
    run.facts.name = names[i];
    run.facts.path = names[i] + ".gguf";
    run.facts.digest = "digest of " + names[i];
    run.facts.quantization = "Q8_0";
    run.facts.file_bytes = 1000;
    for (const StandardPrompt& prompt : StandardPrompts())
      run.prompts.push_back({.id = prompt.id, .prompt = prompt.text, .answer = "", .samples = {}});
    for (const LengthTest& test : settings.lengths)
      run.lengths.push_back({.id = fmt::format("{}/{}", test.prompt_tokens, test.new_tokens),
                             .prompt = "",
                             .answer = "",
                             .samples = {}});
    comparison.models.push_back(std::move(run));
  }
  return comparison;
}

inline void MeasureAll(Comparison& comparison) {
  comparison.seconds = 12.5;
  double value = 0.1;
  for (ModelRun& run : comparison.models) {
    run.facts.architecture = "llama";
    run.facts.num_layers = 2;
    run.facts.hidden_size = 64;
    run.facts.context = 8192;
    run.facts.backend = "cpu avx2, 2 threads";
    run.facts.weight_bytes = 900;
    run.facts.kv_bytes = 80;
    run.facts.workspace_bytes = 7;
    run.cold_starts = {.warm = {value, 2 * value}, .cold = {3 * value}, .cold_note = "dropped"};
    run.memory =
        MemoryUse{.after_load = 100, .after_load_file = 50, .peak_one = 120, .peak_parallel = 150};
    run.idle_cpu_percent = 0.25;
    for (auto* tests : {&run.prompts, &run.lengths}) {
      for (SpeedTest& test : *tests) {
        for (int round = 0; round < 3; ++round)
          test.samples.push_back({.first_token_s = value += 0.01,
                                  .tokens_per_s = 10 + value,
                                  .prompt_tokens = 5,
                                  .new_tokens = 9});
      }
    }
    run.prompts[0].answer = "x = 4";
    run.accuracy_seconds = 33.5;
    for (int i = 0; i < static_cast<int>(comparison.problems.size()); ++i)
      run.answers.push_back(SomeAnswer(comparison.problems, i, i % 3 == 0));
  }
}

inline CompareSettings SmallSettings() {
  CompareSettings settings = QuickSettings();
  settings.samples = 6;
  return settings;
}

}  // namespace retort
