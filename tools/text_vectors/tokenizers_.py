"""Vocabularies and token ids, by Hugging Face's tokenizers and llama-cpp-python."""

import json

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
from tokenizers import pre_tokenizers, processors, trainers

from . import strings

QWEN2_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
LLAMA3_PATTERN = QWEN2_PATTERN.replace(r"|\p{N}|", r"|\p{N}{1,3}|")
DEEPSEEK_PATTERNS = [
    r"\p{N}{1,3}",
    "[一-龥\u3040-ゟ゠-ヿ]+",
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
    "|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*"
    "|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
]
PATTERNS = {"qwen2": [QWEN2_PATTERN], "llama-bpe": [LLAMA3_PATTERN],
            "deepseek-v3": DEEPSEEK_PATTERNS}
FILE_SIZE = 500
NORMAL, CONTROL, USER_DEFINED, UNUSED = 1, 3, 4, 5  # GGUF's token types
TINY_SIZE = 600


def pretokenizer(family):
    if family in PATTERNS:
        return pre_tokenizers.Sequence([
            *(pre_tokenizers.Split(Regex(pattern), "isolated") for pattern in PATTERNS[family]),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ])
    return pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
    ])


def train_tiny_vocabulary():
    """The fields of a TokenizerSpec: tokens and kinds by id, merges by rank."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pretokenizer("smollm")
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=TINY_SIZE, initial_alphabet=alphabet,
                                  show_progress=False)
    tokenizer.train_from_iterator(strings.CORPUS.splitlines(keepends=True), trainer)
    model = json.loads(tokenizer.to_str())["model"]
    tokens = [token for token, _ in sorted(model["vocab"].items(), key=lambda item: item[1])]
    kinds = [NORMAL] * len(tokens)
    for kind, added in ((CONTROL, strings.TINY_CONTROL), (UNUSED, ["[PAD]"]),
                        (USER_DEFINED, strings.TINY_USER_DEFINED)):
        tokens += added
        kinds += [kind] * len(added)
    merges = [m if isinstance(m, str) else " ".join(m) for m in model["merges"]]
    return {"tokens": tokens, "kinds": kinds, "merges": merges}


def build(family, vocabulary):
    """Hugging Face's tokenizer from the same fields."""
    kinds = vocabulary["kinds"]
    normal = {t: i for i, t in enumerate(vocabulary["tokens"]) if kinds[i] == NORMAL}
    # Unused ids keep their place, so that added tokens get theirs.
    normal |= {f"\x00unused{i}": i for i, kind in enumerate(kinds) if kind == UNUSED}
    added = {i: t for i, t in enumerate(vocabulary["tokens"]) if kinds[i] in (CONTROL, USER_DEFINED)}
    merges = [tuple(m.split(" ")) for m in vocabulary["merges"]]
    tokenizer = Tokenizer(models.BPE(vocab=normal | {t: i for i, t in added.items()}, merges=merges))
    if family == "qwen2":
        tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pretokenizer(family)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_tokens([AddedToken(t, normalized=False) for t in added.values()])
    for i, t in added.items():
        assert tokenizer.token_to_id(t) == i, (t, i, tokenizer.token_to_id(t))
    return tokenizer


def tiny_cases(vocabulary):
    built = {family: build(family, vocabulary) for family in ("qwen2", "smollm")}
    rows = []
    for text in strings.TINY_STRINGS:
        row = {"text": text}
        for family, tokenizer in built.items():
            row[family] = tokenizer.encode(text, add_special_tokens=False).ids
        rows.append(row)
    print(f"tokenizers {tokenizers.__version__}")
    return rows


def train_file(family):
    """The text of a small tokenizer.json with what is peculiar to its family."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=family == "llama-bpe"))
    if family == "qwen2":
        tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pretokenizer(family)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=FILE_SIZE, show_progress=False,
                                  initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.train_from_iterator(strings.CORPUS.splitlines(keepends=True), trainer)
    tokenizer.add_special_tokens([AddedToken(t, normalized=False) for t in strings.TINY_CONTROL])
    # DeepSeek's are looked for after the others, in normalised text.
    tokenizer.add_tokens([AddedToken(t, normalized=family == "deepseek-v3")
                          for t in strings.TINY_USER_DEFINED])
    if family == "llama-bpe":
        bos = strings.TINY_CONTROL[0]
        tokenizer.post_processor = processors.Sequence([
            processors.ByteLevel(trim_offsets=False),
            processors.TemplateProcessing(single=f"{bos} $A", pair=f"{bos} $A {bos}:1 $B:1",
                                          special_tokens=[(bos, tokenizer.token_to_id(bos))]),
        ])
    file = json.loads(tokenizer.to_str())
    if family == "llama-bpe":  # tokens that no merge makes any more: they need ignore_merges
        file["model"]["merges"] = [m for i, m in enumerate(file["model"]["merges"]) if i % 9 != 8]
    if family == "qwen2":  # the older way to write them
        file["model"]["merges"] = [m if isinstance(m, str) else " ".join(m)
                                   for m in file["model"]["merges"]]
    return json.dumps(file, ensure_ascii=False, separators=(",", ":"))


def file_cases(files):
    built = {family: Tokenizer.from_str(text) for family, text in files.items()}
    rows = []
    for text in strings.TINY_STRINGS:
        row = {"text": text}
        for family, tokenizer in built.items():
            ids = tokenizer.encode(text, add_special_tokens=False).ids
            row[family] = {"ids": ids}
            decoded = tokenizer.decode(ids, skip_special_tokens=False)
            visible = tokenizer.decode(ids, skip_special_tokens=True)
            if decoded != text:
                row[family]["decoded"] = decoded
            if visible != decoded:
                row[family]["decoded_skip_special"] = visible
        rows.append(row)
    return rows


def read_gguf(path):
    import gguf
    fields = gguf.GGUFReader(path).fields
    names = {"tokens": "tokens", "kinds": "token_type", "merges": "merges"}
    return {k: fields[f"tokenizer.ggml.{name}"].contents() for k, name in names.items()}


def real_cases(models_folder):
    import llama_cpp
    qwen = build("qwen2", read_gguf(models_folder / "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"))
    smol = llama_cpp.Llama(str(models_folder / "SmolLM2-135M-Instruct.Q4_1.gguf"),
                           vocab_only=True, verbose=False)
    return [{"text": text,
             "qwen2": qwen.encode(text, add_special_tokens=False).ids,
             "smollm": smol.tokenize(text.encode(), add_bos=False, special=True)}
            for text in strings.STRINGS]
