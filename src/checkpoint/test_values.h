// What the tests of this layer share: contents for tensors.
//
//   writer.AddTensor("norm.weight", DType::kF32, Shape{5}, Ramp(5));
#pragma once

#include <cstddef>
#include <vector>

namespace retort {

// 0, 1, 2, ...
inline std::vector<float> Ramp(size_t count) {
  std::vector<float> values(count);
  for (size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i);
  return values;
}

}  // namespace retort
