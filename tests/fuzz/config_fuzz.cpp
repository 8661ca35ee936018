// Any bytes as config.json beside the tensors of each architecture, and as generation_config.json:
// refused with retort::Error, or a configuration, weights of exactly its shapes with frequencies
// that are numbers, and sampling parameters in their ranges.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/error.h"
#include "checkpoint/config_metadata.h"
#include "model/arch/registry.h"
#include "model/fake_checkpoint.h"
#include "ops/reference/reference_backend.h"
#include "runtime/generation_defaults.h"

namespace retort {
namespace {

void LoadModel(const Metadata& metadata) {
  const auto type = metadata.values().find("model_type");
  const auto* name =
      type == metadata.values().end() ? nullptr : std::get_if<std::string>(&type->second);
  FakeCheckpoint folder = FakeCheckpoint::Folder(name == nullptr ? "llama" : *name);
  folder.values = metadata.values();
  const Architecture& architecture = FindArchitecture(folder);
  const ModelConfig config = architecture.parse(folder);
  const std::unique_ptr<Backend> backend = CreateReferenceBackend();
  const ModelWeights weights =
      LoadWeights(folder, config, architecture.names(folder.dialect()), *backend);
  for (const float frequency : backend->Host(weights.inv_freq.view())) {
    RETORT_CHECK(std::isfinite(frequency) && frequency >= 0);
  }
}

template <typename Action>
void Try(Action action) {
  try {
    action();
  } catch (const Error&) {
    // A clear refusal is the right answer to most inputs.
  }
}

}  // namespace
}  // namespace retort

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  retort::Metadata metadata;
  retort::Try([&] {
    metadata = retort::MetadataFromJson({reinterpret_cast<const char*>(data), size}, "fuzz");
  });
  retort::Try([&] { retort::LoadModel(metadata); });
  retort::Try([&] {
    retort::SamplingParams sampling;
    retort::ReadGenerationConfig(metadata).ApplyTo(sampling);
    sampling.Validate();
  });
  return 0;
}
