#!/usr/bin/env python3
"""Two servers behind haproxy, then behind nginx; both are restarted, one after the other, while
10,000 requests come: none may fail (R17).

  tests/reliability/rolling_restart.py [--requests 10000] [--proxies haproxy,nginx]

The proxies' settings are those of deploy/, with other ports. Needs them installed.
"""

import argparse
import asyncio
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from raw import ask, chat_body  # noqa: E402

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = os.environ.get("RETORT_PROGRAM", str(ROOT / "build/release/retort"))
MODEL = ROOT / "tests/data/models/tiny-qwen2.gguf"
PORTS = {"7860": "17860", "7861": "17861", "7800": "17800", "7801": "17801"}
SERVERS = (17860, 17861)


class Server:
    def __init__(self, port):
        self.port = port

    def start(self):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", MODEL, "--port", str(self.port), "--threads", "1", "--no-store",
             "--kv-tokens", "8192", "--drain-lag", "2", "--drain-timeout", "20"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    async def ready(self):
        for _ in range(300):
            try:
                if (await ask(self.port, "GET", "/readyz", seconds=5)).status == 200:
                    return
            except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
                pass
            await asyncio.sleep(0.1)
        raise RuntimeError(f"the server on {self.port} is not ready after 30 s")

    async def end(self):
        self.process.send_signal(signal.SIGTERM)
        code = await asyncio.to_thread(self.process.wait, 60)
        if code != 0:
            raise RuntimeError(f"a server ended with {code}")


def proxy_config(proxy, folder):
    name = {"haproxy": "haproxy.cfg", "nginx": "nginx.conf"}[proxy]
    text = (ROOT / "deploy" / name).read_text()
    for port, other in PORTS.items():
        text = re.sub(rf"\b{port}\b", other, text)
    text = text.replace("maxconn 10000", "maxconn 1000")  # as many files as anybody may open
    path = pathlib.Path(folder) / name
    path.write_text(text.replace("/tmp/", folder + "/"))
    return path


def start_proxy(proxy, folder):
    path = proxy_config(proxy, folder)
    command = {"haproxy": ["haproxy", "-f", path], "nginx": ["nginx", "-c", path, "-g", "daemon off;"]}
    return subprocess.Popen(command[proxy], stderr=subprocess.DEVNULL)


async def requests_all_succeed(port, total, servers):
    left, failures, done = total, [], 0

    async def client():
        nonlocal left, done
        while left > 0:
            left -= 1
            number = left
            body = chat_body(f"{number}?", max_tokens=4, stream=number % 2 == 0)
            try:
                reply = await ask(port, "POST", "/v1/chat/completions", body, seconds=60)
                if reply.status != 200:
                    failures.append(f"status {reply.status}: {reply.body[:200]}")
                elif number % 2 == 0 and reply.events()[-1:] != ["[DONE]"]:
                    failures.append(f"a stream without an end: {reply.body[-200:]}")
            except Exception as error:  # whatever it is, the request failed
                failures.append(repr(error))
            done += 1

    async def restart():
        for server in servers:
            while done < total // 4 and not failures:
                await asyncio.sleep(0.05)
            await server.end()
            server.start()
            await server.ready()
            await asyncio.sleep(1)  # the proxy sees it
        return done

    *_, during = await asyncio.gather(*(client() for _ in range(16)), restart())
    return failures, during


async def run(proxy, total):
    servers = [Server(port) for port in SERVERS]
    for server in servers:
        server.start()
    with tempfile.TemporaryDirectory() as folder:
        process = None
        try:
            for server in servers:
                await server.ready()
            process = start_proxy(proxy, folder)
            await asyncio.sleep(2)
            start = time.monotonic()
            port = {"haproxy": 17800, "nginx": 17801}[proxy]
            failures, during = await requests_all_succeed(port, total, servers)
            print(f"{proxy}: {total} requests in {time.monotonic() - start:.0f} s, both restarted when "
                  f"{during} were done, {len(failures)} failed")
            for failure in failures[:5]:
                print("   ", failure)
            return not failures
        finally:
            if process:
                process.terminate()
                process.wait()
            for server in servers:
                server.process.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--proxies", default="haproxy,nginx")
    arguments = parser.parse_args()
    results = [asyncio.run(run(proxy, arguments.requests)) for proxy in arguments.proxies.split(",")]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
