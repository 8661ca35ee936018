// Scripts that let a shell complete Retort's commands, flags and their values.
//
//   std::string script = BashCompletion(DescribeCommand(app));
//
// Each completes commands where a command may stand, flags after "-", choices and file names after
// a flag that takes them. No errors; stateless and thread-safe.
#pragma once

#include <string>

#include "cli/command_tree.h"

namespace retort {

std::string BashCompletion(const CommandInfo& program);
std::string ZshCompletion(const CommandInfo& program);
std::string FishCompletion(const CommandInfo& program);

}  // namespace retort
