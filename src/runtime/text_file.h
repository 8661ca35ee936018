// Reads a whole text file, plain or gzipped, whichever its bytes are.
//
//   std::string json = ReadTextFile("models/r1/tokenizer.json.gz");
//
// Errors: kNotFound; kCorrupt for a damaged or cut-off .gz; kResourceExhausted beyond
// kMaxTextFileBytes, packed or not. Stateless, thread-safe.
#pragma once

#include <cstddef>
#include <string>

namespace retort {

constexpr size_t kMaxTextFileBytes = 256u << 20;  // the largest tokenizer.json known has 34 MB

std::string ReadTextFile(const std::string& path, size_t max_bytes = kMaxTextFileBytes);

}  // namespace retort
