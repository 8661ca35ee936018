#include "cli/store_flags.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>

#include "base/error.h"

namespace retort {
namespace {

std::string DefaultStore() {
  const char* data = std::getenv("XDG_DATA_HOME");
  if (data != nullptr && *data == '/') return std::string(data) + "/retort/runs.db";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return std::string(home) + "/.local/share/retort/runs.db";
  Fail(ErrorCode::kInvalidArgument,
       "there is no home folder to keep runs in; name a file with --store FILE");
}

}  // namespace

void AddStoreFlags(CLI::App& command, StoreFlags& flags, bool optional) {
  command
      .add_option("--store", flags.file,
                  "Where runs are kept (~/.local/share/retort/runs.db); see docs/runs.md")
      ->envname("RETORT_STORE")
      ->type_name("FILE");
  if (optional) command.add_flag("--no-store", flags.none, "Keep nothing of this run");
}

std::string StoreFile(const StoreFlags& flags) {
  if (flags.none) return {};
  return flags.file.empty() ? DefaultStore() : flags.file;
}

std::unique_ptr<RunStore> OpenStore(const StoreFlags& flags) {
  return flags.none ? nullptr : std::make_unique<RunStore>(StoreFile(flags));
}

std::unique_ptr<RunStore> OpenExistingStore(const StoreFlags& flags) {
  const std::string file = flags.file.empty() ? DefaultStore() : flags.file;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return nullptr;
  return std::make_unique<RunStore>(file);
}

}  // namespace retort
