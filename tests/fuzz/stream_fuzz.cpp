// Any bytes as generated text, cut at places that the first eight bytes choose: UTF-8 repair, think
// parser and stop matcher give the same as for the whole.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "text/stop_matcher.h"
#include "text/think_parser.h"
#include "text/utf8_stream.h"

namespace {

using Pieces = std::vector<std::string_view>;

Pieces Cut(std::string_view text, uint64_t seed) {
  retort::Rng rng(seed);
  Pieces pieces;
  while (!text.empty()) {
    const auto n = std::min(static_cast<size_t>(rng.Int(0, 9)), text.size());
    pieces.push_back(text.substr(0, n));
    text.remove_prefix(n);
  }
  return pieces;
}

std::string Repaired(const Pieces& pieces) {
  retort::Utf8Stream stream;
  std::string out;
  for (const std::string_view piece : pieces) out += stream.Push(piece);
  out += stream.Finish();
  return out;
}

// Reasoning and answer with a byte between them that tells them apart.
std::string Thought(const Pieces& pieces, bool open) {
  retort::ThinkParser parser(open);
  std::string reasoning, answer;
  const auto add = [&](const retort::ThinkDelta& delta) {
    reasoning += delta.reasoning;
    answer += delta.answer;
  };
  for (const std::string_view piece : pieces) add(parser.Push(piece));
  add(parser.Finish());
  return reasoning + '\xFF' + answer;
}

std::string Stopped(const Pieces& pieces) {
  retort::StopMatcher matcher({"</", "aba", "abab", "ba", "\n\n", "é"});
  std::string out;
  for (const std::string_view piece : pieces) out += matcher.Push(piece);
  out += matcher.Finish();
  return out + '\xFF' + matcher.matched();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  uint64_t seed = 0;
  if (size < sizeof seed) return 0;
  std::memcpy(&seed, data, sizeof seed);
  const std::string_view text(reinterpret_cast<const char*>(data) + sizeof seed,
                              size - sizeof seed);
  const Pieces whole = {text}, cut = Cut(text, seed);
  const std::string repaired = Repaired(cut);
  RETORT_CHECK(repaired == retort::Utf8Repair(text));
  RETORT_CHECK(retort::Utf8Repair(repaired) == repaired);
  for (const bool open : {true, false}) RETORT_CHECK(Thought(cut, open) == Thought(whole, open));
  RETORT_CHECK(Stopped(cut) == Stopped(whole));
  return 0;
}
