#include "cli/batch_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <vector>

#include "base/error.h"
#include "cli/batch_input.h"
#include "cli/generation_json.h"
#include "cli/on_interrupt.h"
#include "cli/terminal.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

struct NumberedLine {
  int64_t number = 0;
  std::string text;
};

std::vector<NumberedLine> ReadLines(const std::string& path) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file || std::filesystem::is_directory(path))
      Fail(ErrorCode::kNotFound, "cannot read {}; name a file of JSON lines, or - for the pipe",
           path);
  }
  std::istream& in = path == "-" ? std::cin : file;
  std::vector<NumberedLine> lines;
  int64_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") != std::string::npos) lines.push_back({number, line});
  }
  return lines;
}

// Where answers go: the standard output, or a file that grows by whole lines.
class BatchOutput {
 public:
  explicit BatchOutput(const std::string& path) : path_(path) {
    if (path_.empty()) return;
    {
      std::ifstream so_far(path_, std::ios::binary);
      if (so_far) progress_ = ReadBatchProgress(so_far, path_);
    }
    std::error_code ignored;
    if (std::filesystem::exists(path_, ignored))
      std::filesystem::resize_file(path_, static_cast<uintmax_t>(progress_.whole_bytes), ignored);
    file_.open(path_, std::ios::binary | std::ios::app);
    if (!file_) Fail(ErrorCode::kUnavailable, "cannot write {}; name another --output", path_);
  }

  bool Answered(int64_t line) const { return progress_.answered.contains(line); }
  void Write(const Json& answer) {
    std::ostream& out = path_.empty() ? std::cout : file_;
    out << answer.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n" << std::flush;
    if (!out) Fail(ErrorCode::kUnavailable, "cannot write to {}: is the disk full?", name());
  }
  std::string name() const { return path_.empty() ? "the standard output" : path_; }

 private:
  std::string path_;
  std::ofstream file_;
  BatchProgressSoFar progress_;
};

// Lines are taken one after the other by as many threads as answers run at once; the engine steps
// them together.
class BatchAnswers {
 public:
  BatchAnswers(RunSession& session, const RunFlags& flags, BatchOutput& output,
               const std::vector<NumberedLine>& lines)
      : session_(session), flags_(flags), output_(output), lines_(lines) {}

  void Run() {
    const OnInterrupt stop(session_.signals(), [this](int) { Stop(); });
    std::vector<std::thread> threads;
    const size_t count = std::min(lines_.size(), static_cast<size_t>(flags_.parallel));
    working_ = count;
    for (size_t i = 0; i < count; ++i) threads.emplace_back([this] { Work(); });
    ShowProgress();
    for (std::thread& thread : threads) thread.join();
    if (failure_) std::rethrow_exception(failure_);
  }

  int64_t done() const { return done_; }
  int64_t failed() const { return failed_; }

 private:
  void Work();
  Json Answer(const NumberedLine& line);
  GenerationResult Generate(const BatchRequest& request);
  void Record(const Json& answer);
  void Stop();
  void ShowProgress();

  RunSession& session_;
  const RunFlags& flags_;
  BatchOutput& output_;
  const std::vector<NumberedLine>& lines_;

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  size_t next_ = 0;
  size_t working_ = 0;  // threads that still take lines
  bool stopped_ = false;
  std::set<GenerationStream*> streams_;  // being answered
  std::exception_ptr failure_;           // of writing: nothing can go on
  int64_t done_ = 0, failed_ = 0;
};

void BatchAnswers::Work() {
  while (true) {
    const NumberedLine* line = nullptr;
    {
      const std::lock_guard lock(mutex_);
      if (stopped_ || next_ == lines_.size()) {
        --working_;
        changed_.notify_one();
        return;
      }
      line = &lines_[next_++];
    }
    const Json answer = Answer(*line);
    if (!answer.is_null()) Record(answer);
  }
}

// Null if it was stopped on the way.
Json BatchAnswers::Answer(const NumberedLine& line) {
  Json answer = {{"line", line.number}};
  try {
    const Json asked = ParseBatchLine(line.text);
    if (asked.contains("id")) answer["id"] = asked["id"];
    const BatchRequest request = ReadBatchRequest(asked, session_.generation(), flags_.system);
    const GenerationResult result = Generate(request);
    if (result.finish == FinishReason::kCancelled) return nullptr;
    if (result.finish == FinishReason::kError) Fail(ErrorCode::kInternal, "{}", result.error);
    answer.update(ToJson(result));
  } catch (const std::exception& error) {
    answer["error"] = error.what();
  }
  return answer;
}

GenerationResult BatchAnswers::Generate(const BatchRequest& request) {
  const auto stream = session_.generator().Chat(*request.messages, request.options);
  {
    const std::lock_guard lock(mutex_);
    streams_.insert(stream.get());
    if (stopped_) stream->Cancel();
  }
  while (stream->Next()) {
  }
  const std::lock_guard lock(mutex_);
  streams_.erase(stream.get());
  return stream->result();
}

void BatchAnswers::Record(const Json& answer) {
  const std::lock_guard lock(mutex_);
  try {
    output_.Write(answer);
    ++done_;
    if (answer.contains("error")) ++failed_;
  } catch (const Error&) {
    failure_ = std::current_exception();
    stopped_ = true;
  }
  changed_.notify_one();
}

void BatchAnswers::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  for (GenerationStream* stream : streams_) stream->Cancel();
}

void BatchAnswers::ShowProgress() {
  ProgressBar bar("batch", std::ssize(lines_), "answers");
  std::unique_lock lock(mutex_);
  while (working_ > 0) {
    bar.Update(done_, failed_ == 0 ? "" : fmt::format("{} failed", failed_));
    changed_.wait_for(lock, std::chrono::milliseconds(500));
  }
}

}  // namespace

void RunBatch(RunSession& session, const RunFlags& flags) {
  std::vector<NumberedLine> lines = ReadLines(flags.batch);
  BatchOutput output(flags.output);
  const size_t all = lines.size();
  std::erase_if(lines, [&](const NumberedLine& line) { return output.Answered(line.number); });
  const size_t before = all - lines.size();
  BatchAnswers batch(session, flags, output, lines);
  batch.Run();
  if (batch.done() < std::ssize(lines)) {
    Fail(ErrorCode::kCancelled, "stopped after {} of {} answers; {}",
         before + static_cast<size_t>(batch.done()), all,
         flags.output.empty() ? "with --output FILE, a batch can go on later"
                              : "the same command goes on from here");
  }
  if (IsTerminal(STDERR_FILENO)) {
    fmt::print(stderr, "{} answers in {}{}\n", batch.done(), output.name(),
               before == 0 ? "" : fmt::format("; {} were there before", before));
  }
  if (batch.failed() > 0) {
    Fail(ErrorCode::kInvalidArgument, "{} of {} lines could not be answered; see their \"error\"",
         batch.failed(), all);
  }
}

}  // namespace retort
