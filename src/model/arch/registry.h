// The architectures that Retort runs. Each is one file of under 100 lines: how to read its
// configuration, and which tensor plays which part; the decoder itself is written once.
// docs/adding-a-model.md walks through adding one.
//
//   const Architecture& arch = FindArchitecture(checkpoint->metadata());
//   ModelConfig config = arch.parse(*checkpoint);   // validated
//   ModelWeights weights = LoadWeights(*checkpoint, config, arch.names(), *backend);
//
// Errors: kUnsupported naming the architecture and those there are; kCorrupt naming file, field and
// value. Immutable and thread-safe.
#pragma once

#include <string_view>

#include "checkpoint/checkpoint.h"
#include "model/config.h"
#include "model/weights.h"

namespace retort {

struct Architecture {
  std::string_view name;                    // general.architecture
  ModelConfig (*parse)(const Checkpoint&);  // reads and validates
  TensorNames (*names)();
};

const Architecture& FindArchitecture(const Metadata& metadata);

// What the GGUF metadata of every dense decoder says under "<architecture>.": sizes, heads, RoPE.
// Refuses what the decoder does not compute (experts, RoPE scaling, partial rotation, layers with
// different head counts) rather than answering wrongly. The caller adds the rest and validates.
ModelConfig ParseDenseConfig(const Checkpoint& checkpoint, std::string_view architecture,
                             const TensorNames& names);

ModelConfig ParseLlama(const Checkpoint& checkpoint);
TensorNames LlamaNames();

ModelConfig ParseQwen2(const Checkpoint& checkpoint);
TensorNames Qwen2Names();

}  // namespace retort
