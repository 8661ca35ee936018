// The program's commands and flags as plain data, read from the declarations that parse them: what
// shell completion and the manual page are made of, so that neither can fall behind.
//
//   CommandInfo program = DescribeCommand(app);
//   program.subcommands[0].options[1].names     // {"--json"}
//
// Hidden commands (an empty group) are left out. No errors; stateless and thread-safe.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace retort {

struct OptionInfo {
  std::vector<std::string> names;    // "-h", "--help"; empty for a positional one
  std::string value;                 // what it takes, as help shows it: "FILE"; empty for a flag
  std::vector<std::string> choices;  // the only values there are; empty: any
  std::string help;
  std::string default_text;
  std::string group;
  bool required = false;
  bool takes_file = false;  // its values are names of files
};

struct CommandInfo {
  std::string name;
  std::string help;
  std::string footer;  // examples and remarks
  std::vector<OptionInfo> positionals;
  std::vector<OptionInfo> options;
  std::vector<CommandInfo> subcommands;
};

CommandInfo DescribeCommand(const CLI::App& app);

}  // namespace retort
