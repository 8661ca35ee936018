// For tests: a comparison with known figures, as if it had been measured.
//
//   Comparison c = MadeUpComparison({{.name = "small", .right = 6}, {.name = "big", .right = 25}});
#pragma once

#include <string>
#include <vector>

#include "lab/compare/comparison.h"

namespace retort {

struct MadeUpModel {
  std::string name;
  int right = 0;  // of the problems: the first so many, from `first_right` on
  int first_right = 0;
  double tokens_per_s = 50;
  double first_token_s = 0.1;
  int64_t resident = 500'000'000;
};

inline Problem MadeUpProblem(int i) {
  Problem problem;
  problem.type = static_cast<ProblemType>(i % 3);
  problem.language = static_cast<Language>(i / 3 % 2);
  problem.level = 1 + i / 6 % 5;
  problem.id = "problem-" + std::to_string(i);
  problem.question = "What is " + std::to_string(i) + " + 1?";
  problem.answer = NumberAnswer({i + 1});
  problem.answer_text = std::to_string(i + 1);
  return problem;
}

// Within 1 % of what the model says.
inline std::vector<SpeedSample> MadeUpSamples(const MadeUpModel& wanted) {
  std::vector<SpeedSample> samples;
  for (int i = -2; i <= 2; ++i) {
    const double wobble = 1 + 0.005 * i;
    samples.push_back({.first_token_s = wanted.first_token_s * wobble,
                       .tokens_per_s = wanted.tokens_per_s * wobble,
                       .prompt_tokens = 40,
                       .new_tokens = 100});
  }
  return samples;
}

inline AnswerRecord MadeUpAnswer(const MadeUpModel& wanted, int i) {
  const bool right = i >= wanted.first_right && i < wanted.first_right + wanted.right;
  AnswerRecord record;
  record.problem = i;
  record.answer = right ? "The answer is " + std::to_string(i + 1) + "." : "No idea: 0.";
  record.finish = "stop";
  record.new_tokens = 80 + i;
  record.graded.verdict = right ? Verdict::kCorrect : Verdict::kWrong;
  record.graded.extracted = right ? std::to_string(i + 1) : "0";
  record.graded.path = "last number";
  return record;
}

inline ModelRun MadeUpRun(const MadeUpModel& wanted, size_t index, int problems) {
  ModelRun run;
  run.facts.letter = std::string(1, static_cast<char>('A' + index));
  run.facts.name = wanted.name;
  run.facts.path = wanted.name + ".gguf";
  run.facts.file_bytes = wanted.resident - 100'000'000;
  run.facts.architecture = "qwen2";
  run.facts.context = 8192;
  run.facts.backend = "cpu avx2, 2 threads";
  run.facts.weight_bytes = run.facts.file_bytes;
  run.cold_starts = {.warm = {0.5, 0.51, 0.52}, .cold = {}, .cold_note = "left out"};
  run.memory = MemoryUse{.after_load = wanted.resident,
                         .after_load_file = wanted.resident / 2,
                         .peak_one = wanted.resident + 10'000'000,
                         .peak_parallel = wanted.resident + 90'000'000};
  run.idle_cpu_percent = 0.0;
  const std::vector<SpeedSample> samples = MadeUpSamples(wanted);
  for (const char* id : {"algebra", "geometry", "word"})
    run.prompts.push_back({.id = id, .prompt = "问题", .answer = "x = 1", .samples = samples});
  run.lengths.push_back({.id = "128/128", .prompt = "", .answer = "", .samples = samples});
  for (int i = 0; i < problems; ++i) run.answers.push_back(MadeUpAnswer(wanted, i));
  return run;
}

inline Comparison MadeUpComparison(const std::vector<MadeUpModel>& models, int problems = 60) {
  Comparison comparison;
  comparison.version = "0.1.0";
  comparison.started_at = "2026-01-20T12:00:00Z";
  comparison.command = "retort compare a.gguf b.gguf";
  comparison.seconds = 240;
  comparison.machine = {.cpu = "Some CPU @ 2.60GHz",
                        .units = {"avx2", "fma"},
                        .usable_cores = 2,
                        .online_cores = 2,
                        .memory_bytes = 16'000'000'000,
                        .os = "Debian GNU/Linux 12 (bookworm)",
                        .kernel = "Linux 6.1.0 x86_64"};
  comparison.settings.lengths = {{128, 128}};
  comparison.settings.samples = problems;
  for (int i = 0; i < problems; ++i) comparison.problems.push_back(MadeUpProblem(i));
  for (const MadeUpModel& wanted : models)
    comparison.models.push_back(MadeUpRun(wanted, comparison.models.size(), problems));
  return comparison;
}

}  // namespace retort
