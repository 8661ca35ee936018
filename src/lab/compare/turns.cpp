#include "lab/compare/turns.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <thread>

#include "base/error.h"

namespace retort {

Turns::Turns(Comparison& comparison, const CompareEnvironment& environment)
    : comparison_(comparison),
      environment_(environment),
      workers_(comparison.models.size()),
      seconds_before_(comparison.seconds) {}

void Turns::Take(size_t round, const std::function<void(size_t model)>& work) {
  for (size_t i = 0; i < count(); ++i) {
    const size_t model = (round + i) % count();
    if (run(model).failure) continue;
    try {
      work(model);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kCancelled) throw;
      run(model).failure = error.what();
      workers_[model].reset();
      Record(model);
    }
  }
}

bool Turns::EnoughLeft() const {
  const auto left = std::count_if(comparison_.models.begin(), comparison_.models.end(),
                                  [](const ModelRun& run) { return !run.failure; });
  return left >= std::min<std::ptrdiff_t>(2, std::ssize(comparison_.models));
}

std::unique_ptr<WorkerClient> Turns::Launch(size_t model, const KvSize& cache) const {
  const ComparedModel& facts = comparison_.models[model].facts;
  const CompareSettings& wanted = comparison_.settings;
  std::vector<std::string> argv = environment_.worker_command;
  const auto add = [&argv](const char* flag, const std::string& value) {
    argv.emplace_back(flag);
    argv.push_back(value);
  };
  argv.push_back(facts.path);
  add("--backend", wanted.backend);
  add("--threads", std::to_string(wanted.num_threads));
  add(cache.bytes > 0 ? "--kv-memory" : "--kv-tokens",
      std::to_string(cache.bytes > 0 ? cache.bytes : cache.tokens));
  add("--parallel", std::to_string(wanted.parallel));
  if (wanted.speculate) add("--speculate", "auto");
  if (!wanted.cpu_level.empty()) add("--cpu-level", wanted.cpu_level);
  if (!wanted.kv_type.empty()) add("--kv-type", wanted.kv_type);
  const int cancel_fd = environment_.interrupts == nullptr ? -1 : environment_.interrupts->fd();
  return std::make_unique<WorkerClient>(argv, fmt::format("{} ({})", facts.letter, facts.name),
                                        cancel_fd);
}

void Turns::Keep(size_t model, std::unique_ptr<WorkerClient> worker) {
  workers_[model] = std::move(worker);
}

void Turns::Sleep(double seconds) const {
  if (environment_.interrupts == nullptr) {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  } else if (environment_.interrupts->Wait(seconds)) {
    Fail(ErrorCode::kCancelled, "interrupted");
  }
}

void Turns::Begin(const std::string& phase, size_t total, const std::string& unit) {
  done_ = 0;
  ++phase_;
  // Cold starts, loading and prompts are always there; lengths and accuracy may be left out.
  const int phases = 3 + (settings().lengths.empty() ? 0 : 1) + (settings().samples > 0 ? 1 : 0);
  if (environment_.progress != nullptr && total > 0) {
    environment_.progress->Begin(fmt::format("{}/{} {}", phase_, phases, phase),
                                 static_cast<int64_t>(total), unit);
  }
}

void Turns::Step(size_t model) {
  ++done_;
  if (environment_.progress != nullptr)
    environment_.progress->Update(done_, run(model).facts.letter);
  Record(model);
}

void Turns::Record(size_t model) {
  comparison_.seconds = seconds_before_ + clock_.Seconds() - start_;
  if (environment_.recorder != nullptr) environment_.recorder->Record(comparison_, model);
}

}  // namespace retort
