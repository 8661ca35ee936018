// retort template SOURCE: chat messages to prompt text, JSON lines in and out.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/quote.h"
#include "cli/commands.h"
#include "cli/hub_settings.h"
#include "cli/json_lines.h"
#include "runtime/loaded_model.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

struct TemplateFlags {
  std::string source;
  std::string name = "default";
  std::string now;
};

struct TemplateSource {
  std::unique_ptr<ChatTemplate> chat;
  Json special = Json::object();  // bos_token, eos_token, pad_token
};

Json SpecialTokens(const TokenizerSpec& spec) {
  Json special = Json::object();
  const auto add = [&](const char* name, std::optional<int32_t> id) {
    if (id) special[name] = spec.tokens.at(static_cast<size_t>(*id));
  };
  add("bos_token", spec.bos);
  add("eos_token", spec.eos);
  add("pad_token", spec.pad);
  return special;
}

TemplateSource OpenSource(const TemplateFlags& flags) {
  TemplateSource source{LoadChatTemplate(flags.source, flags.name)};
  if (!flags.source.ends_with(".jinja")) {
    source.special = SpecialTokens(LoadTokenizer(flags.source)->spec());
  }
  return source;
}

// "2025-01-20" → that day, at midnight.
std::tm ParseDate(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0;
  char rest = 0;
  const int read = std::sscanf(text.c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &rest);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (read != 3 || !date.ok()) {
    Fail(ErrorCode::kInvalidArgument, "--now is {}, must be a date such as 2025-01-20",
         Quoted(text));
  }
  const std::chrono::sys_days days = date;
  const std::chrono::sys_days new_year = date.year() / 1 / 1;
  std::tm now = {};
  now.tm_year = year - 1900;
  now.tm_mon = static_cast<int>(month) - 1;
  now.tm_mday = static_cast<int>(day);
  now.tm_wday = static_cast<int>(std::chrono::weekday(days).c_encoding());
  now.tm_yday = static_cast<int>((days - new_year).count());
  return now;
}

Json Variables(const Json& request, const Json& special) {
  if (!request.contains("messages") || !request["messages"].is_array()) {
    Fail(ErrorCode::kInvalidArgument, "a line must have an array \"messages\"");
  }
  Json variables = {{"messages", request["messages"]},
                    {"tools", request.value("tools", Json())},
                    {"add_generation_prompt", request.value("add_generation_prompt", false)}};
  variables.update(special);
  for (const char* field : {"special", "kwargs"}) {
    if (!request.contains(field)) continue;
    if (!request[field].is_object()) {
      Fail(ErrorCode::kInvalidArgument, "\"{}\" must be an object", field);
    }
    variables.update(request[field]);
  }
  return variables;
}

void RunTemplate(TemplateFlags& flags) {
  flags.source = ModelPath(flags.source);
  RenderOptions options;
  if (!flags.now.empty()) options.now = ParseDate(flags.now);
  const TemplateSource source = OpenSource(flags);
  constexpr const char* kExample = R"({"messages": [{"role": "user", "content": "Hi"}]})";
  FailIfAnyFailed(AnswerJsonLines(std::cin, std::cout, kExample, [&](const Json& request) -> Json {
    const Json variables = Variables(request, source.special);
    try {
      return {{"rendered", source.chat->Render(variables, options)}};
    } catch (const Error& error) {  // the template's answer to these messages, not a bad line
      return {{"error", error.what()}};
    }
  }));
}

}  // namespace

void AddTemplateCommand(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("template", "Chat messages to prompt text, JSON lines in and out");
  command->footer(
      "Reads lines with \"messages\" and, if wanted, \"tools\", \"add_generation_prompt\", "
      "\"kwargs\" (further\nvariables) and \"special\" (bos_token, eos_token, pad_token; from the "
      "file otherwise). Writes\n{\"rendered\": …}, or {\"error\": …} where the template refuses. A "
      "line that is not of this form\nalso gets {\"error\": …} and makes the exit code 1.\n\n"
      "Examples:\n"
      "  echo '{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], "
      "\"add_generation_prompt\": true}' \\\n    | retort template model.gguf\n"
      "  retort template chat.jinja --now 2025-01-20 < conversations.jsonl");
  auto flags = std::make_shared<TemplateFlags>();
  command->add_option("SOURCE", flags->source, "File, folder, name of a pulled model, or a .jinja")
      ->required();
  command->add_option("--name", flags->name, "Which of a model's templates, such as tool_use")
      ->capture_default_str();
  command->add_option("--now", flags->now, "The date that the template sees, YYYY-MM-DD");
  command->callback([flags] { RunTemplate(*flags); });
}

}  // namespace retort
