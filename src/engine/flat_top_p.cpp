#include "engine/flat_top_p.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace retort {
namespace {

constexpr size_t kSampleOfBlock = 2;

double Squared(float value) { return static_cast<double>(value) * static_cast<double>(value); }

}  // namespace

LogitRange GuessWhereMassEnds(std::vector<SampledLogit>& sample, double mass) {
  constexpr size_t kBins = 256, kFew = 128;
  constexpr double kDeviations = 2;
  struct Sums {
    double mass = 0, variance = 0;
    void Add(const SampledLogit& token) {
      mass += static_cast<double>(token.mass);
      variance += Squared(token.deviation);
    }
  };
  LogitRange range;
  Sums below;  // the range
  // Looks closer until there is nothing left to part.
  for (size_t before = sample.size() + 1; sample.size() > kFew && sample.size() < before;) {
    float least = kInfinity, most = -kInfinity;
    for (const SampledLogit& token : sample) {
      least = std::min(least, token.logit);
      most = std::max(most, token.logit);
    }
    const float width = (most - least) / kBins, bins_per_logit = 1 / width;
    if (!std::isfinite(width) || !std::isfinite(bins_per_logit)) break;
    std::array<Sums, kBins> bins;
    for (const SampledLogit& token : sample) {
      const auto bin = static_cast<size_t>((token.logit - least) * bins_per_logit);
      bins[std::min(bin, kBins - 1)].Add(token);
    }
    Sums sums = below;
    for (size_t bin = 0; bin < kBins; ++bin) {
      sums.mass += bins[bin].mass;
      sums.variance += bins[bin].variance;
      const double deviation = kDeviations * std::sqrt(sums.variance);
      const float edge = least + static_cast<float>(bin + 1) * width;
      if (sums.mass + deviation <= mass) {
        range.least = edge;
        below = sums;
      }
      if (sums.mass - deviation < mass) continue;
      range.most = std::min(range.most, edge);
      break;
    }
    before = sample.size();
    std::erase_if(sample, [&](const SampledLogit& token) {
      return token.logit < range.least || token.logit > range.most;
    });
  }
  return range;
}

int32_t FlatTopP::Sample(std::span<const float> logits, std::span<const float> greatest_of,
                         float scale, double top_p, double uniform) {
  logits_ = logits;
  greatest_ = *std::max_element(greatest_of.begin(), greatest_of.end());
  scale_ = scale;
  TakeSample(greatest_of);
  Split(GuessWhereMassEnds(sample_, (1 - top_p) * sample_mass_));
  const RankedToken last = LastKept(top_p);
  CountKept(last);
  return Draw(last, uniform);
}

std::span<const float> FlatTopP::Block(size_t block) const {
  const size_t begin = block * kLogitBlock;
  return logits_.subspan(begin, std::min(kLogitBlock, logits_.size() - begin));
}

// Blocks' greatest stand for themselves: the few that hold most of the mass are among them.
void FlatTopP::TakeSample(std::span<const float> greatest_of) {
  sample_.clear();
  sample_mass_ = 0;
  for (size_t begin = 0; begin < greatest_of.size(); begin += kLogitBlock) {
    AddToSample(greatest_of.subspan(begin, std::min(kLogitBlock, greatest_of.size() - begin)), 1);
  }
  std::array<float, kLogitBlock> taken;
  size_t count = 0;
  for (size_t block = 0; block < greatest_of.size(); ++block) {
    const std::span<const float> logits = Block(block);
    for (size_t i = 0; i < kSampleOfBlock; ++i) {
      // Not the same places in each block: vocabularies have an order.
      const size_t place = (block * 37 + i * (kLogitBlock / kSampleOfBlock)) % kLogitBlock;
      if (place >= logits.size() || logits[place] == greatest_of[block]) continue;
      taken[count++] = logits[place];
      if (count < kLogitBlock) continue;
      AddToSample(taken, kLogitBlock / kSampleOfBlock);
      count = 0;
    }
  }
  AddToSample(std::span(taken).first(count), kLogitBlock / kSampleOfBlock);
}

