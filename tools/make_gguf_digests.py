#!/usr/bin/env python3
"""Writes tests/data/gguf/real_models.txt: what PyPI's `gguf` reads in the real model files, as
digests, so that the reader and the codecs are checked on bytes that nobody made up for a test.

    python3 tools/make_gguf_digests.py [FOLDER]    # needs gguf and numpy; ~/.cache/retort-models

Lines, fields separated by spaces:
  file NAME VERSION KEYS TENSORS LISTING TOKENS MERGES   digests of tensor list and vocabulary
  row TENSOR TYPE SHAPE ROW DIGEST                       digest of one decoded row, float32 bytes

A digest is FNV-1a, 64 bits. The tensor list is one "name type [shape]" line each in the file's
order, outermost dimension first; tokens and merges are joined by newlines.
"""

import pathlib
import sys

import gguf

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "data" / "gguf"
ROWS_PER_TYPE = 3


def fnv1a(data: bytes) -> str:
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def strings(reader, key):
    return "\n".join(reader.fields[key].contents()).encode()


def describe(path):
    reader = gguf.GGUFReader(path)
    header = {key: reader.fields[key].contents() for key in reader.fields if key.startswith("GGUF.")}
    listing = ""
    seen = {}
    rows = []
    for tensor in reader.tensors:
        shape = [int(dim) for dim in reversed(tensor.shape)]
        listing += f"{tensor.name} {tensor.tensor_type.name} {shape}\n"
        kind = tensor.tensor_type
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] > ROWS_PER_TYPE:
            continue
        data = tensor.data.reshape(-1, tensor.data.shape[-1])
        row = len(data) * seen[kind] // (ROWS_PER_TYPE + 1)
        floats = gguf.quants.dequantize(data[row : row + 1], kind).astype("<f4")
        dims = ",".join(map(str, shape))
        rows.append(f"row {tensor.name} {kind.name} {dims} {row} {fnv1a(floats.tobytes())}")
    yield (
        f"file {path.name} {header['GGUF.version']} {header['GGUF.kv_count']} {len(reader.tensors)}"
        f" {fnv1a(listing.encode())} {fnv1a(strings(reader, 'tokenizer.ggml.tokens'))}"
        f" {fnv1a(strings(reader, 'tokenizer.ggml.merges'))}"
    )
    yield from rows


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "~/.cache/retort-models").expanduser()
    lines = [line for path in sorted(folder.glob("*.gguf")) for line in describe(path)]
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "real_models.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
