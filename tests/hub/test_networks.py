"""`retort pull` where the network fails, the user interrupts, or somebody listens."""

import fcntl
import json
import pathlib
import signal
import subprocess
import time
import unittest

from fake_hub import sha256
from pull_case import MODEL, PATIENT, PROGRAM, PullTest


class BadNetworks(PullTest):
    def setUp(self):
        super().setUp()
        self.hub.add("org/tiny", {"model.gguf": MODEL})

    def ranges(self):
        return [request.headers.get("range") for request in self.hub.asked("GET", "/blob/")]

    def test_lost_connections_are_gone_on_with(self):
        self.hub.fault("/blob/", drop_after=300_000)
        self.hub.fault("/blob/", drop_after=200_000)
        ran = self.pull("hf:org/tiny")
        self.assertEqual(pathlib.Path(ran.stdout.strip()).read_bytes(), MODEL)
        self.assertEqual(self.ranges(), [None, "bytes=300000-", "bytes=500000-"])
        self.assertIn("again in", ran.stderr)

    def test_a_silent_server_is_given_up_and_asked_again(self):
        self.hub.fault("/blob/", stall_after=400_000)
        self.assertEqual(self.pulled("hf:org/tiny").read_bytes(), MODEL)
        self.assertEqual(self.ranges(), [None, "bytes=400000-"])

    def test_progress_forgives_earlier_failures_but_no_progress_ends_it(self):
        self.hub.fault("/blob/", times=8, drop_after=100_000)
        self.pull("hf:org/tiny", "--retries", "1")
        self.hub.add("org/dead", {"model.gguf": MODEL[1:]})
        self.hub.fault("/blob/", times=99, status=503)
        self.assertIn("answers 503", self.refused("hf:org/dead", "--retries", "2"))
        self.assertEqual(self.hub.faults[-1].times, 96)

    def test_a_server_that_ignores_ranges_starts_the_file_anew(self):
        self.hub.fault("/blob/", drop_after=300_000)
        self.hub.fault("/blob/", ignore_range=True)
        self.assertEqual(self.pulled("hf:org/tiny").read_bytes(), MODEL)

    def test_too_many_requests_waits_as_long_as_asked(self):
        self.hub.fault("/api/", status=429, headers={"Retry-After": "1"})
        start = time.monotonic()
        self.assertIn("again in 1.0 s", self.pull("hf:org/tiny").stderr)
        self.assertGreater(time.monotonic() - start, 0.9)

    def test_a_wrong_digest_keeps_what_was_good_and_says_both(self):
        path = self.pulled("hf:org/tiny")
        data = MODEL + b"new"
        self.hub.add("org/tiny", {"model.gguf": data})
        self.hub.fault("/blob/", corrupt=True)
        error = self.refused("hf:org/tiny")
        self.assertIn(sha256(data), error)
        self.assertIn(sha256(bytes([data[0] ^ 1]) + data[1:]), error)
        self.assertEqual(path.read_bytes(), MODEL)
        self.assertFalse(self.partial("org/tiny", data).exists())
        self.assertEqual((self.repository("org/tiny") / "refs/main").read_text(), path.parent.name)

    def test_a_damaged_part_is_fetched_once_more(self):
        partial = self.partial("org/tiny", MODEL)
        partial.parent.mkdir(parents=True)
        partial.write_bytes(b"?" * 1000)
        ran = self.pull("hf:org/tiny")
        self.assertIn("damaged", ran.stderr)
        self.assertEqual(pathlib.Path(ran.stdout.strip()).read_bytes(), MODEL)
        self.assertEqual(self.ranges(), ["bytes=1000-", None])

    def test_a_part_longer_than_the_file_is_no_part_of_it(self):
        partial = self.partial("org/tiny", MODEL)
        partial.parent.mkdir(parents=True)
        partial.write_bytes(MODEL + b"more")
        self.assertEqual(self.pulled("hf:org/tiny").read_bytes(), MODEL)
        self.assertEqual(self.ranges(), [None])

    def test_a_file_shorter_or_longer_than_announced_is_refused(self):
        self.hub.fault("/resolve/", methods=("HEAD",), headers={"X-Linked-Size": "2000000"})
        self.assertIn("1024000 of 2000000 bytes", self.refused("hf:org/tiny", "--retries", "0"))
        self.hub.fault("/resolve/", methods=("HEAD",), headers={"X-Linked-Size": "1000"})
        self.assertIn("1000 bytes", self.refused("hf:org/tiny"))

    def test_a_full_disk_is_said_before_anything_is_fetched(self):
        self.hub.fault("/resolve/", methods=("HEAD",), headers={"X-Linked-Size": str(10**17)})
        error = self.refused("hf:org/tiny")
        self.assertIn("100000000.10 GB more", error)
        self.assertEqual(self.hub.asked("GET", "/blob/"), [])


