// What the tests of the architectures share: settings that are read, and what is refused in them.
//
//   EXPECT_EQ(ParseConfig(FakeCheckpoint::Dense("llama")).num_heads, 4);
//   ExpectConfigRefused(file, ErrorCode::kCorrupt, {"fake.gguf", "num_layers"});
#pragma once

#include <string>
#include <vector>

#include "model/arch/registry.h"
#include "model/fake_checkpoint.h"
#include "tests/support/expect_error.h"

namespace retort {

inline ModelConfig ParseConfig(const FakeCheckpoint& checkpoint) {
  return FindArchitecture(checkpoint).parse(checkpoint);
}

// The error's message must hold every one of `parts`.
inline void ExpectConfigRefused(const FakeCheckpoint& checkpoint, ErrorCode code,
                                const std::vector<std::string>& parts) {
  ExpectError(code, parts, [&] { ParseConfig(checkpoint); });
}

}  // namespace retort
