// retort grade [FILE]: judges answers to mathematics questions, JSON lines in and out.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/grade_json.h"
#include "cli/json_lines.h"
#include "cli/terminal.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

struct GradeFlags {
  std::string file = "-";
  std::string kind = "math";
  GradeOptions options;
};

void RunGrade(const GradeFlags& flags) {
  std::ifstream file;
  if (flags.file != "-") {
    file.open(flags.file);
    if (!file) Fail(ErrorCode::kNotFound, "{}: cannot be read", flags.file);
  }
  GradeTally tally;
  const JsonLineCounts counts = AnswerJsonLines(
      flags.file == "-" ? std::cin : file, std::cout, R"({"gold": "1/2", "prediction": "0.5"})",
      [&](const Json& request) { return GradeJson(request, flags.options, tally); });
  if (IsTerminal(STDERR_FILENO)) std::fprintf(stderr, "%s\n", FormatTally(tally).c_str());
  FailIfAnyFailed(counts);
}

}  // namespace

void AddGradeCommand(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("grade", "Judge answers to mathematics questions, JSON lines in and out");
  command->footer(
      "Reads {\"gold\": …, \"prediction\": …} lines, both free text: LaTeX, plain or Chinese, bare "
      "answers or\nlong solutions. Writes {\"correct\", \"extracted\", \"path\", \"cause\"}, and "
      "\"id\" where the line has one.\n\"path\" says where the answer was found, \"cause\" why it "
      "is not correct: \"wrong\", \"no answer\" or\n\"unparsable\". What counts as the same is in "
      "docs/grading.md. Fields named as the options below stand\nfor their line alone. A line that "
      "cannot be graded gets {\"error\": …} and makes the exit code 1.\n\n"
      "Examples:\n"
      "  echo '{\"gold\": \"1/2\", \"prediction\": \"so $x = \\\\boxed{0.5}$\"}' | retort grade\n"
      "  retort grade answers.jsonl > graded.jsonl");
  auto flags = std::make_shared<GradeFlags>();
  command->add_option("FILE", flags->file, "JSON lines, - for the standard input")
      ->capture_default_str();
  command->add_option("--kind", flags->kind, "What is judged")
      ->check(CLI::IsMember({"math"}))
      ->capture_default_str();
  command
      ->add_option("--precision", flags->options.precision,
                   "Round to this many decimals where one side is a decimal; -1 compares exactly")
      ->check(CLI::Range(-1, 40))
      ->capture_default_str();
  command->callback([flags] { RunGrade(*flags); });
}

}  // namespace retort
