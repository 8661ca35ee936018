#!/usr/bin/env python3
"""What it costs that /metrics is read 20 times a second while the server works all it can (R24).

  tests/reliability/scrape.py [--model FILE] [--pairs 12] [--seconds 5]

Sixteen clients ask `retort serve` with a real model without a pause. Windows of so many seconds with
and without a reader follow each other, in turns of which comes first; the cost is the median over the
pairs of what was generated with the reader against without. The reader is on the same processors and
part of that; what the server itself computes for one answer is measured behind it, with the server idle.
The model is the one that scripts/fetch-test-models small brings.
"""

import argparse
import asyncio
import os
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from raw import ask, chat_body, read_head, request, until_ready  # noqa: E402

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = os.environ.get("RETORT_PROGRAM", str(ROOT / "build/release/retort"))
MODELS = pathlib.Path(os.environ.get("RETORT_MODELS", pathlib.Path.home() / ".cache/retort-models"))
PORT, CLIENTS = 17891, 16


async def generated():
    models = (await ask(PORT, "GET", "/retort/v1/models")).json()["models"]
    return models[0]["tokens"]["generated"]


async def client(number):
    while True:
        await ask(PORT, "POST", "/v1/chat/completions", chat_body(
            f"Tell me about the number {number}.", max_tokens=200, ignore_eos=True))


async def read_metrics(seconds, pause=0.05, times=None):
    """Over one connection, as Prometheus does, and reading no more of the answers than must be."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    try:
        while times is None or len(seconds) < times:
            start = time.monotonic()
            writer.write(request("GET", "/metrics"))
            status, headers = await read_head(reader)
            assert status == 200, status
            await reader.readexactly(int(headers["content-length"]))
            seconds.append(time.monotonic() - start)
            await asyncio.sleep(max(0, start + pause - time.monotonic()))
    finally:
        writer.close()


async def window(length, seconds):
    """Tokens a second; where `seconds` is a list, with a reader that writes its times there."""
    reader = None if seconds is None else asyncio.create_task(read_metrics(seconds))
    before, start = await generated(), time.monotonic()
    await asyncio.sleep(length)
    rate = (await generated() - before) / (time.monotonic() - start)
    if reader:
        reader.cancel()
    return rate


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(pid, pairs, length):
    await until_ready(PORT)
    clients = [asyncio.create_task(client(number)) for number in range(CLIENTS)]
    await asyncio.sleep(length)
    ratios, plain, seconds = [], [], []
    for pair in range(pairs):
        rates = {}
        for reads in ((True, False) if pair % 2 else (False, True)):
            rates[reads] = await window(length, seconds if reads else None)
        ratios.append(rates[True] / rates[False])
        plain.append(rates[False])
    for task in clients:
        task.cancel()
    await asyncio.sleep(2)
    before = cpu_seconds(pid)
    await read_metrics([], pause=0, times=2000)
    return ratios, plain, sorted(seconds), (cpu_seconds(pid) - before) / 2000


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--model", default=MODELS / "SmolLM2-135M-Instruct.Q4_1.gguf")
    parser.add_argument("--pairs", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=5)
    arguments = parser.parse_args()
    server = subprocess.Popen([PROGRAM, "serve", arguments.model, "--port", str(PORT), "--no-store"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        ratios, plain, seconds, cpu = asyncio.run(measure(server.pid, arguments.pairs, arguments.seconds))
    finally:
        server.terminate()
        server.wait()
    print(f"{statistics.median(plain):.0f} tokens/s without a reader; with one {statistics.median(ratios):.4f} "
          f"of that in the median ({min(ratios):.3f} to {max(ratios):.3f}, {len(ratios)} pairs)")
    print(f"/metrics: {len(seconds)} times, median {statistics.median(seconds) * 1e3:.1f} ms, "
          f"P99 {seconds[int(0.99 * (len(seconds) - 1))] * 1e3:.1f} ms; {cpu * 1e3:.2f} ms "
          f"of a processor each, {2000 * cpu:.1f} % of one at 20 a second")


if __name__ == "__main__":
    main()
