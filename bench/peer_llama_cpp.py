#!/usr/bin/env python3
"""Retort beside llama.cpp: the same tests on the same files, in turns within one run.

  bench/peer_llama_cpp.py FILE.gguf... [--rounds 5] [--threads N] [--tests pp512,tg128,...]

Each round runs a test once with `retort bench` and once with llama.cpp through llama-cpp-python's
low-level interface; the table has the medians and the ratio of medians with its 95 % bootstrap
interval. JSON lines go to bench/results/, with commit and processor.

It needs a Python environment with llama-cpp-python and numpy; scripts/bench-peers makes one, with
the peer compiled for this processor, and runs this.
"""

import argparse
import ctypes
import dataclasses
import datetime
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
DEFAULT_TESTS = "pp128,pp512,tg128,tg64@2048,batch1,batch4,batch8,batch16,batch32"
BATCH_DEPTH, BATCH_GENERATED = 64, 32  # as src/lab/bench/plan.h
CHUNK = 512  # rows a step


@dataclasses.dataclass(frozen=True)
class Test:
    name: str
    prompt: bool
    sequences: int
    depth: int
    tokens: int
    flags: tuple[str, ...]  # of `retort bench`, to run this test alone


def parse_test(name: str) -> Test:
    nothing = ("--prompts", "none", "--depths", "none", "--batches", "none")
    if match := re.fullmatch(r"pp(\d+)", name):
        return Test(name, True, 1, 0, int(match[1]), nothing[2:] + ("--prompts", match[1]))
    if match := re.fullmatch(r"tg(\d+)(?:@(\d+))?", name):
        depth = match[2] or "0"
        flags = ("--gen", match[1], "--depths", depth, "--prompts", "none", "--batches", "none")
        return Test(name, False, 1, int(depth), int(match[1]), flags)
    if match := re.fullmatch(r"batch(\d+)", name):
        flags = nothing[:4] + ("--batches", match[1])
        return Test(name, False, int(match[1]), BATCH_DEPTH, BATCH_GENERATED, flags)
    raise SystemExit(f"{name} is no test; write pp512, tg128, tg64@2048 or batch16")


class Retort:
    def __init__(self, program: pathlib.Path, file: str, threads: int) -> None:
        self.command = [str(program), "bench", file, "--json", "--no-start", "--no-store",
                        "--repeat", "1"]
        self.command += ["--threads", str(threads)]

    def measure(self, test: Test) -> dict:
        ran = subprocess.run(
            self.command + list(test.flags), check=False, capture_output=True, text=True
        )
        if ran.returncode != 0:
            raise SystemExit(f"retort bench failed on {test.name}: {ran.stderr.strip()}")
        line = json.loads(ran.stdout)
        if line["test"] != test.name:
            raise SystemExit(f"retort bench ran {line['test']} instead of {test.name}")
        return line


