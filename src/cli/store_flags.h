// The flags of every command that works with the run store.
//
//   StoreFlags flags;
//   AddStoreFlags(*command, flags);
//   const std::unique_ptr<RunStore> store = OpenStore(flags);   // null with --no-store
//
// RETORT_STORE stands in for --store when the flag is not given; without either the store is
// retort/runs.db in $XDG_DATA_HOME or ~/.local/share. Errors: those of RunStore; kInvalidArgument
// where there is no home to put it in.
#pragma once

#include <memory>
#include <string>

#include "store/run_store.h"

namespace CLI {
class App;
}

namespace retort {

struct StoreFlags {
  std::string file;
  bool none = false;
};

// --store, and --no-store where a command can do without. `flags` must live until it has run.
void AddStoreFlags(CLI::App& command, StoreFlags& flags, bool optional);

// The file that they mean; empty: none.
std::string StoreFile(const StoreFlags& flags);
std::unique_ptr<RunStore> OpenStore(const StoreFlags& flags);
// The same, but null where there is no such file yet: for commands that only look.
std::unique_ptr<RunStore> OpenExistingStore(const StoreFlags& flags);

}  // namespace retort
