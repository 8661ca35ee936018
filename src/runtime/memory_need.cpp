#include "runtime/memory_need.h"

#include <algorithm>
#include <string_view>

#include "model/arch/registry.h"
#include "model/decoder.h"
#include "ops/cpu/levels.h"
#include "ops/cpu/panels.h"
#include "runtime/kv_budget.h"

namespace retort {
namespace {

// "a.{}.b" fits "a.7.b".
bool Fits(std::string_view pattern, std::string_view name) {
  const size_t hole = pattern.find("{}");
  if (hole == std::string_view::npos) return pattern == name;
  return name.size() > pattern.size() - 2 && name.starts_with(pattern.substr(0, hole)) &&
         name.ends_with(pattern.substr(hole + 2));
}

int64_t PanelBytes(const ConstTensorView& matrix) {
  const int64_t panels = (matrix.shape[0] + cpu::kPanelRows - 1) / cpu::kPanelRows;
  return panels * cpu::PanelFormatOf(matrix.dtype).panel_bytes(matrix.shape[1]);
}

void AddWeights(const Checkpoint& checkpoint, const ModelConfig& config, const TensorNames& names,
                const cpu::KernelTable& level, MemoryNeed& need) {
  const bool tied = config.tie_word_embeddings;
  for (const NamedTensor& tensor : checkpoint.tensors()) {
    // Single rows of a table come back from the file as tokens name them.
    if (tensor.name == names.embedding && !tied) continue;
    if (tensor.name == names.head && tied) continue;  // a copy of the table
    if (!names.rope_buffer.empty() && Fits(names.rope_buffer, tensor.name)) continue;
    const ConstTensorView& view = tensor.view;
    if (view.shape.rank() != 2) {
      need.packed_bytes += 4 * view.shape.size();
    } else if (cpu::MultipliesInt8(level, view.dtype)) {
      need.packed_bytes += PanelBytes(view);
    } else {
      need.mapped_bytes += static_cast<int64_t>(view.bytes());
    }
  }
}

}  // namespace

int64_t ExpectedKvTokens(const ModelConfig& config, const LoadOptions& options,
                         int64_t memory_bytes) {
  const KvTypes types = ParseKvTypes(options.kv_type).value_or(KvTypes{});
  int64_t tokens = options.kv_tokens;
  if (tokens == 0) {
    // Where not even the fewest fit a quarter of the memory, the fewest are what is wanted.
    const int64_t least = 4 * kFewestKvTokens * config.KvBytesPerToken(types);
    tokens = ChooseKvTokens(config, types, {.bytes = options.kv_bytes},
                            std::max({memory_bytes, least, options.kv_bytes}));
  }
  return (tokens + kKvBlockTokens - 1) / kKvBlockTokens * kKvBlockTokens;
}

MemoryNeed EstimateMemory(const Checkpoint& checkpoint, const LoadOptions& options,
                          int64_t memory_bytes) {
  const Architecture& architecture = FindArchitecture(checkpoint);
  const ModelConfig config = architecture.parse(checkpoint);
  MemoryNeed need;
  AddWeights(checkpoint, config, architecture.names(checkpoint.dialect()),
             cpu::LevelByName(options.cpu_level), need);
  need.workspace_bytes = WorkspaceBytes(config, options.max_batch_rows);
  need.kv_bytes_per_token =
      config.KvBytesPerToken(ParseKvTypes(options.kv_type).value_or(KvTypes{}));
  need.kv_tokens = ExpectedKvTokens(config, options, memory_bytes);
  return need;
}

}  // namespace retort
