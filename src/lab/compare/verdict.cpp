#include "lab/compare/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lab/compare/figure_text.h"

namespace retort {
namespace {

constexpr double kManyTruncated = 0.1;
constexpr int kFullSamples = 300;
constexpr double kMemoryMatters = 1.2;

// A pair seen from one of its models.
struct View {
  size_t self = 0, other = 0;
  Difference accuracy;  // self - other
  double p = 1;
  bool accuracy_differs = false, speed_differs = false;
  std::optional<Estimate> speed_ratio;  // self / other
  std::optional<double> memory_ratio;
};

Estimate Inverse(const Estimate& ratio) {
  return {1 / ratio.value, {1 / ratio.interval.high, 1 / ratio.interval.low}};
}

View ViewOf(const Summary& summary, size_t self, size_t other) {
  for (const PairComparison& pair : summary.pairs) {
    const auto first = static_cast<size_t>(pair.first), second = static_cast<size_t>(pair.second);
    if (std::minmax(first, second) != std::minmax(self, other)) continue;
    View view{.self = self,
              .other = other,
              .accuracy = pair.accuracy,
              .p = pair.adjusted_p,
              .accuracy_differs = pair.accuracy_differs,
              .speed_differs = pair.speed_differs,
              .speed_ratio = pair.speed_ratio,
              .memory_ratio = pair.memory_ratio};
    if (self == first) return view;
    view.accuracy = {-pair.accuracy.estimate,
                     {-pair.accuracy.interval.high, -pair.accuracy.interval.low}};
    if (view.speed_ratio) view.speed_ratio = Inverse(*view.speed_ratio);
    if (view.memory_ratio) view.memory_ratio = 1 / *view.memory_ratio;
    return view;
  }
  View none;
  none.self = self;
  none.other = other;
  return none;
}

class Writer {
 public:
  Writer(const Comparison& comparison, const Summary& summary, const Wording& say)
      : comparison_(comparison), summary_(summary), say_(say) {}

  VerdictText Write() {
    VerdictText text;
    const size_t best = Best();
    const size_t rival = Rival(best);
    const View view = ViewOf(summary_, best, rival);
    text.headline = Headline(view);
    text.advice = Advice(view);
    text.cautions = Cautions(view);
    return text;
  }

 private:
  const std::string& Name(size_t model) const { return comparison_.models[model].facts.name; }
  bool Graded() const { return !summary_.accuracy.empty(); }
  size_t NumModels() const { return comparison_.models.size(); }

  double Accuracy(size_t model) const {
    return Graded() ? summary_.accuracy[0].right[model].value() : 0;
  }
  double Speed(size_t model) const {
    const FigureRow* row = FindRow(summary_.speed, "tokens_per_s.prompts");
    return row != nullptr && row->figures[model] ? row->figures[model]->value : 0;
  }

  // The model that the verdict is about: the most accurate one; where accuracy says nothing, the
  // fastest of those that are not shown to be worse than it.
  size_t Best() const {
    size_t best = 0;
    for (size_t i = 1; i < NumModels(); ++i) {
      if (Accuracy(i) > Accuracy(best)) best = i;
    }
    size_t choice = best;
    for (size_t i = 0; i < NumModels(); ++i) {
      if (i != best && ViewOf(summary_, best, i).accuracy_differs) continue;
      if (Speed(i) > Speed(choice)) choice = i;
    }
    return choice;
  }

  // Whom to compare it with: the most accurate of the others.
  size_t Rival(size_t best) const {
    size_t rival = best == 0 ? 1 : 0;
    for (size_t i = 0; i < NumModels(); ++i) {
      if (i != best && Accuracy(i) > Accuracy(rival)) rival = i;
    }
    return rival;
  }

  std::string SpeedClause(const View& view) const {
    if (!view.speed_ratio) return "";
    if (!view.speed_differs) return say_(", at about the same speed");
    return say_(", at {} times its speed", TimesText(view.speed_ratio->value));
  }

  std::string SpeedSentence(const View& view) const {
    if (!view.speed_ratio)
      return say_("{} and {} were not timed", Name(view.self), Name(view.other));
    if (!view.speed_differs)
      return say_("no significant difference in speed between {} and {}", Name(view.self),
                  Name(view.other));
    const bool faster = view.speed_ratio->value > 1;
    const Estimate ratio = faster ? *view.speed_ratio : Inverse(*view.speed_ratio);
    return say_("{} writes {} times as fast as {} (95 % interval {})",
                Name(faster ? view.self : view.other), TimesText(ratio.value),
                Name(faster ? view.other : view.self), TimesRangeText(ratio.interval, say_));
  }

