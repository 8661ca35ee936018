// Whether the limit on tokens lets a model finish: its stored answers say how long they become.
//
//   CheckLimit({.answers = store.AnswerLengths(path, name), .max_tokens = 2048});
//
// Errors: none. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "doctor/findings.h"
#include "store/run_records.h"

namespace retort::doctor {

struct LimitFacts {
  std::vector<AnswerLength> answers = {};  // of this model
  int64_t max_tokens = 2048;
};

// One finding, "answer length"; none where nothing of the model is stored.
Findings CheckLimit(const LimitFacts& facts);

}  // namespace retort::doctor
