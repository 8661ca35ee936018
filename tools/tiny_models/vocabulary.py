"""The vocabulary that all tiny models share, and their chat template."""

import json

import gguf
import tokenizers
from tokenizers import Regex, normalizers, pre_tokenizers

TEXT = "the quick brown fox then thinks that this is the answer; in one, two, three: 1 + 1 = 2 "
TEMPLATE = (
    "{%- for message in messages %}"
    "{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n<think>\\n' }}{%- endif %}"
)



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


# The pattern of Qwen2's tokenizer.json.
QWEN2_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def write_tokenizer_files(folder, family):
    """tokenizer.json and tokenizer_config.json as the published models of `family` have them."""
    tokens, kinds, merges = vocabulary()
    plain = [t for t, kind in zip(tokens, kinds) if kind == gguf.TokenType.NORMAL]
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE(
        {token: i for i, token in enumerate(plain)}, [tuple(m.split(" ")) for m in merges]))
    if family == "qwen2":
        tokenizer.normalizer = normalizers.NFC()
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
            pre_tokenizers.Split(Regex(QWEN2_PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    for token, kind in zip(tokens, kinds):
        if kind in (gguf.TokenType.CONTROL, gguf.TokenType.USER_DEFINED):
            special = kind == gguf.TokenType.CONTROL
            tokenizer.add_tokens([tokenizers.AddedToken(token, special=special, normalized=False)])
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": None,
              "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>", "chat_template": TEMPLATE}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
