// Everything about time and memory: cold starts, idling, the three prompts, the length tests.
#include <fmt/core.h>

#include "base/clock.h"
#include "base/rng.h"
#include "lab/compare/page_cache.h"
#include "lab/compare/phases.h"

namespace retort {
namespace {

constexpr int kColdStartKvTokens = 2048;

ChatTask FirstTokenTask() {
  return {.prompt = StandardPrompts()[0].text, .max_tokens = 1, .sampling = {}};
}

double ColdStart(const Turns& turns, size_t model) {
  const SteadyClock clock;
  const double start = clock.Seconds();
  const auto worker = turns.Launch(model, kColdStartKvTokens);
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
  const ChatReply reply = turns.worker(model).Chat(task);
  SpeedTest& test = turns.run(model).prompts[prompt];
  test.samples.push_back({.first_token_s = reply.first_token_s,
                          .tokens_per_s = reply.new_tokens > 1 ? reply.tokens_per_s : 0,
                          .prompt_tokens = reply.prompt_tokens,
                          .new_tokens = reply.new_tokens});
  if (run == 0) test.answer = reply.reasoning + reply.answer;
  turns.Step(model);
}

}  // namespace

// A model that cannot even start ends the comparison: its message is all there is to say.
void MeasureColdStarts(Turns& turns) {
  const auto rounds = static_cast<size_t>(turns.settings().cold_starts);
  turns.Begin("cold starts", 2 * rounds * turns.count(), "starts");
  for (size_t round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < turns.count(); ++i) {
      const size_t model = (round + i) % turns.count();
      const std::string& path = turns.run(model).facts.path;
      ColdStarts& result = turns.run(model).cold_starts;
      if (turns.settings().skip_cold_cache) {
        result.cold_note = "left out by --skip-cold-cache";
      } else {
        const DropResult drop = DropFromPageCache(path);
        result.cold_note = drop.note;
        if (drop.dropped) result.cold.push_back(ColdStart(turns, model));
      }
      turns.Step(model);
      FillPageCache(path);
      result.warm.push_back(ColdStart(turns, model));
      turns.Step(model);
    }
  }
}

void LoadAll(Turns& turns) {
  turns.Begin("loading", turns.count(), "models");
  for (size_t model = 0; model < turns.count(); ++model) {
    ModelRun& run = turns.run(model);
    turns.Keep(model, turns.Launch(model, KvTokensFor(turns.settings())));
    ComparedModel facts = turns.worker(model).AwaitReady();
    facts.letter = run.facts.letter;
    facts.name = run.facts.name;
    facts.path = run.facts.path;
    run.facts = std::move(facts);
    turns.worker(model).Chat(FirstTokenTask());
    const ProcessUsage usage = turns.worker(model).Usage();
    run.memory = MemoryUse{.after_load = usage.resident_bytes,
                           .after_load_file = usage.file_bytes,
                           .peak_one = usage.peak_resident_bytes};
    turns.Step(model);
  }
}

// All at the same time: none of them has anything to do.
void MeasureIdle(Turns& turns) {
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
  }
}

void MeasurePrompts(Turns& turns) {
  const auto& prompts = StandardPrompts();
  for (ModelRun& run : turns.comparison().models) {
    for (const StandardPrompt& prompt : prompts)
      run.prompts.push_back({.id = prompt.id, .prompt = prompt.text, .answer = "", .samples = {}});
  }
  const auto runs = static_cast<size_t>(turns.settings().runs);
  turns.Begin("speed, three prompts", runs * prompts.size() * turns.count(), "answers");
  for (size_t run = 0; run < runs; ++run) {
    for (size_t prompt = 0; prompt < prompts.size(); ++prompt)
      turns.Take(run + prompt, [&](size_t model) { AskPrompt(turns, model, prompt, run); });
  }
}

void MeasureLengths(Turns& turns) {
  const std::vector<LengthTest>& tests = turns.settings().lengths;
  for (ModelRun& run : turns.comparison().models) {
    for (const LengthTest& test : tests) {
      run.lengths.push_back({.id = fmt::format("{}/{}", test.prompt_tokens, test.new_tokens),
                             .prompt = "",
                             .answer = "",
                             .samples = {}});
    }
  }
  const auto runs = static_cast<size_t>(turns.settings().length_runs);
  turns.Begin("speed by length", runs * tests.size() * turns.count(), "runs");
  for (size_t run = 0; run < runs; ++run) {
    for (size_t i = 0; i < tests.size(); ++i) {
      turns.Take(run + i, [&](size_t model) {
        // A model whose context is too short has no figure at this length.
        ModelRun& result = turns.run(model);
        if (tests[i].prompt_tokens + tests[i].new_tokens <= result.facts.context)
          result.lengths[i].samples.push_back(turns.worker(model).Fixed(tests[i]));
        turns.Step(model);
      });
    }
  }
}

}  // namespace retort
