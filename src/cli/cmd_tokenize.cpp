#include "cli/commands.h"

namespace retort {

void AddTokenizeCommand(CLI::App&) {}

}  // namespace retort
