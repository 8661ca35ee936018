#!/usr/bin/env python3
"""Makes the tiny random models of tests/data/models, with logits from Transformers.

Each model is a GGUF file of random weights in many element types, with a small vocabulary and a
chat template, beside a .json of token ids and the float32 logits that Transformers computes for
them from the dequantised weights: an implementation that shares nothing with ours. Some are also a
folder of the same values as Transformers itself saves it.

usage: tools/make_tiny_models.py [FOLDER]     (default: tests/data/models of this repository)
needs: pip install torch transformers gguf    (made with torch 2.15, transformers 5.24, gguf 0.19)
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

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from tiny_models.specs import MODELS, POSITIONS, T  # noqa: E402
from tiny_models.vocabulary import TEMPLATE, vocabulary, write_tokenizer_files  # noqa: E402
from tiny_models.weights import make_tensors  # noqa: E402

CLASSES = {
    "llama": (transformers.LlamaForCausalLM, transformers.LlamaConfig),
    "qwen2": (transformers.Qwen2ForCausalLM, transformers.Qwen2Config),
    "qwen3": (transformers.Qwen3ForCausalLM, transformers.Qwen3Config),
}
TORCH_TYPES = {T.F32: torch.float32, T.F16: torch.float16, T.BF16: torch.bfloat16}


def write_gguf(path, name, spec, stored):
    tokens, kinds, merges = vocabulary()
    w = gguf.GGUFWriter(path, spec["arch"])
    w.add_name(name)
    w.add_block_count(spec["layers"])
    w.add_context_length(spec.get("context", 256))
    w.add_embedding_length(spec["hidden"])
    w.add_feed_forward_length(spec["ffn"])
    w.add_head_count(spec["heads"])
    # A number, or one for each layer: both occur.
    uniform = [spec["kv_heads"]] * spec["layers"]
    w.add_head_count_kv(uniform if "rope_scaling" in spec else spec["kv_heads"])
    scaling = spec.get("rope_scaling", {})
    if scaling.get("rope_type") == "yarn":
        w.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        w.add_rope_scaling_factor(scaling["factor"])
        w.add_rope_scaling_orig_ctx_len(scaling["original_max_position_embeddings"])
        w.add_rope_scaling_yarn_beta_fast(scaling["beta_fast"])
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


def transformers_model(spec, state):
    tokens = vocabulary()[0]
    model_class, config_class = CLASSES[spec["arch"]]
    model = model_class(config_class(
        vocab_size=len(tokens), hidden_size=spec["hidden"],
        intermediate_size=spec["ffn"], num_hidden_layers=spec["layers"],
        num_attention_heads=spec["heads"], num_key_value_heads=spec["kv_heads"],
        head_dim=spec["head_dim"], rms_norm_eps=spec["eps"], tie_word_embeddings=spec["tied"],
        max_position_embeddings=spec.get("context", 256), bos_token_id=tokens.index("<|endoftext|>"),
        eos_token_id=tokens.index("<|im_end|>"),
        rope_parameters={"rope_theta": spec["theta"],
                         **spec.get("rope_scaling", {"rope_type": "default"})},
    ))
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and all("rotary" in m for m in missing), (missing, unexpected)
    return model.eval().float()


def logits_of(model, ids):
    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0].numpy()


def save_folder(folder, spec, model, types_of):
    """The model as Transformers saves it, each tensor in its own type."""
    for name, parameter in model.named_parameters():
        parameter.data = parameter.data.to(TORCH_TYPES[types_of[name]])
    tokens = vocabulary()[0]
    model.generation_config = transformers.GenerationConfig(
        do_sample=True, temperature=0.6, top_p=0.95, top_k=20,
        bos_token_id=tokens.index("<|endoftext|>"),
        eos_token_id=[tokens.index("<|im_end|>"), tokens.index("<|endoftext|>")])
    model.save_pretrained(folder, max_shard_size=spec.get("shard_bytes", "1GB"))
    write_tokenizer_files(folder, spec["pre"])


def main():
    here = pathlib.Path(__file__).resolve().parent.parent
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here / "tests/data/models"
    folder.mkdir(parents=True, exist_ok=True)
    for name, spec in MODELS.items():
        stored, state, types_of = make_tensors(spec)
        write_gguf(folder / f"{name}.gguf", name, spec, stored)
        rng = np.random.default_rng(100 + spec["seed"])
        positions = spec.get("positions", POSITIONS)
        ids = [int(i) for i in rng.integers(0, len(vocabulary()[0]), positions[-1] + 1)]
        model = transformers_model(spec, state)
        logits = logits_of(model, ids)
        vectors = {"ids": ids, "positions": positions,
                   "logits": [[round(float(x), 5) for x in logits[p]] for p in positions]}
        (folder / f"{name}.json").write_text(json.dumps(vectors, separators=(",", ":")) + "\n")
        if spec.get("folder"):
            save_folder(folder / name, spec, model, types_of)
        size = (folder / f"{name}.gguf").stat().st_size
        print(f"{name}: {size / 1024:.0f} KiB, logits from {logits.min():.2f} to "
              f"{logits.max():.2f}, deviation {logits.std():.2f}")


if __name__ == "__main__":
    main()
