#include "cli/commands.h"

namespace retort {

void AddShowCommand(CLI::App&) {}

}  // namespace retort
