#include "cli/completion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <string_view>

namespace retort {
namespace {

// A command with its path: "runs list".
struct PathAndCommand {
  std::string path;
  const CommandInfo* command = nullptr;
};

void Flatten(const CommandInfo& command, const std::string& path,
             std::vector<PathAndCommand>& out) {
  out.push_back({path, &command});
  for (const CommandInfo& each : command.subcommands)
    Flatten(each, path.empty() ? each.name : path + " " + each.name, out);
}

std::vector<PathAndCommand> AllCommands(const CommandInfo& program) {
  std::vector<PathAndCommand> all;
  Flatten(program, "", all);
  return all;
}

std::string NamesOf(const std::vector<CommandInfo>& commands) {
  std::vector<std::string> names;
  for (const CommandInfo& command : commands) names.push_back(command.name);
  return fmt::format("{}", fmt::join(names, " "));
}

std::string FlagsOf(const CommandInfo& command) {
  std::vector<std::string> flags;
  for (const OptionInfo& option : command.options)
    flags.insert(flags.end(), option.names.begin(), option.names.end());
  return fmt::format("{}", fmt::join(flags, " "));
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// The first line of help, fit for a single-quoted word of a shell.
std::string ShortHelp(const std::string& help, std::string_view quote_as) {
  return Replaced(help.substr(0, help.find('\n')), "'", quote_as);
}

// One case of bash's `case $path` for what follows a flag with a value.
std::string BashValues(const CommandInfo& command) {
  std::string cases;
  for (const OptionInfo& option : command.options) {
    if (option.value.empty()) continue;
    const std::string action = !option.choices.empty()
                                   ? fmt::format("words='{}'", fmt::join(option.choices, " "))
                                   : std::string(option.takes_file ? "files=yes" : "words=");
    cases += fmt::format("        {}) {}; value=yes ;;\n", fmt::join(option.names, "|"), action);
  }
  return cases;
}

std::string BashCase(const PathAndCommand& each) {
  const CommandInfo& command = *each.command;
  const bool takes_files =
      std::any_of(command.positionals.begin(), command.positionals.end(),
                  [](const OptionInfo& positional) { return positional.takes_file; });
  std::string out =
      fmt::format("    '{}')\n      commands='{}'; flags='{}'; operands={}\n", each.path,
                  NamesOf(command.subcommands), FlagsOf(command), takes_files ? "files" : "none");
  const std::string values = BashValues(command);
  if (!values.empty()) out += "      case $previous in\n" + values + "      esac\n";
  return out + "      ;;\n";
}

// Follows the words typed so far as long as they name commands.
constexpr const char* kBashHead = R"(# bash completion for retort; made by: retort completion bash
_retort() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local path= word i commands= flags= operands= words= files= value=
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case " $(_retort_commands "$path") " in
      *" $word "*) path=${path:+$path }$word ;;
    esac
  done
  case $path in
)";

constexpr const char* kBashTail = R"(  esac
  if [[ $value != yes ]]; then
    if [[ $current == -* ]]; then
      words=$flags
    else
      words=$commands
      [[ $operands == files ]] && files=yes
    fi
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ $files == yes ]]; then
    local IFS=$'\n'
    compopt -o filenames 2> /dev/null
    COMPREPLY+=($(compgen -f -- "$current"))
  fi
}
complete -F _retort retort
)";

std::string ZshOption(const OptionInfo& option) {
  const std::string help =
      Replaced(Replaced(ShortHelp(option.help, "'\\''"), "[", "\\["), "]", "\\]");
  std::string value;
  if (!option.choices.empty()) {
    value = fmt::format(":{}:({})", option.value, fmt::join(option.choices, " "));
  } else if (!option.value.empty()) {
    value = fmt::format(":{}:{}", option.value, option.takes_file ? "_files" : " ");
  }
  std::string out;
  for (const std::string& name : option.names)
    out += fmt::format(" \\\n        '{}[{}]{}'", name, help, value);
  return out;
}

