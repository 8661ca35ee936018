// What drafts from the text itself would bring on recorded answers: acceptance, tokens per step,
// and how much faster steps of given costs make them.
//
//   zcat traces.jsonl.gz | draft_bench MODEL [--row-cost 1,1.1,1.2,1.3]
//
// MODEL: whose tokenizer to use. Lines have a "question" and the "response" to it. Costs are of
// steps of 1, 2, ... rows, in any unit; behind the last one each row adds as much as that one did.
// Drafts of a fixed length are computed wherever there is a match; "chosen" leaves it to the
// DraftPolicy, at most 8, which learns the costs from the steps as an engine would. Everything
// happens on paper: no model is run, and sampling is taken to give what was recorded.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/draft_policy.h"
#include "engine/drafter.h"
#include "runtime/loaded_model.h"

namespace retort {
namespace {

struct Trace {
  std::vector<int32_t> tokens;
  int32_t prompt_tokens = 0;
};

struct Tally {
  int64_t steps = 0, tokens = 0, drafted = 0, accepted = 0;
  double cost = 0;

  void Add(const Tally& other) {
    steps += other.steps;
    tokens += other.tokens;
    drafted += other.drafted;
    accepted += other.accepted;
    cost += other.cost;
  }
};

class RowCosts {
 public:
  explicit RowCosts(const std::string& list) {
    std::istringstream in(list);
    for (std::string item; std::getline(in, item, ',');) costs_.push_back(std::stod(item));
    if (costs_.size() < 2) Fail(ErrorCode::kInvalidArgument, "--row-cost needs two costs or more");
  }
  double Of(size_t rows) const {
    if (rows <= costs_.size()) return costs_[rows - 1];
    const double last = costs_.back() - costs_[costs_.size() - 2];
    return costs_.back() + last * static_cast<double>(rows - costs_.size());
  }

