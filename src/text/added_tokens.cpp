#include "text/added_tokens.h"

#include <algorithm>

#include "base/error.h"

namespace retort {

AddedTokens::AddedTokens(std::vector<std::pair<std::string_view, int32_t>> tokens)
    : tokens_(std::move(tokens)) {
  std::sort(tokens_.begin(), tokens_.end());
  for (const auto& [text, id] : tokens_) {
    RETORT_CHECK(!text.empty());
    first_bytes_.set(static_cast<uint8_t>(text[0]));
  }
}

std::optional<AddedTokens::Match> AddedTokens::FindNext(std::string_view text, size_t from) const {
  for (size_t i = from; i < text.size(); ++i) {
    if (!first_bytes_[static_cast<uint8_t>(text[i])]) continue;
    if (const auto match = LongestAt(text, i)) return match;
  }
  return std::nullopt;
}

std::optional<AddedTokens::Match> AddedTokens::LongestAt(std::string_view text,
                                                         size_t begin) const {
  std::optional<Match> longest;
  // [low, high): the tokens that agree with the text in their first `length` bytes.
  auto low = tokens_.begin(), high = tokens_.end();
  for (size_t length = 0; begin + length < text.size() && low != high; ++length) {
    const auto byte = static_cast<uint8_t>(text[begin + length]);
    const auto byte_at = [length](const auto& token) {  // -1: the token ends here
      return length < token.first.size() ? static_cast<uint8_t>(token.first[length]) : -1;
    };
    low = std::partition_point(low, high, [&](const auto& t) { return byte_at(t) < byte; });
    high = std::partition_point(low, high, [&](const auto& t) { return byte_at(t) == byte; });
    if (low != high && low->first.size() == length + 1) {
      longest = Match{begin, begin + length + 1, low->second};
    }
  }
  return longest;
}

}  // namespace retort
