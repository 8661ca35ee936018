// How it was measured, on which machine, and how to do it again.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lab/report/html_parts.h"
#include "lab/report/html_text.h"

namespace retort {
namespace {

std::string Fact(const std::string& name, const std::string& value) {
  return "<tr>" + RowHead(name) + Cell(value) + "</tr>";
}

std::string SpeedMethod(const ReportView& view) {
  const CompareSettings& settings = view.comparison.settings;
  std::string lengths;
  for (const LengthTest& test : settings.lengths)
    lengths +=
        fmt::format("{}{}/{}", lengths.empty() ? "" : ", ", test.prompt_tokens, test.new_tokens);
  const std::string text = view.say(
      "Three prompts × {} runs of at most {} new tokens; exact lengths {} (tokens in/out) × {} "
      "runs; {} cold starts each way. Temperature {}, top-p {}, a seed per run. Each model has a "
      "process of its own; all stay loaded and one computes at a time, taking turns, so that a "
      "noisy minute hits all alike.",
      settings.runs, settings.speed_max_tokens, lengths.empty() ? view.say("none") : lengths,
      settings.length_runs, settings.cold_starts, settings.temperature, settings.top_p);
  if (!settings.speculate) return text;
  return text + " " + view.say("Tokens guessed from the text are computed ahead (--speculate).");
}

std::string AccuracyMethod(const ReportView& view) {
  const CompareSettings& settings = view.comparison.settings;
  std::string text = view.say(
      "{} generated problems (seed {}) with exact answers, the same for all models, at most {} "
      "tokens each, {} at once; graded exactly.",
      settings.samples, settings.seed, settings.max_tokens, settings.parallel);
  if (settings.think_budget)
    text += " " + view.say("Thinking is closed after {} tokens.", *settings.think_budget);
  return text + " " +
         view.say(
             "A thought that repeats itself is closed, so that an answer follows; an answer "
             "that does is stopped and graded as if the token limit had cut it.");
}

std::string MachineFacts(const ReportView& view) {
  const Comparison& comparison = view.comparison;
  const Machine& machine = comparison.machine;
  const Wording& say = view.say;
  std::string body = Fact(say("Processor"), say("{}, {} of {} cores", machine.cpu,
                                                machine.usable_cores, machine.online_cores));
  body += Fact(say("Vector units"), fmt::format("{}", fmt::join(machine.units, ", ")));
  body += Fact(say("Memory"),
               fmt::format("{:.1f} GB", static_cast<double>(machine.memory_bytes) / 1e9));
  body += Fact(say("System"), machine.os + ", " + machine.kernel);
  body += Fact("Retort", comparison.version);
  body += Fact(say("Started"), say("{}, took {:.0f} s", comparison.started_at, comparison.seconds));
  for (const ModelRun& run : comparison.models) {
    const ComparedModel& facts = run.facts;
    body += Fact(say("Model {}", facts.letter),
                 say("{}: {}, {} layers of width {}, context {}, {} bytes; {}", facts.path,
                     facts.architecture, facts.num_layers, facts.hidden_size, facts.context,
                     facts.file_bytes, facts.backend));
    if (!facts.digest.empty()) body += Fact("SHA-256 " + facts.letter, facts.digest);
  }
  return fmt::format(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\"><table "
      "class=\"facts\"><tbody>{}</tbody></table></div>\n",
      EscapeHtml(say("Machine and models")), body);
}

std::string Command(const std::string& purpose, const std::string& line) {
  return fmt::format("<p>{}</p><pre tabindex=\"0\">{}</pre>\n", EscapeHtml(purpose),
                     EscapeHtml(line));
}

std::string Commands(const ReportView& view) {
  const Comparison& comparison = view.comparison;
  const Wording& say = view.say;
  std::string html = fmt::format("<h3>{}</h3>\n", EscapeHtml(say("Do it again")));
  html += Command(say("Measure again; problems, seeds and so the answers are the same:"),
                  comparison.command);
  if (!comparison.id.empty()) {
    const std::string& id = comparison.id;
    html += Command(say("Draw this report again, or take out every sample, from the run store:"),
                    fmt::format("retort runs export {0} --html report.html\n"
                                "retort runs export {0} --jsonl > samples.jsonl",
                                id));
    html += Command(say("Set another model beside these, measured as they were:"),
                    fmt::format("retort compare {} OTHER.gguf", id));
  }
  return html;
}

}  // namespace

std::string MethodSection(const ReportView& view) {
  std::string html = fmt::format("<p>{}</p>\n", EscapeHtml(SpeedMethod(view)));
  if (view.comparison.settings.samples > 0)
    html += fmt::format("<p>{}</p>\n", EscapeHtml(AccuracyMethod(view)));
  return SectionElement("method", view.say("Method, machine, commands"),
                        html + MachineFacts(view) + Commands(view));
}

}  // namespace retort
