// The page cache of one file: filled, emptied, looked at. For measuring a start with and without
// the model file in memory.
//
//   const DropResult drop = DropFromPageCache("a.gguf");
//   if (!drop.dropped) say(drop.note);
//
// Errors: kNotFound when the file cannot be opened. Thread-safe.
#pragma once

#include <string>

namespace retort {

struct DropResult {
  bool dropped = false;
  std::string note;  // how, or why not
};

// Reads the file once.
void FillPageCache(const std::string& path);
// Asks for the file's pages to be dropped and looks whether they are gone. Pages that a process has
// mapped stay.
DropResult DropFromPageCache(const std::string& path);
// The share of the file's pages in memory, 0 to 1.
double CachedShare(const std::string& path);

}  // namespace retort
