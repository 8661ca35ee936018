#!/usr/bin/env python3
"""Makes tests/data/logits/smollm2-135m.jsonl: what Transformers makes of a few texts of ours.

Float32 on the CPU, from the dequantised weights of the real SmolLM2-135M-Instruct Q4_1 file. One
JSON object a line: `name`, `text`, `ids` (special tokens written in the text recognised, none
added), `nll` (-log p(ids[i+1] | ids[..i])), `argmax` and `margin` (greatest minus second logit) at
each position, `last` (logsumexp, probe_ids and their logits at the last position), `greedy` (the
most likely continuation) with its `margins`.

usage: tools/make_logit_vectors.py MODEL.gguf [OUT]
needs: pip install torch transformers gguf accelerate   (made with torch 2.15, transformers 5.23, gguf 0.19)
"""

import json
import pathlib
import sys

try:
    import torch
    import transformers
except ImportError as error:
    sys.exit(f"{error}; try: python3 -m pip install torch transformers gguf accelerate")

GREEDY_TOKENS = 24
NUM_PROBES = 64
TEXTS = {
    "sentence": "Water boils at one hundred degrees",
    "algebra": "Solve for x: 3x + 7 = 25. First subtract 7 from both sides, so 3x = 18, and then",
    "algebra-zh": "解方程:2x - 6 = 10,求 x 的值。",
    "code": "def gcd(a, b):\n    while b:\n        a, b = b, a % b\n    return a\n\nprint(gcd(48, 36))  #",
    "emoji": "Fünf Äpfel 🍏🍎 und 3½ kg — “très bien” 👍🏽\r\n\ttab   spaces",
    "chat": "<|im_start|>user\nWhat is 12 * 12?<|im_end|>\n<|im_start|>assistant\n",
    "numbers": "1, 1, 2, 3, 5, 8, 13, 21, 34, 55,",
    "story": "Once a small robot found an old clock in the garden. It did not tick, but the robot "
             "opened it, cleaned every wheel, and",
}


def margins_of(logits):
    best = logits.topk(2, dim=-1).values
    return [round(float(x), 4) for x in best[..., 0] - best[..., 1]]


def vectors(model, tokenizer, name, text):
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0].double()
        nll = -logits[:-1].log_softmax(-1).gather(1, torch.tensor(ids[1:])[:, None])[:, 0]
        continued, greedy_logits = list(ids), []
        for _ in range(GREEDY_TOKENS):
            step = model(torch.tensor([continued])).logits[0, -1]
            greedy_logits.append(step)
            continued.append(int(step.argmax()))
    probes = sorted({i * logits.shape[1] // NUM_PROBES for i in range(NUM_PROBES)})
    return {
        "name": name, "text": text, "ids": ids,
        "nll": [round(float(x), 5) for x in nll],
        "argmax": [int(i) for i in logits.argmax(-1)], "margin": margins_of(logits),
        "last": {"logsumexp": round(float(logits[-1].logsumexp(-1)), 5), "probe_ids": probes,
                 "probe_logits": [round(float(logits[-1, i]), 4) for i in probes]},
        "greedy": continued[len(ids):], "margins": margins_of(torch.stack(greedy_logits)),
    }


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    path = pathlib.Path(sys.argv[1]).expanduser().resolve()
    here = pathlib.Path(__file__).resolve().parent.parent
    default = here / "tests/data/logits/smollm2-135m.jsonl"
    out = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else default
    load = dict(pretrained_model_name_or_path=path.parent, gguf_file=path.name)
    tokenizer = transformers.AutoTokenizer.from_pretrained(**load)
    model = transformers.AutoModelForCausalLM.from_pretrained(**load, dtype=torch.float32).eval()
    lines = [vectors(model, tokenizer, name, text) for name, text in TEXTS.items()]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    print(f"{out}: {len(lines)} texts, {sum(len(line['ids']) for line in lines)} tokens")


if __name__ == "__main__":
    main()
