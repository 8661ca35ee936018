"""Many at once: streams, disconnects, overload, a drain, metrics under load (R7, R14, R15, R16, R24)."""

import asyncio
import json
import os
import pathlib
import random
import resource
import statistics
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "serve"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from raw import ask, chat_body, read_head, request, reset  # noqa: E402
from scripted import ScriptedServer, turn  # noqa: E402

LONG = [(turn("q"), "think " * 40 + "</think>\n\n" + "word " * 60 + "end<|end|>")]
STREAMS = int(os.environ.get("RETORT_STREAMS", "1000"))
DISCONNECTS = int(os.environ.get("RETORT_DISCONNECTS", "1000"))


def raise_limit():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


async def blocks_in_use(port):
    model = (await ask(port, "GET", "/retort/v1/models/scripted")).json()
    return model["kv_blocks"]["total"] - model["kv_blocks"]["free"]


async def until_free(port, seconds):
    start = time.monotonic()
    while await blocks_in_use(port) > 0:
        if time.monotonic() - start > seconds:
            return None
        await asyncio.sleep(0.005)
    return time.monotonic() - start


class LoadTest(unittest.TestCase):
    def test_a_thousand_streams_all_end_once(self):
        if raise_limit() < 3 * STREAMS:
            self.skipTest("the limit on open files is too low; raise it with ulimit -Hn")

        async def run(port):
            replies = await asyncio.gather(*(
                ask(port, "POST", "/v1/chat/completions", chat_body(stream=True), seconds=300)
                for _ in range(STREAMS)))
            for reply in replies:
                self.assertEqual(reply.status, 200)
                events = reply.events()
                self.assertEqual(events.count("[DONE]"), 1)
                self.assertEqual(events[-1], "[DONE]")
                chunks = [json.loads(event) for event in events[:-1]]
                ends = [choice["finish_reason"] for chunk in chunks for choice in chunk["choices"]
                        if choice["finish_reason"]]
                self.assertEqual(ends, ["stop"])
            texts = {"".join(choice["delta"].get("content") or ""
                             for event in reply.events()[:-1]
                             for choice in json.loads(event)["choices"]) for reply in replies}
            self.assertEqual(texts, {"word " * 60 + "end"})

        with ScriptedServer(LONG, "--queued", STREAMS) as server:
            start = time.monotonic()
            asyncio.run(run(server.port))
            print(f"{STREAMS} streams ended in {time.monotonic() - start:.1f} s", file=sys.stderr)
        self.assertEqual(server.blocks_in_use, 0)

    def test_clients_that_go_away_free_their_blocks(self):
        rng = random.Random(1)

        async def go_away(port, number):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request("POST", "/v1/chat/completions", chat_body(stream=number % 4 != 0)))
            if number % 4 != 0:
                await read_head(reader)
                for _ in range(rng.randrange(0, 30)):
                    await reader.readline()
            else:
                await asyncio.sleep(rng.random() * 0.05)
            if number % 2:
                reset(writer)
            else:
                writer.close()

        async def run(port):
            for start in range(0, DISCONNECTS, 50):
                await asyncio.gather(*(go_away(port, start + i) for i in range(50)))
            return await until_free(port, 60)

        with ScriptedServer(LONG, "--step", 0.002) as server:
            seconds = asyncio.run(run(server.port))
            self.assertIsNotNone(seconds, "blocks are still in use a minute later")
            print(f"the last blocks were free {seconds:.3f} s after {DISCONNECTS} clients had gone",
                  file=sys.stderr)
        self.assertEqual(server.blocks_in_use, 0)

    def test_overload_is_refused_at_once_and_passes(self):
        async def run(port):
            async def one(seconds_of_refused):
                start = time.monotonic()
                reply = await ask(port, "POST", "/v1/chat/completions", chat_body())
                if reply.status == 429:
                    self.assertGreaterEqual(int(reply.headers["retry-after"]), 1)
                    seconds_of_refused.append(time.monotonic() - start)
                return reply.status

            refused = []
            statuses = await asyncio.gather(*(one(refused) for _ in range(160)))
            self.assertEqual(set(statuses), {200, 429})
            self.assertEqual(statuses.count(200), 40)
            print(f"refused within {statistics.median(refused):.3f} s in the median", file=sys.stderr)
            self.assertEqual(await one([]), 200)

        with ScriptedServer(LONG, "--step", 0.002, "--parallel", 8, "--queued", 32) as server:
            asyncio.run(run(server.port))

    def test_a_drain_lets_two_hundred_streams_finish(self):
        async def run(server):
            replies = asyncio.gather(*(
                ask(server.port, "POST", "/v1/chat/completions", chat_body(stream=True))
                for _ in range(200)))
            while (await ask(server.port, "GET", "/health")).json()["requests"] < 200:
                await asyncio.sleep(0.01)
            server.process.stdin.write("drain\n")
            server.process.stdin.flush()
            start = time.monotonic()
            while (await ask(server.port, "GET", "/readyz")).status != 503:
                self.assertLess(time.monotonic() - start, 60)
            refused = await ask(server.port, "POST", "/v1/chat/completions", chat_body())
            self.assertEqual(refused.status, 503)
            return [reply.events()[-1] for reply in await replies]

        with ScriptedServer(LONG, "--step", 0.005, "--queued", 300) as server:
            self.assertEqual(set(asyncio.run(run(server))), {"[DONE]"})
            self.assertEqual(server.process.stdout.readline(), "0 left\n")

    def test_a_cache_that_is_too_small_for_all_still_answers_all(self):
        """A quarter of what 64 answers at once need: some are put back and computed again."""

        # Different words for each: equal ones would share their blocks.
        words = [" ".join(str(number * 7919 + i) for i in range(90)) for number in range(256)]
        scripts = [(turn(f"q{number}"), f"hm</think>\n\n{text}<|end|>")
                   for number, text in enumerate(words)]

        async def run(port):
            replies = await asyncio.gather(*(
                ask(port, "POST", "/v1/chat/completions", chat_body(f"q{number}"), seconds=300)
                for number in range(256)))
            model = (await ask(port, "GET", "/retort/v1/models/scripted")).json()
            return [reply.json()["choices"][0]["message"]["content"] for reply in replies], model

        with ScriptedServer(scripts, "--kv-blocks", 640, "--queued", 300, "--step", 0.001) as server:
            texts, model = asyncio.run(run(server.port))
            self.assertEqual(texts, words)
            self.assertGreaterEqual(model["preemptions"], 1)
        self.assertEqual(server.blocks_in_use, 0)

    def test_metrics_while_it_works(self):
        async def run(port):
            stop = asyncio.Event()

            async def work():
                while not stop.is_set():
                    await ask(port, "POST", "/v1/chat/completions", chat_body(stream=True))

            workers = [asyncio.create_task(work()) for _ in range(20)]
            seconds = []
            for _ in range(60):
                start = time.monotonic()
                reply = await ask(port, "GET", "/metrics")
                seconds.append(time.monotonic() - start)
                self.assertEqual(reply.status, 200)
                await asyncio.sleep(0.05)
            stop.set()
            await asyncio.gather(*workers)
            return seconds, reply.body.decode()

        with ScriptedServer(LONG, "--step", 0.001) as server:
            seconds, text = asyncio.run(run(server.port))
        print(f"/metrics: median {statistics.median(seconds) * 1e3:.1f} ms, "
              f"worst {max(seconds) * 1e3:.1f} ms", file=sys.stderr)
        self.assertIn("vllm:time_to_first_token_seconds_bucket", text)
        self.assertIn('vllm:request_success_total{', text)


if __name__ == "__main__":
    unittest.main()
