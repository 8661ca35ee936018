// How many tokens a model's key/value cache holds.
//
// Not asked for, it is four contexts of at most 8,192 tokens: room for a few long conversations, or
// sixteen answers of 2,048 tokens at once, which is what `compare` runs. It never takes more than a
// quarter of the machine's memory, so that weights, page cache and other programs keep theirs.
// Errors: kResourceExhausted with figures. Stateless and thread-safe.
#pragma once

#include <cstdint>

#include "model/config.h"

namespace retort {

inline constexpr int64_t kKvContexts = 4;
inline constexpr int64_t kKvContextTokens = 8192;

// Memory that this process may use: the machine's, or its control group's limit if that is lower.
int64_t UsableMemoryBytes();

// `requested` 0 chooses as above; a request beyond all of `memory_bytes` is refused.
int64_t ChooseKvTokens(const ModelConfig& config, DType kv_dtype, int64_t requested,
                       int64_t memory_bytes);

}  // namespace retort
