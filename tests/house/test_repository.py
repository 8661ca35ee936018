"""Rules of the repository as a whole, over all of its files."""

import os
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).parents[2]
NOT_OURS = {".git", ".venv", "build", "corpus", "__pycache__"}
TEXTS = {"", ".cmake", ".cpp", ".css", ".h", ".html", ".js", ".json", ".md", ".py", ".txt", ".yml"}


def files():
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - NOT_OURS)
        for name in sorted(names):
            yield pathlib.Path(folder) / name


def texts():
    for path in files():
        if path.suffix in TEXTS:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")


class Repository(unittest.TestCase):
    def test_names_no_folder_of_one_machine(self):
        pattern = re.compile(r"(?<![\w.])/(?:root|home/\w+|Users)/")
        found = [str(path) for path, text in texts() if pattern.search(text)]
        self.assertEqual(found, [])

    def test_scripts_can_be_run(self):
        for path in [*(ROOT / "scripts").iterdir(), ROOT / ".ci/run"]:
            if path.is_file():
                self.assertTrue(os.access(path, os.X_OK), path)
                self.assertTrue(path.read_text().startswith("#!"), path)

    def test_recorded_data_says_where_it_is_from(self):
        for folder in (ROOT / "tests/data").iterdir():
            readme = folder / "README.md"
            self.assertTrue(readme.is_file(), f"{folder.relative_to(ROOT)} has no README.md: what "
                            "it is, which script made it with which versions, when to make it anew")
            self.assertLess(len(readme.read_text().splitlines()), 30, readme)

    def test_recorded_data_stays_small(self):
        large = [str(path) for path in files() if path.stat().st_size > 2_000_000]
        self.assertEqual(large, [])

    def test_links_between_documents_lead_somewhere(self):
        for path, text in texts():
            if path.suffix != ".md":
                continue
            prose = re.sub(r"(?m)^    .*$", "", text)  # code has brackets of its own
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", prose):
                if not re.match(r"\w+:", target):
                    self.assertTrue((ROOT / path.parent / target).exists(), f"{path}: {target}")

    def test_every_decision_is_listed(self):
        folder = ROOT / "docs/decisions"
        index = (folder / "README.md").read_text()
        for record in folder.glob("[0-9]*.md"):
            self.assertIn(record.name, index)
            text = record.read_text()
            for part in ("**Context.**", "**Choice.**", "**Price.**"):
                self.assertIn(part, text, record.name)

    def test_commands_in_documents_exist(self):
        for path, text in texts():
            if path.suffix == ".md":
                for name in re.findall(r"(?<![\w./])((?:scripts|tools|bench)/[\w.-]+)", text):
                    self.assertTrue((ROOT / name.rstrip(".")).exists(), f"{path}: {name}")


if __name__ == "__main__":
    unittest.main()
