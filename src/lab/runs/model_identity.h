// What a model file is, for the run store: digest, size, name, quantisation (its
// architecture is known once it is loaded).
//
//   ModelRow row = IdentifyModel(store, "r1.gguf", progress);
//   row.quantization   // "Q4_K": the type that most of its bytes have
//
// Errors: those of OpenCheckpoint and ModelDigest. As thread-safe as the store.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "store/run_store.h"

namespace retort {

ModelRow IdentifyModel(RunStore& store, const std::string& path,
                       const std::function<void(int64_t done, int64_t total)>& progress = {});

}  // namespace retort
