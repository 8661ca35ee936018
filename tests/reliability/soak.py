#!/usr/bin/env python3
"""A day's requests in minutes: streams, plain answers, clients that go away, nonsense; then nothing may
have grown and nothing may be held (R6).

  tests/reliability/soak.py [--requests 86400] [--clients 32]
"""

import argparse
import asyncio
import os
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "serve"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from raw import ask, chat_body, go_away  # noqa: E402
from scripted import ScriptedServer, turn  # noqa: E402

SCRIPTS = [(turn(f"q{i}"), "think " * (1 + i % 7) + "</think>\n\n" + "word " * (1 + i % 11) + "<|end|>")
           for i in range(200)]
NONSENSE = [b"", b"{", b"[]", b'{"messages": 1}', b'{"messages": [], "n": -1}', b"\xff" * 100]


def figures(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    values = dict(line.split(":", 1) for line in status)
    return {"rss_kib": int(values["VmRSS"].split()[0]), "threads": int(values["Threads"]),
            "files": len(os.listdir(f"/proc/{pid}/fd"))}


async def one(port, rng, statuses):
    kind = rng.random()
    try:
        if kind < 0.1:
            await go_away(port, chat_body(f"q{rng.randrange(200)}", stream=True), 1, rng)
            statuses["gone"] = statuses.get("gone", 0) + 1
            return
        body = rng.choice(NONSENSE) if kind < 0.2 else chat_body(
            f"q{rng.randrange(200)}", stream=kind < 0.6)
        status = (await ask(port, "POST", "/v1/chat/completions", body, seconds=60)).status
    except Exception as error:
        status = repr(error)
    statuses[status] = statuses.get(status, 0) + 1


async def run(port, pid, total, clients):
    rng, statuses, samples, left = random.Random(1), {}, [], total
    start = time.monotonic()

    async def client():
        nonlocal left
        while left > 0:
            left -= 1
            if left % 1000 == 0:
                samples.append((total - left, figures(pid)))
                if sys.stderr.isatty():
                    print(f"\r{total - left:,} of {total:,}", end="", file=sys.stderr)
            await one(port, rng, statuses)

    await asyncio.gather(*(client() for _ in range(clients)))
    print(f"{total:,} requests in {time.monotonic() - start:.0f} s: {statuses}")
    return statuses, samples


def slope(points):
    """KiB of each thousand requests, by least squares."""
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    rise = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return 1000 * rise / max(sum((x - mean_x) ** 2 for x, _ in points), 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=86_400)
    parser.add_argument("--clients", type=int, default=32)
    arguments = parser.parse_args()
    with ScriptedServer(SCRIPTS) as server:
        statuses, samples = asyncio.run(
            run(server.port, server.process.pid, arguments.requests, arguments.clients))
        time.sleep(1)
        last = figures(server.process.pid)
    warm = samples[len(samples) // 5:]
    rss = [(number, sample["rss_kib"]) for number, sample in warm]
    growth = (rss[-1][1] - rss[0][1]) / rss[0][1]
    print(f"memory: {rss[0][1]:,} KiB after warming up, {rss[-1][1]:,} at the end ({growth:+.2%}), "
          f"{slope(rss):+.2f} KiB for each 1,000 requests")
    print(f"threads: {warm[0][1]['threads']} to {last['threads']}; open files at rest: {last['files']}; "
          f"blocks in use: {server.blocks_in_use}")
    fine = (set(statuses) <= {200, 400, "gone"} and growth <= 0.01 and server.blocks_in_use == 0
            and last["threads"] <= warm[0][1]["threads"])
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
