"""`retort list`, `show` and `rm`, and models taken by name: the real program on a small cache."""

import json
import os
import pathlib
import unittest

from pull_case import PullTest

ROOT = pathlib.Path(__file__).parents[2]
TINY = (ROOT / "tests/data/models/tiny-qwen2.gguf").read_bytes()
DISTILL = "bartowski/DeepSeek-R1-Distill-Qwen-1.5B-GGUF"
DISTILL_FILE = "DeepSeek-R1-Distill-Qwen-1.5B-Q4_K_M.gguf"


class Commands(PullTest):
    def retort(self, *arguments, **options):
        return self.run_retort(*arguments, **options).stdout

    def refused_by(self, *arguments, **options):
        ran = self.run_retort(*arguments, code=1, **options)
        return ran.stderr.strip().splitlines()[-1]

    def pull_distill(self):
        self.hub.add(DISTILL, {DISTILL_FILE: TINY, "x-Q8_0.gguf": TINY + b"\0"})
        return self.pulled("r1-distill-qwen-1.5b")


class List(Commands):
    def test_shows_what_is_here_and_what_could_be(self):
        self.assertIn("no models yet", self.retort("list"))
        self.pull_distill()
        self.hub.add("org/tiny", {"model.safetensors": TINY, "config.json": b"{}"})
        self.pull("hf:org/tiny")
        text = self.retort("list")
        here, absent = text.split("In the catalogue")
        self.assertRegex(here, rf"r1-distill-qwen-1.5b:q4_k_m +\d+\.\d kB  main +{DISTILL_FILE}")
        self.assertRegex(here, r"hf:org/tiny +\d+\.\d kB  main +safetensors")
        self.assertNotIn("r1-distill-qwen-1.5b ", absent)
        self.assertRegex(absent, r"r1-distill-qwen-7b +distill +q4_k_m q8_0 bf16 +MIT; base: Apache")

    def test_json_has_the_paths_and_the_whole_catalogue(self):
        path = self.pull_distill()
        listed = json.loads(self.retort("list", "--json"))
        (model,) = listed["models"]
        self.assertEqual(model["path"], str(path))
        self.assertEqual((model["kind"], model["bytes"]), ("distill", len(TINY)))
        self.assertTrue(model["complete"])
        self.assertIn("deepseek-v3", [entry["name"] for entry in listed["catalogue"]])

    def test_says_what_is_old_and_what_is_incomplete(self):
        parts = {f"m-Q8_0-0000{part}-of-00002.gguf": TINY for part in (1, 2)}
        self.hub.add("org/tiny", parts)
        self.pull("hf:org/tiny")
        self.hub.add("org/tiny", {**parts, "README.md": b"new"})
        second = self.pulled("hf:org/tiny").with_name("m-Q8_0-00002-of-00002.gguf")
        second.unlink()
        text = self.retort("list")
        self.assertRegex(text, r"older, [0-9a-f]{7} +m-Q8_0-00001-of-00002.gguf \(2 parts\)")
        self.assertRegex(text, r"main, incomplete")
        self.assertIn("only partly here", self.refused_by("show", "hf:org/tiny"))


class ByName(Commands):
    def test_commands_take_the_name_of_what_was_pulled(self):
        self.assertIn(
            "`retort pull r1-distill-qwen-1.5b` brings it",
            self.refused_by("tokenize", "r1-distill-qwen-1.5b"),
        )
        path = self.pull_distill()
        text = self.home / "text"
        text.write_text("One and one is two. " * 5)
        score = ("--text", str(text), "--window", "32", "--threads", "1")
        by_path = self.retort("score", str(path), *score)
        for name in ("r1-distill-qwen-1.5b", "deepseek-r1:1.5b", f"hf:{DISTILL}",
                     "R1-Distill-Qwen-1.5B:Q4_K_M", f"hf:{DISTILL}:{DISTILL_FILE}"):
            self.assertEqual(self.retort("score", name, *score), by_path, name)
        self.assertIn("q8_0", self.refused_by("run", "r1-distill-qwen-1.5b:q8_0", "Hi"))

    def test_another_precision_serves_where_the_default_is_not_here(self):
        self.hub.add(DISTILL, {"x-Q8_0.gguf": TINY})
        self.pull("r1-distill-qwen-1.5b:q8_0")
        shown = json.loads(self.retort("show", "r1-distill-qwen-1.5b", "--json"))
        self.assertEqual(shown["cached"]["precision"], "q8_0")

    def test_a_path_is_a_path(self):
        for text in ("no-such.gguf", "./r1-distill-qwen-1.5b", "models/x"):
            self.assertIn(text, self.refused_by("show", text))
        self.assertIn("did you mean", self.refused_by("show", "smollm2-135m-instrukt"))


