"""Which tiny models there are, and the sizes and types by which each could go wrong."""

import gguf

T = gguf.GGMLQuantizationType
POSITIONS = [0, 1, 2, 7, 15, 31, 32, 47, 63, 71]  # on both sides of the borders of KV blocks
LONG_POSITIONS = [0, 1, 15, 31, 32, 33, 47, 63, 79]  # far beyond an original context of 32

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
    # Each head of q and k has a norm; 4 x 32 is not the hidden size. From here on each model is also a
    # folder of safetensors with the same values, so that one set of logits serves both.
    "tiny-qwen3": {
        "arch": "qwen3", "seed": 5, "hidden": 48, "heads": 4, "kv_heads": 2, "head_dim": 32,
        "ffn": 80, "layers": 2, "theta": 1e4, "eps": 1e-6, "tied": True, "pre": "qwen2",
        "embedding": T.BF16, "head": None, "folder": True, "shard_bytes": 40_000,
        "types": [
            dict(q=T.F16, k=T.BF16, v=T.F32, o=T.BF16, gate=T.F16, up=T.BF16, down=T.F16),
            dict(q=T.BF16, k=T.F32, v=T.F16, o=T.F16, gate=T.BF16, up=T.F16, down=T.BF16),
        ],
    },
    # Llama 3.1's scaling as a rule in config.json, as divisors in GGUF; permuted rows there alone.
    "tiny-llama3": {
        "arch": "llama", "seed": 6, "hidden": 32, "heads": 4, "kv_heads": 2, "head_dim": 16,
        "ffn": 64, "layers": 2, "theta": 1e3, "eps": 1e-5, "tied": False, "pre": "smollm",
        "embedding": T.BF16, "head": T.BF16, "folder": True, "positions": LONG_POSITIONS,
        "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                         "high_freq_factor": 4.0, "original_max_position_embeddings": 32},
        "types": [dict.fromkeys(("q", "k", "v", "o", "gate", "up", "down"), T.BF16)] * 2,
    },
    # YaRN: part of the pairs keep their frequency, part have a quarter of it, some lie between.
    "tiny-qwen2-yarn": {
        "arch": "qwen2", "seed": 7, "hidden": 32, "heads": 2, "kv_heads": 1, "head_dim": 32,
        "ffn": 64, "layers": 2, "theta": 1e2, "eps": 1e-6, "tied": True, "pre": "qwen2",
        "embedding": T.F16, "head": None, "folder": True, "positions": LONG_POSITIONS,
        "context": 128,
        "rope_scaling": {"rope_type": "yarn", "factor": 4.0, "beta_fast": 4.0,
                         "original_max_position_embeddings": 32},
        "types": [dict.fromkeys(("q", "k", "v", "o", "gate", "up", "down"), T.F16)] * 2,
    },
}
