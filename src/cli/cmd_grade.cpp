// retort grade [FILE]: judges answers to mathematics questions, JSON lines in and out.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
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
    if (!file || std::filesystem::is_directory(flags.file)) {
      Fail(ErrorCode::kNotFound,
           "{}: cannot be read; give a file of JSON lines, or - for the input", flags.file);
    }
  }
  GradeTally tally;
  const JsonLineCounts counts = AnswerJsonLines(
      flags.file == "-" ? std::cin : file, std::cout, R"({"gold": "1/2", "prediction": "0.5"})",
      [&](const Json& request) { return GradeJson(request, flags.options, tally); });
  if (!std::cout.flush()) {
    Fail(ErrorCode::kUnavailable,
         "the verdicts could not all be written; see whether the disk is full");
  }
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
      "docs/grading.md. A line that cannot be graded gets\n{\"error\": …} and makes the exit code "
      "1.\n\n"
      "Further fields of a line stand for it alone, and others are ignored:\n"
      "  precision, strict, allow_set_relation_comp, match_types, boxed_match_priority\n\n"
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
