#!/usr/bin/env python3
"""Makes tests/data/text/*: what outside implementations say about text.

  tiny_vocabulary.json     a byte-level BPE vocabulary trained here on the text below
  tiny_tokenizer.jsonl     text -> ids of that vocabulary, as family qwen2 and as family smollm,
                           by Hugging Face's tokenizers
  tiny_FAMILY.json         a small tokenizer.json of each family, trained likewise
  tiny_files.jsonl         text -> ids and decoded text of each, by Hugging Face's tokenizers
  real_tokenizer.jsonl     text -> ids of two real files: qwen2 by Hugging Face's tokenizers,
                           smollm by llama-cpp-python (needs --models)
  real_templates.jsonl     the real files' own templates, by Jinja2 (needs --models)
  template_cases.jsonl     template + variables -> text or error, by Jinja2 as Hugging Face sets it up

  pip install tokenizers jinja2 gguf llama-cpp-python
  tools/make_text_vectors.py [--models ~/.cache/retort-models]
"""

import argparse
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from text_vectors import templates, tokenizers_  # noqa: E402

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "data" / "text"


def write_lines(name, rows):
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
    (OUT / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{name}: {len(rows)} lines")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=pathlib.Path, help="folder with the real GGUF files")
    args = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)

    vocabulary = tokenizers_.train_tiny_vocabulary()
    text = json.dumps(vocabulary, ensure_ascii=False, indent=0)
    (OUT / "tiny_vocabulary.json").write_text(text + "\n", encoding="utf-8")
    write_lines("tiny_tokenizer.jsonl", tokenizers_.tiny_cases(vocabulary))
    files = {family: tokenizers_.train_file(family) for family in tokenizers_.PATTERNS}
    for family, text in files.items():
        (OUT / f"tiny_{family}.json").write_text(text + "\n", encoding="utf-8")
    write_lines("tiny_files.jsonl", tokenizers_.file_cases(files))
    if args.models:
        write_lines("real_tokenizer.jsonl", tokenizers_.real_cases(args.models.expanduser()))
        write_lines("real_templates.jsonl", templates.real_cases(args.models.expanduser()))
    write_lines("template_cases.jsonl", templates.cases())


if __name__ == "__main__":
    main()
