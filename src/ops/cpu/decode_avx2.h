// Packed weights to floats in AVX2 registers, block by block: of the formats that AVX-512 has no
// decoder of its own for. (AVX2 itself multiplies 8-bit rows, int8_matmul_inl.h.)
//
// A decoder has kElements and kBytes of a block, which it visits in kParts parts:
//   Begin(block, state): what all parts need
//   Visit<part>(block, state, body): body(Index<i>, w) with w = elements 8i .. 8i+7 of the block,
//     i ascending from part to part.
// Parts let the rows of a matrix take turns: within one row, sums wait for each other.
//
// Elements are put together as bytes, 32 in one register, and widened then (VisitBytes). Layouts:
// quant/blocks.h.
#pragma once

#include "ops/cpu/decode_avx2_blocks.h"
#include "ops/cpu/decode_avx2_plain.h"
#include "ops/cpu/decode_avx2_super_blocks.h"
