// Feeds a fuzz target its seeds and seeded mutations of them, so that every normal test run (and
// every run under sanitizers) attacks the parsers a little. An escaped exception names seed and
// round; for a crash, the sanitizer's report names the place.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/rng.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace retort {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr int kMutations = 4000;  // of all seeds together

struct Seed {
  std::string name;
  Bytes bytes;
};

std::vector<Seed> Seeds() {
  std::vector<Seed> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(FUZZ_CORPUS)) {
    std::ifstream file(entry.path(), std::ios::binary);
    seeds.push_back({entry.path().filename().string(), Bytes(std::istreambuf_iterator<char>(file),
                                                             std::istreambuf_iterator<char>())});
  }
  std::sort(seeds.begin(), seeds.end(),
            [](const Seed& a, const Seed& b) { return a.name < b.name; });
  return seeds;
}

// One to four random edits of the kinds that break parsers.
class Mutator {
 public:
  Mutator(uint64_t seed, const Bytes& donor) : rng_(seed), donor_(donor) {}

  Bytes Mutate(Bytes bytes) {
    for (int64_t edits = rng_.Int(1, 4); edits > 0; --edits) Edit(bytes);
    return bytes;
  }

 private:
  // A position from 0 to the size, both included.
  size_t Place(const Bytes& bytes) {
    return static_cast<size_t>(rng_.Int(0, static_cast<int64_t>(bytes.size())));
  }

  void Edit(Bytes& bytes) {
    const size_t place = Place(bytes);
    switch (rng_.Int(0, 6)) {
      case 0:
        if (place < bytes.size()) bytes[place] ^= static_cast<uint8_t>(1 << rng_.Int(0, 7));
        return;
      case 1:
        if (place < bytes.size()) bytes[place] = static_cast<uint8_t>(rng_.Int(0, 255));
        return;
      case 2:
        return bytes.resize(place);
      case 3:
        return Erase(bytes, place, Length());
      case 4:
        return Insert(bytes, place, bytes);
      case 5:
        return Insert(bytes, place, donor_);
      default:
        return Overwrite(bytes, place);
    }
  }

  size_t Length() { return static_cast<size_t>(rng_.Int(1, 16)); }

  static void Erase(Bytes& bytes, size_t place, size_t count) {
    const size_t end = std::min(bytes.size(), place + count);
    bytes.erase(bytes.begin() + static_cast<long>(place), bytes.begin() + static_cast<long>(end));
  }

  // A short run of `from` goes into `bytes`.
  void Insert(Bytes& bytes, size_t place, const Bytes& from) {
    const size_t start = Place(from);
    const size_t end = std::min(from.size(), start + Length());
    const Bytes run(from.begin() + static_cast<long>(start), from.begin() + static_cast<long>(end));
    bytes.insert(bytes.begin() + static_cast<long>(place), run.begin(), run.end());
  }

  // A number at the edge of some type's range, little endian, in 1, 2, 4 or 8 bytes.
  void Overwrite(Bytes& bytes, size_t place) {
    constexpr int64_t kEdges[] = {0,       1,       -1,        -128,      255,
                                  1 << 15, 1 << 16, 1ll << 31, INT64_MAX, INT64_MIN};
    const auto value = static_cast<uint64_t>(kEdges[rng_.Int(0, std::ssize(kEdges) - 1)]);
    const size_t width = size_t{1} << rng_.Int(0, 3);
    for (size_t i = 0; i < width && place + i < bytes.size(); ++i) {
      bytes[place + i] = static_cast<uint8_t>(value >> (8 * i));
    }
  }

  Rng rng_;
  const Bytes& donor_;
};

TEST(FUZZ_TARGET, HandlesSeedsAndTheirMutations) {
  const std::vector<Seed> seeds = Seeds();
  ASSERT_FALSE(seeds.empty()) << "no seeds in " << FUZZ_CORPUS;
  for (const Seed& seed : seeds) {
    SCOPED_TRACE(seed.name);
    ASSERT_EQ(LLVMFuzzerTestOneInput(seed.bytes.data(), seed.bytes.size()), 0);
  }
  for (int round = 0; round < kMutations; ++round) {
    const Seed& seed = seeds[static_cast<size_t>(round) % seeds.size()];
    const auto number = static_cast<uint64_t>(round);
    const Seed& donor = seeds[RandomBits(1, number) % seeds.size()];
    const Bytes input = Mutator(number, donor.bytes).Mutate(seed.bytes);
    SCOPED_TRACE(seed.name + ", round " + std::to_string(round));
    ASSERT_EQ(LLVMFuzzerTestOneInput(input.data(), input.size()), 0);
  }
}

}  // namespace
}  // namespace retort
