#!/usr/bin/env python3
"""Prints how far `retort score` is from recorded float32 vectors, one row a model, backend and role.

  tools/exactness.py MODEL.gguf=VECTORS.jsonl ... [--backend cpu,reference] [--role prompt,generated]
                     [--cpu-level avx2,avx512] [--kv-type f16,q8_0] [--max-tokens N] [--retort build/release/retort]

The vectors are those of tools/make_logit_vectors.py. Columns: the mean absolute difference of the
per-token negative log-likelihoods (the first prediction of a text left out), averaged over the texts
and of the worst text; the greatest difference of a first prediction, of any other, and of a probe
logit; how often the most likely token agrees where the recorded margin exceeds 0.5, each step of the
recorded greedy continuation included, fed back as input. --max-tokens leaves longer texts out.
Exit status 1 when a limit is exceeded: those of `cpu` in LIMITS, of `reference` below.
"""

import argparse
import itertools
import json
import pathlib
import subprocess
import sys

# Part of the model file's name -> limit of the mean difference; twice that for a single text.
LIMITS = {"135M": 0.073, "0.5b": 0.039, "1.5b": 0.047}
FIRST_LIMIT = 0.5
REFERENCE_NLL_LIMIT, REFERENCE_PROBE_LIMIT = 0.01, 0.05
MARGIN = 0.5


def score(command, requests):
    """The answers of one `retort score` to many requests."""
    lines = "".join(json.dumps(r) + "\n" for r in requests)
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    errors = [a["error"] for a in answers if "error" in a]
    if done.returncode != 0 or errors:
        sys.exit(f"{' '.join(command)}: {errors or done.stderr}")
    return answers


def argmax_counts(vector, answer):
    """(agreeing, compared) predictions whose recorded margin exceeds MARGIN."""
    last = len(vector["ids"]) - 1
    pairs = list(zip(vector["greedy"], answer["argmax"][last:], vector["margins"], strict=True))
    if "argmax" in vector:
        pairs += zip(vector["argmax"], answer["argmax"], vector["margin"])
    sure = [(a, b) for a, b, margin in pairs if margin > MARGIN]
    return sum(a == b for a, b in sure), len(sure)


def compare(vectors, answers, probed):
    """The row's figures from the answers to each text with its continuation, and to the texts alone
    (for the probe logits after their last token), if there are such."""
    means, first, rest, probe, agree, sure = {}, 0.0, 0.0, 0.0, 0, 0
    for vector, answer in zip(vectors, answers, strict=True):
        # The continuation's own likelihoods come after those of the text and are left out by zip.
        deltas = [abs(a - b) for a, b in zip(vector["nll"], answer["nll"])]
        first = max(first, deltas[0])
        rest = max([rest, *deltas[1:]])
        means[vector["name"]] = sum(deltas[1:]) / len(deltas[1:])
        counts = argmax_counts(vector, answer)
        agree, sure = agree + counts[0], sure + counts[1]
    for vector, answer in zip(vectors, probed):
        deltas = zip(vector["last"]["probe_logits"], answer["probe_logits"], strict=True)
        probe = max([probe, *(abs(a - b) for a, b in deltas)])
    worst = max(means, key=means.get)
    return {"mean": sum(means.values()) / len(means), "worst": worst, "worst_mean": means[worst],
            "first": first, "rest": rest, "probe": probe if probed else None, "agree": agree, "sure": sure}


def within_limits(figures, model, backend):
    limit = next((v for k, v in LIMITS.items() if k in model), None)
    if figures["agree"] != figures["sure"] or figures["first"] > FIRST_LIMIT:
        return False
    if backend == "reference":
        return (max(figures["first"], figures["rest"]) <= REFERENCE_NLL_LIMIT
                and (figures["probe"] or 0) <= REFERENCE_PROBE_LIMIT)
    return limit is None or (figures["mean"] <= limit and figures["worst_mean"] <= 2 * limit)


def run(args, model, vectors, backend, level, kv_type, role):
    command = [args.retort, "score", str(model), "--backend", backend, "--role", role]
    if level:
        command += ["--cpu-level", level]
    if kv_type:
        command += ["--kv-type", kv_type]
    continued = [{"ids": v["ids"] + v["greedy"][:-1]} for v in vectors]
    plain = [{"ids": v["ids"], "probe_ids": v["last"]["probe_ids"]} for v in vectors]
    if role == "generated":
        plain = []  # one token at a time is slow, and no limit asks for it
    answers = score(command, continued + plain)
    figures = compare(vectors, answers[:len(vectors)], answers[len(vectors):])
    fine = within_limits(figures, model.name, backend)
    probe = "-" if figures["probe"] is None else f"{figures['probe']:.4f}"
    print(f"{model.name[:28]:28}  {' '.join(filter(None, (backend, level, kv_type))):13}  {role:9}"
          f"  {len(vectors):5}  {figures['mean']:8.4f}  {figures['worst_mean']:8.4f}"
          f" {figures['worst']:12}  {figures['first']:8.4f}  {figures['rest']:8.4f}"
          f"  {probe:>8}  {figures['agree']:4}/{figures['sure']:<4}"
          f"  {'yes' if fine else 'NO'}", flush=True)
    return fine


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="+", metavar="MODEL=VECTORS")
    parser.add_argument("--retort", default="build/release/retort")
    parser.add_argument("--backend", default="cpu")
    parser.add_argument("--cpu-level", default="")
    parser.add_argument("--kv-type", default="")
    parser.add_argument("--role", default="prompt,generated")
    parser.add_argument("--max-tokens", type=int, default=1 << 30)
    args = parser.parse_args()
    print(f"{'model':28}  {'backend':13}  {'role':9}  texts  mean Δnll  worst text             "
          f"  first Δ   other Δ   probe Δ  same most likely  within limits")
    fine = True
    for pair in args.pairs:
        model, vectors_path = pair.split("=", 1)
        with open(vectors_path, encoding="utf-8") as file:
            vectors = [json.loads(line) for line in file]
        vectors = [v for v in vectors if len(v["ids"]) <= args.max_tokens]
        for backend in args.backend.split(","):
            levels = args.cpu_level.split(",") if backend == "cpu" else [""]
            kv_types = args.kv_type.split(",") if backend == "cpu" else [""]
            for level, kv_type, role in itertools.product(levels, kv_types, args.role.split(",")):
                fine &= run(args, pathlib.Path(model), vectors, backend, level, kv_type, role)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
