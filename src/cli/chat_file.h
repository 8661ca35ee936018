// A chat saved to a file: its messages as chat services take them, its settings, its model.
//
//   {"schema": "retort.chat/1", "model": "r1.gguf", "settings": {"temperature": 0.6, ...},
//    "messages": [{"role": "user", "content": "1 + 1?"}, ...]}
//
// Errors: kNotFound and kUnavailable for files that cannot be read or written, kCorrupt naming file
// and field for what is no such document. A save replaces the file whole or not at all. Stateless.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "runtime/generation.h"

namespace retort {

struct SavedChat {
  std::string model;
  GenerationOptions options;
  std::unique_ptr<nlohmann::ordered_json> messages;  // an array of {"role", "content"}
};

void SaveChat(const std::string& path, const std::string& model, const GenerationOptions& options,
              const nlohmann::ordered_json& messages);
// Settings that the file does not name are those of `base`.
SavedChat LoadChat(const std::string& path, const GenerationOptions& base);

}  // namespace retort