class Show(Commands):
    def test_joins_the_catalogue_with_the_file(self):
        text = self.retort("show", "r1-distill-qwen-1.5b")
        self.assertRegex(text, r"Trained from +qwen2.5-math-1.5b")
        self.assertRegex(text, r"Compare with +qwen2.5-1.5b-instruct, qwen2.5-math-1.5b-instruct")
        self.assertIn("Not here yet: retort pull r1-distill-qwen-1.5b", text)
        self.pull_distill()
        text = self.retort("show", "r1-distill-qwen-1.5b")
        self.assertRegex(text, r"Kind +distill")
        self.assertRegex(text, r"Architecture +qwen2")
        self.assertRegex(text, r"Runs here")


class Remove(Commands):
    def test_removes_one_precision_and_what_only_it_needed(self):
        q4 = self.pull_distill()
        q8 = self.pulled("r1-distill-qwen-1.5b:q8_0")
        self.assertIn("add --yes", self.refused_by("rm", "r1-distill-qwen-1.5b:q8_0"))
        freed = json.loads(self.retort("rm", "r1-distill-qwen-1.5b:q8_0", "--yes", "--json"))
        self.assertEqual(freed, {"freed_bytes": len(TINY) + 1})
        self.assertFalse(q8.exists())
        self.assertEqual(q4.read_bytes(), TINY)
        self.retort("rm", "r1-distill-qwen-1.5b", "--yes")
        self.assertEqual(sorted(path.name for path in self.cache.iterdir()),
                         [".locks", "CACHEDIR.TAG"])
        self.assertIn("is not in the cache", self.refused_by("rm", "r1-distill-qwen-1.5b", "-y"))

    def test_a_blob_stays_while_another_name_leads_to_it(self):
        self.hub.add("org/tiny", {"a-Q4_0.gguf": TINY, "b-Q8_0.gguf": TINY})
        a, b = self.pulled("hf:org/tiny:q4_0"), self.pulled("hf:org/tiny:q8_0")
        self.assertIn("Freed 0 bytes", self.retort("rm", "hf:org/tiny:a-Q4_0.gguf", "--yes"))
        self.assertFalse(a.exists())
        self.assertEqual(b.read_bytes(), TINY)

    def test_a_whole_repository_goes_with_what_others_put_there(self):
        self.hub.add("org/tiny", {"model.gguf": TINY})
        path = self.pulled("hf:org/tiny")
        (path.parent / "notes.txt").write_text("mine")
        part = path.parents[2] / "blobs/abc.retort.incomplete"
        part.write_bytes(b"12345")
        freed = json.loads(self.retort("rm", "hf:org/tiny", "--yes", "--json"))
        self.assertEqual(freed["freed_bytes"], len(TINY) + len("mine") + 5)
        self.assertFalse(path.parents[2].exists())

    def test_nothing_outside_the_cache_is_touched(self):
        outside = self.home / "precious.gguf"
        outside.write_bytes(TINY)
        self.hub.add("org/tiny", {"model.gguf": TINY})
        link = self.pulled("hf:org/tiny")
        link.unlink()
        link.symlink_to(outside)
        self.retort("rm", "hf:org/tiny", "--yes")
        self.assertEqual(outside.read_bytes(), TINY)
        elsewhere = self.home / "elsewhere"
        (elsewhere / "snapshots" / ("a" * 40)).mkdir(parents=True)
        (elsewhere / "snapshots" / ("a" * 40) / "model.gguf").write_bytes(TINY)
        (self.cache / "models--org--link").symlink_to(elsewhere)
        self.assertIn("by hand", self.refused_by("rm", "hf:org/link", "--yes"))
        self.assertRegex(self.refused_by("rm", "hf:org/..", "--yes"), "is no repository")

    def test_an_address_is_removed_by_its_address(self):
        self.hub.plain["/files/a.gguf"] = TINY
        address = self.hub.store + "/files/a.gguf"
        path = self.pulled(address)
        self.assertIn(address, self.retort("list"))
        self.retort("rm", address, "--yes")
        self.assertFalse(path.exists())


if __name__ == "__main__":
    unittest.main()
