// Stored runs as people and programs read them.
//
//   std::fputs(RunTable(store.List({})).c_str(), stdout);
//   std::fputs(RunFacts(store, run).c_str(), stdout);
//
// Errors: those of RunStore. As thread-safe as the store.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "store/run_store.h"

namespace retort {

// Aligned, the newest first; what to do where there is none.
std::string RunTable(const std::vector<RunSummary>& runs);
nlohmann::ordered_json RunsJson(const std::vector<RunSummary>& runs);

// All about a run but its figures: state, command, machine, models with their digests, settings.
std::string RunFacts(RunStore& store, const RunRow& run);

// Each answer as a line of JSON, with its run, model and problem.
std::string SampleLines(RunStore& store, const RunRow& run);

}  // namespace retort
