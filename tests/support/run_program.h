// A program as its user runs it, for tests of commands.
//
//   const Outcome outcome = RunProgram({RETORT_PROGRAM, "runs", "list"});
//   EXPECT_EQ(outcome.end, "exit status 0") << outcome.last_error;
#pragma once

#include <string>
#include <vector>

#include "base/process.h"

namespace retort {

struct Outcome {
  std::string out, end, last_error;
};

// Reads what a started program still has to say, and waits for its end.
inline Outcome Finish(ChildProcess& child) {
  Outcome outcome;
  while (const auto line = child.ReadLine()) outcome.out += *line + "\n";
  outcome.end = child.WaitForEnd();
  outcome.last_error = child.LastErrorLine();
  return outcome;
}

inline Outcome RunProgram(const std::vector<std::string>& argv) {
  ChildProcess child(argv);
  return Finish(child);
}

inline bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace retort
