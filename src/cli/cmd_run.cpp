#include "cli/commands.h"

namespace retort {

void AddRunCommand(CLI::App&) {}

}  // namespace retort
