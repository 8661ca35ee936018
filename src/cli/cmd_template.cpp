#include "cli/commands.h"

namespace retort {

void AddTemplateCommand(CLI::App&) {}

}  // namespace retort
