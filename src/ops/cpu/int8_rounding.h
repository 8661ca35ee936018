// What int8_rows.h says of a row, in the plainest way: for tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "ops/cpu/int8_rows.h"
#include "ops/cpu/op_test_inputs.h"

namespace retort {

// The numbers that remain of x in 8 bits, with a scale for each group.
inline std::vector<float> NearestOf8Bits(const std::vector<float>& x) {
  std::vector<float> rounded(x.size());
  for (size_t begin = 0; begin < x.size(); begin += cpu::kGroup) {
    float greatest = 0;
    for (size_t k = begin; k < begin + cpu::kGroup; ++k) {
      greatest = std::max(greatest, std::abs(x[k]));
    }
    if (greatest <= 1e-35f) continue;
    const float inverse = 127.0f / greatest;
    for (size_t k = begin; k < begin + cpu::kGroup; ++k) {
      rounded[k] = std::nearbyint(x[k] * inverse) * (greatest / 127.0f);
    }
  }
  return rounded;
}

// Rows without outliers as the kernels multiply them.
inline HostArray RoundedTo8Bits(const HostArray& rows) {
  HostArray rounded = rows;
  const auto values = NearestOf8Bits(ToFloats(rows.view()));
  std::memcpy(rounded.bytes.data(), values.data(), values.size() * sizeof(float));
  return rounded;
}

}  // namespace retort