class Peer:
    """One model in llama.cpp; contexts are made for each test, as large as it needs."""

    def __init__(self, file: str, threads: int) -> None:
        import llama_cpp  # here, so that --help works without it

        self.api = llama_cpp
        self.threads = threads
        self.silence = llama_cpp.llama_log_callback(lambda level, text, data: None)
        llama_cpp.llama_log_set(self.silence, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        parameters = llama_cpp.llama_model_default_params()
        parameters.n_gpu_layers = 0
        self.model = llama_cpp.llama_model_load_from_file(os.fsencode(file), parameters)
        if not self.model:
            raise SystemExit(f"llama.cpp cannot load {file}")
        vocabulary = llama_cpp.llama_model_get_vocab(self.model)
        self.vocabulary_size = llama_cpp.llama_vocab_n_tokens(vocabulary)
        self.random = random.Random(1)

    def close(self) -> None:
        self.api.llama_model_free(self.model)

    def new_context(self, test: Test):
        parameters = self.api.llama_context_default_params()
        parameters.n_ctx = test.sequences * (test.depth + test.tokens + 8)
        parameters.n_batch = parameters.n_ubatch = CHUNK
        parameters.n_seq_max = test.sequences
        parameters.n_threads = parameters.n_threads_batch = self.threads
        parameters.kv_unified = True
        return self.api.llama_init_from_model(self.model, parameters)

    def step(self, context, batch, rows: list[tuple[int, int, bool]]) -> None:
        """rows: (sequence, position, whether its logits are wanted)."""
        batch.n_tokens = len(rows)
        for i, (sequence, position, wanted) in enumerate(rows):
            batch.token[i] = self.random.randrange(self.vocabulary_size)
            batch.pos[i] = position
            batch.n_seq_id[i] = 1
            batch.seq_id[i][0] = sequence
            batch.logits[i] = wanted
        if self.api.llama_decode(context, batch) != 0:
            raise SystemExit("llama_decode failed")
        self.api.llama_synchronize(context)

    def prompt(self, context, batch, sequence: int, tokens: int) -> None:
        for start in range(0, tokens, CHUNK):
            end = min(tokens, start + CHUNK)
            rows = [(sequence, at, at == tokens - 1) for at in range(start, end)]
            self.step(context, batch, rows)

    def timed(self, test: Test, context, batch) -> float:
        start = time.perf_counter()
        if test.prompt:
            self.prompt(context, batch, 0, test.tokens)
        else:
            for position in range(test.depth, test.depth + test.tokens):
                rows = [(sequence, position, True) for sequence in range(test.sequences)]
                self.step(context, batch, rows)
        return time.perf_counter() - start

    def measure(self, test: Test) -> float:
        """Tokens per second, after one untimed step of the same kind."""
        context = self.new_context(test)
        batch = self.api.llama_batch_init(CHUNK, 0, 1)
        memory = self.api.llama_get_memory(context)
        for sequence in range(test.sequences):
            self.prompt(context, batch, sequence, test.depth)
        warm_up = test if test.prompt else dataclasses.replace(test, tokens=1)
        self.timed(warm_up, context, batch)
        for sequence in range(test.sequences):
            self.api.llama_memory_seq_rm(memory, sequence, test.depth, -1)
        seconds = self.timed(test, context, batch)
        self.api.llama_batch_free(batch)
        self.api.llama_free(context)
        return test.sequences * test.tokens / seconds


def ratio_interval(ours: list[float], theirs: list[float]) -> tuple[float, float]:
    """95 % percentile bootstrap of the ratio of medians."""
    draw = random.Random(1)
    ratios = sorted(
        statistics.median(draw.choices(ours, k=len(ours)))
        / statistics.median(draw.choices(theirs, k=len(theirs)))
        for _ in range(2000)
    )
    return ratios[50], ratios[1949]


def commit() -> str:
    def git(*arguments: str) -> str:
        ran = subprocess.run(
            ["git", "-C", str(ROOT), *arguments], check=False, capture_output=True, text=True
        )
        return ran.stdout.strip()

    dirty = git("status", "--porcelain", "--", "src", "cmake", "CMakeLists.txt")
    return (git("rev-parse", "--short=12", "HEAD") or "unknown") + ("-dirty" if dirty else "")


def compare(file: str, tests: list[Test], options: argparse.Namespace, out) -> None:
    retort = Retort(options.retort, file, options.threads)
    peer = Peer(file, options.threads)
    print(f"\n{pathlib.Path(file).name}", flush=True)
    print(f"{'test':<10} {'retort, tokens/s':>17} {'llama.cpp, tokens/s':>20} {'ratio':>6}  95 %")
    for test in tests:
        ours, theirs, line = [], [], {}
        for _ in range(options.rounds):
            line = retort.measure(test)
            ours.append(line["tokens_per_s"])
            theirs.append(peer.measure(test))
        low, high = ratio_interval(ours, theirs)
        ratio = statistics.median(ours) / statistics.median(theirs)
        record = {key: line[key] for key in ("model", "test", "cpu", "threads", "backend")}
        record |= {
            "tokens_per_s": statistics.median(ours),
            "limit_share": line["limit_share"],
            "peer_tokens_per_s": statistics.median(theirs),
            "ratio": ratio,
            "ratio_low": low,
            "ratio_high": high,
            "rounds": options.rounds,
            "samples": ours,
            "peer_samples": theirs,
            "peer": f"llama-cpp-python {peer.api.__version__}",
            "peer_system": peer.api.llama_print_system_info().decode().strip(),
            "commit": commit(),
            "date": datetime.date.today().isoformat(),
        }
        out.write(json.dumps(record) + "\n")
        out.flush()
        medians = f"{statistics.median(ours):>17.1f} {statistics.median(theirs):>20.1f}"
        print(f"{test.name:<10} {medians} {ratio:>6.2f}  {low:.2f} to {high:.2f}", flush=True)
    peer.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each test (5)")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--tests", default=DEFAULT_TESTS, help=DEFAULT_TESTS)
    parser.add_argument("--retort", type=pathlib.Path, default=ROOT / "build/release/retort")
    parser.add_argument("--out", type=pathlib.Path, help="default: bench/results/DATE-COMMIT.jsonl")
    options = parser.parse_args()
    if not options.retort.is_file():
        raise SystemExit(f"{options.retort} does not exist; run scripts/build")
    today = datetime.date.today().isoformat()
    path = options.out or ROOT / f"bench/results/{today}-{commit()}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    tests = [parse_test(name) for name in options.tests.split(",")]
    with path.open("a") as out:
        for file in options.files:
            compare(file, tests, options, out)
    print(f"\nResults are in {path}")


if __name__ == "__main__":
    try:
        main()
    except ModuleNotFoundError as error:
        raise SystemExit(f"{error}; bench/peer_llama_cpp.py --help says how to install it")
