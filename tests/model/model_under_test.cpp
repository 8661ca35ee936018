#include "tests/model/model_under_test.h"

#include <algorithm>
#include <numeric>

#include "model/arch/registry.h"
#include "ops/cpu/cpu_backend.h"
#include "ops/reference/reference_backend.h"

namespace retort {

std::vector<BackendSpec> AllBackends() {
  std::vector<BackendSpec> specs = {{"reference", ""}};
  for (const std::string& level : CpuLevels()) specs.push_back({"cpu", level});
  return specs;
}

bool RoundsRows(const BackendSpec& spec) { return spec.name == "cpu"; }

std::string SpecName(const BackendSpec& spec) {
  std::string name = spec.level.empty() ? spec.name : spec.name + "_" + spec.level;
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

ModelUnderTest::ModelUnderTest(const std::string& path, const BackendSpec& spec,
                               DecoderOptions options)
    : checkpoint_(OpenCheckpoint(path)) {
  backend_ = spec.name == "reference" ? CreateReferenceBackend()
                                      : CreateCpuBackend({.num_threads = 1, .level = spec.level});
  const Architecture& architecture = FindArchitecture(*checkpoint_);
  const ModelConfig config = architecture.parse(*checkpoint_);
  model_ = std::make_unique<DecoderModel>(
      config,
      LoadWeights(*checkpoint_, config, architecture.names(checkpoint_->dialect()), *backend_),
      *backend_, options);
}

Batch OneSequence(std::span<const int32_t> tokens, int32_t first, RowRole role,
                  int32_t block_size) {
  const auto rows = static_cast<int32_t>(tokens.size());
  Batch batch;
  batch.tokens.assign(tokens.begin(), tokens.end());
  batch.positions.resize(tokens.size());
  std::iota(batch.positions.begin(), batch.positions.end(), first);
  batch.roles.assign(tokens.size(), role);
  batch.query_start = {0, rows};
  batch.kv_len = {first + rows};
  batch.block_stride = (first + rows + block_size - 1) / block_size;
  batch.block_table.resize(static_cast<size_t>(batch.block_stride));
  std::iota(batch.block_table.begin(), batch.block_table.end(), 0);
  batch.logit_rows.resize(tokens.size());
  std::iota(batch.logit_rows.begin(), batch.logit_rows.end(), 0);
  return batch;
}

std::vector<float> RunChunked(LanguageModel& model, std::span<const int32_t> ids, RowRole role,
                              int32_t chunk) {
  std::vector<float> all;
  for (size_t begin = 0; begin < ids.size(); begin += static_cast<size_t>(chunk)) {
    const size_t count = std::min(static_cast<size_t>(chunk), ids.size() - begin);
    const std::span<const float> logits =
        model.Forward(OneSequence(ids.subspan(begin, count), static_cast<int32_t>(begin), role,
                                  model.kv_geometry().block_size));
    all.insert(all.end(), logits.begin(), logits.end());
  }
  return all;
}

}  // namespace retort
