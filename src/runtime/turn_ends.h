// Which tokens end a turn: those that a model's files name, and those that do so in some family.
// Files name one or two of them; a model may still emit the others (a chat model that continues as
// its base), and then the turn is over too.
//
//   spec.stop_ids = TurnEnds(spec, {spec.eos, eot});
//
// Stateless, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "text/tokenizer.h"

namespace retort {

std::vector<int32_t> TurnEnds(const TokenizerSpec& spec,
                              const std::vector<std::optional<int32_t>>& named);

}  // namespace retort
