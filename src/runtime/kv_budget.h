// How many tokens a model's key/value cache holds: so many as asked for, so many as fit into the
// memory asked for, or by default a number that suits model and machine.
//
//   ChooseKvTokens(config, backend.kv_types(), {.bytes = 2 << 30}, UsableMemoryBytes());
//
// Not asked for, it is four contexts of at most 8,192 tokens: room for a few long conversations, or
// sixteen answers of 2,048 tokens at once, which is what `compare` runs. It never takes more than a
// quarter of the machine's memory, so that weights, page cache and other programs keep theirs.
// Errors: kResourceExhausted with figures; kInvalidArgument for both sizes at once. Stateless and
// thread-safe.
#pragma once

#include <cstdint>

#include "model/config.h"

namespace retort {

inline constexpr int64_t kKvContexts = 4;
inline constexpr int64_t kKvContextTokens = 8192;
inline constexpr int64_t kFewestKvTokens = 256;  // below this a cache is of no use
inline constexpr int32_t kKvBlockTokens = 32;    // B: one head's keys fill a few cache lines

// Memory that this process may use: the machine's, or its control group's limit if that is lower.
int64_t UsableMemoryBytes();

// At most one of them; 0: not asked for.
struct KvSize {
  int64_t tokens = 0;
  int64_t bytes = 0;
};

// What is asked for and exceeds all of `memory_bytes` is refused.
int64_t ChooseKvTokens(const ModelConfig& config, KvTypes kv_types, const KvSize& requested,
                       int64_t memory_bytes);

}  // namespace retort
