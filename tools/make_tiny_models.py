#!/usr/bin/env python3
"""Makes the tiny random models of tests/data/models, with logits from Transformers.

Each model is a GGUF file of random weights in many element types, with a small vocabulary and a
chat template, beside a .json of token ids and the float32 logits that Transformers computes for
them from the dequantised weights: an implementation that shares nothing with ours.

usage: tools/make_tiny_models.py [FOLDER]     (default: tests/data/models of this repository)
needs: pip install torch transformers gguf    (made with torch 2.15, transformers 5.23, gguf 0.19)
"""

import json
import pathlib
import sys

try:
    import gguf
    import numpy as np
    import torch
    import transformers
except ImportError as error:
    sys.exit(f"{error}; try: python3 -m pip install torch transformers gguf")

T = gguf.GGMLQuantizationType
POSITIONS = [0, 1, 2, 7, 15, 31, 32, 47, 63, 71]  # on both sides of the borders of KV blocks
TEXT = "the quick brown fox then thinks that this is the answer; in one, two, three: 1 + 1 = 2 "
TEMPLATE = (
    "{%- for message in messages %}"
    "{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n<think>\\n' }}{%- endif %}"
)

MODELS = {
    # Seven query heads share one key head; heads are wider than the hidden size says; untied.
    "tiny-qwen2": {
        "arch": "qwen2", "seed": 1, "hidden": 96, "heads": 7, "kv_heads": 1, "head_dim": 32,
        "ffn": 96, "layers": 3, "theta": 1e6, "eps": 1e-6, "tied": False, "pre": "qwen2",
        "embedding": T.Q5_0, "head": T.Q8_0,
        "types": [
            dict(q=T.Q4_0, k=T.Q4_1, v=T.Q8_0, o=T.Q5_0, gate=T.Q4_1, up=T.Q5_0, down=T.Q8_0),
            dict(q=T.F16, k=T.BF16, v=T.F32, o=T.Q4_1, gate=T.F16, up=T.BF16, down=T.Q4_0),
            dict(q=T.Q5_0, k=T.Q8_0, v=T.Q4_0, o=T.BF16, gate=T.Q4_0, up=T.Q8_0, down=T.F16),
        ],
    },
    # The formats with blocks of 256; the head is the embedding table.
    "tiny-qwen2-tied": {
        "arch": "qwen2", "seed": 2, "hidden": 256, "heads": 4, "kv_heads": 2, "head_dim": 32,
        "ffn": 96, "layers": 2, "theta": 1e4, "eps": 1e-5, "tied": True, "pre": "qwen2",
        "embedding": T.Q6_K, "head": None,
        "types": [
            dict(q=T.Q4_K, k=T.Q6_K, v=T.Q4_K, o=T.Q4_0, gate=T.Q4_K, up=T.Q6_K, down=T.Q5_0),
            dict(q=T.Q6_K, k=T.Q4_K, v=T.Q6_K, o=T.Q5_0, gate=T.Q6_K, up=T.Q4_K, down=T.Q8_0),
        ],
    },
    # Rows of q and k permuted as converters do it, hence interleaved rotation.
    "tiny-llama": {
        "arch": "llama", "seed": 3, "hidden": 64, "heads": 4, "kv_heads": 2, "head_dim": 16,
        "ffn": 96, "layers": 3, "theta": 1e5, "eps": 1e-5, "tied": False, "pre": "smollm",
        "embedding": T.Q8_0, "head": T.F16,
        "types": [
            dict(q=T.Q4_1, k=T.Q4_1, v=T.Q4_1, o=T.Q4_1, gate=T.Q4_1, up=T.Q4_1, down=T.Q4_1),
            dict(q=T.F32, k=T.F16, v=T.BF16, o=T.F16, gate=T.F32, up=T.F16, down=T.BF16),
            dict(q=T.Q8_0, k=T.Q5_0, v=T.Q4_0, o=T.Q8_0, gate=T.Q5_0, up=T.Q4_0, down=T.Q8_0),
        ],
    },
    # Llama 3.1's long-context scaling as rope_freqs.weight, strong from the first positions on.
    "tiny-llama-tied": {
        "arch": "llama", "seed": 4, "hidden": 64, "heads": 2, "kv_heads": 2, "head_dim": 64,
        "ffn": 96, "layers": 2, "theta": 5e2, "eps": 1e-5, "tied": True, "pre": "smollm",
        "embedding": T.BF16, "head": None,
        "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                         "high_freq_factor": 4.0, "original_max_position_embeddings": 64},
        "types": [
            dict(q=T.BF16, k=T.BF16, v=T.BF16, o=T.BF16, gate=T.BF16, up=T.BF16, down=T.BF16),
            dict(q=T.F16, k=T.Q8_0, v=T.Q8_0, o=T.Q8_0, gate=T.Q8_0, up=T.Q8_0, down=T.Q8_0),
        ],
    },
}