void ZshFunction(const PathAndCommand& each, std::string& out) {
  const CommandInfo& command = *each.command;
  const std::string suffix = each.path.empty() ? "" : "_" + Replaced(each.path, " ", "_");
  out += fmt::format("_retort{}() {{\n  local curcontext=$curcontext state line\n  _arguments -C",
                     suffix);
  for (const OptionInfo& option : command.options) out += ZshOption(option);
  if (command.subcommands.empty()) {
    for (const OptionInfo& positional : command.positionals)
      out += fmt::format(" \\\n        '*:{}:{}'", positional.value,
                         positional.takes_file ? "_files" : " ");
    out += "\n}\n\n";
    return;
  }
  out += " \\\n        '1:command:->command' '*::argument:->argument'\n";
  out += "  case $state in\n    command)\n      local -a commands=(\n";
  for (const CommandInfo& each_command : command.subcommands)
    out +=
        fmt::format("        '{}:{}'\n", each_command.name, ShortHelp(each_command.help, "'\\''"));
  out += "      )\n      _describe command commands ;;\n    argument)\n      case $line[1] in\n";
  for (const CommandInfo& each_command : command.subcommands)
    out += fmt::format("        {0}) _retort{1}_{0} ;;\n", each_command.name, suffix);
  out += "      esac ;;\n  esac\n}\n\n";
}

// "where these commands have been typed": fish's condition for a completion.
std::string FishCondition(const PathAndCommand& each) {
  if (each.path.empty()) return "__fish_use_subcommand";
  std::string condition;
  std::string rest = each.path;
  while (!rest.empty()) {
    const size_t space = std::min(rest.find(' '), rest.size());
    condition += (condition.empty() ? "" : "; and ") +
                 fmt::format("__fish_seen_subcommand_from {}", rest.substr(0, space));
    rest.erase(0, std::min(space + 1, rest.size()));
  }
  if (!each.command->subcommands.empty())
    condition +=
        fmt::format("; and not __fish_seen_subcommand_from {}", NamesOf(each.command->subcommands));
  return condition;
}

void FishCommand(const PathAndCommand& each, std::string& out) {
  const std::string line = fmt::format("complete -c retort -n '{}'", FishCondition(each));
  for (const CommandInfo& command : each.command->subcommands)
    out += fmt::format("{} -f -a {} -d '{}'\n", line, command.name, ShortHelp(command.help, "\\'"));
  for (const OptionInfo& option : each.command->options) {
    out += line;
    for (const std::string& name : option.names)
      out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (!option.choices.empty()) {
      out += fmt::format(" -x -a '{}'", fmt::join(option.choices, " "));
    } else if (!option.value.empty()) {
      out += option.takes_file ? " -r -F" : " -x";
    }
    out += fmt::format(" -d '{}'\n", ShortHelp(option.help, "\\'"));
  }
}

}  // namespace

std::string BashCompletion(const CommandInfo& program) {
  const std::vector<PathAndCommand> all = AllCommands(program);
  std::string out = kBashHead;
  for (const PathAndCommand& each : all) out += BashCase(each);
  out += kBashTail;
  std::string commands =
      "# The commands that may follow a path of commands.\n_retort_commands() {\n  case $1 in\n";
  for (const PathAndCommand& each : all) {
    if (!each.command->subcommands.empty())
      commands +=
          fmt::format("    '{}') echo '{}' ;;\n", each.path, NamesOf(each.command->subcommands));
  }
  return commands + "  esac\n}\n\n" + out;
}

std::string ZshCompletion(const CommandInfo& program) {
  std::string out =
      "#compdef retort\n# zsh completion for retort; made by: retort completion zsh\n\n";
  for (const PathAndCommand& each : AllCommands(program)) ZshFunction(each, out);
  // Sourced, it registers itself; from a folder of $fpath, zsh has done so and calls it.
  return out +
         "if [[ $funcstack[1] == _retort ]]; then\n  _retort \"$@\"\nelse\n  compdef _retort "
         "retort\nfi\n";
}

std::string FishCompletion(const CommandInfo& program) {
  std::string out = "# fish completion for retort; made by: retort completion fish\n";
  for (const PathAndCommand& each : AllCommands(program)) FishCommand(each, out);
  return out;
}

}  // namespace retort
