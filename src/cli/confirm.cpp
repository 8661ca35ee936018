#include "cli/confirm.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "cli/terminal.h"

namespace retort {

bool CanAsk() { return IsTerminal(STDIN_FILENO) && IsTerminal(STDERR_FILENO); }

bool Confirm(const std::string& question, bool otherwise) {
  std::fprintf(stderr, "%s [%s] ", question.c_str(), otherwise ? "Y/n" : "y/N");
  std::string line;
  std::getline(std::cin, line);
  if (line.empty()) return otherwise;
  return line[0] == 'y' || line[0] == 'Y';
}

}  // namespace retort
