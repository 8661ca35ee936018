// What speculation brings by the clock: a model's real steps, in an engine that accepts what a
// recorded answer says.
//
//   speculation_bench costs MODEL [--depth 300]
//   zcat traces.jsonl.gz | speculation_bench traces MODEL [--every 40] [--tokens 192] [--skip 0]
//
// `costs`: the median time of a step of 1, 2, ... rows of one sequence at that depth, over a step
// of one row; steps take turns.
// `traces`: of each so-manieth recorded answer, the question and --skip tokens of the answer are
// the prompt and up to --tokens are generated, with drafts and without in turns (A B A B). Every
// step runs through the engine and the whole model; then its logits are replaced by ones that say
// what was recorded, so that the text is the recorded one and times are those of real steps. The
// two engines last for all answers, like a server's.
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "engine/engine_core.h"
#include "runtime/loaded_model.h"

namespace retort {
namespace {

// Computes everything and then says what the text says.
class ForcedModel : public LanguageModel {
 public:
  explicit ForcedModel(LanguageModel& model) : model_(model) {}

  void SetText(std::vector<int32_t> text) { text_ = std::move(text); }

  int64_t vocab_size() const override { return model_.vocab_size(); }
  int64_t max_positions() const override { return model_.max_positions(); }
  KvGeometry kv_geometry() const override { return model_.kv_geometry(); }
  int32_t max_rows() const override { return model_.max_rows(); }

  std::span<const float> Forward(const Batch& batch) override {
    const double start = clock_.Seconds();
    model_.Forward(batch);
    if (batch.roles.front() == RowRole::kGenerated) {
      seconds_[batch.tokens.size()].push_back(clock_.Seconds() - start);
      if (counts_steps_) ++steps_[batch.tokens.size()];
    }
    const auto width = static_cast<size_t>(vocab_size());
    for (const size_t place : spikes_) logits_[place] = 0;
    spikes_.clear();
    logits_.resize(std::max(logits_.size(), batch.logit_rows.size() * width));
    for (size_t i = 0; i < batch.logit_rows.size(); ++i) {
      const auto row = static_cast<size_t>(batch.logit_rows[i]);
      const auto next = static_cast<size_t>(batch.positions[row]) + 1;
      if (next >= text_.size()) continue;
      spikes_.push_back(i * width + static_cast<size_t>(text_[next]));
      logits_[spikes_.back()] = 1;
    }
    return std::span(logits_).first(batch.logit_rows.size() * width);
  }

  // Of the steps of so many generated rows.
  const std::map<size_t, std::vector<double>>& seconds() const { return seconds_; }
  // How many there were while they were counted.
  const std::map<size_t, int64_t>& steps() const { return steps_; }
  void CountSteps(bool counts) { counts_steps_ = counts; }

