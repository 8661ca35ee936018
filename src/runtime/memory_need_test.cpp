#include "runtime/memory_need.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "ops/cpu/cpu_backend.h"
#include "tests/support/paths.h"

namespace retort {
namespace {

constexpr int64_t kMachineMemory = int64_t{1} << 30;

TEST(MemoryNeed, IsWhatTheLoadedModelCounts) {
  for (const std::string name : {"tiny-qwen2.gguf", "tiny-qwen2-tied.gguf", "tiny-llama3.gguf",
                                 "tiny-llama-tied.gguf", "tiny-qwen3", "tiny-llama3"}) {
    for (const std::string& level : CpuLevels()) {
      const std::string path = TestData("models/" + name);
      const LoadOptions options{.num_threads = 1, .cpu_level = level, .kv_tokens = 100};
      const MemoryNeed need = EstimateMemory(*OpenCheckpoint(path), options, kMachineMemory);
      const ModelMemory memory = LoadModel(path, options)->memory();
      EXPECT_EQ(need.weight_bytes(), memory.weights) << name << " " << level;
      EXPECT_EQ(need.workspace_bytes, memory.workspace) << name;
      EXPECT_EQ(need.kv_bytes(), memory.kv_cache) << name;
      EXPECT_EQ(need.kv_tokens, 128) << "whole blocks";
    }
  }
}

TEST(MemoryNeed, QuantisedWeightsAreCopiedWhereTheKernelsWantThemSo) {
  const auto file = OpenCheckpoint(TestData("models/tiny-qwen2.gguf"));
  const MemoryNeed need = EstimateMemory(*file, {.cpu_level = "scalar"}, kMachineMemory);
  EXPECT_GT(need.packed_bytes, 0);
  EXPECT_EQ(need.kept_bytes(), need.packed_bytes + need.workspace_bytes + need.kv_bytes());
  EXPECT_EQ(need.total_bytes(), need.kept_bytes() + need.mapped_bytes);
}

TEST(MemoryNeed, ACacheIsCountedAsAskedForHoweverLarge) {
  const auto file = OpenCheckpoint(TestData("models/tiny-qwen2.gguf"));
  const int64_t tokens = int64_t{1} << 30;
  EXPECT_EQ(EstimateMemory(*file, {.kv_tokens = tokens}, kMachineMemory).kv_tokens, tokens);
  EXPECT_EQ(EstimateMemory(*file, {}, 1).kv_tokens, 256) << "the fewest that are of use";
  EXPECT_THROW(EstimateMemory(*file, {.cpu_level = "mmx"}, kMachineMemory), Error);
}

}  // namespace
}  // namespace retort