def byte_alphabet():
    """GPT-2's printable stand-in for each byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    shifted = (chr(256 + i) for i in range(256))
    return [chr(b) if b in plain else next(shifted) for b in range(256)]


def vocabulary():
    """(tokens, kinds, merges): 256 bytes, 42 merges learnt from TEXT, specials, padding to 320."""
    tokens, merges = byte_alphabet(), []
    words = [list(word) for word in TEXT.replace(" ", " Ġ").split()]
    while len(merges) < 42:
        pairs = {}
        for word in words:
            for pair in zip(word, word[1:]):
                pairs[pair] = pairs.get(pair, 0) + 1
        best = max(sorted(pairs), key=pairs.get)
        merges.append(" ".join(best))
        tokens.append("".join(best))
        for word in words:
            for i in range(len(word) - 1, 0, -1):
                if i < len(word) and (word[i - 1], word[i]) == best:
                    word[i - 1:i + 1] = ["".join(best)]
    kinds = [gguf.TokenType.NORMAL] * len(tokens)
    for token in ("<|endoftext|>", "<|im_start|>", "<|im_end|>"):
        tokens.append(token)
        kinds.append(gguf.TokenType.CONTROL)
    for token in ("<think>", "</think>"):
        tokens.append(token)
        kinds.append(gguf.TokenType.USER_DEFINED)
    while len(tokens) < 320:
        tokens.append(f"[PAD{len(tokens)}]")
        kinds.append(gguf.TokenType.UNUSED)
    return tokens, kinds, merges


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
    """GGUF name -> (data, type), and Hugging Face's state dict of the same values."""
    rng = np.random.default_rng(spec["seed"])
    hidden, ffn, dim = spec["hidden"], spec["ffn"], spec["head_dim"]
    q_rows, kv_rows = spec["heads"] * dim, spec["kv_heads"] * dim
    stored, state = {}, {}

    def matrix(name, hf_name, rows, cols, kind, std, permuted_heads=0):
        data, values = random_matrix(rng, rows, cols, kind, std)
        stored[name] = (data, kind)
        state[hf_name] = unpermute(values, permuted_heads) if permuted_heads else values

    def vector(name, hf_name, size, mean, std):
        values = rng.normal(mean, std, size).astype(np.float32)
        stored[name] = (values, T.F32)
        state[hf_name] = values

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
            if not is_llama:
                vector(f"{ours}attn_{part}.bias", f"{theirs}self_attn.{part}_proj.bias", rows, 0,
                       0.5)
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
    if "rope_scaling" in spec:
        stored["rope_freqs.weight"] = (llama3_divisors(spec), T.F32)
    return stored, {name: torch.from_numpy(np.copy(values)) for name, values in state.items()}


def write_gguf(path, name, spec, stored):
    tokens, kinds, merges = vocabulary()
    w = gguf.GGUFWriter(path, spec["arch"])
    w.add_name(name)
    w.add_block_count(spec["layers"])
    w.add_context_length(256)
    w.add_embedding_length(spec["hidden"])
    w.add_feed_forward_length(spec["ffn"])
    w.add_head_count(spec["heads"])
    # A number, or one for each layer: both occur.
    uniform = [spec["kv_heads"]] * spec["layers"]
    w.add_head_count_kv(uniform if "rope_scaling" in spec else spec["kv_heads"])
    if spec["head_dim"] * spec["heads"] != spec["hidden"]:
        w.add_key_length(spec["head_dim"])
        w.add_value_length(spec["head_dim"])
    w.add_rope_freq_base(spec["theta"])
    w.add_layer_norm_rms_eps(spec["eps"])
    w.add_vocab_size(len(tokens))
    w.add_tokenizer_model("gpt2")
    w.add_tokenizer_pre(spec["pre"])
    w.add_token_list(tokens)
    w.add_token_types(kinds)
    w.add_token_merges(merges)
    w.add_bos_token_id(tokens.index("<|endoftext|>"))
    w.add_eos_token_id(tokens.index("<|im_end|>"))
    w.add_pad_token_id(tokens.index("<|endoftext|>"))
    w.add_add_bos_token(False)
    w.add_chat_template(TEMPLATE)
    for tensor, (data, kind) in stored.items():
        w.add_tensor(tensor, data, raw_dtype=None if data.dtype == np.float32 else kind)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


def transformers_logits(spec, state, ids):
    common = dict(
        vocab_size=len(vocabulary()[0]), hidden_size=spec["hidden"],
        intermediate_size=spec["ffn"], num_hidden_layers=spec["layers"],
        num_attention_heads=spec["heads"], num_key_value_heads=spec["kv_heads"],
        head_dim=spec["head_dim"], rms_norm_eps=spec["eps"], tie_word_embeddings=spec["tied"],
        max_position_embeddings=256,
        rope_parameters={"rope_theta": spec["theta"],
                         **spec.get("rope_scaling", {"rope_type": "default"})},
    )
    if spec["arch"] == "llama":
        model = transformers.LlamaForCausalLM(transformers.LlamaConfig(**common))
    else:
        model = transformers.Qwen2ForCausalLM(transformers.Qwen2Config(**common))
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and all("rotary" in m for m in missing), (missing, unexpected)
    model.eval().float()
    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0].numpy()


def main():
    here = pathlib.Path(__file__).resolve().parent.parent
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here / "tests/data/models"
    folder.mkdir(parents=True, exist_ok=True)
    for name, spec in MODELS.items():
        stored, state = make_tensors(spec)
        write_gguf(folder / f"{name}.gguf", name, spec, stored)
        rng = np.random.default_rng(100 + spec["seed"])
        ids = [int(i) for i in rng.integers(0, len(vocabulary()[0]), POSITIONS[-1] + 1)]
        logits = transformers_logits(spec, state, ids)
        vectors = {"ids": ids, "positions": POSITIONS,
                   "logits": [[round(float(x), 5) for x in logits[p]] for p in POSITIONS]}
        (folder / f"{name}.json").write_text(json.dumps(vectors, separators=(",", ":")) + "\n")
        size = (folder / f"{name}.gguf").stat().st_size
        print(f"{name}: {size / 1024:.0f} KiB, logits from {logits.min():.2f} to "
              f"{logits.max():.2f}, deviation {logits.std():.2f}")


if __name__ == "__main__":
    main()
