"""Random weights in both dialects: GGUF's names, types and order of rows, and Hugging Face's."""

import gguf
import numpy as np
import torch

from .specs import T
from .vocabulary import vocabulary


def random_k_blocks(rng, rows, cols, kind, std):
    """Valid Q4_K or Q6_K bytes: gguf decodes these formats but does not encode them."""
    blocks = rows * cols // 256
    f16 = lambda values: values.astype("<f2").view(np.uint8).reshape(blocks, 2)
    spread = rng.uniform(0.7, 1.3, blocks)
    random_bytes = lambda n: rng.integers(0, 256, (blocks, n), dtype=np.uint8)
    if kind == T.Q4_K:  # d, dmin, 12 bytes of 6-bit scales and minima, 128 of nibbles
        d = spread * std / 180
        parts = [f16(d), f16(7.5 * d), random_bytes(12), random_bytes(128)]
    else:  # Q6_K: low nibbles, upper bits, int8 scales, d
        scales = rng.integers(-48, 48, (blocks, 16)).astype(np.int8).view(np.uint8)
        parts = [random_bytes(128), random_bytes(64), scales, f16(spread * std / 500)]
    return np.concatenate(parts, axis=1).reshape(rows, -1)


def random_matrix(rng, rows, cols, kind, std):
    """(bytes as stored, the float32 values that they mean)."""
    if kind in (T.Q4_K, T.Q6_K):
        data = random_k_blocks(rng, rows, cols, kind, std)
    else:
        values = rng.normal(0, std, (rows, cols)).astype(np.float32)
        data = values if kind == T.F32 else gguf.quantize(values, kind)
    return data, gguf.dequantize(data, kind).reshape(rows, cols).astype(np.float32)


def unpermute(weight, heads):
    """Rows in GGUF's order for Llama (pairs side by side) -> in Hugging Face's (halves)."""
    rows, cols = weight.shape
    return weight.reshape(heads, rows // heads // 2, 2, cols).swapaxes(1, 2).reshape(rows, cols)


def llama3_divisors(spec):
    """What Llama 3.1's scaling divides each rotary frequency by."""
    scaling, dim = spec["rope_scaling"], spec["head_dim"]
    frequency = spec["theta"] ** (-np.arange(0, dim, 2) / dim)
    turns = scaling["original_max_position_embeddings"] * frequency / (2 * np.pi)
    low, high, factor = (scaling[k] for k in ("low_freq_factor", "high_freq_factor", "factor"))
    smooth = np.clip((turns - low) / (high - low), 0, 1)
    return (1 / ((1 - smooth) / factor + smooth)).astype(np.float32)


def make_tensors(spec):
    """GGUF name -> (data, type), Hugging Face's state dict of the same values, and its types."""
    rng = np.random.default_rng(spec["seed"])
    hidden, ffn, dim = spec["hidden"], spec["ffn"], spec["head_dim"]
    q_rows, kv_rows = spec["heads"] * dim, spec["kv_heads"] * dim
    stored, state, types_of = {}, {}, {}

    def matrix(name, hf_name, rows, cols, kind, std, permuted_heads=0):
        data, values = random_matrix(rng, rows, cols, kind, std)
        stored[name] = (data, kind)
        state[hf_name] = unpermute(values, permuted_heads) if permuted_heads else values
        types_of[hf_name] = kind

    def vector(name, hf_name, size, mean, std):
        values = rng.normal(mean, std, size).astype(np.float32)
        if spec.get("folder"):  # stored as BF16 there
            values = gguf.dequantize(gguf.quantize(values, T.BF16), T.BF16).reshape(size)
        stored[name] = (values, T.F32)
        state[hf_name] = values
        types_of[hf_name] = T.BF16

    is_llama = spec["arch"] == "llama"
    vocab = len(vocabulary()[0])
    matrix("token_embd.weight", "model.embed_tokens.weight", vocab, hidden, spec["embedding"], 0.3)
    for i, types in enumerate(spec["types"]):
        ours, theirs, std = f"blk.{i}.", f"model.layers.{i}.", hidden ** -0.5
        vector(ours + "attn_norm.weight", theirs + "input_layernorm.weight", hidden, 1, 0.2)
        for part, rows, heads in (("q", q_rows, spec["heads"]), ("k", kv_rows, spec["kv_heads"]),
                                  ("v", kv_rows, 0)):
            matrix(f"{ours}attn_{part}.weight", f"{theirs}self_attn.{part}_proj.weight", rows,
                   hidden, types[part], std, heads if is_llama else 0)
            if spec["arch"] == "qwen2":
                vector(f"{ours}attn_{part}.bias", f"{theirs}self_attn.{part}_proj.bias", rows, 0,
                       0.5)
            if spec["arch"] == "qwen3" and part != "v":
                vector(f"{ours}attn_{part}_norm.weight", f"{theirs}self_attn.{part}_norm.weight",
                       dim, 1, 0.2)
        matrix(ours + "attn_output.weight", theirs + "self_attn.o_proj.weight", hidden, q_rows,
               types["o"], q_rows ** -0.5)
        vector(ours + "ffn_norm.weight", theirs + "post_attention_layernorm.weight", hidden, 1, 0.2)
        for part, rows, cols in (("gate", ffn, hidden), ("up", ffn, hidden), ("down", hidden, ffn)):
            matrix(f"{ours}ffn_{part}.weight", f"{theirs}mlp.{part}_proj.weight", rows, cols,
                   types[part], cols ** -0.5)
    vector("output_norm.weight", "model.norm.weight", hidden, 1, 0.2)
    if spec["tied"]:
        state["lm_head.weight"] = state["model.embed_tokens.weight"]
    else:
        matrix("output.weight", "lm_head.weight", vocab, hidden, spec["head"], 0.3)
    if spec.get("rope_scaling", {}).get("rope_type") == "llama3":
        stored["rope_freqs.weight"] = (llama3_divisors(spec), T.F32)
    tensors = {name: torch.from_numpy(np.copy(values)) for name, values in state.items()}
    return stored, tensors, types_of
