// Whole files for tests.
//
//   for (const std::string& line : ReadLines(TestData("text/traces.jsonl"))) ...
//
// A file that cannot be read gives nothing: tests check that there was something.
#pragma once

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace retort {

inline std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<std::string> SplitLines(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

inline std::vector<std::string> ReadLines(const std::string& path) {
  return SplitLines(ReadFile(path));
}

}  // namespace retort
