// Finds added tokens (control tokens such as <|im_end|>) in text: the leftmost one, and of several
// that begin at the same byte the longest.
//
//   AddedTokens added({{"<think>", 7}});
//   auto m = added.FindNext("a<think>b", 0);   // begin 1, end 8, id 7
//
// Immutable and thread-safe once built.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace retort {

class AddedTokens {
 public:
  struct Match {
    size_t begin, end;
    int32_t id;
  };

  AddedTokens() = default;
  // Texts are views that must outlive it; none may be empty.
  explicit AddedTokens(std::vector<std::pair<std::string_view, int32_t>> tokens);

  std::optional<Match> FindNext(std::string_view text, size_t from) const;

 private:
  std::optional<Match> LongestAt(std::string_view text, size_t begin) const;

  std::vector<std::pair<std::string_view, int32_t>> tokens_;  // sorted by text
  std::bitset<256> first_bytes_;
};

}  // namespace retort
