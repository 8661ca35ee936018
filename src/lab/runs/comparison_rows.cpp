#include "lab/runs/comparison_rows.h"

#include <filesystem>

#include "base/error.h"

namespace retort {
namespace {

// The value of an enum whose name a row holds.
template <typename Enum>
Enum FromName(const std::string& name, std::initializer_list<Enum> values,
              const char* (*name_of)(Enum), const char* what) {
  for (const Enum value : values) {
    if (name == name_of(value)) return value;
  }
  Fail(ErrorCode::kCorrupt, "a stored row has the {} \"{}\", which this Retort does not know", what,
       name);
}

}  // namespace

ProblemRow ToRow(const Problem& problem) {
  return {.name = problem.id,
          .type = ProblemTypeName(problem.type),
          .language = LanguageName(problem.language),
          .level = problem.level,
          .kind = problem.kind,
          .question = problem.question,
          .answer = problem.answer_text};
}

Problem ProblemFrom(const ProblemRow& row) {
  Problem problem;
  problem.id = row.name;
  problem.type =
      FromName(row.type, {ProblemType::kAlgebra, ProblemType::kGeometry, ProblemType::kWord},
               ProblemTypeName, "problem type");
  problem.language =
      FromName(row.language, {Language::kEnglish, Language::kChinese}, LanguageName, "language");
  problem.level = row.level;
  problem.kind = row.kind;
  problem.question = row.question;
  problem.answer_text = row.answer;
  return problem;
}

SampleRow ToRow(const AnswerRecord& record) {
  return {.problem = record.problem,
          .verdict = VerdictName(record.graded.verdict),
          .extracted = record.graded.extracted,
          .found_by = record.graded.path,
          .finish = record.finish,
          .thinking_end = record.thinking_end,
          .prompt_tokens = record.prompt_tokens,
          .new_tokens = record.new_tokens,
          .reasoning_tokens = record.reasoning_tokens,
          .reasoning = record.reasoning,
          .answer = record.answer};
}

AnswerRecord AnswerFrom(const SampleRow& row) {
  const Verdict verdict = FromName(row.verdict,
                                   {Verdict::kCorrect, Verdict::kWrong, Verdict::kNoAnswer,
                                    Verdict::kTruncated, Verdict::kLooped},
                                   VerdictName, "verdict");
  return {.problem = row.problem,
          .reasoning = row.reasoning,
          .answer = row.answer,
          .finish = row.finish,
          .thinking_end = row.thinking_end,
          .prompt_tokens = row.prompt_tokens,
          .new_tokens = row.new_tokens,
          .reasoning_tokens = row.reasoning_tokens,
          .graded = {.verdict = verdict, .extracted = row.extracted, .path = row.found_by}};
}

RunModelRow ToRow(const ModelRun& run) {
  const ComparedModel& facts = run.facts;
  const std::filesystem::path path = std::filesystem::absolute(facts.path).lexically_normal();
  RunModelRow row{.model = {.digest = facts.digest,
                            .bytes = facts.file_bytes,
                            .name = path.stem().string(),
                            .architecture = facts.architecture,
                            .quantization = facts.quantization,
                            .path = path.string()},
                  .name = facts.name,
                  .path = facts.path,
                  .backend = facts.backend,
                  .num_layers = facts.num_layers,
                  .hidden_size = facts.hidden_size,
                  .context = facts.context,
                  .weight_bytes = facts.weight_bytes,
                  .kv_bytes = facts.kv_bytes,
                  .workspace_bytes = facts.workspace_bytes,
                  .idle_cpu_percent = run.idle_cpu_percent,
                  .accuracy_seconds = run.accuracy_seconds,
                  .cold_note = run.cold_starts.cold_note,
                  .failure = run.failure};
  if (run.memory) {
    row.memory_after_load = run.memory->after_load;
    row.memory_after_load_file = run.memory->after_load_file;
    row.memory_peak_one = run.memory->peak_one;
    row.memory_peak_parallel = run.memory->peak_parallel;
  }
  return row;
}

ModelRun ModelFrom(const RunModelRow& row) {
  ModelRun run;
  run.facts = {.letter = "",
               .name = row.name,
               .path = row.path,
               .digest = row.model.digest,
               .file_bytes = row.model.bytes,
               .architecture = row.model.architecture,
               .quantization = row.model.quantization,
               .num_layers = row.num_layers,
               .hidden_size = row.hidden_size,
               .context = row.context,
               .backend = row.backend,
               .weight_bytes = row.weight_bytes,
               .kv_bytes = row.kv_bytes,
               .workspace_bytes = row.workspace_bytes};
  run.cold_starts.cold_note = row.cold_note;
  run.idle_cpu_percent = row.idle_cpu_percent;
  run.accuracy_seconds = row.accuracy_seconds;
  run.failure = row.failure;
  if (row.memory_after_load) {
    run.memory = MemoryUse{.after_load = *row.memory_after_load,
                           .after_load_file = row.memory_after_load_file.value_or(0),
                           .peak_one = row.memory_peak_one.value_or(0),
                           .peak_parallel = row.memory_peak_parallel.value_or(0)};
  }
  return run;
}

TimingRow ToRow(const SpeedTest& test, size_t round) {
  const SpeedSample& sample = test.samples[round];
  TimingRow row{.test = test.id,
                .round = static_cast<int>(round),
                .tokens_per_s = sample.tokens_per_s,
                .first_token_s = sample.first_token_s,
                .prompt_tokens = sample.prompt_tokens,
                .new_tokens = sample.new_tokens};
  if (round == 0 && !test.answer.empty()) row.answer = test.answer;
  return row;
}

}  // namespace retort
