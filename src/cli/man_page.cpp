#include "cli/man_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/utf8.h"

namespace retort {
namespace {

// Text that roff takes as it is: no escapes, no requests at a line's start, hyphens to copy, and
// ASCII alone.
std::string Roff(std::string_view text) {
  std::string out;
  bool line_start = true;
  while (!text.empty()) {
    const Utf8Char c = DecodeUtf8(text);
    if (line_start && (c.code_point == '.' || c.code_point == '\'')) out += "\\&";
    line_start = c.code_point == '\n';
    if (c.code_point == '\\') {
      out += "\\e";
    } else if (c.code_point == '-') {
      out += "\\-";
    } else if (c.code_point < 0x80) {
      out += text.front();
    } else {
      out += fmt::format("\\[u{:04X}]", c.code_point);
    }
    text.remove_prefix(c.length);
  }
  return out;
}

void AddOption(const OptionInfo& option, std::string& out) {
  out += ".TP\n.B ";
  std::vector<std::string> names;
  for (const std::string& name : option.names) names.push_back(Roff(name));
  out += fmt::format("{}", fmt::join(names, ", "));
  if (!option.value.empty()) out += fmt::format(" \\fI{}\\fR", Roff(option.value));
  out += "\n" + Roff(option.help);
  if (!option.choices.empty())
    out += Roff(fmt::format("; one of {}", fmt::join(option.choices, ", ")));
  if (!option.default_text.empty()) out += Roff(fmt::format(" (default: {})", option.default_text));
  out += "\n";
}

std::string Synopsis(const CommandInfo& command, const std::string& path) {
  std::string out = fmt::format(".B {}\n", Roff(path));
  if (!command.subcommands.empty()) out += "\\fICOMMAND\\fR\n";
  for (const OptionInfo& positional : command.positionals)
    out += fmt::format(fmt::runtime(positional.required ? "\\fI{}\\fR\n" : "[\\fI{}\\fR]\n"),
                       Roff(positional.value));
  return out + "[\\fIOPTION\\fR]...\n";
}

void AddCommand(const CommandInfo& command, const std::string& path, std::string& out) {
  out += fmt::format(".SS \"{}\"\n{}.PP\n{}.\n", Roff(path), Synopsis(command, path),
                     Roff(command.help));
  for (const OptionInfo& positional : command.positionals) {
    out += fmt::format(".TP\n\\fI{}\\fR\n{}\n", Roff(positional.value), Roff(positional.help));
  }
  for (const OptionInfo& option : command.options) {
    const bool is_help =
        std::find(option.names.begin(), option.names.end(), "--help") != option.names.end();
    if (!is_help) AddOption(option, out);
  }
  if (!command.footer.empty()) out += fmt::format(".PP\n.nf\n{}\n.fi\n", Roff(command.footer));
  for (const CommandInfo& each : command.subcommands) AddCommand(each, path + " " + each.name, out);
}

}  // namespace

std::string ManPage(const CommandInfo& program, const std::string& version) {
  std::string out = fmt::format(
      ".TH RETORT 1 \"\" \"retort {}\" \"User Commands\"\n.SH NAME\nretort \\- {}\n"
      ".SH SYNOPSIS\n.B retort\n\\fICOMMAND\\fR [\\fIOPTION\\fR]...\n.SH DESCRIPTION\n",
      Roff(version), Roff("run, measure and compare reasoning models on your own machine"));
  out += Roff(program.help) + ".\n.SH OPTIONS\n";
  for (const OptionInfo& option : program.options) AddOption(option, out);
  out += ".SH COMMANDS\n";
  for (const CommandInfo& each : program.subcommands) AddCommand(each, "retort " + each.name, out);
  out +=
      ".SH EXIT STATUS\n0 when all went well, 1 when something failed, 2 for a wrong command "
      "line.\n";
  return out;
}

}  // namespace retort
