// Steps a LanguageModel without an engine, so that a benchmark times the model alone: equal
// sequences of random tokens, each in key/value blocks of its own.
//
//   StepDriver driver(model, /*seed=*/1);
//   driver.Start(/*sequences=*/16, /*length=*/96);
//   driver.Prompt(64);               // 64 tokens of each sequence, as an engine would chunk them
//   driver.Generate(32);             // 32 steps of one token of each
//   driver.Rewind(64);               // back to 64 tokens: the next Generate repeats the
//   measurement
//
// Errors: Start throws kResourceExhausted when cache or context cannot hold the sequences. Not
// thread-safe.
#pragma once

#include <cstdint>

#include "base/rng.h"
#include "model/batch.h"
#include "model/language_model.h"

namespace retort {

class StepDriver {
 public:
  // The model must outlive the driver.
  StepDriver(LanguageModel& model, uint64_t seed) : model_(model), rng_(seed) {}

  // Forgets what was there; `length`: the most tokens a sequence will get.
  void Start(int32_t sequences, int32_t length);
  // Logits are computed for the last token of each sequence alone.
  void Prompt(int32_t tokens);
  void Generate(int32_t tokens);
  // Forgets all but the first `length` tokens of each sequence.
  void Rewind(int32_t length);

 private:
  // One step of `rows` further tokens of sequences [first, last).
  void Step(int32_t first, int32_t last, int32_t rows, RowRole role, bool wants_logits);

  LanguageModel& model_;
  Rng rng_;
  int32_t sequences_ = 0;
  int32_t blocks_per_sequence_ = 0;
  int32_t position_ = 0;  // tokens of each sequence in the cache
};

}  // namespace retort
