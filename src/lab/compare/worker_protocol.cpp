#include "lab/compare/worker_protocol.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/quote.h"

namespace retort {
namespace {

using SortedJson = nlohmann::json;

template <typename T>
T Get(const SortedJson& json, const char* key) {
  try {
    return json.at(key).get<T>();
  } catch (const SortedJson::exception& error) {
    Fail(ErrorCode::kCorrupt, "worker message: field {}: {}", key, error.what());
  }
}

SortedJson SamplingToJson(const SamplingParams& sampling) {
  return {{"temperature", sampling.temperature},
          {"top_p", sampling.top_p},
          {"top_k", sampling.top_k},
          {"min_p", sampling.min_p},
          {"repetition_penalty", sampling.repetition_penalty},
          {"presence_penalty", sampling.presence_penalty},
          {"frequency_penalty", sampling.frequency_penalty},
          {"seed", sampling.seed}};
}

SamplingParams SamplingFromJson(const SortedJson& json) {
  SamplingParams sampling;
  sampling.temperature = Get<double>(json, "temperature");
  sampling.top_p = Get<double>(json, "top_p");
  sampling.top_k = Get<int32_t>(json, "top_k");
  sampling.min_p = Get<double>(json, "min_p");
  sampling.repetition_penalty = Get<double>(json, "repetition_penalty");
  sampling.presence_penalty = Get<double>(json, "presence_penalty");
  sampling.frequency_penalty = Get<double>(json, "frequency_penalty");
  sampling.seed = Get<uint64_t>(json, "seed");
  return sampling;
}

SortedJson AnswerToJson(const AnswerRecord& record) {
  return {{"problem", record.problem},
          {"reasoning", record.reasoning},
          {"answer", record.answer},
          {"finish", record.finish},
          {"thinking_end", record.thinking_end},
          {"prompt_tokens", record.prompt_tokens},
          {"new_tokens", record.new_tokens},
          {"reasoning_tokens", record.reasoning_tokens}};
}

AnswerRecord AnswerFromJson(const SortedJson& json) {
  AnswerRecord record;
  record.problem = Get<int>(json, "problem");
  record.reasoning = Get<std::string>(json, "reasoning");
  record.answer = Get<std::string>(json, "answer");
  record.finish = Get<std::string>(json, "finish");
  record.thinking_end = Get<std::string>(json, "thinking_end");
  record.prompt_tokens = Get<int>(json, "prompt_tokens");
  record.new_tokens = Get<int>(json, "new_tokens");
  record.reasoning_tokens = Get<int>(json, "reasoning_tokens");
  return record;
}

}  // namespace

SortedJson ToJson(const ComparedModel& facts) {
  return {{"path", facts.path},
          {"file_bytes", facts.file_bytes},
          {"architecture", facts.architecture},
          {"num_layers", facts.num_layers},
          {"hidden_size", facts.hidden_size},
          {"context", facts.context},
          {"backend", facts.backend},
          {"weight_bytes", facts.weight_bytes},
          {"kv_bytes", facts.kv_bytes},
          {"workspace_bytes", facts.workspace_bytes}};
}

ComparedModel ComparedModelFromJson(const SortedJson& json) {
  ComparedModel facts;
  facts.path = Get<std::string>(json, "path");
  facts.file_bytes = Get<int64_t>(json, "file_bytes");
  facts.architecture = Get<std::string>(json, "architecture");
  facts.num_layers = Get<int64_t>(json, "num_layers");
  facts.hidden_size = Get<int64_t>(json, "hidden_size");
  facts.context = Get<int64_t>(json, "context");
  facts.backend = Get<std::string>(json, "backend");
  facts.weight_bytes = Get<int64_t>(json, "weight_bytes");
  facts.kv_bytes = Get<int64_t>(json, "kv_bytes");
  facts.workspace_bytes = Get<int64_t>(json, "workspace_bytes");
  return facts;
}

SortedJson ToJson(const ChatTask& task) {
  return {{"prompt", task.prompt},
          {"max_tokens", task.max_tokens},
          {"sampling", SamplingToJson(task.sampling)}};
}

ChatTask ChatTaskFromJson(const SortedJson& json) {
  return {.prompt = Get<std::string>(json, "prompt"),
          .max_tokens = Get<int>(json, "max_tokens"),
          .sampling = SamplingFromJson(Get<SortedJson>(json, "sampling"))};
}

SortedJson ToJson(const ChatReply& reply) {
  return {{"reasoning", reply.reasoning},
          {"answer", reply.answer},
          {"finish", reply.finish},
          {"prompt_tokens", reply.prompt_tokens},
          {"new_tokens", reply.new_tokens},
          {"reasoning_tokens", reply.reasoning_tokens},
          {"first_token_s", reply.first_token_s},
          {"tokens_per_s", reply.tokens_per_s},
          {"total_s", reply.total_s}};
}

ChatReply ChatReplyFromJson(const SortedJson& json) {
  ChatReply reply;
  reply.reasoning = Get<std::string>(json, "reasoning");
  reply.answer = Get<std::string>(json, "answer");
  reply.finish = Get<std::string>(json, "finish");
  reply.prompt_tokens = Get<int>(json, "prompt_tokens");
  reply.new_tokens = Get<int>(json, "new_tokens");
  reply.reasoning_tokens = Get<int>(json, "reasoning_tokens");
  reply.first_token_s = Get<double>(json, "first_token_s");
  reply.tokens_per_s = Get<double>(json, "tokens_per_s");
  reply.total_s = Get<double>(json, "total_s");
  return reply;
}

SortedJson ToJson(const BatchTask& task) {
  SortedJson questions = SortedJson::array();
  for (const Question& question : task.questions) {
    questions.push_back(
        {{"problem", question.problem}, {"prompt", question.prompt}, {"seed", question.seed}});
  }
  return {{"questions", std::move(questions)},
          {"max_tokens", task.max_tokens},
          {"think_budget", task.think_budget ? SortedJson(*task.think_budget) : SortedJson()},
          {"parallel", task.parallel},
          {"sampling", SamplingToJson(task.sampling)}};
}

BatchTask BatchTaskFromJson(const SortedJson& json) {
  BatchTask task;
  for (const SortedJson& question : Get<SortedJson>(json, "questions")) {
    task.questions.push_back({.problem = Get<int>(question, "problem"),
                              .prompt = Get<std::string>(question, "prompt"),
                              .seed = Get<uint64_t>(question, "seed")});
  }
  task.max_tokens = Get<int>(json, "max_tokens");
  if (!Get<SortedJson>(json, "think_budget").is_null())
    task.think_budget = Get<int>(json, "think_budget");
  task.parallel = Get<int>(json, "parallel");
  task.sampling = SamplingFromJson(Get<SortedJson>(json, "sampling"));
  return task;
}

SortedJson ToJson(const BatchProgress& progress) {
  SortedJson finished = SortedJson::array();
  for (const AnswerRecord& record : progress.finished) finished.push_back(AnswerToJson(record));
  return {{"finished", std::move(finished)},
          {"new_tokens", progress.new_tokens},
          {"seconds", progress.seconds},
          {"left", progress.left}};
}

BatchProgress BatchProgressFromJson(const SortedJson& json) {
  BatchProgress progress;
  for (const SortedJson& record : Get<SortedJson>(json, "finished"))
    progress.finished.push_back(AnswerFromJson(record));
  progress.new_tokens = Get<int64_t>(json, "new_tokens");
  progress.seconds = Get<double>(json, "seconds");
  progress.left = Get<int>(json, "left");
  return progress;
}

SortedJson ToJson(const LengthTest& test) {
  return {{"prompt_tokens", test.prompt_tokens}, {"new_tokens", test.new_tokens}};
}

LengthTest LengthTestFromJson(const SortedJson& json) {
  return {.prompt_tokens = Get<int>(json, "prompt_tokens"),
          .new_tokens = Get<int>(json, "new_tokens")};
}

SortedJson ToJson(const SpeedSample& sample) {
  return {{"first_token_s", sample.first_token_s},
          {"tokens_per_s", sample.tokens_per_s},
          {"prompt_tokens", sample.prompt_tokens},
          {"new_tokens", sample.new_tokens}};
}

SpeedSample SpeedSampleFromJson(const SortedJson& json) {
  return {.first_token_s = Get<double>(json, "first_token_s"),
          .tokens_per_s = Get<double>(json, "tokens_per_s"),
          .prompt_tokens = Get<int>(json, "prompt_tokens"),
          .new_tokens = Get<int>(json, "new_tokens")};
}

std::string ToLine(const SortedJson& json) {
  return json.dump(-1, ' ', false, SortedJson::error_handler_t::replace);
}

SortedJson ParseLine(std::string_view line) {
  SortedJson json = SortedJson::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    Fail(ErrorCode::kCorrupt, "worker message is not a JSON object: {}", Quoted(line));
  return json;
}

}  // namespace retort
