"""Bodies and requests that nobody should send: each is refused by its name, none is a 500, and the
server goes on (R9, R10)."""

import asyncio
import json
import pathlib
import random
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "serve"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from raw import ask, chat_body, request, send_raw  # noqa: E402
from scripted import ScriptedServer, turn  # noqa: E402

PATHS = ["/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/messages", "/api/chat",
         "/api/generate", "/tokenize", "/detokenize", "/apply-template", "/v1/messages/count_tokens",
         "/retort/v1/votes", "/v1/chat/completions/control"]
FULL = {
    "model": "scripted", "messages": [{"role": "user", "content": "q"}], "prompt": "q", "input": "q",
    "content": "q", "tokens": [97], "max_tokens": 3, "max_completion_tokens": 3,
    "max_output_tokens": 3, "temperature": 0, "top_p": 0.9, "top_k": 5, "min_p": 0.1, "seed": 1,
    "n": 1, "stop": ["x"], "stop_sequences": ["x"], "logit_bias": {"97": 1}, "logprobs": True,
    "top_logprobs": 1, "presence_penalty": 0.1, "frequency_penalty": 0.1, "stream": False,
    "stream_options": {"include_usage": True}, "thinking_budget": 2, "thinking": {"type": "enabled"},
    "response_format": {"type": "text"}, "tools": [{"type": "function", "function": {"name": "f"}}],
    "tool_choice": "auto", "reasoning_effort": "low", "chat_template_kwargs": {}, "user": "u",
    "options": {"num_predict": 3, "temperature": 0}, "keep_alive": "5m", "think": True,
    "format": "json", "system": "s", "min_tokens": 0, "echo": False, "suffix": "", "answers": [],
    "id": "x", "action": "reasoning_end",
}
STRANGE = [None, True, -1, 0, 1, -(2**63), 2**63, 2**64, 1e308, -1e308, 1e-320, 0.5, "", "x", "\u0000",
           "é" * 1000, "\ud7ff", [], [[]], [None], {}, {"": {}}, [1, "a", None, {}], "9" * 400,
           {"type": []}, {"type": "json_schema", "json_schema": 1}, [{}], [{"role": 1}]]


