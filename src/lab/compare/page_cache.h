// The page cache of a model's files: filled, emptied, looked at. For measuring a start with and
// without the model file in memory.
//
//   const DropResult drop = DropFromPageCache({"a.gguf"});
//   if (!drop.dropped) say(drop.note);
//
// Errors: kNotFound when the file cannot be opened. Thread-safe.
#pragma once

#include <string>
#include <vector>

namespace retort {

struct DropResult {
  bool dropped = false;
  std::string note;  // how, or why not
};

// Reads the files once.
void FillPageCache(const std::vector<std::string>& paths);
// Asks for the files' pages to be dropped and looks whether they are gone. Pages that a process has
// mapped stay.
DropResult DropFromPageCache(const std::vector<std::string>& paths);
// The share of a file's pages in memory, 0 to 1.
double CachedShare(const std::string& path);

}  // namespace retort
