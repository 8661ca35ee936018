#include "doctor/template_check.h"

#include <fmt/ranges.h>

#include "base/quote.h"
#include "text/think_parser.h"

namespace retort::doctor {
namespace {

constexpr double kCardTemperature = 0.6, kLowest = 0.5, kHighest = 0.7, kCardTopP = 0.95;
constexpr double kRounding = 1e-6;  // files keep these as 32-bit floats

constexpr const char* kOtherFile =
    "take a file made from the model's own repository: `retort pull` brings the catalogue's";

std::string Tail(const std::string& text) {
  constexpr size_t kShown = 32;
  return text.size() <= kShown ? text : text.substr(text.size() - kShown);
}

// Whether the model thinks, by what the template makes of it.
bool Thinks(const TemplateFacts& facts) {
  return facts.is_r1 || facts.prompt.find("<think>") != std::string::npos || facts.open_tokens == 1;
}

Finding CheckPresence(const TemplateFacts& facts) {
  Finding finding{.check = "template"};
  if (!facts.has_template) {
    finding.severity = facts.is_r1 ? Severity::kError : Severity::kWarning;
    finding.what = "the file has no chat template: a chat cannot be put into words for it";
    finding.remedy = kOtherFile;
  } else if (!facts.failure.empty()) {
    finding.severity = Severity::kError;
    finding.what = "the chat template fails: " + Printable(facts.failure);
    finding.remedy = kOtherFile;
  } else if (facts.is_r1 && facts.prompt.find("<|im_start|>") != std::string::npos) {
    finding.severity = Severity::kError;
    finding.what =
        "the chat template writes ChatML (<|im_start|>) for an R1 model, which was "
        "trained on <｜User｜> and <｜Assistant｜>";
    finding.remedy = kOtherFile;
  } else {
    finding.what = "a question is rendered as " + Quoted(facts.prompt, 100);
  }
  return finding;
}

Finding CheckThinking(const TemplateFacts& facts) {
  Finding finding{.check = "thinking"};
  if (ThinkParser::OpensThinking(facts.prompt)) {
    finding.what = "the prompt ends with an open <think>";
  } else if (!facts.is_r1 || facts.opens_itself) {
    finding.what = "the model decides itself whether it thinks";
  } else {
    finding.severity = Severity::kWarning;
    finding.what = fmt::format(
        "the prompt ends with {} and not with <think>, so that an R1 model "
        "may skip its thought and answer worse",
        Quoted(Tail(facts.prompt)));
    finding.remedy = kOtherFile;
  }
  return finding;
}

Finding CheckEnd(const TemplateFacts& facts) {
  Finding finding{.check = "end of turn"};
  const std::string end = Quoted(facts.end_of_turn);
  const std::string stops = fmt::format("{}", fmt::join(facts.stop_tokens, " "));
  if (facts.end_of_turn.empty()) {
    finding.severity = Severity::kNote;
    finding.what = "the template writes nothing behind an answer; turns end with " +
                   Printable(stops.empty() ? "no token" : stops);
  } else if (!facts.end_is_token) {
    finding.severity = Severity::kError;
    finding.what = fmt::format(
        "the template ends an answer with {}, which is no token of the "
        "vocabulary: answers will run on to --max-tokens",
        end);
    finding.remedy = fmt::format("--stop {}, or {}", end, kOtherFile);
  } else if (!facts.end_stops) {
    finding.severity = Severity::kError;
    finding.what = fmt::format(
        "the template ends an answer with {}, and the file says that {} "
        "ends a turn: answers will run on",
        end, stops.empty() ? "nothing" : Printable(stops));
    finding.remedy = fmt::format("--stop {}, or {}", end, kOtherFile);
  } else {
    finding.what = fmt::format("an answer ends with {}, which stops", end);
  }
  return finding;
}

Finding CheckFirstToken(const TemplateFacts& facts) {
  Finding finding{.check = "first token"};
  const bool written = !facts.bos.empty() && facts.prompt.starts_with(facts.bos);
  const std::string bos = Printable(facts.bos);
  if (written && facts.prompt.substr(facts.bos.size()).starts_with(facts.bos)) {
    finding.severity = Severity::kWarning;
    finding.what = fmt::format("the template writes {} twice", bos);
    finding.remedy = kOtherFile;
  } else if (written && facts.adds_bos) {
    finding.severity = Severity::kNote;
    finding.what = fmt::format(
        "both template and tokenizer put {} in front: Retort writes one, "
        "other programs may write two",
        bos);
  } else {
    finding.what = written             ? fmt::format("the template writes {}", bos)
                   : facts.bos.empty() ? "the vocabulary has no token for the beginning"
                                       : fmt::format("the template does not write {}", bos);
  }
  return finding;
}

Finding CheckHistory(const TemplateFacts& facts) {
  Finding finding{.check = "history"};
  const bool of_text = facts.history.find(kThought) != std::string::npos;
  const bool of_field = facts.history_of_fields.find(kThought) != std::string::npos;
  if (!of_text && !of_field) {
    finding.what = "earlier thoughts are left out of the prompt";
    return finding;
  }
  // Retort hands thoughts over in their field: those in a text come from clients that do not.
  finding.severity = of_field ? Severity::kWarning : Severity::kNote;
  finding.what = fmt::format(
      "the template keeps earlier thoughts{} in the prompt, which fill the "
      "context and which R1 was not trained on",
      of_field ? "" : " that stand in an answer's text");
  finding.remedy =
      of_field ? kOtherFile : "send answers without their thoughts, or in reasoning_content";
  return finding;
}

Finding CheckSampling(const TemplateFacts& facts) {
  Finding finding{.check = "sampling"};
  const double temperature = facts.temperature.value_or(1);
  const double top_p = facts.top_p.value_or(1);
  finding.what = fmt::format(
      "temperature {:.4g} and top-p {:.4g}, by {}", temperature, top_p,
      facts.sampling_source.empty() ? "nobody's word" : Printable(facts.sampling_source));
  const bool warm = temperature >= kLowest - kRounding && temperature <= kHighest + kRounding;
  const bool wide = top_p >= kCardTopP - kRounding && top_p <= kCardTopP + kRounding;
  if (warm && wide) return finding;
  finding.severity = Severity::kWarning;
  finding.what += temperature < kLowest ? "; below 0.5 R1 models repeat themselves without end"
                  : !warm               ? "; above 0.7 their thoughts come apart"
                                        : "; their makers measured with 0.95";
  finding.remedy = fmt::format("--temperature {} --top-p {}", kCardTemperature, kCardTopP);
  return finding;
}

Finding CheckTags(const TemplateFacts& facts) {
  Finding finding{.check = "tokens", .what = "<think> and </think> are one token each"};
  if (facts.open_tokens == 1 && facts.close_tokens == 1) return finding;
  finding.severity = Severity::kWarning;
  finding.what = fmt::format(
      "<think> is spelt by {} tokens and </think> by {}: the model was "
      "trained with one for each",
      facts.open_tokens, facts.close_tokens);
  finding.remedy = kOtherFile;
  return finding;
}

}  // namespace

Findings CheckTemplate(const TemplateFacts& facts) {
  Findings findings = {CheckPresence(facts)};
  const bool renders = facts.has_template && facts.failure.empty();
  const bool thinks = Thinks(facts);
  if (renders && thinks) findings.push_back(CheckThinking(facts));
  if (renders) findings.push_back(CheckEnd(facts));
  if (renders) findings.push_back(CheckFirstToken(facts));
  if (renders && thinks) findings.push_back(CheckHistory(facts));
  if (facts.is_r1) findings.push_back(CheckSampling(facts));
  if (facts.is_r1) findings.push_back(CheckTags(facts));
  return findings;
}

}  // namespace retort::doctor
