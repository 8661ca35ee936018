// GGUF files on disk, mapped and read in place: one, or all parts of a split model.
//
//   std::unique_ptr<Checkpoint> model = OpenGguf("model-00001-of-00002.gguf");
//
// Errors: those of gguf.h and gguf_split.h, kNotFound naming the part that is missing. Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "checkpoint/checkpoint.h"

namespace retort {

std::unique_ptr<Checkpoint> OpenGguf(const std::string& path);

}  // namespace retort
