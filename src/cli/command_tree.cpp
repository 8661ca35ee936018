#include "cli/command_tree.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

namespace retort {
namespace {

// A check for membership names its values in the option's type: "TEXT:{prompt,generated}".
std::vector<std::string> ChoicesIn(const std::string& type) {
  const size_t open = type.find('{'), close = type.find('}');
  if (open == std::string::npos || close == std::string::npos || close < open) return {};
  std::vector<std::string> choices;
  std::string_view list = std::string_view(type).substr(open + 1, close - open - 1);
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    choices.emplace_back(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return choices;
}

bool NamesFiles(const std::string& word) {
  std::string upper = word;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return static_cast<char>(std::toupper(c)); });
  for (const char* part : {"FILE", "MODEL", "DIR", "PATH", "FOLDER"}) {
    if (upper.find(part) != std::string::npos) return true;
  }
  return false;
}

OptionInfo DescribeOption(const CLI::Option& option) {
  OptionInfo info;
  for (const std::string& name : option.get_snames()) info.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) info.names.push_back("--" + name);
  const bool takes_value = option.get_items_expected_max() > 0;
  const std::string type = takes_value ? option.get_type_name() : "";
  info.choices = ChoicesIn(type);
  info.value = option.get_positional() ? option.get_name(true) : type.substr(0, type.find(':'));
  info.help = option.get_description();
  info.default_text = option.get_default_str();
  info.group = option.get_group();
  info.required = option.get_required();
  info.takes_file = info.choices.empty() && takes_value && NamesFiles(info.value);
  return info;
}

}  // namespace

CommandInfo DescribeCommand(const CLI::App& app) {
  CommandInfo info{.name = app.get_name(),
                   .help = app.get_description(),
                   .footer = app.get_footer(),
                   .positionals = {},
                   .options = {},
                   .subcommands = {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    (option->get_positional() ? info.positionals : info.options).push_back(DescribeOption(*option));
  }
  const auto shown = [](const CLI::App* each) {
    return !each->get_name().empty() && !each->get_group().empty();
  };
  for (const CLI::App* each : app.get_subcommands(shown))
    info.subcommands.push_back(DescribeCommand(*each));
  return info;
}

}  // namespace retort
