// retort completion SHELL: a completion script; retort man: the manual page.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "base/version.h"
#include "cli/command_tree.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/man_page.h"

namespace retort {
namespace {

constexpr const char* kCompletionExamples =
    "Examples:\n"
    "  source <(retort completion bash)                              this shell alone\n"
    "  retort completion bash > ~/.local/share/bash-completion/completions/retort\n"
    "  retort completion zsh > \"${fpath[1]}/_retort\"\n"
    "  retort completion fish > ~/.config/fish/completions/retort.fish";

constexpr const char* kManExamples =
    "Examples:\n"
    "  retort man | man -l -                                         read it\n"
    "  retort man > ~/.local/share/man/man1/retort.1                 for `man retort`";

}  // namespace

void AddCompletionCommand(CLI::App& app) {
  CLI::App* command = app.add_subcommand("completion", "Print a shell's completion script");
  command->footer(kCompletionExamples);
  const auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "Which shell it is for")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([shell, &app] {
    const CommandInfo program = DescribeCommand(app);
    const std::string script = *shell == "bash"  ? BashCompletion(program)
                               : *shell == "zsh" ? ZshCompletion(program)
                                                 : FishCompletion(program);
    std::fputs(script.c_str(), stdout);
  });
}

void AddManCommand(CLI::App& app) {
  CLI::App* command = app.add_subcommand("man", "Print the manual page retort(1)");
  command->footer(kManExamples);
  command->callback(
      [&app] { std::fputs(ManPage(DescribeCommand(app), kVersion).c_str(), stdout); });
}

}  // namespace retort
