#include "lab/compare/batch_run.h"

#include <chrono>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/error.h"

namespace retort {

std::unique_ptr<GenerationStream> StartChat(const LoadedModel& model, Generator& generator,
                                            const std::string& prompt,
                                            const GenerationOptions& options) {
  if (!model.has_chat_template()) return generator.Complete(prompt + "\n", options);
  return generator.Chat(nlohmann::ordered_json::array({{{"role", "user"}, {"content", prompt}}}),
                        options);
}

BatchRun::BatchRun(BatchTask task, const LoadedModel& model, Generator& generator, Engine& engine,
                   GatedModel& gate)
    : task_(std::move(task)),
      model_(model),
      generator_(generator),
      engine_(engine),
      gate_(gate),
      left_(static_cast<int>(task_.questions.size())) {
  for (int i = 0; i < task_.parallel; ++i) threads_.emplace_back([this] { AnswerQuestions(); });
}

BatchRun::~BatchRun() {
  stop_ = true;
  gate_.Open();
  for (std::thread& thread : threads_) thread.join();
  gate_.Close();
}

void BatchRun::AnswerQuestions() {
  while (!stop_) {
    const size_t index = next_++;
    if (index >= task_.questions.size()) return;
    AnswerRecord record;
    std::exception_ptr failure;
    try {
      record = AnswerOne(task_.questions[index]);
    } catch (...) {
      failure = std::current_exception();
      stop_ = true;
    }
    {
      std::lock_guard lock(mutex_);
      if (failure && !failure_) failure_ = failure;
      if (!failure) finished_.push_back(std::move(record));
      --left_;
    }
    changed_.notify_all();
  }
}

AnswerRecord BatchRun::AnswerOne(const Question& question) {
  GenerationOptions options;
  options.sampling = task_.sampling;
  options.sampling.seed = question.seed;
  options.max_tokens = task_.max_tokens;
  options.thinking.budget = task_.think_budget;
  const auto stream = StartChat(model_, generator_, question.prompt, options);
  while (stream->Next()) {
    if (stop_) stream->Cancel();
  }
  const GenerationResult& result = stream->result();
  if (result.finish == FinishReason::kError)
    Fail(ErrorCode::kUnavailable, "problem {}: {}", question.problem, result.error);
  return {.problem = question.problem,
          .reasoning = result.reasoning,
          .answer = result.answer,
          .finish = std::string(FinishReasonName(result.finish)),
          .thinking_end = std::string(ThinkingEndName(result.thinking_end)),
          .prompt_tokens = result.prompt_tokens,
          .new_tokens = result.generated_tokens,
          .reasoning_tokens = result.reasoning_tokens,
          .graded = {}};
}

BatchProgress BatchRun::Advance(double seconds) {
  const SteadyClock clock;
  const double start = clock.Seconds();
  const int64_t tokens_before = engine_.Stats().generated_tokens;
  gate_.Open();
  BatchProgress progress;
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::duration<double>(seconds),
                      [this] { return left_ == 0 || failure_; });
  }
  gate_.Close();
  std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
  progress.finished = std::exchange(finished_, {});
  progress.left = left_;
  progress.new_tokens = engine_.Stats().generated_tokens - tokens_before;
  progress.seconds = clock.Seconds() - start;
  return progress;
}

}  // namespace retort
