#include "cli/runs_text.h"

#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "base/quote.h"
#include "cli/terminal.h"
#include "lab/bench/table.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

// "2026-02-03 04:05", of a time in UTC.
std::string ShortTime(const std::string& time) {
  return time.size() < 16 ? time : time.substr(0, 10) + " " + time.substr(11, 5);
}

std::string CommaSeparated(const std::vector<std::string>& names) {
  return Printable(fmt::format("{}", fmt::join(names, ", ")));
}

}  // namespace

std::string RunTable(const std::vector<RunSummary>& runs) {
  if (runs.empty()) return "No stored run fits. Make one with: retort compare A.gguf B.gguf\n";
  Table table{.columns = {{"id"},
                          {"kind"},
                          {"started, UTC"},
                          {"state"},
                          {"took", true},
                          {"answers", true},
                          {"timings", true},
                          {"models"}}};
  for (const RunSummary& summary : runs) {
    const RunRow& run = summary.run;
    const auto wanted = summary.problems * static_cast<int64_t>(summary.models.size());
    table.rows.push_back({run.id, run.kind, ShortTime(run.started_at), RunStateName(run.state),
                          FormatDuration(run.seconds),
                          wanted == 0 ? "-" : fmt::format("{}/{}", summary.samples, wanted),
                          std::to_string(summary.timings), CommaSeparated(summary.models)});
  }
  return FormatAligned(table);
}

Json RunsJson(const std::vector<RunSummary>& runs) {
  Json out = Json::array();
  for (const RunSummary& summary : runs) {
    const RunRow& run = summary.run;
    out.push_back({{"id", run.id},
                   {"kind", run.kind},
                   {"state", RunStateName(run.state)},
                   {"started_at", run.started_at},
                   {"finished_at", run.finished_at.empty() ? Json(nullptr) : Json(run.finished_at)},
                   {"resumed", run.sessions.size() - 1},
                   {"seconds", run.seconds},
                   {"version", run.version},
                   {"command", run.command},
                   {"models", summary.models},
                   {"problems", summary.problems},
                   {"answers", summary.samples},
                   {"timings", summary.timings}});
  }
  return out;
}

std::string RunFacts(RunStore& store, const RunRow& run) {
  std::string text;
  const auto line = [&text](const char* name, const std::string& value) {
    text += fmt::format("{:<9} {}\n", name, Printable(value));
  };
  line("run", fmt::format("{}, {}, {}", run.id, run.kind, RunStateName(run.state)));
  line("started", fmt::format("{}{}, worked {}", run.started_at,
                              run.sessions.size() > 1
                                  ? fmt::format(", resumed {} times", run.sessions.size() - 1)
                                  : "",
                              FormatDuration(run.seconds)));
  line("command", run.command);
  line("version", run.version);
  line("machine",
       fmt::format("{}, {} cores, {:.0f} GB, {}", run.machine.cpu, run.machine.usable_cores,
                   static_cast<double>(run.machine.memory_bytes) / 1e9, run.machine.os));
  for (const RunModelRow& model : store.Models(run.number))
    line("model", fmt::format("{}, {}, {}, sha256 {}", model.name, model.model.quantization,
                              model.path, model.model.digest));
  line("settings", run.settings);
  return text;
}

std::string SampleLines(RunStore& store, const RunRow& run) {
  const std::vector<ProblemRow> problems = store.Problems(run.number);
  const std::vector<RunModelRow> models = store.Models(run.number);
  std::string text;
  for (size_t i = 0; i < models.size(); ++i) {
    for (const SampleRow& sample : store.Samples(run.number, i)) {
      const ProblemRow& problem = problems.at(static_cast<size_t>(sample.problem));
      const Json line = {{"run", run.id},
                         {"model", models[i].name},
                         {"digest", models[i].model.digest},
                         {"problem", problem.name},
                         {"question", problem.question},
                         {"expected", problem.answer},
                         {"verdict", sample.verdict},
                         {"extracted", sample.extracted},
                         {"found_by", sample.found_by},
                         {"finish", sample.finish},
                         {"thinking_end", sample.thinking_end},
                         {"prompt_tokens", sample.prompt_tokens},
                         {"new_tokens", sample.new_tokens},
                         {"reasoning_tokens", sample.reasoning_tokens},
                         {"reasoning", sample.reasoning},
                         {"answer", sample.answer}};
      text += line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    }
  }
  return text;
}

}  // namespace retort
