#include "lab/runs/resume.h"

#include <fmt/core.h>

#include "base/error.h"
#include "lab/compare/settings_json.h"

namespace retort {
namespace {

bool SameProblems(const std::vector<Problem>& there, const std::vector<Problem>& here) {
  if (there.size() != here.size()) return false;
  for (size_t i = 0; i < there.size(); ++i) {
    if (there[i].id != here[i].id || there[i].question != here[i].question ||
        there[i].answer_text != here[i].answer_text)
      return false;
  }
  return true;
}

}  // namespace

std::vector<std::string> ReasonsNotToResume(const Comparison& stored, const Comparison& fresh) {
  std::vector<std::string> reasons;
  if (stored.version != fresh.version)
    reasons.push_back(
        fmt::format("Retort {} measured there, this is {}", stored.version, fresh.version));
  if (const std::string other = MachineDifference(stored.machine, fresh.machine); !other.empty())
    reasons.push_back("another machine: " + other);
  for (std::string& difference : SettingsDifferences(stored.settings, fresh.settings))
    reasons.push_back(std::move(difference));
  if (stored.models.size() != fresh.models.size()) {
    reasons.push_back(
        fmt::format("{} models there, {} here", stored.models.size(), fresh.models.size()));
  } else {
    for (size_t i = 0; i < fresh.models.size(); ++i) {
      if (stored.models[i].facts.digest != fresh.models[i].facts.digest)
        reasons.push_back(fmt::format("{} is not the file that {} was there",
                                      fresh.models[i].facts.path, stored.models[i].facts.letter));
    }
  }
  // Where the settings are equal and the problems are not, the generators have changed.
  if (reasons.empty() && !SameProblems(stored.problems, fresh.problems))
    reasons.emplace_back("its problems are not those that this Retort generates");
  return reasons;
}

void Continue(Comparison& stored, const Comparison& fresh) {
  RETORT_CHECK(ReasonsNotToResume(stored, fresh).empty());
  stored.problems = fresh.problems;
  for (size_t i = 0; i < fresh.models.size(); ++i) {
    stored.models[i].facts.path = fresh.models[i].facts.path;
    stored.models[i].failure.reset();
  }
}

std::string ProgressText(const Comparison& comparison) {
  size_t answers = 0, timings = 0;
  for (const ModelRun& run : comparison.models) {
    answers += run.answers.size();
    for (const auto* tests : {&run.prompts, &run.lengths}) {
      for (const SpeedTest& test : *tests) timings += test.samples.size();
    }
  }
  return fmt::format("{} of {} answers, {} timings", answers,
                     comparison.problems.size() * comparison.models.size(), timings);
}

}  // namespace retort
