#!/usr/bin/env python3
"""Four times what the server can do for a minute, and clients that hold their connections by being slow
(R8, R15).

  tests/reliability/overload.py [--seconds 60]

The server has a scripted model of 5 ms a step, 16 answers at once and 64 waiting. First it gets just as
many clients as it answers at once; then requests come four times as fast as it ended them, and what is
above is to be refused at once; then it must be as before. Next to 500 clients that send heads or bodies
byte by byte or do not read, another one asks as before.
"""

import argparse
import asyncio
import json
import os
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "serve"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from raw import ask, chat_body, read_head, request  # noqa: E402
from scripted import ScriptedServer, turn  # noqa: E402

PARALLEL, QUEUED = 16, 64
SCRIPTS = [(turn("q"), "think " * 20 + "</think>\n\n" + "word " * 40 + "end<|end|>"),
           (turn("short"), "</think>yes<|end|>")]


def p99(values):
    return sorted(values)[int(0.99 * (len(values) - 1))]


class Figures:
    def __init__(self):
        self.first, self.gaps, self.refusals, self.ended = [], [], [], 0


async def stream(port, figures, question="q"):
    """One streamed answer: when its first event came, and the times between the others."""
    start = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request("POST", "/v1/chat/completions", chat_body(question, stream=True)))
        status, _ = await read_head(reader)
        if status == 429:
            figures.refusals.append(time.monotonic() - start)
            return
        assert status == 200, status
        last = None
        while not (line := await reader.readline()).startswith(b"data: [DONE]"):
            if not line:
                raise ConnectionError("the stream broke off")
            if line.startswith(b"data: "):
                now = time.monotonic()
                (figures.first if last is None else figures.gaps).append(now - (last or start))
                last = now
        figures.ended += 1
    finally:
        writer.close()


async def closed(port, clients, seconds, question="q"):
    """So many clients that ask again as soon as they have their answer."""
    figures, end = Figures(), time.monotonic() + seconds

    async def client():
        while time.monotonic() < end:
            await stream(port, figures, question)

    await asyncio.gather(*(client() for _ in range(clients)))
    return figures


async def overload(port, rate, seconds):
    """Requests at that rate, whatever becomes of them; and how many were there at the most."""
    figures, tasks, most = Figures(), [], 0
    start = time.monotonic()
    while (passed := time.monotonic() - start) < seconds:
        while len(tasks) < rate * passed:
            tasks.append(asyncio.create_task(stream(port, figures)))
        most = max(most, (await ask(port, "GET", "/health")).json()["requests"])
        await asyncio.sleep(0.02)
    return figures, tasks, most


async def recovery(port, limit):
    """Seconds from now until a first token comes within that time."""
    start = time.monotonic()
    while True:
        figures = Figures()
        await stream(port, figures, "short")
        if figures.first and figures.first[0] <= limit:
            return time.monotonic() - start - figures.first[0]


async def attack(port, kind, until):
    """By heads, bodies or reading, all of them byte by byte; again when it is shut out."""
    openings = (b"GET /livez HTTP/1.1\r\nHost: x\r\nX-A: ",
                b"POST /tokenize HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n",
                request("POST", "/v1/chat/completions", chat_body(stream=True)))
    while time.monotonic() < until:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
            writer.write(openings[kind])
            while time.monotonic() < until:
                await asyncio.sleep(1)
                if kind == 2:
                    await reader.read(1)
                else:
                    writer.write(b"a")
                    await writer.drain()
        except OSError:
            await asyncio.sleep(0.1)
        finally:
            writer.close()


async def measure(port, seconds):
    before = await closed(port, PARALLEL, 15)
    rate = 4 * before.ended / 15
    during, tasks, most = await overload(port, rate, seconds)
    # No more come: whoever was taken is answered.
    await asyncio.gather(*tasks)
    back = await recovery(port, 1.5 * max(p99(before.first), 0.05))
    print(f"{rate:.1f} requests a second for {seconds:g} s: {during.ended} answered, {len(during.refusals)} "
          f"refused, {most} at the most in work or waiting; refused within "
          f"{statistics.median(during.refusals) * 1e3:.1f} ms (P99 {p99(during.refusals) * 1e3:.1f} ms); "
          f"between tokens P99 {p99(during.gaps) * 1e3:.1f} ms, before {p99(before.gaps) * 1e3:.1f} ms; "
          f"{back:.2f} s behind the last answer as before")

    alone = await closed(port, 1, 15, "short")
    until = time.monotonic() + seconds
    attackers = [asyncio.create_task(attack(port, number % 2, until)) for number in range(480)]
    attackers += [asyncio.create_task(attack(port, 2, until)) for _ in range(20)]
    await asyncio.sleep(2)
    beside = await closed(port, 1, seconds - 4, "short")
    counters = json.loads((await ask(port, "GET", "/health")).body)
    for task in attackers:
        task.cancel()
    await asyncio.gather(*attackers, return_exceptions=True)
    print(f"beside 500 slow clients for {seconds:g} s: first token P99 {p99(beside.first) * 1e3:.1f} ms, "
          f"alone {p99(alone.first) * 1e3:.1f} ms; {counters['requests']} requests in work")
    return not (most <= PARALLEL + QUEUED and during.refusals and during.ended)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    with ScriptedServer(SCRIPTS, "--step", 0.005, "--parallel", PARALLEL, "--queued", QUEUED) as server:
        failed = asyncio.run(measure(server.port, arguments.seconds))
    sys.exit(1 if failed or server.status != 0 else 0)


if __name__ == "__main__":
    main()
