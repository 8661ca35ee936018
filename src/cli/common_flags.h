// The flags of every command that computes with a model: declared once, so that they mean the same
// everywhere.
//
//   LoadOptions options;
//   AddModelFlags(*command, options);
//
// RETORT_CPU_LEVEL stands in for --cpu-level when the flag is not given.
#pragma once

#include <string>

#include "lab/wording/wording.h"
#include "runtime/loaded_model.h"

namespace CLI {
class App;
}

namespace retort {

// --backend, --threads, --cpu-level, --kv-type, --kv-tokens or --kv-memory. `options` must live
// until the command has run.
void AddModelFlags(CLI::App& command, LoadOptions& options);

// --speculate auto|off: whether tokens guessed from the text are computed ahead where that is
// faster (engine/speculator.h). Answers are the same; `speculate` holds what is so without the
// flag, and must live until the command has run.
void AddSpeculateFlag(CLI::App& command, bool& speculate);

// --lang en|zh: the language of reports and tables; RETORT_LANG stands in for it. `name` must live
// until the command has run.
void AddLanguageFlag(CLI::App& command, std::string& name);
Wording WordingOf(const std::string& name);

}  // namespace retort
