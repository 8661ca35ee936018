#include "cli/commands.h"

namespace retort {

void AddBenchCommand(CLI::App&) {}

}  // namespace retort