 private:
  std::vector<double> costs_;
};

std::vector<Trace> ReadTraces(const Tokenizer& tokenizer) {
  std::vector<Trace> traces;
  for (std::string line; std::getline(std::cin, line);) {
    const auto json = nlohmann::json::parse(line);
    Trace trace;
    // A few of the recorded ones had no question.
    const auto& question = json.at("question");
    const std::string prompt = question.is_string() ? question.get<std::string>() : "";
    trace.tokens = tokenizer.Encode(prompt + "\n<think>\n");
    trace.prompt_tokens = static_cast<int32_t>(trace.tokens.size());
    const auto answer = tokenizer.Encode(json.at("response").get<std::string>());
    trace.tokens.insert(trace.tokens.end(), answer.begin(), answer.end());
    traces.push_back(std::move(trace));
  }
  return traces;
}

// Generates a trace step by step; `most` drafts a step, or as many as `policy` says.
Tally Replay(const Trace& trace, int32_t most, DraftPolicy* policy, const RowCosts& costs) {
  const std::span<const int32_t> text = trace.tokens;
  Drafter drafter;
  Tally tally;
  for (auto at = static_cast<size_t>(trace.prompt_tokens); at < text.size();) {
    drafter.Update(text.first(at), trace.prompt_tokens);
    const auto room = static_cast<int32_t>(text.size() - at) - 1;
    Draft draft = drafter.Propose(std::min(most, room));
    if (policy != nullptr) {
      const std::vector<std::vector<double>> chances = {draft.chances};
      draft.tokens.resize(static_cast<size_t>(policy->Choose(1, chances).front()));
    }
    const size_t rows = 1 + draft.tokens.size();
    size_t accepted = 0;
    while (accepted < draft.tokens.size() && draft.tokens[accepted] == text[at + accepted]) {
      ++accepted;
    }
    if (policy != nullptr) {
      policy->Learn({.rows = 1,
                     .drafts = static_cast<int32_t>(draft.tokens.size()),
                     .accepted = static_cast<int32_t>(accepted),
                     .seconds = costs.Of(rows)});
    }
    at += accepted + 1;
    tally.Add({.steps = 1,
               .tokens = static_cast<int64_t>(accepted) + 1,
               .drafted = static_cast<int64_t>(draft.tokens.size()),
               .accepted = static_cast<int64_t>(accepted),
               .cost = costs.Of(rows)});
  }
  return tally;
}

void PrintRow(const std::string& name, const std::vector<Trace>& traces, const RowCosts& costs,
              int32_t most, bool chosen) {
  Tally all;
  std::vector<double> gains;
  for (const Trace& trace : traces) {
    DraftPolicy policy;
    const Tally tally = Replay(trace, most, chosen ? &policy : nullptr, costs);
    if (tally.tokens == 0) continue;
    gains.push_back(static_cast<double>(tally.tokens) * costs.Of(1) / tally.cost);
    all.Add(tally);
  }
  std::sort(gains.begin(), gains.end());
  const auto tokens = static_cast<double>(all.tokens);
  fmt::print("{:>8} {:>12.1f} {:>12.2f} {:>9.2f} {:>14.2f} {:>7.2f} {:>7.2f}\n", name,
             100.0 * static_cast<double>(all.accepted) / static_cast<double>(all.drafted),
             tokens / static_cast<double>(all.steps), tokens * costs.Of(1) / all.cost,
             gains[gains.size() / 2], gains[gains.size() / 20], gains.front());
}

// How often the next token is what followed the longest match, by the length of that.
void PrintHits(const std::vector<Trace>& traces) {
  constexpr std::array<int32_t, 9> kFrom = {0, 1, 2, 3, 4, 5, 7, 10, 15};
  std::array<int64_t, kFrom.size() + 1> seen{}, hits{};
  for (const Trace& trace : traces) {
    SuffixAutomaton text;
    for (size_t i = 0; i < trace.tokens.size(); ++i) {
      const SuffixAutomaton::Match match = text.match();
      if (i >= static_cast<size_t>(trace.prompt_tokens)) {
        const bool longest = match.length >= 24;
        const size_t bucket =
            longest
                ? kFrom.size()
                : static_cast<size_t>(std::upper_bound(kFrom.begin(), kFrom.end(), match.length) -
                                      kFrom.begin()) -
                      1;
        ++seen[bucket];
        if (match.length > 0 && text.tokens()[static_cast<size_t>(match.end)] == trace.tokens[i]) {
          ++hits[bucket];
        }
      }
      text.Push(trace.tokens[i]);
    }
  }
  fmt::print("\n{:>8} {:>12} {:>12}\n", "match", "tokens", "as guessed, %");
  for (size_t i = 1; i < seen.size(); ++i) {
    fmt::print("{:>8} {:>12} {:>12.1f}\n", fmt::format("{}+", i < kFrom.size() ? kFrom[i] : 24),
               seen[i], 100.0 * static_cast<double>(hits[i]) / static_cast<double>(seen[i]));
  }
}

void Run(const std::string& model, const std::string& row_costs) {
  const RowCosts costs(row_costs);
  const std::unique_ptr<Tokenizer> tokenizer = LoadTokenizer(model);
  const std::vector<Trace> traces = ReadTraces(*tokenizer);
  if (traces.empty()) Fail(ErrorCode::kInvalidArgument, "no traces on the standard input");
  fmt::print("{} traces, costs of 1, 2, .. rows: {}\n\n", traces.size(), row_costs);
  fmt::print("{:>8} {:>12} {:>12} {:>9} {:>14} {:>7} {:>7}\n", "drafts", "accepted, %",
             "tokens/step", "speed-up", "median trace", "5th %", "worst");
  for (const int32_t most : {2, 4, 8}) PrintRow(std::to_string(most), traces, costs, most, false);
  PrintRow("chosen", traces, costs, 8, true);
  PrintHits(traces);
}

}  // namespace
}  // namespace retort

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() != 1 && !(args.size() == 3 && args[1] == "--row-cost")) {
    fmt::print(stderr, "usage: draft_bench MODEL [--row-cost 1,1.1,1.2,1.3] < TRACES.jsonl\n");
    return EXIT_FAILURE;
  }
  try {
    retort::Run(args[0], args.size() == 3 ? args[2] : "1,1.1,1.2,1.3,1.4,1.5,1.6,1.7,1.8");
  } catch (const std::exception& error) {
    fmt::print(stderr, "draft_bench: {}\n", error.what());
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
