// The architectures that Retort runs. Each is one file of under 100 lines: how to read its
// configuration, and which tensor plays which part; the decoder itself is written once.
// docs/adding-a-model.md walks through adding one.
//
//   const Architecture& arch = FindArchitecture(*checkpoint);
//   ModelConfig config = arch.parse(*checkpoint);   // validated
//   ModelWeights weights =
//       LoadWeights(*checkpoint, config, arch.names(checkpoint->dialect()), *backend);
//
// Errors: kUnsupported naming the architecture and those there are; kCorrupt naming file, field and
// value. Immutable and thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "checkpoint/checkpoint.h"
#include "model/config.h"
#include "model/weights.h"

namespace retort {

struct Architecture {
  std::string_view name;                    // general.architecture, or config.json's model_type
  ModelConfig (*parse)(const Checkpoint&);  // reads and validates
  TensorNames (*names)(Dialect);
};

const Architecture& FindArchitecture(const Checkpoint& checkpoint);
// `source` is what an error names.
const Architecture& ArchitectureNamed(std::string_view name, const std::string& source);

// The usual names of a dense decoder's tensors.
TensorNames DenseNames(Dialect dialect);

// What the settings of every dense decoder say, in either dialect: sizes, heads, RoPE. Refuses what
// the decoder does not compute (experts, sliding windows, partial rotation, layers with different
// head counts) rather than answering wrongly. The caller adds the rest and validates.
ModelConfig ParseDenseConfig(const Checkpoint& checkpoint, std::string_view architecture,
                             const TensorNames& names);
ModelConfig ParseGgufConfig(const Checkpoint& checkpoint, std::string_view architecture,
                            const TensorNames& names);
ModelConfig ParseHuggingFaceConfig(const Checkpoint& checkpoint);

ModelConfig ParseLlama(const Checkpoint& checkpoint);
TensorNames LlamaNames(Dialect dialect);
ModelConfig ParseQwen2(const Checkpoint& checkpoint);
ModelConfig ParseQwen3(const Checkpoint& checkpoint);

}  // namespace retort
