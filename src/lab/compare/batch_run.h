// Many questions answered together by one model, in turns: the engine keeps up to `parallel` of
// them running, and computes only during Advance.
//
//   BatchRun run(task, generator, engine, gate);
//   while (true) {
//     BatchProgress progress = run.Advance(2.0);  // other processes may compute in between
//     if (progress.left == 0) break;
//   }
//
// A thought that has fallen into a loop is closed, an answer is stopped (finish "loop"): the token
// limit would only cut the same text later. The gate must be closed at construction. Errors:
// Advance throws what a question's generation threw. One thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "lab/compare/gated_model.h"
#include "lab/compare/worker_protocol.h"
#include "runtime/generation.h"

namespace retort {

class BatchRun {
 public:
  BatchRun(BatchTask task, const LoadedModel& model, Generator& generator, Engine& engine,
           GatedModel& gate);
  ~BatchRun();
  BatchRun(const BatchRun&) = delete;
  BatchRun& operator=(const BatchRun&) = delete;

  BatchProgress Advance(double seconds);

 private:
  void AnswerQuestions();
  AnswerRecord AnswerOne(const Question& question);

  const BatchTask task_;
  const LoadedModel& model_;
  Generator& generator_;
  Engine& engine_;
  GatedModel& gate_;

  std::atomic<size_t> next_{0};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<AnswerRecord> finished_;  // since the last turn
  int left_ = 0;
  std::exception_ptr failure_;
  std::vector<std::thread> threads_;
};

// Starts the chat with one user turn; a model without a chat template continues the plain text.
std::unique_ptr<GenerationStream> StartChat(const LoadedModel& model, Generator& generator,
                                            const std::string& prompt,
                                            const GenerationOptions& options);

}  // namespace retort
