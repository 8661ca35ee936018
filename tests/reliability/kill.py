#!/usr/bin/env python3
"""kill -9 of the server while it works, a hundred times: the next one is ready as fast as the first,
and the store can be read (R22).

  tests/reliability/kill.py [--times 100]
"""

import argparse
import asyncio
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from raw import ask, chat_body  # noqa: E402

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = os.environ.get("RETORT_PROGRAM", str(ROOT / "build/release/retort"))
MODEL = ROOT / "tests/data/models/tiny-qwen2.gguf"
PORT = 17870


async def until_ready():
    start = time.monotonic()
    while time.monotonic() - start < 30:
        try:
            if (await ask(PORT, "GET", "/readyz", seconds=5)).status == 200:
                return time.monotonic() - start
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
            await asyncio.sleep(0.01)
    raise RuntimeError("not ready after 30 s")


async def work_until_killed(process, times):
    async def client():
        try:
            while True:
                await ask(PORT, "POST", "/v1/chat/completions", chat_body(stream=True, max_tokens=50))
        except (OSError, asyncio.IncompleteReadError, ValueError):
            pass  # the server is dead

    async def voter():
        try:
            while True:
                await ask(PORT, "POST", "/retort/v1/votes",
                          {"best": 0, "answers": [{"model": "a"}, {"model": "b"}]})
        except (OSError, asyncio.IncompleteReadError, ValueError):
            pass

    tasks = [asyncio.create_task(client()) for _ in range(8)] + [asyncio.create_task(voter())]
    await asyncio.sleep(0.1 + 0.01 * (times % 20))
    process.kill()
    process.wait()
    await asyncio.wait(tasks, timeout=30)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=100)
    arguments = parser.parse_args()
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        store = folder + "/runs.db"
        for number in range(arguments.times):
            process = subprocess.Popen(
                [PROGRAM, "serve", MODEL, "--port", str(PORT), "--threads", "1", "--store", store],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            seconds.append(asyncio.run(until_ready()))
            asyncio.run(work_until_killed(process, number))
        listed = subprocess.run([PROGRAM, "runs", "list", "--store", store], capture_output=True,
                                text=True, check=False)
    print(f"killed {arguments.times} times; ready after {seconds[0]:.2f} s the first time, "
          f"{statistics.median(seconds):.2f} s in the median, {max(seconds):.2f} s at most; "
          f"the store: {'fine' if listed.returncode == 0 else listed.stderr}")
    sys.exit(0 if listed.returncode == 0 and max(seconds) <= seconds[0] + 2 else 1)


if __name__ == "__main__":
    main()
