#!/usr/bin/env python3
"""Writes tests/data/quant: blocks of every quantised format with the floats that PyPI's `gguf`
decodes them to, and rows of floats with the blocks that it encodes them to.

    python3 tools/make_quant_vectors.py            # needs gguf and numpy

Files (little endian, no header):
  <type>.blocks, <type>.floats    blocks and their decoded float32 values
  row.floats, row.<type>          one row of 512 float32 values and its encoding
"""

import pathlib

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "data" / "quant"
BLOCKS = 12
# Byte offsets of the F16 fields of a block, and block sizes.
FORMATS = {
    Type.F16: (2, [0]),
    Type.BF16: (2, []),
    Type.Q8_0: (34, [0]),
    Type.Q4_0: (18, [0]),
    Type.Q4_1: (20, [0, 2]),
    Type.Q5_0: (22, [0]),
    Type.Q4_K: (144, [0, 2]),
    Type.Q6_K: (210, [208]),
    Type.Q5_1: (24, [0, 2]),
    Type.IQ4_NL: (18, [0]),
    Type.Q2_K: (84, [80, 82]),
    Type.Q3_K: (110, [108]),
    Type.Q5_K: (176, [0, 2]),
    Type.IQ4_XS: (136, [0]),
}
# Types that gguf can encode.
ENCODED = (Type.F16, Type.BF16, Type.Q8_0, Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q5_1)
# These share one generator with the row; each later type has its own, so that their order is free.
FIRST = (Type.F16, Type.BF16, Type.Q8_0, Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q4_K, Type.Q6_K)
# Zero, minus zero, the smallest and largest subnormals, the smallest and largest normals.
EXTREMES = [0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0x7BFF, 0xFBFF]


def random_blocks(rng, size, scale_offsets):
    count = BLOCKS if size > 2 else 256
    blocks = rng.integers(0, 256, (count, size), dtype=np.uint8)
    for offset in scale_offsets:
        scales = rng.normal(0, 0.1, count).astype(np.float16).view(np.uint16)
        scales[: len(EXTREMES)] = rng.permutation(EXTREMES)
        blocks[:, offset : offset + 2] = scales.view(np.uint8).reshape(-1, 2)
    if not scale_offsets:  # BF16: any bits but those of infinities and NaNs
        blocks[:, 1] &= 0xBF
    return blocks


def random_row(rng):
    row = rng.normal(0, 1, 512).astype(np.float32)
    row[32:64] = 0  # a block of zeros
    row[64:96] = 0.25  # constant
    row[96:128] = -np.abs(row[96:128])  # one sign only
    row[128:160] *= np.float32(1e4)
    row[160:192] *= np.float32(1e-5)  # subnormal scales
    row[192:224] = np.arange(32, dtype=np.float32) - 16  # ties of magnitude
    return row


def main():
    rng = np.random.default_rng(20240611)
    OUT.mkdir(parents=True, exist_ok=True)
    for kind, (size, offsets) in FORMATS.items():
        own_rng = rng if kind in FIRST else np.random.default_rng(kind.value)
        blocks = random_blocks(own_rng, size, offsets)
        floats = gguf.quants.dequantize(blocks.reshape(1, -1), kind).astype(np.float32)
        name = kind.name.lower()
        (OUT / f"{name}.blocks").write_bytes(blocks.tobytes())
        (OUT / f"{name}.floats").write_bytes(floats.tobytes())
    row = random_row(rng)
    (OUT / "row.floats").write_bytes(row.tobytes())
    for kind in ENCODED:
        encoded = gguf.quants.quantize(row.reshape(1, -1), kind)
        (OUT / f"row.{kind.name.lower()}").write_bytes(encoded.tobytes())


if __name__ == "__main__":
    main()
