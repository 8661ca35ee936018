"""The cache as huggingface_hub sees it, and as it leaves it for us: both tools on the same folder.

Skips itself (status 77) where Python has no huggingface_hub.
"""

import os
import sys
import unittest

try:
    import huggingface_hub
    from huggingface_hub import hf_hub_download, scan_cache_dir, try_to_load_from_cache
except ImportError:
    print("no huggingface_hub: run scripts/setup --dev, then scripts/build")
    sys.exit(77)

from fake_hub import sha256
from pull_case import MODEL, PullTest

FILES = {"model.gguf": MODEL, "sub/config.json": b"{}"}


class SameFolder(PullTest):
    def download(self, file, **options):
        return hf_hub_download(
            "org/tiny", file, cache_dir=self.cache, endpoint=self.hub.endpoint, token=False, **options
        )

    def test_it_finds_what_we_pulled(self):
        commit = self.hub.add("org/tiny", FILES).commit
        path = str(self.pulled("hf:org/tiny:model.gguf"))
        self.pull("hf:org/tiny:sub/config.json")
        info = scan_cache_dir(self.cache)
        self.assertEqual(info.warnings, [])
        (repository,) = info.repos
        (revision,) = repository.revisions
        self.assertEqual((repository.repo_id, revision.commit_hash), ("org/tiny", commit))
        self.assertEqual(set(revision.refs), {"main"})
        self.assertEqual(repository.size_on_disk, sum(map(len, FILES.values())))
        self.assertEqual(try_to_load_from_cache("org/tiny", "model.gguf", self.cache), path)
        self.hub.requests.clear()
        self.assertEqual(self.download("model.gguf"), path)
        self.assertEqual(self.download("model.gguf", local_files_only=True), path)
        self.assertEqual(self.hub.asked("GET", "/"), [])

    def test_we_find_what_it_downloaded(self):
        self.hub.add("org/tiny", FILES)
        paths = [self.download(file) for file in FILES]
        self.hub.requests.clear()
        for path, file in zip(paths, FILES):
            self.assertEqual(str(self.pulled(f"hf:org/tiny:{file}")), path)
        self.assertEqual(str(self.pulled("hf:org/tiny", "--offline")), paths[0])
        self.assertEqual(self.hub.asked("GET", "/"), [])
        self.assertIn("hf:org/tiny:model.gguf", self.run_retort("list").stdout)

    def test_a_part_of_ours_disturbs_nobody(self):
        self.hub.add("org/tiny", FILES)
        self.hub.fault("/blob/", drop_after=5000)
        self.refused("hf:org/tiny:model.gguf", "--retries", "0")
        path = self.download("model.gguf")
        self.assertEqual(scan_cache_dir(self.cache).warnings, [])
        self.assertEqual(str(self.pulled("hf:org/tiny")), path)
        self.assertEqual(os.readlink(path), f"../../blobs/{sha256(MODEL)}")

    def test_what_we_remove_is_gone_for_it(self):
        self.hub.add("org/tiny", FILES)
        for file in FILES:
            self.download(file)
        self.run_retort("rm", "hf:org/tiny", "--yes")
        info = scan_cache_dir(self.cache)
        self.assertEqual((info.size_on_disk, list(info.repos), info.warnings), (0, [], []))


if __name__ == "__main__":
    print("huggingface_hub", huggingface_hub.__version__)
    unittest.main()