class Interruptions(PullTest):
    def begin(self, *arguments):
        """A pull that is in the middle of a slow file."""
        child = subprocess.Popen(
            [PROGRAM, "pull", "--json", *PATIENT, *arguments],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.stderr.close)
        self.addCleanup(child.kill)
        return child

    def wait_for_bytes(self, path):
        for _ in range(1000):
            if path.exists() and path.stat().st_size > 0:
                return
            time.sleep(0.01)
        self.fail(f"{path} stays empty")

    def test_what_came_before_an_end_of_any_kind_is_not_fetched_again(self):
        self.hub.add("org/tiny", {"model.gguf": MODEL})
        partial = self.partial("org/tiny", MODEL)
        for number, end in enumerate((signal.SIGINT, signal.SIGKILL)):
            self.hub.fault("/blob/", stall_after=100_000)
            child = self.begin("hf:org/tiny")
            self.wait_for_bytes(partial)
            while partial.stat().st_size < (number + 1) * 100_000:
                time.sleep(0.01)
            child.send_signal(end)
            _, stderr = child.communicate(timeout=30)
            if end == signal.SIGINT:
                self.assertEqual(child.returncode, 1)
                self.assertIn("interrupted; the same command goes on", stderr)
        self.assertEqual(partial.read_bytes(), MODEL[:200_000])
        done = [e for e in self.events("hf:org/tiny") if e["event"] == "file"]
        self.assertEqual(done[0]["resumed_at"], 200_000)
        self.assertFalse(partial.exists())

    def test_two_at_once_do_the_work_once(self):
        self.hub.add("org/tiny", {"model.gguf": MODEL})
        self.hub.fault("/blob/", slowly=0.05)
        first = self.begin("hf:org/tiny")
        self.wait_for_bytes(self.partial("org/tiny", MODEL))
        second = self.pull("hf:org/tiny")
        self.assertIn("Another process", second.stderr)
        self.assertEqual(pathlib.Path(second.stdout.strip()).read_bytes(), MODEL)
        self.assertEqual(first.wait(timeout=30), 0)
        self.assertEqual(len(self.hub.asked("GET", "/blob/")), 1)

    def test_the_lock_is_the_one_that_hugging_face_takes(self):
        self.hub.add("org/tiny", {"model.gguf": MODEL})
        lock = self.cache / ".locks" / "models--org--tiny" / f"{sha256(MODEL)}.lock"
        lock.parent.mkdir(parents=True)
        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            child = self.begin("hf:org/tiny")
            events = [json.loads(child.stdout.readline())["event"] for _ in range(2)]
            self.assertEqual(events, ["plan", "wait"])
        child.communicate(timeout=30)
        self.assertEqual(child.returncode, 0)


class Secrets(PullTest):
    def setUp(self):
        super().setUp()
        self.hub.add("org/secret", {"model.gguf": MODEL, "config.json": b"{}"}, gated=True)
        self.token = self.hub.token

    def test_the_token_goes_to_the_hub_and_nowhere_else(self):
        ran = self.pull("hf:org/secret", HF_TOKEN=self.token)
        with_token = [r for r in self.hub.requests if "authorization" in r.headers]
        self.assertTrue(with_token)
        self.assertEqual([r for r in with_token if r.large], [])
        self.assertTrue([r for r in self.hub.requests if r.large])
        self.assertNotIn(self.token, ran.stdout + ran.stderr)

    def test_the_token_may_lie_in_hugging_faces_file(self):
        (self.home / "token").write_text(self.token + "\n")
        self.pull("hf:org/secret")
        self.assertIn("HF_TOKEN", self.refused("hf:org/secret", HF_HUB_DISABLE_IMPLICIT_TOKEN="1"))

    def test_a_gated_repository_says_where_to_ask(self):
        error = self.refused("hf:org/secret")
        self.assertIn("gated", error)
        self.assertIn(f"{self.hub.endpoint}/org/secret", error)
        self.assertIn("account that may read it", self.refused("hf:org/secret", HF_TOKEN="hf_other"))

    def test_another_address_gets_no_token(self):
        self.hub.plain["/files/a.gguf"] = MODEL
        address = self.hub.endpoint.replace("127.0.0.1", "localhost") + "/files/a.gguf"
        self.pull(address, HF_TOKEN=self.token, no_proxy="localhost")
        self.assertFalse([r for r in self.hub.requests if "authorization" in r.headers])

    def test_a_token_that_could_break_headers_is_refused_unseen(self):
        error = self.refused("hf:org/secret", HF_TOKEN="hf_a\rX-Evil: 1")
        self.assertIn("HF_TOKEN", error)
        self.assertNotIn("X-Evil", error)


if __name__ == "__main__":
    unittest.main()