 private:
  LanguageModel& model_;
  SteadyClock clock_;
  std::map<size_t, std::vector<double>> seconds_;
  std::map<size_t, int64_t> steps_;
  bool counts_steps_ = false;
  std::vector<int32_t> text_;
  std::vector<float> logits_;  // [R, V], 0 but for the spikes
  std::vector<size_t> spikes_;
};

double MedianOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Batch RowsOfOneSequence(int32_t start, int32_t rows, RowRole role, const KvGeometry& kv) {
  Batch batch;
  for (int32_t i = 0; i < rows; ++i) {
    batch.tokens.push_back(1000 + (start + i) * 7 % 1000);
    batch.positions.push_back(start + i);
    batch.roles.push_back(role);
    if (role == RowRole::kGenerated) batch.logit_rows.push_back(i);
  }
  batch.query_start = {0, rows};
  batch.kv_len = {start + rows};
  for (int32_t block = 0; block * kv.block_size < start + rows; ++block) {
    batch.block_table.push_back(block);
  }
  batch.block_stride = static_cast<int32_t>(batch.block_table.size());
  return batch;
}

void PrintSeconds(const std::map<size_t, std::vector<double>>& seconds) {
  const double one = MedianOf(seconds.at(1));
  fmt::print("{:>6} {:>6} {:>8} {:>8}\n", "rows", "steps", "ms", "cost");
  for (const auto& [rows, times] : seconds) {
    const double median = MedianOf(times);
    fmt::print("{:>6} {:>6} {:>8.1f} {:>8.2f}\n", rows, times.size(), 1e3 * median, median / one);
  }
}

void PrintCosts(LanguageModel& model, int32_t depth) {
  constexpr int32_t kMostRows = 9;
  constexpr int kRounds = 21;
  const SteadyClock clock;
  const KvGeometry kv = model.kv_geometry();
  model.Forward(RowsOfOneSequence(0, depth, RowRole::kPrompt, kv));
  std::map<size_t, std::vector<double>> seconds;
  for (int round = 0; round < kRounds; ++round) {
    for (int32_t rows = 1; rows <= kMostRows; ++rows) {
      const Batch batch = RowsOfOneSequence(depth, rows, RowRole::kGenerated, kv);
      const double start = clock.Seconds();
      model.Forward(batch);
      seconds[static_cast<size_t>(rows)].push_back(clock.Seconds() - start);
    }
  }
  fmt::print("depth {}\n", depth);
  PrintSeconds(seconds);
}

struct Trace {
  std::string id;
  std::vector<int32_t> tokens;
  int32_t prompt_tokens = 0;
};

std::vector<Trace> ReadTraces(const Tokenizer& tokenizer, int every, int32_t skip) {
  std::vector<Trace> traces;
  int number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    if (number++ % every != 0) continue;
    const auto json = nlohmann::json::parse(line);
    const auto& question = json.at("question");
    const std::string prompt = question.is_string() ? question.get<std::string>() : "";
    Trace trace{.id = json.at("id").get<std::string>(), .tokens = tokenizer.Encode(prompt + "\n")};
    const auto answer = tokenizer.Encode(json.at("response").get<std::string>());
    trace.prompt_tokens = static_cast<int32_t>(trace.tokens.size()) + skip;
    trace.tokens.insert(trace.tokens.end(), answer.begin(), answer.end());
    if (std::ssize(trace.tokens) > trace.prompt_tokens + 8) traces.push_back(std::move(trace));
  }
  return traces;
}

// An engine that is asked for one answer after the other.
struct Side {
  EngineCore core;
  const Clock& clock;
  int64_t next_id = 1;
  std::vector<double> seconds = {};  // of the answers of this trace, from their first tokens on

