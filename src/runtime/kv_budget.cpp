#include "runtime/kv_budget.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "base/error.h"

namespace retort {

int64_t UsableMemoryBytes() {
  int64_t bytes = int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  // Control groups version 2 and 1; an unlimited group says "max" or a number beyond the machine's.
  for (const char* path :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream file(path);
    int64_t limit = 0;
    if (file >> limit && limit > 0) bytes = std::min(bytes, limit);
  }
  return bytes;
}

int64_t ChooseKvTokens(const ModelConfig& config, KvTypes kv_types, const KvSize& requested,
                       int64_t memory_bytes) {
  if (requested.tokens > 0 && requested.bytes > 0) {
    Fail(ErrorCode::kInvalidArgument,
         "the key/value cache is asked to hold {} tokens and to take {} bytes; give one of the two",
         requested.tokens, requested.bytes);
  }
  const int64_t per_token = config.KvBytesPerToken(kv_types);
  if (requested.bytes > 0 && requested.bytes < kFewestKvTokens * per_token) {
    Fail(ErrorCode::kInvalidArgument,
         "{}: {} bytes are too few for a key/value cache; {} tokens, the fewest that are of use, "
         "take {} ({} a token)",
         config.name, requested.bytes, kFewestKvTokens, kFewestKvTokens * per_token, per_token);
  }
  const int64_t asked = std::max(requested.tokens, requested.bytes / per_token);
  const int64_t wanted =
      asked > 0 ? asked : kKvContexts * std::min(config.max_position_embeddings, kKvContextTokens);
  const int64_t affordable = (asked > 0 ? memory_bytes : memory_bytes / 4) / per_token;
  const int64_t least = asked > 0 ? asked : std::min(wanted, kFewestKvTokens);
  if (affordable < least) {
    Fail(
        ErrorCode::kResourceExhausted,
        "{}: a key/value cache for {} tokens needs {} MiB ({} bytes a token), and there are {} MiB "
        "for it; ask for fewer (--kv-tokens, --kv-memory) or take a smaller model",
        config.name, least, least * per_token >> 20, per_token, affordable * per_token >> 20);
  }
  return std::min(wanted, affordable);
}

}  // namespace retort
