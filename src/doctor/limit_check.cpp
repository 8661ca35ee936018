#include "doctor/limit_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/figures.h"

namespace retort::doctor {
namespace {

constexpr size_t kFewestAnswers = 20;  // so that 19 of 20 is one of them
constexpr int64_t kStep = 1024;        // of limits that are advised
constexpr int kManyCut = 5;            // per cent: what a 95th percentile leaves out anyway

int Percent(int64_t part, size_t whole) {
  return static_cast<int>((200 * part + static_cast<int64_t>(whole)) /
                          (2 * static_cast<int64_t>(whole)));
}

// The length that 95 % do not exceed (nearest rank).
int64_t Percentile95(std::vector<AnswerLength> answers) {
  std::ranges::sort(answers, {}, &AnswerLength::new_tokens);
  return answers[(95 * answers.size() + 99) / 100 - 1].new_tokens;
}

int64_t RoundedUp(int64_t tokens) { return (tokens + kStep - 1) / kStep * kStep; }

}  // namespace

Findings CheckLimit(const LimitFacts& facts) {
  if (facts.answers.empty()) return {};
  const size_t count = facts.answers.size();
  Finding finding{.check = "answer length"};
  if (count < kFewestAnswers) {
    finding.what = fmt::format("{} stored answers are too few to say how long it thinks", count);
    return {finding};
  }
  const int64_t usual = Percentile95(facts.answers);
  const int64_t cut = std::ranges::count(facts.answers, true, &AnswerLength::cut);
  const int64_t longer = std::ranges::count_if(facts.answers, [&](const AnswerLength& answer) {
    // One that was cut at the very limit would be so again.
    return answer.new_tokens > facts.max_tokens ||
           (answer.cut && answer.new_tokens >= facts.max_tokens);
  });
  finding.what = fmt::format(
      "of {} stored answers 95 % took up to {} tokens, and {} ({} %) were "
      "cut by their limit",
      count, FormatCount(usual), cut, Percent(cut, count));
  const bool many_cut = Percent(cut, count) > kManyCut;
  if (usual < facts.max_tokens || (usual == facts.max_tokens && !many_cut)) {
    finding.what += fmt::format("; --max-tokens is {}", FormatCount(facts.max_tokens));
    return {finding};
  }
  finding.severity = Severity::kWarning;
  finding.what += fmt::format("; --max-tokens {} would cut {} ({} %)",
                              FormatCount(facts.max_tokens), longer, Percent(longer, count));
  // Where many were cut nobody knows how long they would have become.
  const int64_t advised = many_cut ? RoundedUp(2 * usual) : RoundedUp(usual + usual / 10);
  finding.remedy = fmt::format("--max-tokens {}, or --think-budget {} to have an answer within {}",
                               advised, facts.max_tokens * 3 / 4, FormatCount(facts.max_tokens));
  return {finding};
}

}  // namespace retort::doctor
