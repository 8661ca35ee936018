// The decoders of one level in the order of DType, from which its tables of kernels are made.
//
//   using Decoders = DecoderList<DecodeF32, DecodeF16, ...>;
//   .mat_mul = Decoders::Table<MatMulFunction, MatMul>(),   // &MatMul<D>::Run for each D
#pragma once

#include <array>
#include <cstddef>

#include "tensor/dtype.h"

namespace retort::cpu {

// A decoder's block is one block of the format, or several elements of a plain type.
template <class Decoder>
constexpr bool Decodes(const DTypeInfo& info) {
  return static_cast<size_t>(Decoder::kElements) % info.block == 0 &&
         RowBytes(info.dtype, Decoder::kElements) == static_cast<size_t>(Decoder::kBytes);
}

template <class... Decoder>
constexpr bool InOrderOfDType() {
  size_t row = 0;
  return (Decodes<Decoder>(kDTypeTable[row++]) && ...);
}

template <class... Decoder>
struct DecoderList {
  static_assert(sizeof...(Decoder) == kNumDTypes, "one decoder for each type");
  static_assert(InOrderOfDType<Decoder...>(), "a decoder's block is not that of its type");

  // &Kernel<Decoder>::Run of each.
  template <class Function, template <class> class Kernel>
  static constexpr std::array<Function, kNumDTypes> Table() {
    return {&Kernel<Decoder>::Run...};
  }
};

}  // namespace retort::cpu
