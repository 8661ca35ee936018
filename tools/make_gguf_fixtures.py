#!/usr/bin/env python3
"""Writes tests/fuzz/corpus/{gguf,model,split}: tiny GGUF files by PyPI's `gguf`, as seeds for the
fuzzer and as files that another implementation has written for the reader's tests. Those in `model`
are whole models of one layer, those in `split` the parts of a split file one after the other.

    python3 tools/make_gguf_fixtures.py            # needs gguf and numpy
"""

import pathlib
import tempfile

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type

CORPUS = pathlib.Path(__file__).resolve().parent.parent / "tests" / "fuzz" / "corpus"
OUT = CORPUS / "gguf"


def write(name, fill, folder=OUT, architecture="llama"):
    folder.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(folder / name, architecture)
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
    for kind in (Type.Q4_K, Type.Q6_K, Type.Q5_1, Type.IQ4_NL, Type.Q2_K, Type.Q3_K, Type.Q5_K, Type.IQ4_XS):
        blocks = np.full((1, gguf.GGML_QUANT_SIZES[kind][1]), 0x11, dtype=np.uint8)
        writer.add_tensor(kind.name, blocks, raw_dtype=kind)


def aligned(writer):
    writer.add_custom_alignment(64)
    writer.add_tensor("a", np.ones(3, dtype=np.float32))
    writer.add_tensor("b", np.ones((1, 1, 2, 2), dtype=np.float32))


def model(writer):
    hidden, ffn, heads, kv_heads, tokens = 8, 12, 2, 1, ["a", "b", "ab", "<|im_end|>"]
    writer.add_context_length(64)
    writer.add_block_count(1)
    writer.add_embedding_length(hidden)
    writer.add_feed_forward_length(ffn)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10000.0)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types([1, 1, 1, 3])
    writer.add_token_merges(["a b"])
    writer.add_eos_token_id(3)
    writer.add_chat_template("{{ messages }}")

    kv = hidden // heads * kv_heads
    shapes = {
        "attn_norm.weight": (hidden,),
        "attn_q.weight": (hidden, hidden),
        "attn_k.weight": (kv, hidden),
        "attn_v.weight": (kv, hidden),
        "attn_output.weight": (hidden, hidden),
        "ffn_norm.weight": (hidden,),
        "ffn_gate.weight": (ffn, hidden),
        "ffn_up.weight": (ffn, hidden),
        "ffn_down.weight": (hidden, ffn),
    }
    if writer.arch == "qwen3":
        shapes |= {"attn_q_norm.weight": (hidden // heads,), "attn_k_norm.weight": (hidden // heads,)}
        writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        writer.add_rope_scaling_factor(4.0)
    if writer.arch == "qwen2":
        shapes |= {"attn_q.bias": (hidden,), "attn_k.bias": (kv,), "attn_v.bias": (kv,)}
    writer.add_tensor("token_embd.weight", np.ones((len(tokens), hidden), dtype=np.float32))
    writer.add_tensor("output_norm.weight", np.ones(hidden, dtype=np.float32))
    for name, shape in shapes.items():
        kind = np.float16 if len(shape) == 2 else np.float32
        writer.add_tensor(f"blk.0.{name}", np.ones(shape, dtype=kind))


def write_split():
    """Three tensors in parts of one each."""
    with tempfile.TemporaryDirectory() as folder:
        writer = gguf.GGUFWriter(pathlib.Path(folder) / "m.gguf", "llama", split_max_tensors=1)
        writer.add_string("general.name", "split")
        for i, name in enumerate("abc"):
            writer.add_tensor(name, np.full((2, 3), i, dtype=np.float32))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        parts = sorted(pathlib.Path(folder).glob("m-0000?-of-00003.gguf"))
        assert len(parts) == 3, parts
        (CORPUS / "split").mkdir(exist_ok=True)
        (CORPUS / "split" / "three.parts").write_bytes(b"".join(p.read_bytes() for p in parts))


def main():
    write("empty.gguf", lambda writer: None)
    write("metadata.gguf", metadata)
    write("tensors.gguf", tensors)
    write("aligned.gguf", aligned)
    for architecture in ("llama", "qwen2", "qwen3"):
        write(f"{architecture}.gguf", model, CORPUS / "model", architecture)
    write_split()
    # Version 2 has the same layout.
    v3 = (OUT / "metadata.gguf").read_bytes()
    (OUT / "version2.gguf").write_bytes(v3[:4] + (2).to_bytes(4, "little") + v3[8:])


if __name__ == "__main__":
    main()