// At most a block of them.
void FlatTopP::AddToSample(std::span<const float> logits, float stands_for) {
  std::array<float, kLogitBlock> weights;
  sample_mass_ += static_cast<double>(
      stands_for * loops_->weigh(logits.data(), logits.size(), greatest_, scale_, weights.data()));
  for (size_t i = 0; i < logits.size(); ++i) {
    if (weights[i] == 0) continue;
    const float mass = stands_for * weights[i];
    sample_.push_back(
        {.logit = logits[i], .mass = mass, .deviation = stands_for > 1 ? mass : 0.0f});
  }
}

void FlatTopP::Split(const LogitRange& range) {
  range_ = range;
  mass_ = mass_above_ = mass_in_ = 0;
  size_t count = 0;
  masses_.resize(NumLogitBlocks(logits_.size()));
  std::array<float, kLogitBlock> weights;
  std::array<int, kLogitBlock> places;
  for (size_t block = 0; block < masses_.size(); ++block) {
    const std::span<const float> logits = Block(block);
    const LogitSplit split = loops_->split(logits.data(), logits.size(), greatest_, scale_, range,
                                           weights.data(), places.data());
    mass_ += static_cast<double>(split.mass);
    masses_[block] = static_cast<double>(split.mass_above);
    mass_above_ += masses_[block];
    // Without a look at the capacity each time.
    if (work_space_.size() < count + kLogitBlock) work_space_.resize(2 * count + kLogitBlock);
    for (size_t i = 0; i < split.found; ++i) {
      const auto place = static_cast<size_t>(places[i]);
      mass_in_ += static_cast<double>(weights[place]);
      work_space_[count++] = {.logit = logits[place],
                              .weight = weights[place],
                              .token = static_cast<int32_t>(block * kLogitBlock + place)};
    }
  }
  candidates_ = std::span(work_space_).first(count);
}

RankedToken FlatTopP::LastKept(double top_p) {
  const double target = top_p * mass_;
  if (mass_above_ >= target) {
    Split({.least = range_.most});
  } else if (mass_above_ + mass_in_ < target) {
    const bool from_the_end = range_.least > LogitRange{}.least;
    Split({.most = from_the_end ? range_.least : kInfinity});
  }
  if (!candidates_.empty()) return finder_.LastOfTopP(candidates_, target - mass_above_);
  // Rounding has left a crumb behind all there is: everything above the range.
  return {.logit = range_.most, .weight = 0, .token = -1};
}

// Without branches on what is kept, which could not be foretold, and with a sum that need not wait
// for memory.
void FlatTopP::CountKept(const RankedToken& last) {
  const uint64_t last_rank = last.Rank();
  size_t i = 0;
  for (size_t block = 0; block < masses_.size(); ++block) {
    double mass = masses_[block];
    const auto end = static_cast<int32_t>((block + 1) * kLogitBlock);
    for (; i < candidates_.size() && candidates_[i].token < end; ++i) {
      const RankedToken& token = candidates_[i];
      const uint32_t mask = 0u - static_cast<uint32_t>(token.Rank() <= last_rank);
      mass +=
          static_cast<double>(std::bit_cast<float>(std::bit_cast<uint32_t>(token.weight) & mask));
    }
    masses_[block] = mass;
  }
}

int32_t FlatTopP::Draw(const RankedToken& last, double uniform) {
  double rest = 0;
  for (const double mass : masses_) rest += mass;
  rest *= uniform;
  size_t block = 0;  // the last one with any, should rounding leave a crumb behind it
  for (size_t i = 0; i < masses_.size(); ++i) {
    if (masses_[i] == 0) continue;
    block = i;
    if (rest < masses_[i]) break;
    rest -= masses_[i];
  }
  const std::span<const float> logits = Block(block);
  std::array<float, kLogitBlock> weights;
  loops_->weigh(logits.data(), logits.size(), greatest_, scale_, weights.data());
  auto last_possible = static_cast<int32_t>(block * kLogitBlock);
  for (size_t i = 0; i < logits.size(); ++i) {
    const auto id = static_cast<int32_t>(block * kLogitBlock + i);
    const RankedToken token = {.logit = logits[i], .weight = weights[i], .token = id};
    if (last < token || token.weight == 0) continue;
    last_possible = id;
    rest -= static_cast<double>(token.weight);
    if (rest < 0) break;
  }
  return last_possible;
}

}  // namespace retort
