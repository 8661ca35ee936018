"""`retort doctor`: what it finds wrong, its exit status, and that its remedies mend."""

import json
import os
import pathlib
import re
import shutil
import socket
import sqlite3
import subprocess
import unittest

from tests.cli.clean_home import WithCleanHome

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = os.environ.get("RETORT_PROGRAM", str(ROOT / "build/release/retort"))
TINY = ROOT / "tests/data/models/tiny-qwen2.gguf"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class DoctorTest(WithCleanHome):
    def setUp(self):
        super().setUp()
        self.port = free_port()

    def run_doctor(self, *flags, **variables):
        return subprocess.run([PROGRAM, "doctor", "--port", str(self.port), *map(str, flags)],
                              capture_output=True, text=True, check=False,
                              env={**self.environment, **variables})

    def findings(self, *flags, code=0, **variables):
        """By check; of a model those of the model."""
        ran = self.run_doctor(*flags, "--json", **variables)
        self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
        return {finding["check"]: finding for finding in json.loads(ran.stdout)}

    def test_a_machine_alone(self):
        ran = self.run_doctor()
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        lines = ran.stdout.splitlines()
        self.assertEqual(lines[0], "This machine")
        for check in ("cpu", "threads", "cache", "disk", "port"):
            self.assertRegex(ran.stdout, rf"(?m)^  {check} +(ok|note|warning) ")
        self.assertRegex(lines[-1], r"^Nothing is wrong\.$|^0 errors, \d+ warnings?\. First: ")
        self.assertFalse((self.home / ".local").exists(), "looking makes no store")
        self.assertIn("docs/doctor.md", self.run_doctor("--help").stdout)
        self.assertEqual(self.run_doctor("--kv-type", "f8").returncode, 2)

    def test_a_port_in_use_is_an_error_that_names_its_process(self):
        with socket.create_server(("127.0.0.1", self.port)):
            port = self.findings(code=1)["port"]
        self.assertEqual(port["severity"], "error")
        self.assertRegex(port["what"], rf"{self.port} is in use by .+ \(pid {os.getpid()}\)")
        self.assertIn(f"kill {os.getpid()}", port["remedy"])

    def test_the_cache_and_what_chose_it(self):
        self.assertIn("the usual folder", self.findings()["cache"]["what"])
        chosen = self.findings(HF_HOME=str(self.home / "hf"))["cache"]
        self.assertIn(f"{self.home}/hf/hub, chosen by HF_HOME", chosen["what"])
        file = self.home / "file"
        file.write_text("")
        self.assertIn("cannot be written",
                      self.findings(code=1, HF_HUB_CACHE=str(file))["cache"]["what"])
        partial = self.home / "c/models--org--repo/blobs/abc.retort.incomplete"
        partial.parent.mkdir(parents=True)
        partial.write_text("1234")
        found = self.findings(HF_HUB_CACHE=str(self.home / "c"))
        self.assertIn("retort pull hf:org/repo", found["downloads"]["remedy"])

    def test_a_good_model_is_fine(self):
        found = self.findings(TINY)
        for check in ("model", "memory", "template", "end of turn", "thinking"):
            self.assertEqual(found[check]["severity"], "ok", found[check])
            self.assertEqual(found[check]["model"], str(TINY))
        self.assertIsNone(found["cpu"]["model"])

    def test_what_is_advised_for_memory_fits(self):
        flags = (TINY, "--memory", "1GB")
        memory = self.findings(*flags, "--kv-tokens", 2**31, code=1)["memory"]
        tokens = re.match(r"--kv-tokens (\d+) ", memory["remedy"])
        self.assertTrue(tokens, memory)
        mended = self.findings(*flags, "--kv-tokens", tokens.group(1))["memory"]
        self.assertEqual(mended["severity"], "ok", mended)

    def test_an_r1_with_the_wrong_template(self):
        path = self.home / "DeepSeek-R1-Distill-Qwen-1.5B-Q8_0.gguf"
        shutil.copy(TINY, path)
        ran = self.run_doctor(path)
        self.assertEqual(ran.returncode, 1)
        self.assertRegex(ran.stdout, r"(?m)^  template +error +the chat template writes ChatML")
        self.assertRegex(ran.stdout.splitlines()[-1], r"^1 error, .* First: take a file made from")

    def test_models_that_are_not_here(self):
        found = self.findings("r1-distill-qwen-1.5b", "--memory", "8GB")
        self.assertEqual(found["model"]["remedy"], "retort pull r1-distill-qwen-1.5b")
        self.assertIn("it will take about", found["memory"]["what"])
        offline = self.findings("r1-distill-qwen-1.5b", code=1, HF_HUB_OFFLINE="1")
        self.assertIn("unset HF_HUB_OFFLINE", offline["model"]["remedy"])
        large = self.findings("r1-distill-qwen-32b", "--memory", "4GB", code=1)
        self.assertIn("retort pull r1-distill-qwen-1.5b:q4_k_m", large["memory"]["remedy"])
        self.assertIn("did you mean",
                      self.findings("r1-distill-qwen-1.5", code=1)["model"]["what"])
        self.assertIn("no-such.gguf", self.findings("no-such.gguf", code=1)["model"]["what"])

    def test_a_model_that_another_program_keeps(self):
        models = self.home / ".ollama/models"
        blob = models / "blobs" / ("sha256-" + "a" * 64)
        manifest = models / "manifests/registry.ollama.ai/library/deepseek-r1/1.5b"
        for file in (blob, manifest):
            file.parent.mkdir(parents=True)
        shutil.copy(TINY, blob)
        manifest.write_text(json.dumps({"layers": [
            {"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:" + "a" * 64}]}))
        model = self.findings("r1-distill-qwen-1.5b", "--memory", "8GB")["model"]
        self.assertIn(f"retort run {blob}", model["remedy"])
        self.findings(blob)  # it can be read as it lies

    def test_answers_that_a_limit_would_cut(self):
        store = self.home / "runs.db"
        self.assertNotIn("answer length", self.findings(TINY, "--store", store))
        subprocess.run([PROGRAM, "runs", "list", "--store", store], check=True,
                       capture_output=True, env=self.environment)
        self.store_answers(store, "tiny-qwen2", [3000] * 30)
        cut = self.findings(TINY, "--store", store)["answer length"]
        self.assertEqual(cut["severity"], "warning")
        self.assertIn("--max-tokens 2,048 would cut 30 (100 %)", cut["what"])
        enough = self.findings(TINY, "--store", store, "--max-tokens", 4096)["answer length"]
        self.assertEqual(enough["severity"], "ok")

    @staticmethod
    def store_answers(store, model, lengths):
        with sqlite3.connect(store) as database:
            database.execute("INSERT INTO machines VALUES (1, 'c', '', 1, 1, 1, 'o', 'k')")
            database.execute("INSERT INTO models VALUES (1, 'd', 1, ?, 'a', 'q', '/p')", [model])
            database.execute("INSERT INTO runs (number, id, kind, state, started_at, version, command,"
                             " settings, seed, machine) "
                             "VALUES (1, 'k3f9q2', 'compare', 'finished', 't', 'v', 'c', '{}', 1, 1)")
            database.execute("INSERT INTO run_models (run, position, model, name, path) "
                             "VALUES (1, 0, 1, ?, 'p')", [model])
            for i, length in enumerate(lengths):
                database.execute("INSERT INTO problems VALUES (?, ?, 't', 'en', 1, 'k', 'q', 'a')",
                                 [i, str(i)])
                database.execute("INSERT INTO run_problems VALUES (1, ?, ?)", [i, i])
                database.execute("INSERT INTO samples (run, model, problem, verdict, extracted, found_by,"
                                 " finish, prompt_tokens, new_tokens, reasoning_tokens, reasoning, answer)"
                                 " VALUES (1, 0, ?, 'correct', '', '', 'stop', 1, ?, 1, '', '')",
                                 [i, length])


if __name__ == "__main__":
    unittest.main()
