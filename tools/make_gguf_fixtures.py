#!/usr/bin/env python3
"""Writes tests/fuzz/corpus/gguf: tiny GGUF files by PyPI's `gguf`, as seeds for the fuzzer and as
files that another implementation has written for the reader's tests.

    python3 tools/make_gguf_fixtures.py            # needs gguf and numpy
"""

import pathlib

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "fuzz" / "corpus" / "gguf"


def write(name, fill):
    writer = gguf.GGUFWriter(OUT / name, "llama")
    fill(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def metadata(writer):
    writer.add_uint8("k.u8", 200)
    writer.add_int8("k.i8", -100)
    writer.add_uint16("k.u16", 60000)
    writer.add_int16("k.i16", -30000)
    writer.add_uint32("k.u32", 4000000000)
    writer.add_int32("k.i32", -2000000000)
    writer.add_uint64("k.u64", 2**62)
    writer.add_int64("k.i64", -(2**62))
    writer.add_float32("k.f32", 0.25)
    writer.add_float64("k.f64", 0.1)
    writer.add_bool("k.bool", True)
    writer.add_string("k.string", "é模")
    writer.add_array("k.ints", [1, -2, 3])
    writer.add_array("k.floats", [0.5, -1.5])
    writer.add_array("k.strings", ["a", "bc"])


def tensors(writer):
    rng = np.random.default_rng(1)
    writer.add_tensor("f32", np.arange(6, dtype=np.float32).reshape(2, 3))
    writer.add_tensor("f16", np.arange(4, dtype=np.float16))
    for kind in (Type.BF16, Type.Q8_0, Type.Q4_0, Type.Q4_1, Type.Q5_0):
        values = rng.normal(0, 1, (2, 32)).astype(np.float32)
        writer.add_tensor(kind.name, gguf.quants.quantize(values, kind), raw_dtype=kind)
    for kind, size in ((Type.Q4_K, 144), (Type.Q6_K, 210)):
        blocks = np.full((1, size), 0x11, dtype=np.uint8)
        writer.add_tensor(kind.name, blocks, raw_dtype=kind)


def aligned(writer):
    writer.add_custom_alignment(64)
    writer.add_tensor("a", np.ones(3, dtype=np.float32))
    writer.add_tensor("b", np.ones((1, 1, 2, 2), dtype=np.float32))


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    write("empty.gguf", lambda writer: None)
    write("metadata.gguf", metadata)
    write("tensors.gguf", tensors)
    write("aligned.gguf", aligned)
    # Version 2 has the same layout.
    v3 = (OUT / "metadata.gguf").read_bytes()
    (OUT / "version2.gguf").write_bytes(v3[:4] + (2).to_bytes(4, "little") + v3[8:])


if __name__ == "__main__":
    main()
