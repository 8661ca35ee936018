// The operations of the reference backend, one free function each, to be read beside the Args
// structs of ops/backend.h. Arguments are validated by the caller.
#pragma once

#include "ops/backend.h"

namespace retort::reference {

void Embed(const EmbedArgs& args);
void RmsNorm(const RmsNormArgs& args);
void MatMul(const MatMulArgs& args);
void RopeAndStoreKv(const RopeAndStoreKvArgs& args);
void Attention(const AttentionArgs& args);
void SwiGlu(const SwiGluArgs& args);
void GatherRows(const GatherRowsArgs& args);

}  // namespace retort::reference