  std::string Headline(const View& view) const {
    for (const ModelRun& run : comparison_.models) {
      if (run.failure && NumModels() == 2)
        return say_("No verdict: {} did not finish.", run.facts.name);
    }
    if (!Graded()) {
      // A sentence that opens with a model's name keeps it as it is.
      std::string sentence = say_("{}; accuracy was not measured.", SpeedSentence(view));
      if (sentence.starts_with("no ")) sentence[0] = 'N';
      return sentence;
    }
    const size_t pairs = summary_.pairs.size();
    const std::string evidence =
        say_("95 % interval {}, {}{}", PointsRangeText(view.accuracy.interval, say_),
             PValueText(view.p), pairs > 1 ? say_(" corrected for {} pairs", pairs) : "");
    if (view.accuracy_differs) {
      return say_("{} gets {:.0f} % of the problems right, {:.0f} points more than {} ({}){}.",
                  Name(view.self), 100 * Accuracy(view.self), 100 * view.accuracy.estimate,
                  Name(view.other), evidence, SpeedClause(view));
    }
    return say_(
        "No significant difference in accuracy: {} {:.0f} %, {} {:.0f} % (difference {} points, "
        "{}); {}.",
        Name(view.self), 100 * Accuracy(view.self), Name(view.other), 100 * Accuracy(view.other),
        PointsText(view.accuracy.estimate), evidence, SpeedSentence(view));
  }

  // "152 against 61 tokens/s"
  std::string Against(const std::vector<FigureRow>& rows, const char* id, const std::string& what,
                      const View& view) const {
    const FigureRow* row = FindRow(rows, id);
    if (row == nullptr || !row->figures[view.self] || !row->figures[view.other]) return "";
    return say_("{}{} against {} {}", what, NumberText(row->figures[view.self]->value),
                NumberText(row->figures[view.other]->value), row->unit);
  }

  std::string SpeedFacts(const View& view) const {
    std::vector<std::string> facts;
    for (std::string fact :
         {Against(summary_.speed, "tokens_per_s.prompts", "", view),
          Against(summary_.speed, "first_token.prompts", say_("first token "), view),
          Against(summary_.memory, "memory.after_load", say_("memory "), view)}) {
      if (!fact.empty()) facts.push_back(std::move(fact));
    }
    return fmt::format("{}", fmt::join(facts, say_(", ")));
  }

  std::vector<std::string> Advice(const View& view) const {
    std::vector<std::string> advice;
    const bool slower = view.speed_differs && view.speed_ratio->value < 1;
    const bool larger = view.memory_ratio && *view.memory_ratio > kMemoryMatters;
    if (Graded() && view.accuracy_differs && !slower && !larger) {
      advice.push_back(
          say_("Choose {}: it is more accurate, and nothing measured here speaks for {}.",
               Name(view.self), Name(view.other)));
    } else if (Graded() && view.accuracy_differs) {
      View reverse = view;
      std::swap(reverse.self, reverse.other);
      advice.push_back(
          say_("Choose {} where a wrong answer costs more than waiting.", Name(view.self)));
      advice.push_back(say_("Choose {} where {} decides and {:.0f} % right is enough: {}.",
                            Name(view.other), slower ? say_("speed or memory") : say_("memory"),
                            100 * Accuracy(view.other), SpeedFacts(reverse)));
    } else if (Graded() && view.speed_differs) {
      advice.push_back(say_("Choose {}: {}, and {} is not shown to be more accurate.",
                            Name(view.self), SpeedFacts(view), Name(view.other)));
    }
    if (NumModels() > 2) {
      size_t fastest = 0;
      for (size_t i = 1; i < NumModels(); ++i) {
        if (Speed(i) > Speed(fastest)) fastest = i;
      }
      if (fastest != view.self && fastest != view.other) {
        advice.push_back(say_("{} is the fastest, {} tokens/s, with {:.0f} % right.", Name(fastest),
                              NumberText(Speed(fastest)), 100 * Accuracy(fastest)));
      }
    }
    return advice;
  }

  std::vector<std::string> Cautions(const View& view) const {
    std::vector<std::string> cautions = comparison_.notes;
    if (const size_t times = comparison_.resumed_at.size(); times > 0) {
      cautions.push_back(
          say_("The run was interrupted and resumed {}: answers do not depend on that, speeds were "
               "measured in {} sittings.",
               times == 1 ? say_("once") : say_("{} times", times), times + 1));
    }
    for (const ModelRun& run : comparison_.models) {
      if (run.failure)
        cautions.push_back(say_("Measurements of {} end early: {}", run.facts.name, *run.failure));
    }
    if (!Graded()) return cautions;
    const AccuracyGroup& all = summary_.accuracy[0];
    for (size_t i = 0; i < NumModels(); ++i) {
      if (all.truncated[i].value() < kManyTruncated) continue;
      cautions.push_back(say_(
          "{:.0f} % of {}'s answers did not end within {} tokens or ran in circles; those count as "
          "wrong unless their answer was already complete.",
          100 * all.truncated[i].value(), Name(i), comparison_.settings.max_tokens));
    }
    const auto n = static_cast<double>(all.problems);
    if (n > 0 && n < kFullSamples) {
      const double half = (view.accuracy.interval.high - view.accuracy.interval.low) / 2;
      cautions.push_back(say_(
          "{:.0f} problems place the difference within ± {:.0f} points; {} would place it within "
          "about ± {:.0f}.",
          n, 100 * half, kFullSamples, 100 * half * std::sqrt(n / kFullSamples)));
    }
    return cautions;
  }

  const Comparison& comparison_;
  const Summary& summary_;
  const Wording& say_;
};

}  // namespace

VerdictText DescribeVerdict(const Comparison& comparison, const Summary& summary,
                            const Wording& say) {
  return Writer(comparison, summary, say).Write();
}

}  // namespace retort
