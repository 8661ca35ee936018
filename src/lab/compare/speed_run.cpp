// Everything about time and memory: cold starts, idling, the three prompts, the length tests.
#include <algorithm>
#include <functional>

#include "base/clock.h"
#include "base/rng.h"
#include "checkpoint/model_name.h"
#include "lab/compare/page_cache.h"
#include "lab/compare/phases.h"

namespace retort {
namespace {

constexpr int kColdStartKvTokens = 2048;

ChatTask FirstTokenTask() {
  return {.prompt = StandardPrompts()[0].text, .max_tokens = 1, .sampling = {}};
}

// So many more measurements are needed of all models for each to have `wanted`.
size_t Missing(Turns& turns, size_t wanted, const std::function<size_t(const ModelRun&)>& taken) {
  size_t missing = 0;
  for (const ModelRun& run : turns.comparison().models)
    missing += wanted - std::min(wanted, taken(run));
  return missing;
}

size_t Taken(const std::vector<SpeedTest>& tests) {
  size_t taken = 0;
  for (const SpeedTest& test : tests) taken += test.samples.size();
  return taken;
}

double ColdStart(const Turns& turns, size_t model) {
  const SteadyClock clock;
  const double start = clock.Seconds();
  const auto worker = turns.Launch(model, {.tokens = kColdStartKvTokens});
  worker->AwaitReady();
  worker->Chat(FirstTokenTask());
  return clock.Seconds() - start;
}

void AskPrompt(Turns& turns, size_t model, size_t prompt, size_t run) {
  const CompareSettings& settings = turns.settings();
  ChatTask task{.prompt = StandardPrompts()[prompt].text,
                .max_tokens = settings.speed_max_tokens,
                .sampling = {}};
  task.sampling.temperature = settings.temperature;
  task.sampling.top_p = settings.top_p;
  task.sampling.seed = RandomBits(settings.seed, run * StandardPrompts().size() + prompt);
  SpeedTest& test = turns.run(model).prompts[prompt];
  if (test.samples.size() > run) return;  // by an earlier session
  const ChatReply reply = turns.worker(model).Chat(task);
  test.samples.push_back({.first_token_s = reply.first_token_s,
                          .tokens_per_s = reply.new_tokens > 1 ? reply.tokens_per_s : 0,
                          .prompt_tokens = reply.prompt_tokens,
                          .new_tokens = reply.new_tokens});
  if (run == 0) test.answer = reply.reasoning + reply.answer;
  turns.Step(model);
}

}  // namespace

namespace {

// With the file out of the page cache, then with it in there; what an earlier session measured
// stands.
void StartTwice(Turns& turns, size_t model, size_t round) {
  const std::vector<std::string> files = WeightFilesOf(turns.run(model).facts.path);
  ColdStarts& result = turns.run(model).cold_starts;
  if (result.warm.size() > round) return;
  if (turns.settings().skip_cold_cache) {
    result.cold_note = "left out by --skip-cold-cache";
    turns.Step(model);
  } else if (result.cold.size() <= round) {
    const DropResult drop = DropFromPageCache(files);
    result.cold_note = drop.note;
    if (drop.dropped) result.cold.push_back(ColdStart(turns, model));
    turns.Step(model);
  }
  FillPageCache(files);
  result.warm.push_back(ColdStart(turns, model));
  turns.Step(model);
}

}  // namespace

// A model that cannot even start ends the comparison: its message is all there is to say.
void MeasureColdStarts(Turns& turns) {
  const auto rounds = static_cast<size_t>(turns.settings().cold_starts);
  const size_t missing =
      Missing(turns, rounds, [](const ModelRun& run) { return run.cold_starts.warm.size(); });
  turns.Begin("cold starts", 2 * missing, "starts");
  for (size_t round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < turns.count(); ++i)
      StartTwice(turns, (round + i) % turns.count(), round);
  }
}

void LoadAll(Turns& turns) {
  turns.Begin("loading", turns.count(), "models");
  for (size_t model = 0; model < turns.count(); ++model) {
    ModelRun& run = turns.run(model);
    turns.Keep(model, turns.Launch(model, KvSizeFor(turns.settings())));
    ComparedModel facts = turns.worker(model).AwaitReady();
    facts.letter = run.facts.letter;
    facts.name = run.facts.name;
    facts.path = run.facts.path;
    facts.digest = run.facts.digest;
    facts.quantization = run.facts.quantization;
    if (run.facts.file_bytes > 0) facts.file_bytes = run.facts.file_bytes;
    run.facts = std::move(facts);
    turns.worker(model).Chat(FirstTokenTask());
    const ProcessUsage usage = turns.worker(model).Usage();
    if (!run.memory) {
      run.memory = MemoryUse{.after_load = usage.resident_bytes,
                             .after_load_file = usage.file_bytes,
                             .peak_one = usage.peak_resident_bytes};
    }
    turns.Step(model);
  }
}

// All at the same time: none of them has anything to do.
void MeasureIdle(Turns& turns) {
  if (Missing(turns, 1, [](const ModelRun& run) { return run.idle_cpu_percent ? 1 : 0; }) == 0)
    return;
  std::vector<double> before;
  for (size_t model = 0; model < turns.count(); ++model)
    before.push_back(turns.worker(model).Usage().cpu_seconds);
  const SteadyClock clock;
  const double start = clock.Seconds();
  turns.Sleep(turns.settings().idle_seconds);
  const double seconds = clock.Seconds() - start;
  for (size_t model = 0; model < turns.count(); ++model) {
    const double used = turns.worker(model).Usage().cpu_seconds - before[model];
    turns.run(model).idle_cpu_percent = 100 * used / seconds;
    turns.Record(model);
  }
}

void MeasurePrompts(Turns& turns) {
  const auto& prompts = StandardPrompts();
  const auto runs = static_cast<size_t>(turns.settings().runs);
  const size_t missing =
      Missing(turns, runs * prompts.size(), [](const ModelRun& run) { return Taken(run.prompts); });
  turns.Begin("speed, three prompts", missing, "answers");
  for (size_t run = 0; run < runs; ++run) {
    for (size_t prompt = 0; prompt < prompts.size(); ++prompt)
      turns.Take(run + prompt, [&](size_t model) { AskPrompt(turns, model, prompt, run); });
  }
}

void MeasureLengths(Turns& turns) {
  const std::vector<LengthTest>& tests = turns.settings().lengths;
  const auto runs = static_cast<size_t>(turns.settings().length_runs);
  const size_t missing =
      Missing(turns, runs * tests.size(), [](const ModelRun& run) { return Taken(run.lengths); });
  turns.Begin("speed by length", missing, "runs");
  for (size_t run = 0; run < runs; ++run) {
    for (size_t i = 0; i < tests.size(); ++i) {
      turns.Take(run + i, [&](size_t model) {
        // A model whose context is too short has no figure at this length.
        ModelRun& result = turns.run(model);
        std::vector<SpeedSample>& samples = result.lengths[i].samples;
        if (samples.size() > run) return;
        if (tests[i].prompt_tokens + tests[i].new_tokens <= result.facts.context)
          samples.push_back(turns.worker(model).Fixed(tests[i]));
        turns.Step(model);
      });
    }
  }
}

}  // namespace retort
