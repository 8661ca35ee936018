// A decoder loaded from a file onto one of the backends that this machine can run, for tests that
// run the same checks on all of them.
//
//   ModelUnderTest tiny(TestData("models/tiny-llama.gguf"), {"cpu", "avx2"}, {.kv = {16, 8}});
//   auto logits = tiny.model().Forward(OneSequence(ids, 0, RowRole::kPrompt, 16));
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "model/batch.h"
#include "model/decoder.h"
#include "ops/backend.h"

namespace retort {

struct BackendSpec {
  std::string name;   // "reference", "cpu"
  std::string level;  // of "cpu"
};

// The reference, and cpu at every level of this processor.
std::vector<BackendSpec> AllBackends();
// Whether rows are rounded to 8 bits before they are multiplied with packed weights.
bool RoundsRows(const BackendSpec& spec);
// "reference", "cpu_avx2": a test's name.
std::string SpecName(const BackendSpec& spec);

class ModelUnderTest {
 public:
  ModelUnderTest(const std::string& path, const BackendSpec& spec, DecoderOptions options);
  DecoderModel& model() { return *model_; }

 private:
  std::unique_ptr<Checkpoint> checkpoint_;
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<DecoderModel> model_;
};

// `tokens` at positions `first` and up of one sequence in blocks 0, 1, ..; all logits wanted.
Batch OneSequence(std::span<const int32_t> tokens, int32_t first, RowRole role, int32_t block_size);

// The logits [N, V] of `ids` fed in chunks of `chunk` rows.
std::vector<float> RunChunked(LanguageModel& model, std::span<const int32_t> ids, RowRole role,
                              int32_t chunk);

}  // namespace retort