def bodies():
    """More than two thousand, each with something wrong or strange in it."""
    rng = random.Random(3)
    for field in FULL:
        for value in STRANGE:
            yield json.dumps({**FULL, field: value}).encode()
    text = json.dumps(FULL).encode()
    for _ in range(300):
        yield text[:rng.randrange(len(text))]
    for _ in range(500):
        broken = bytearray(text)
        for _ in range(rng.randrange(1, 6)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        yield bytes(broken)
    message = b'{"messages": [{"role": "user", "content": %s}]}'
    for piece in (b"NaN", b"1e999", b"-1e999", b'"\\ud800"', b'"\\udc00\\ud800"', b'"\xc0\xaf"',
                  b'"\xed\xa0\x80"', b'"\xff"', b'"\xf4\x90\x80\x80"', b"[" * 1000, b'{"a":' * 1000,
                  b'"\x00"', b"0x10", b"01", b"+1", b"Infinity", b"'q'", b'"q",'):
        yield message % piece
    yield b'{"messages": [], "messages": [{"role": "user", "content": "q"}]}'
    yield b""
    yield b"\xef\xbb\xbf{}"
    yield b"[" * 100000
    yield b'{"stop": [' + b'"a",' * 99999 + b'"a"]}'


def smuggled():
    """Requests whose ends could be read in two ways, and other broken HTTP."""
    body = b"0\r\n\r\nGET /admin HTTP/1.1\r\nHost: x\r\n\r\n"
    lengths = [b"Content-Length: 5\r\nContent-Length: 6", b"Content-Length: 5, 5",
               b"Content-Length: +5", b"Content-Length: -5", b"Content-Length: 0x5",
               b"Content-Length: 5 5", b"Content-Length: 99999999999999999999",
               b"Content-Length:", b"Content-Length : 5", b"Content-Length: 5\r\nTransfer-Encoding: chunked",
               b"Transfer-Encoding: chunked\r\nContent-Length: 5", b"Transfer-Encoding: xchunked",
               b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding: identity, chunked",
               b"Transfer-Encoding : chunked", b"Transfer-Encoding: \x0bchunked",
               b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x", b"Transfer_Encoding: chunked",
               b"transfer-encoding:\tchunked\x00", b"X: y\r\n Transfer-Encoding: chunked",
               b"X: y\nTransfer-Encoding: chunked", b"X: y\rTransfer-Encoding: chunked",
               b"Content-Length: 5\r\nContent-Length: 5", b"Transfer-Encoding:\r\n chunked",
               b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", b'Transfer-Encoding: "chunked"']
    for path in (b"/v1/chat/completions", b"/tokenize", b"/livez"):
        for length in lengths:
            for host in (b"Host: localhost\r\n", b"", b"Host: a\r\nHost: b\r\n"):
                yield b"POST " + path + b" HTTP/1.1\r\n" + host + length + b"\r\n\r\n" + body
    chunks = [b"5\r\nhello", b"5;ext\r\nhello\r\n0\r\n\r\n", b"-5\r\nhello\r\n0\r\n\r\n",
              b"0x5\r\nhello\r\n0\r\n\r\n", b"5\nhello\n0\n\n", b"FFFFFFFFFFFFFFFFF\r\n",
              b"5\r\nhelloXX0\r\n\r\n", b" 5\r\nhello\r\n0\r\n\r\n", b"\r\n5\r\nhello\r\n0\r\n\r\n",
              b"g\r\n", b"5" * 5000 + b"\r\n", b"5" + b";a=b" * 20000 + b"\r\nhello\r\n0\r\n\r\n"]
    for chunk in chunks:
        for end in (b"", b"\r\n", b"GET / HTTP/1.1\r\n\r\n"):
            yield (b"POST /tokenize HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                   + chunk + end)
    lines = [b"GET\r\n\r\n", b"GET / HTTP/1.1", b"GET / HTTP/9.9\r\n\r\n", b"\x00\x01\x02\x03\r\n\r\n",
             b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
             b"get / HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
             b"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
             b"GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\na b: c\r\n\r\n",
             b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n"]
    for line in lines:
        for cut in (line, line[:-1], line[: len(line) // 2] + b"\r\n\r\n"):
            yield cut


class MalformedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = ScriptedServer([(turn("q"), "hm</think>yes<|end|>")])
        cls.server.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        assert cls.server.status == 0, cls.server.errors
        assert cls.server.blocks_in_use == 0

    def still_works(self):
        reply = asyncio.run(ask(self.server.port, "POST", "/v1/chat/completions", chat_body()))
        self.assertEqual(reply.json()["choices"][0]["message"]["content"], "yes")

    def test_bodies(self):
        everything = list(bodies())
        self.assertGreaterEqual(len(everything), 2000)
        statuses = {}

        async def try_one(path, body):
            reply = await ask(self.server.port, "POST", path, body)
            statuses[reply.status] = statuses.get(reply.status, 0) + 1
            self.assertIn(reply.status, (200, 400, 404, 413, 501), (path, body[:300], reply.body[:300]))
            reply.body.decode("utf-8")
            if reply.status != 200:
                self.assertIn("error", reply.json(), body[:200])

        async def run():
            for start in range(0, len(everything), 32):
                await asyncio.gather(*(
                    try_one(PATHS[(start + i) % len(PATHS)], body)
                    for i, body in enumerate(everything[start:start + 32])))

        asyncio.run(run())
        print(f"{len(everything)} bodies: {statuses}", file=sys.stderr)
        self.still_works()

    def test_smuggling(self):
        everything = list(smuggled())
        self.assertGreaterEqual(len(everything), 300)

        async def try_one(data):
            # Half a request is waited for, as it should be: its rest would come late.
            answer = await send_raw(self.server.port, data, seconds=0.5)
            for line in answer.split(b"\r\n"):
                if line.startswith(b"HTTP/1."):
                    self.assertNotIn(line.split()[1], (b"500",), data[:200])
            self.assertLessEqual(len(re.findall(rb"HTTP/1\.1 \d\d\d ", answer)), 2, data[:200])

        async def run():
            for start in range(0, len(everything), 64):
                await asyncio.gather(*map(try_one, everything[start:start + 64]))

        asyncio.run(run())
        self.still_works()

    def test_sizes(self):
        def status(method, path, body=b"", headers=()):
            answer = asyncio.run(send_raw(self.server.port, request(method, path, body, headers)))
            return int(answer.split()[1])

        self.assertEqual(status("GET", "/" + "a" * 9000), 414)
        self.assertEqual(status("GET", "/livez", headers=[f"X-{i}: {'b' * 1000}" for i in range(40)]), 431)
        huge = (b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
                % (9 << 20))
        self.assertEqual(int(asyncio.run(send_raw(self.server.port, huge)).split()[1]), 413)
        for more in ({"stop": ["a"] * 17}, {"n": 65}, {"logit_bias": {str(i): 0 for i in range(1025)}},
                     {"logprobs": True, "top_logprobs": 21}):
            reply = asyncio.run(ask(self.server.port, "POST", "/v1/chat/completions", chat_body(**more)))
            self.assertEqual(reply.status, 400, more)
            self.assertIn(reply.json()["error"]["param"], more)
        deep = b'{"messages": ' + b"[" * 65 + b"]" * 65 + b"}"
        reply = asyncio.run(ask(self.server.port, "POST", "/v1/chat/completions", deep))
        self.assertEqual(reply.status, 400)
        self.still_works()


if __name__ == "__main__":
    unittest.main()
