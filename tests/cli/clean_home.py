"""For tests of commands: a home folder of their own, and an environment without settings of ours."""

import os
import pathlib
import tempfile
import unittest


class WithCleanHome(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "RETORT_", "XDG_"))}
        self.environment = {**kept, "HOME": str(self.home)}
