#include "grammar/code_points.h"

#include <gtest/gtest.h>

#include <string>

#include "base/rng.h"
#include "base/utf8.h"

namespace retort {
namespace {

bool Has(const CodePoints& ranges, uint32_t c) {
  for (const CodePointRange& range : ranges) {
    if (range.low <= c && c <= range.high) return true;
  }
  return false;
}

bool Spells(const std::vector<ByteRanges>& sequences, const std::string& bytes) {
  int times = 0;
  for (const ByteRanges& sequence : sequences) {
    if (sequence.size() != bytes.size()) continue;
    bool fits = true;
    for (size_t i = 0; i < bytes.size(); ++i) {
      const auto byte = static_cast<uint8_t>(bytes[i]);
      fits = fits && sequence[i].low <= byte && byte <= sequence[i].high;
    }
    times += fits ? 1 : 0;
  }
  EXPECT_LE(times, 1) << "two sequences spell the same character";
  return times > 0;
}

TEST(CodePoints, RangesAreSortedAndJoinedWithoutSurrogates) {
  EXPECT_EQ(Normalized({{'c', 'd'}, {'a', 'b'}, {'x', 'x'}}), (CodePoints{{'a', 'd'}, {'x', 'x'}}));
  EXPECT_EQ(Normalized({{0xD000, 0xE000}}), (CodePoints{{0xD000, 0xD7FF}, {0xE000, 0xE000}}));
  EXPECT_EQ(Normalized({{0xD800, 0xDFFF}}), CodePoints{});
  EXPECT_EQ(Complement({}), (CodePoints{{0, 0xD7FF}, {0xE000, kMaxCodePoint}}));
  EXPECT_EQ(Complement(Complement({{'a', 'z'}})), (CodePoints{{'a', 'z'}}));
  EXPECT_EQ(Intersection({{1, 5}, {9, 20}}, {{4, 10}}), (CodePoints{{4, 5}, {9, 10}}));
}

TEST(CodePoints, SequencesSpellExactlyTheCharacters) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed);
    CodePoints ranges;
    for (int i = 0; i < 3; ++i) {
      const auto low = static_cast<uint32_t>(rng.Int(0, int64_t{1} << rng.Int(1, 20)));
      ranges.push_back(
          {low, low + static_cast<uint32_t>(rng.Int(0, int64_t{1} << rng.Int(0, 18)))});
    }
    const CodePoints normalized = Normalized(ranges);
    const std::vector<ByteRanges> sequences = Utf8Sequences(normalized);
    std::vector<uint32_t> samples = {0, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, kMaxCodePoint};
    for (const CodePointRange& range : normalized) {
      for (const int64_t offset : {-1, 0, 1}) {
        samples.push_back(static_cast<uint32_t>(std::max<int64_t>(0, range.low + offset)));
        samples.push_back(static_cast<uint32_t>(std::max<int64_t>(0, range.high + offset)));
      }
      samples.push_back(static_cast<uint32_t>(rng.Int(range.low, range.high)));
    }
    for (const uint32_t c : samples) {
      if (c > kMaxCodePoint || (c >= 0xD800 && c <= 0xDFFF)) continue;
      std::string bytes;
      AppendUtf8(c, &bytes);
      EXPECT_EQ(Spells(sequences, bytes), Has(normalized, c)) << "seed " << seed << " U+" << c;
    }
  }
}

}  // namespace
}  // namespace retort
