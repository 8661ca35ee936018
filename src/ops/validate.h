// The shapes that every backend may rely on, in one place. A violation is a bug of the caller, so
// each function aborts (RETORT_CHECK). Buffers may have more rows than the operation uses.
#pragma once

#include "ops/backend.h"

namespace retort {

void Validate(const StepView& step);
void Validate(const EmbedArgs& args);
void Validate(const RmsNormArgs& args);
void Validate(const MatMulArgs& args);
// The cache must be of `kv_types`, and the step's block tables must stay inside it.
void Validate(const RopeAndStoreKvArgs& args, KvTypes kv_types);
void Validate(const AttentionArgs& args, KvTypes kv_types);
void Validate(const SwiGluArgs& args);
void Validate(const GatherRowsArgs& args);

}  // namespace retort
