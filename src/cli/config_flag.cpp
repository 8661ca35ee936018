#include "cli/config_flag.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>

namespace retort {
namespace {

constexpr const char* kFlag = "--config";

CLI::Option& FlagOf(CLI::App& command, const CLI::ConfigItem& item, const std::string& file) {
  CLI::Option* option = nullptr;
  if (item.parents.empty()) option = command.get_option_no_throw("--" + item.name);
  if (option == nullptr && item.parents.empty()) option = command.get_option_no_throw(item.name);
  if (option == nullptr || option->check_lname("config") || option->check_lname("help")) {
    throw CLI::ConfigError(
        fmt::format("{}: retort {} has no setting {}", file, command.get_name(), item.fullname()),
        CLI::ExitCodes::ConfigError);
  }
  return *option;
}

void ApplyFile(CLI::App& command, const std::string& file) {
  CLI::ConfigINI format;
  for (const CLI::ConfigItem& item : format.from_file(file)) {
    CLI::Option& option = FlagOf(command, item, file);
    if (!option.empty()) continue;  // the command line's
    if (option.get_expected_min() == 0) {
      option.add_result(option.get_flag_value(item.name, format.to_flag(item)));
    } else {
      for (const std::string& value : item.inputs) option.add_result(value);
    }
  }
}

}  // namespace

// CLI11's own set_config is not looked at in subcommands. Options are taken up in the order in
// which they were added, so that those which this one fills come after it.
void AddConfigFlag(CLI::App& command) {
  command
      .add_option_function<std::string>(
          kFlag, [&command](const std::string& file) { ApplyFile(command, file); },
          "Flags from a file of lines such as port = 8080")
      ->type_name("FILE");
}

}  // namespace retort
