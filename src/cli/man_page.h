// The manual page retort(1), made of the commands' own help: one page with every command, its flags
// and its examples, in the man macros that every `man` reads.
//
//   std::string page = ManPage(DescribeCommand(app), "0.1.0");
//
// No errors; stateless and thread-safe.
#pragma once

#include <string>

#include "cli/command_tree.h"

namespace retort {

std::string ManPage(const CommandInfo& program, const std::string& version);

}  // namespace retort
