// What was asked and answered, and how it was measured.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "lab/report/html_sections.h"
#include "lab/report/html_text.h"

namespace retort {
namespace {

using Json = nlohmann::json;

Json QuestionData(const Comparison& comparison) {
  Json models = Json::array(), problems = Json::array();
  for (const ModelRun& run : comparison.models)
    models.push_back({{"letter", run.facts.letter}, {"name", CleanText(run.facts.name)}});
  for (const Problem& problem : comparison.problems) {
    problems.push_back({{"id", problem.id},
                        {"type", ProblemTypeName(problem.type)},
                        {"level", problem.level},
                        {"lang", LanguageName(problem.language)},
                        {"question", CleanText(problem.question)},
                        {"answer", CleanText(problem.answer_text)},
                        {"by", Json::array()}});
    for (size_t i = 0; i < comparison.models.size(); ++i) problems.back()["by"].push_back(nullptr);
  }
  for (size_t i = 0; i < comparison.models.size(); ++i) {
    for (const AnswerRecord& record : comparison.models[i].answers) {
      problems[static_cast<size_t>(record.problem)]["by"][i] = {
          {"verdict", VerdictName(record.graded.verdict)},
          {"extracted", CleanText(record.graded.extracted)},
          {"path", record.graded.path},
          {"reasoning", CleanText(record.reasoning)},
          {"answer", CleanText(record.answer)},
          {"finish", record.finish},
          {"thinkingEnd", record.thinking_end},
          {"tokens", record.new_tokens}};
    }
  }
  return {{"models", std::move(models)}, {"problems", std::move(problems)}};
}

std::string Row(const std::string& name, const std::string& value) {
  return fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>", EscapeHtml(name),
                     EscapeHtml(value));
}

std::string Sentence(const CompareSettings& settings) {
  std::string lengths;
  for (const LengthTest& test : settings.lengths)
    lengths +=
        fmt::format("{}{}/{}", lengths.empty() ? "" : ", ", test.prompt_tokens, test.new_tokens);
  return fmt::format(
      "Three prompts × {} runs of at most {} new tokens; exact lengths {} (tokens in/out) × {} "
      "runs; {} cold starts each way. Temperature {}, top-p {}, a seed per run. Each model has a "
      "process of its own; all stay loaded and one computes at a time, taking turns, so that a "
      "noisy minute hits all alike.",
      settings.runs, settings.speed_max_tokens, lengths.empty() ? "none" : lengths,
      settings.length_runs, settings.cold_starts, settings.temperature, settings.top_p);
}

}  // namespace

std::string PromptSection(const Comparison& comparison) {
  if (comparison.models[0].prompts.empty()) return "";
  std::string out = "<section id=\"prompts\"><h2>The three speed prompts</h2>\n";
  for (size_t prompt = 0; prompt < comparison.models[0].prompts.size(); ++prompt) {
    const SpeedTest& first = comparison.models[0].prompts[prompt];
    out += fmt::format(
        "<details><summary><b>{}</b> <span lang=\"zh\">{}</span></summary>"
        "<div class=\"answers\">",
        EscapeHtml(first.id), EscapeHtml(first.prompt));
    for (size_t i = 0; i < comparison.models.size(); ++i) {
      if (prompt >= comparison.models[i].prompts.size()) continue;
      out += fmt::format(
          "<article><h4><span class=\"chip series{}\">{}</span> first run</h4><pre lang=\"zh\" "
          "tabindex=\"0\">{}</pre></article>",
          i, comparison.models[i].facts.letter,
          EscapeHtml(comparison.models[i].prompts[prompt].answer));
    }
    out += "</div></details>\n";
  }
  return out + fmt::format(
                   "<p class=\"note\">Cut after {} tokens; they are timed, not graded.</p>"
                   "</section>\n",
                   comparison.settings.speed_max_tokens);
}

std::string QuestionSection(const Comparison& comparison, const std::string& nonce) {
  if (comparison.problems.empty()) return "";
  std::string out =
      "<section id=\"questions\"><h2>Every question</h2>\n"
      "<noscript><p>Leafing through the questions needs JavaScript; everything else on this page "
      "does not.</p></noscript>\n"
      "<div id=\"browser\" hidden>\n<div class=\"filters\">\n"
      "<label>Type <select id=\"type\"><option value=\"\">all</option></select></label>\n"
      "<label>Level <select id=\"level\"><option value=\"\">all</option></select></label>\n"
      "<label>Language <select id=\"lang\"><option value=\"\">all</option></select></label>\n"
      "<label>Verdict <select id=\"verdict\"><option value=\"\">any</option></select></label>\n"
      "<label class=\"check\"><input type=\"checkbox\" id=\"differ\"> only where they "
      "differ</label>\n</div>\n"
      "<div id=\"strip\" role=\"listbox\" aria-label=\"Questions\" tabindex=\"0\"></div>\n"
      "<p class=\"quiet\" id=\"strip-key\"></p>\n"
      "<div class=\"pager\"><button id=\"previous\" type=\"button\">← Previous</button>"
      "<span id=\"position\" aria-live=\"polite\"></span>"
      "<button id=\"next\" type=\"button\">Next →</button></div>\n"
      "<div id=\"question\"></div>\n</div>\n";
  out += fmt::format("<script type=\"application/json\" id=\"data\" nonce=\"{}\">{}</script>\n",
                     nonce, JsonForScript(QuestionData(comparison)));
  return out + "</section>\n";
}

std::string MethodSection(const Comparison& comparison) {
  const CompareSettings& settings = comparison.settings;
  const Machine& machine = comparison.machine;
  std::string out = "<section id=\"method\"><h2>Method, machine, command</h2>\n";
  out += fmt::format("<p>{}</p>\n", EscapeHtml(Sentence(settings)));
  if (settings.samples > 0) {
    out += fmt::format(
        "<p>{} generated problems (seed {}) with exact answers, the same for all models, at most "
        "{} tokens each, {} at once; graded exactly. {}A thought that repeats itself is closed, so "
        "that an answer follows; an answer that does is stopped and graded as if the token limit "
        "had cut it.</p>\n",
        settings.samples, settings.seed, settings.max_tokens, settings.parallel,
        settings.think_budget
            ? fmt::format("Thinking is closed after {} tokens. ", *settings.think_budget)
            : "");
  }
  out += "<div class=\"scroll\"><table class=\"facts\"><tbody>";
  out += Row("Processor", fmt::format("{}, {} of {} cores", machine.cpu, machine.usable_cores,
                                      machine.online_cores));
  out += Row("Vector units", fmt::format("{}", fmt::join(machine.units, ", ")));
  out += Row("Memory", fmt::format("{:.1f} GB", static_cast<double>(machine.memory_bytes) / 1e9));
  out += Row("System", machine.os + ", " + machine.kernel);
  out += Row("Retort", comparison.version);
  out +=
      Row("Started", fmt::format("{}, took {:.0f} s", comparison.started_at, comparison.seconds));
  for (const ModelRun& run : comparison.models) {
    const ComparedModel& facts = run.facts;
    out += Row("Model " + facts.letter,
               fmt::format("{}: {}, {} layers of width {}, context {}, {} bytes; {}", facts.path,
                           facts.architecture, facts.num_layers, facts.hidden_size, facts.context,
                           facts.file_bytes, facts.backend));
  }
  out += "</tbody></table></div>\n";
  out += fmt::format("<h3>Command</h3><pre>{}</pre></section>\n", EscapeHtml(comparison.command));
  return out;
}

}  // namespace retort
