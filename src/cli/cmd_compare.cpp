#include "cli/commands.h"

namespace retort {

void AddCompareCommand(CLI::App&) {}

}  // namespace retort
