#!/usr/bin/env python3
"""How `retort bench --gen` does beside others: two of them at once, and more threads than cores.

  bench/neighbours.py FILE.gguf [--threads 2] [--gen 64] [--rounds 3] [--retort build/release/retort]

Each round measures one process alone, two at once, and one with twice and four times the threads;
a figure is the median of the rounds, beside it its share of the median alone. Two processes that
share fairly and lose nothing get half each.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]


def start(args: argparse.Namespace, threads: int) -> subprocess.Popen:
    command = [args.retort, "bench", args.file, "--prompts", "none", "--depths", "0", "--batches", "none",
               "--gen", str(args.gen), "--repeat", "3", "--threads", str(threads), "--no-start", "--no-store",
               "--json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def speeds(processes: list[subprocess.Popen]) -> list[float]:
    outputs = [process.communicate()[0] for process in processes]
    if any(process.returncode != 0 for process in processes):
        sys.exit("neighbours: retort bench failed")
    return [json.loads(output)["tokens_per_s"] for output in outputs]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--threads", type=int, default=2, help="as many as there are cores")
    parser.add_argument("--gen", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--retort", default=str(ROOT / "build/release/retort"))
    args = parser.parse_args()
    cases = {
        f"alone, {args.threads} threads": [args.threads],
        "two at once, the slower": [args.threads, args.threads],
        f"alone, {2 * args.threads} threads": [2 * args.threads],
        f"alone, {4 * args.threads} threads": [4 * args.threads],
    }
    measured: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(args.rounds):
        for name, threads in cases.items():
            measured[name].append(min(speeds([start(args, n) for n in threads])))
    alone = statistics.median(next(iter(measured.values())))
    for name, values in measured.items():
        median = statistics.median(values)
        print(f"{name:<26}{median:8.1f} tokens/s {100 * median / alone:5.0f} %")


if __name__ == "__main__":
    main()