  // Generates the trace; how many tokens.
  int64_t Answer(const Trace& trace, int32_t tokens) {
    Request request;
    request.prompt.assign(trace.tokens.begin(), trace.tokens.begin() + trace.prompt_tokens);
    request.max_tokens = tokens;
    core.Add(next_id++, request);
    double begin = 0;
    int64_t count = 0;
    while (core.HasWork()) {
      for (const CoreEvent& event : core.Step()) {
        if (event.event.tokens.empty()) Fail(ErrorCode::kInternal, "{}", event.event.error);
        const auto place = static_cast<size_t>(trace.prompt_tokens + count++);
        RETORT_CHECK(event.event.tokens.front() == trace.tokens[place]);
      }
      if (begin == 0 && count > 0) begin = clock.Seconds();
    }
    seconds.push_back(clock.Seconds() - begin);
    return count - 1;
  }
};

void PrintTraces(LoadedModel& loaded, const std::vector<Trace>& traces, int32_t most_tokens) {
  constexpr int kTurns = 2;
  ForcedModel model(loaded.language_model());
  const SteadyClock clock;
  const EngineOptions off{.prefix_cache = false, .max_draft_tokens = 0};
  EngineOptions on = off;
  on.max_draft_tokens = EngineOptions{}.max_draft_tokens;
  Side drafts{.core = EngineCore(model, on, clock), .clock = clock};
  Side plain{.core = EngineCore(model, off, clock), .clock = clock};
  fmt::print("{:>24} {:>7} {:>9} {:>9} {:>11} {:>11} {:>7}\n", "answer", "tokens", "drafted",
             "accepted", "tok/s with", "without", "ratio");
  std::vector<double> ratios;
  double all_with = 0, all_without = 0, all_tokens = 0;
  for (const Trace& trace : traces) {
    model.SetText(trace.tokens);
    const auto tokens = static_cast<int32_t>(
        std::min<int64_t>(most_tokens, std::ssize(trace.tokens) - trace.prompt_tokens));
    const EngineStats before = drafts.core.Stats();
    int64_t count = 0;
    for (int turn = 0; turn < kTurns; ++turn) {
      model.CountSteps(true);
      count = drafts.Answer(trace, tokens);
      model.CountSteps(false);
      all_tokens += static_cast<double>(count);
      plain.Answer(trace, tokens);
    }
    const EngineStats after = drafts.core.Stats();
    const double with = MedianOf(std::exchange(drafts.seconds, {}));
    const double without = MedianOf(std::exchange(plain.seconds, {}));
    ratios.push_back(without / with);
    all_with += with;
    all_without += without;
    fmt::print("{:>24} {:>7} {:>9.2f} {:>9.2f} {:>11.1f} {:>11.1f} {:>7.2f}\n", trace.id, count,
               static_cast<double>(after.drafted_tokens - before.drafted_tokens) /
                   static_cast<double>(kTurns * count),
               static_cast<double>(after.accepted_tokens - before.accepted_tokens) /
                   static_cast<double>(kTurns * count),
               static_cast<double>(count) / with, static_cast<double>(count) / without,
               ratios.back());
    std::cout << std::flush;
  }
  std::sort(ratios.begin(), ratios.end());
  fmt::print("ratio over all {:.2f}, median answer {:.2f}, worst {:.2f}, best {:.2f}\n",
             all_without / all_with, MedianOf(ratios), ratios.front(), ratios.back());
  PrintSeconds(model.seconds());
  double with = 0;
  for (const auto& [rows, steps] : model.steps()) {
    with += static_cast<double>(steps) * MedianOf(model.seconds().at(rows));
  }
  fmt::print("ratio over all, had every step taken the median time of its size: {:.2f}\n",
             all_tokens * MedianOf(model.seconds().at(1)) / with);
}

void Run(const std::vector<std::string>& args) {
  std::map<std::string, int32_t> options = {
      {"--depth", 300}, {"--every", 40}, {"--tokens", 192}, {"--skip", 0}};
  for (size_t i = 2; i + 1 < args.size(); i += 2) {
    if (!options.contains(args[i])) {
      Fail(ErrorCode::kInvalidArgument, "no option {} is known", args[i]);
    }
    options[args[i]] = std::stoi(args[i + 1]);
  }
  const auto loaded = LoadModel(args[1], {.kv_tokens = 8192});
  if (args[0] == "costs") return PrintCosts(loaded->language_model(), options["--depth"]);
  const std::vector<Trace> traces =
      ReadTraces(loaded->tokenizer(), options["--every"], options["--skip"]);
  if (traces.empty()) Fail(ErrorCode::kInvalidArgument, "no traces on the standard input");
  PrintTraces(*loaded, traces, options["--tokens"]);
}

}  // namespace
}  // namespace retort

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() < 2 || args.size() % 2 != 0 || (args[0] != "costs" && args[0] != "traces")) {
    fmt::print(stderr,
               "usage: speculation_bench costs MODEL [--depth N]\n"
               "       speculation_bench traces MODEL [--every N] [--tokens N] [--skip N] < "
               "TRACES.jsonl\n");
    return EXIT_FAILURE;
  }
  try {
    retort::Run(args);
  } catch (const std::exception& error) {
    fmt::print(stderr, "speculation_bench: {}\n", error.what());
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
