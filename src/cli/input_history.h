// What was typed at the chat's prompt, kept from one session to the next: a file with one JSON
// string per line, readable by its owner alone, to which each session appends.
//
//   InputHistory history("state/history");
//   history.Add("What is 17 * 23?");
//   history.entries().back()
//
// Errors: none. A chat goes on without a history: lines that are no JSON strings are passed over,
// and where the file cannot be written, entries last as long as the session. Not thread-safe.
#pragma once

#include <string>
#include <vector>

namespace retort {

class InputHistory {
 public:
  static constexpr size_t kMostEntries = 1000;

  // `path` empty: kept in memory alone.
  explicit InputHistory(std::string path);

  // Oldest first, at most kMostEntries.
  const std::vector<std::string>& entries() const { return entries_; }
  // Blank texts and repetitions of the last entry are left out.
  void Add(const std::string& text);

 private:
  void Read();
  void Rewrite() const;

  std::string path_;
  std::vector<std::string> entries_;
};

}  // namespace retort
