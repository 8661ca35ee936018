#include "runtime/turn_ends.h"

#include <algorithm>
#include <string_view>

namespace retort {
namespace {

constexpr std::string_view kTurnEnds[] = {
    "<|im_end|>",      "<|endoftext|>", "<｜end▁of▁sentence｜>",
    "<|EOT|>",         "<|eot_id|>",    "<|eom_id|>",
    "<|end_of_text|>", "</s>",          "<end_of_turn>"};

}  // namespace

std::vector<int32_t> TurnEnds(const TokenizerSpec& spec,
                              const std::vector<std::optional<int32_t>>& named) {
  std::vector<int32_t> ids;
  const auto add = [&ids](int32_t id) {
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
  };
  for (const std::optional<int32_t> id : named) {
    if (id) add(*id);
  }
  for (size_t id = 0; id < spec.tokens.size(); ++id) {
    if (spec.kinds[id] != TokenKind::kControl) continue;
    if (std::ranges::find(kTurnEnds, spec.tokens[id]) != std::end(kTurnEnds)) {
      add(static_cast<int32_t>(id));
    }
  }
  return ids;
}

}  // namespace retort
