"""What the tests of this folder share: the real program, a fake hub and an empty home each."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from fake_hub import FakeHub, sha256

PROGRAM = os.environ["RETORT_PROGRAM"]
MODEL = bytes(range(256)) * 4000  # about a megabyte
PATIENT = ("--retry-delay", "0.01", "--stall-timeout", "1")


class PullTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.home = pathlib.Path(scratch.name)
        self.cache = self.home / "hub"
        self.hub = FakeHub()
        self.addCleanup(self.hub.__exit__)

    def environment(self, **variables):
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "HF_HOME": str(self.home),
            "HF_ENDPOINT": self.hub.endpoint,
            "no_proxy": "127.0.0.1",
            # where a sanitizer is built in
            **{name: value for name, value in os.environ.items() if name.endswith("_OPTIONS")},
            **variables,
        }

    def run_retort(self, *arguments, code=0, **variables):
        ran = subprocess.run(
            [PROGRAM, *arguments],
            env=self.environment(**variables),
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
        return ran

    def pull(self, *arguments, **options):
        return self.run_retort("pull", *PATIENT, *arguments, **options)

    def pulled(self, *arguments, **options):
        """The path that a pull prints."""
        return pathlib.Path(self.pull(*arguments, **options).stdout.strip())

    def refused(self, *arguments, **options):
        """The one line of an error."""
        return self.pull(*arguments, code=1, **options).stderr.strip().splitlines()[-1]

    def events(self, *arguments, **options):
        lines = self.pull("--json", *arguments, **options).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def repository(self, name):
        return self.cache / ("models--" + name.replace("/", "--"))

    def partial(self, name, data):
        return self.repository(name) / "blobs" / f"{sha256(data)}.retort.incomplete"
