#!/usr/bin/env python3
"""Fifty users for ten minutes: locust asks `retort serve` with a real model, and reads the streams.

  tests/reliability/users.py [--model FILE] [--users 50] [--minutes 10] [--locust PROGRAM]

Says how many answers came, how long the first token and the whole answer took, and the server's
memory after its first answer and at the end. The model is the one that scripts/fetch-test-models
small brings; locust comes from the Python Package Index.
"""

import argparse
import asyncio
import csv
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from raw import ask, chat_body, until_ready  # noqa: E402

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = os.environ.get("RETORT_PROGRAM", str(ROOT / "build/release/retort"))
MODELS = pathlib.Path(os.environ.get("RETORT_MODELS", pathlib.Path.home() / ".cache/retort-models"))
PORT = 17890


def resident_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


async def first_answer():
    await until_ready(PORT)
    await ask(PORT, "POST", "/v1/chat/completions", chat_body("What is 2 + 2?", max_tokens=16))


def run_locust(arguments, folder):
    subprocess.run(
        [arguments.locust, "-f", ROOT / "tests/reliability/locustfile.py", "--headless", "--only-summary",
         "--users", str(arguments.users), "--spawn-rate", "5", "--run-time", f"{arguments.minutes * 60:.0f}s",
         "--stop-timeout", "60", "--host", f"http://127.0.0.1:{PORT}", "--csv", f"{folder}/users"],
        check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(f"{folder}/users_stats.csv", encoding="utf-8") as file:
        return {row["Name"]: row for row in csv.DictReader(file)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--model", default=MODELS / "SmolLM2-135M-Instruct.Q4_1.gguf")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--locust", default="locust")
    arguments = parser.parse_args()
    server = subprocess.Popen([PROGRAM, "serve", arguments.model, "--port", str(PORT), "--no-store"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        asyncio.run(first_answer())
        before = resident_mib(server.pid)
        with tempfile.TemporaryDirectory() as folder:
            rows = run_locust(arguments, folder)
        after = resident_mib(server.pid)
    finally:
        server.terminate()
        server.wait(60)
    chat, failed = rows["chat"], int(rows["chat"]["Failure Count"])
    count = int(chat["Request Count"])
    print(f"{arguments.users} users, {arguments.minutes:g} minutes: {count} answers, {failed} failed "
          f"({100 * (count - failed) / max(count, 1):.2f} % succeeded); memory {before:.0f} MiB after the "
          f"first answer, {after:.0f} MiB at the end")
    for name in ("first token", "whole answer"):
        row = rows.get(name, {})
        print(f"  {name}: mean {float(row['Average Response Time']) / 1e3:.2f} s, "
              f"P50 {float(row['50%']) / 1e3:.2f} s, P95 {float(row['95%']) / 1e3:.2f} s")
    sys.exit(1 if failed or count == 0 else 0)


if __name__ == "__main__":
    main()
