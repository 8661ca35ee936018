#!/usr/bin/env python3
"""Users do not see each other: ten thousand requests in random company, each answered as it was alone
(R12). The company changes all the time: prompts that share their beginning, clients that go away in
the middle, more answers than the KV cache holds, drafts.

  tests/reliability/isolation.py [--requests 10000] [--clients 24] [--users 200]
"""

import argparse
import asyncio
import json
import os
import pathlib
import random
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from raw import ask, chat_body, go_away  # noqa: E402

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = os.environ.get("RETORT_PROGRAM", str(ROOT / "build/release/retort"))
MODEL = ROOT / "tests/data/models/tiny-qwen2.gguf"
PORT = 17880
PATH = "/v1/chat/completions"
# Far less than 24 answers need at once, so that some are put back and computed again.
KV_TOKENS = "768"


def body_of(user, stream=False):
    """Prompts of several lengths; a third of the users share their first words."""
    rng = random.Random(user)
    shared = "all of us begin with these very words. " * 3 if user % 3 == 0 else ""
    words = " ".join(str(rng.randrange(10**6)) for _ in range(rng.randrange(1, 12)))
    return chat_body(f"{shared}canary {user}: {words}", temperature=0, stream=stream,
                     max_tokens=rng.randrange(4, 130), seed=user)


def text_of(reply, stream):
    if not stream:
        message = reply.json()["choices"][0]["message"]
        return (message.get("reasoning_content") or "") + (message["content"] or "")
    text = ""
    for event in reply.events():
        for choice in json.loads(event)["choices"] if event != "[DONE]" else ():
            text += (choice["delta"].get("reasoning_content") or "") + (choice["delta"].get("content") or "")
    return text


async def mixed(alone, total, clients):
    left, wrong, gone = total, [], 0

    async def client(number):
        nonlocal left, gone
        rng = random.Random(number)
        while left > 0:
            left -= 1
            user, stream = rng.randrange(len(alone)), rng.random() < 0.5
            if rng.random() < 0.1:
                await go_away(PORT, body_of(user, stream=True), rng.randrange(4), rng)
                gone += 1
                continue
            reply = await ask(PORT, "POST", PATH, body_of(user, stream))
            if reply.status != 200 or text_of(reply, stream) != alone[user]:
                wrong.append((user, reply.status, text_of(reply, stream), alone[user]))

    await asyncio.gather(*(client(number) for number in range(clients)))
    return wrong, gone


async def run(arguments):
    for _ in range(300):
        try:
            if (await ask(PORT, "GET", "/readyz")).status == 200:
                break
        except OSError:
            await asyncio.sleep(0.1)
    alone = [text_of(await ask(PORT, "POST", PATH, body_of(user)), False)
             for user in range(arguments.users)]
    start = time.monotonic()
    wrong, gone = await mixed(alone, arguments.requests, arguments.clients)
    seconds = time.monotonic() - start
    model = (await ask(PORT, "GET", "/retort/v1/models/tiny-qwen2")).json()
    return wrong, gone, seconds, model


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=24)
    parser.add_argument("--users", type=int, default=200)
    arguments = parser.parse_args()
    server = subprocess.Popen(
        [PROGRAM, "serve", MODEL, "--port", str(PORT), "--no-store", "--kv-tokens", KV_TOKENS],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wrong, gone, seconds, model = asyncio.run(run(arguments))
    finally:
        server.terminate()
        server.wait(60)
    blocks = model["kv_blocks"]
    print(f"{arguments.requests} requests of {arguments.users} users in {seconds:.0f} s, {gone} given up, "
          f"{model['preemptions']} put back: {len(wrong)} differ from the answer alone; "
          f"{blocks['free']} of {blocks['total']} blocks free at the end")
    for user, status, text, expected in wrong[:5]:
        print(f"  user {user}, {status}: {text!r} instead of {expected!r}")
    sys.exit(1 if wrong or model["preemptions"] == 0 or blocks["free"] != blocks["total"] else 0)


if __name__ == "__main__":
    main()
