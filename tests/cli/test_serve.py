"""`retort serve` as a program: its first words, its flags and config file, who may ask, and its end."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from tests.cli.clean_home import WithCleanHome

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = os.environ.get("RETORT_PROGRAM", str(ROOT / "build/release/retort"))
TINY = str(ROOT / "tests/data/models/tiny-qwen2.gguf")


class Server:
    """One on a port of its own as long as a `with` block; `log` is what it wrote until its end."""

    def __init__(self, *flags, environment=None):
        self.flags, self.environment = flags, environment

    def __enter__(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.output = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--port", str(self.port), "--threads", "1", *map(str, self.flags)],
            stdout=subprocess.DEVNULL, stderr=self.output, env=self.environment)
        for _ in range(200):
            if self.process.poll() is not None or self.status("/readyz") == 200:
                return self
            time.sleep(0.05)
        raise RuntimeError(f"not ready after 10 s: {self.log()}")

    def __exit__(self, *_):
        self.end()
        self.output.close()

    def end(self, which=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(which)
        return self.process.wait(20)

    def log(self):
        self.output.seek(0)
        return self.output.read()

    def ask(self, path, body=None, key=None):
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers=headers,
            data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.status, reply.read().decode()

    def status(self, path, body=None, key=None):
        try:
            return self.ask(path, body, key)[0]
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 0

    def client(self, *arguments):
        return subprocess.run(
            [PROGRAM, *arguments, "--url", f"http://127.0.0.1:{self.port}"], capture_output=True, text=True,
            check=False, env=self.environment)


CHAT = {"messages": [{"role": "user", "content": "canary question"}], "max_tokens": 8, "seed": 1}


class ServeTest(WithCleanHome):
    def server(self, *flags, **variables):
        return Server(*flags, environment={**self.environment, **variables})

    def run_serve(self, *flags):
        return subprocess.run([PROGRAM, "serve", *map(str, flags)], capture_output=True, text=True,
                              check=False, timeout=20, env=self.environment)

    def file(self, name, text):
        path = self.home / name
        path.write_text(text)
        return path

    def test_a_model_and_nothing_else(self):
        with self.server(TINY) as server:
            self.assertEqual(server.status("/health"), 200)
            status, body = server.ask("/v1/chat/completions", CHAT)
            self.assertEqual(status, 200)
            self.assertEqual(json.loads(body)["usage"]["completion_tokens"], 8)
            listed = server.client("ps")
            self.assertRegex(listed.stdout, r"(?m)^tiny-qwen2 +loaded ")
            self.assertEqual(json.loads(server.client("ps", "--json").stdout)["models"][0]["name"], "tiny-qwen2")
            self.assertEqual(server.client("stop", "tiny-qwen2").returncode, 0)
            self.assertRegex(server.client("ps").stdout, r"(?m)^tiny-qwen2 +unloaded")
            self.assertEqual(server.status("/v1/chat/completions", CHAT), 200, "loaded again when asked for")
            self.assertEqual(server.client("stop", "absent").returncode, 1)
            self.assertEqual(server.end(), 0)
            self.assertRegex(server.log(), rf"listening url=http://127\.0\.0\.1:{server.port} ")
            self.assertNotIn("canary", server.log())

    def test_two_models_by_name_and_prompts_in_the_log(self):
        with self.server(f"one={TINY}", f"two={TINY}", "--log-prompts", "--log-format", "json") as server:
            names = [model["id"] for model in json.loads(server.ask("/v1/models")[1])["data"]]
            self.assertEqual(names, ["one", "two"])
            self.assertEqual(server.status("/v1/chat/completions", {**CHAT, "model": "two"}), 200)
            self.assertEqual(server.status("/v1/chat/completions", {**CHAT, "model": "three"}), 404)
            server.end()
            prompts = [line for line in map(json.loads, server.log().splitlines())
                       if line["event"] == "prompt"]
            self.assertEqual([line["model"] for line in prompts], ["two"])
            self.assertIn("canary question", prompts[0]["prompt"])

    def test_flags_come_from_a_file(self):
        config = self.file("serve.conf", "max-n = 2\nstrict = true\n")
        with self.server(TINY, "--config", config) as server:
            self.assertEqual(server.status("/v1/chat/completions", {**CHAT, "n": 2}), 200)
            self.assertEqual(server.status("/v1/chat/completions", {**CHAT, "n": 3}), 400)
            self.assertEqual(server.status("/v1/chat/completions", {**CHAT, "nonsense": 1}), 400)
        ran = self.run_serve(TINY, "--config", self.file("wrong.conf", "max-m = 2\n"))
        self.assertEqual(ran.returncode, 2)
        self.assertIn("max-m", ran.stderr)

    def test_keys_may_change_while_it_runs(self):
        keys = self.file("keys.txt", "first-key\n")
        with self.server(TINY, "--keys-file", keys) as server:
            self.assertEqual(server.status("/v1/models"), 401)
            self.assertEqual(server.status("/v1/models", key="first-key"), 200)
            self.assertEqual(server.client("ps").returncode, 1)
            keys.write_text("second-key\n")
            server.process.send_signal(signal.SIGHUP)
            deadline = time.monotonic() + 10
            while server.status("/v1/models", key="second-key") != 200:
                self.assertLess(time.monotonic(), deadline, server.log())
                time.sleep(0.05)
            self.assertEqual(server.status("/v1/models", key="first-key"), 401)
            server.end()
            self.assertNotRegex(server.log(), "(first|second)-key")

    def test_a_key_from_the_environment(self):
        with self.server(TINY, RETORT_API_KEY="the-key") as server:
            self.assertEqual(server.status("/v1/models"), 401)
            self.assertEqual(server.status("/v1/models", key="the-key"), 200)
            self.assertEqual(server.client("ps").returncode, 0, "retort ps takes it from there, too")

    def test_the_first_signal_drains_and_the_second_ends(self):
        with self.server(TINY, "--drain-lag", "30") as server:
            server.process.send_signal(signal.SIGTERM)
            deadline = time.monotonic() + 10
            while server.status("/readyz") != 503:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.02)
            self.assertEqual(server.status("/v1/chat/completions", CHAT), 200, "new ones are still taken")
            start = time.monotonic()
            server.end(signal.SIGINT)
            self.assertLess(time.monotonic() - start, 10)

    def test_what_cannot_be_is_refused_at_once(self):
        ran = self.run_serve(TINY, "--host", "0.0.0.0")
        self.assertEqual(ran.returncode, 1)
        self.assertIn("--insecure", ran.stderr)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            ran = self.run_serve(TINY, "--port", port)
            self.assertEqual(ran.returncode, 1)
            self.assertIn(str(port), ran.stderr)
        for flags in ((self.home / "absent.gguf",), (TINY, "--port", "70000"), (TINY, "--tls-cert", "c.pem"),
                      (TINY, "--log-format", "xml"), ()):
            ran = self.run_serve(*flags)
            self.assertIn(ran.returncode, (1, 2), flags)
            self.assertNotEqual(ran.stderr, "")
            self.assertNotIn("terminate called", ran.stderr)


if __name__ == "__main__":
    unittest.main()
