#include "grammar/code_points.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/utf8.h"

namespace retort {
namespace {

constexpr CodePointRange kSurrogates = {0xD800, 0xDFFF};
// Where the number of bytes changes.
constexpr std::array<uint32_t, 4> kLastOfLength = {0x7F, 0x7FF, 0xFFFF, kMaxCodePoint};
constexpr uint32_t kContinuationBits = 6;

// A range whose ends have the same number of bytes, cut until each byte has a range of its own.
void AddSequences(CodePointRange range, size_t length, std::vector<ByteRanges>& out) {
  for (size_t tail = 1; tail < length; ++tail) {
    const uint32_t mask = (1u << (kContinuationBits * tail)) - 1;
    if ((range.low & ~mask) == (range.high & ~mask)) continue;
    if ((range.low & mask) != 0) {
      AddSequences({range.low, range.low | mask}, length, out);
      AddSequences({(range.low | mask) + 1, range.high}, length, out);
      return;
    }
    if ((range.high & mask) != mask) {
      AddSequences({range.low, (range.high & ~mask) - 1}, length, out);
      AddSequences({range.high & ~mask, range.high}, length, out);
      return;
    }
  }
  std::string low, high;
  AppendUtf8(range.low, &low);
  AppendUtf8(range.high, &high);
  ByteRanges bytes;
  for (size_t i = 0; i < low.size(); ++i) {
    bytes.push_back({static_cast<uint8_t>(low[i]), static_cast<uint8_t>(high[i])});
  }
  out.push_back(std::move(bytes));
}

}  // namespace

CodePoints Normalized(CodePoints ranges) {
  CodePoints cut;
  for (CodePointRange range : ranges) {
    range.high = std::min(range.high, kMaxCodePoint);
    const CodePointRange below = {range.low, std::min(range.high, kSurrogates.low - 1)};
    const CodePointRange above = {std::max(range.low, kSurrogates.high + 1), range.high};
    if (below.low <= below.high) cut.push_back(below);
    if (above.low <= above.high) cut.push_back(above);
  }
  std::sort(cut.begin(), cut.end(), [](const CodePointRange& a, const CodePointRange& b) {
    return a.low < b.low || (a.low == b.low && a.high < b.high);
  });
  CodePoints joined;
  for (const CodePointRange& range : cut) {
    if (!joined.empty() && range.low <= joined.back().high + 1) {
      joined.back().high = std::max(joined.back().high, range.high);
    } else {
      joined.push_back(range);
    }
  }
  return joined;
}

CodePoints Complement(const CodePoints& normalized) {
  CodePoints rest;
  uint32_t next = 0;
  for (const CodePointRange& range : normalized) {
    if (range.low > next) rest.push_back({next, range.low - 1});
    next = range.high + 1;
  }
  if (next <= kMaxCodePoint) rest.push_back({next, kMaxCodePoint});
  return Normalized(std::move(rest));
}

CodePoints Intersection(const CodePoints& a, const CodePoints& b) {
  CodePoints both;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const CodePointRange range = {std::max(a[i].low, b[j].low), std::min(a[i].high, b[j].high)};
    if (range.low <= range.high) both.push_back(range);
    a[i].high < b[j].high ? ++i : ++j;
  }
  return both;
}

std::vector<ByteRanges> Utf8Sequences(const CodePoints& normalized) {
  std::vector<ByteRanges> sequences;
  for (const CodePointRange& range : normalized) {
    uint32_t first = 0;
    for (size_t length = 1; length <= kLastOfLength.size(); ++length) {
      const CodePointRange part = {std::max(range.low, first),
                                   std::min(range.high, kLastOfLength[length - 1])};
      if (part.low <= part.high) AddSequences(part, length, sequences);
      first = kLastOfLength[length - 1] + 1;
    }
  }
  return sequences;
}

std::vector<uint32_t> ToCodePoints(std::string_view text) {
  std::vector<uint32_t> points;
  while (!text.empty()) {
    const Utf8Char c = DecodeUtf8(text);
    points.push_back(c.code_point);
    text.remove_prefix(c.length);
  }
  return points;
}

}  // namespace retort
