"""Starts tests/serve/scripted_server.cpp with scripts, for tests with real clients."""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import unittest

SERVER = os.environ.get("SCRIPTED_SERVER", "build/release/tests/serve/scripted_server")


def skip(reason):
    """Ends the program as one that was skipped: ctest knows the status."""
    print(reason)
    sys.exit(77)


def want(*packages):
    """Skips all that follows where one of the packages is not installed."""
    for package in packages:
        if importlib.util.find_spec(package) is None:
            skip(f"no {package}: run scripts/setup --dev, then scripts/build")


def turn(question):
    """How the model's template writes a question that waits for its answer."""
    return f"<|user|>{question}<|assistant|><think>\n"


class ScriptedServer:
    """The server as long as a `with` block; `port`, and afterwards `blocks_in_use`."""

    def __init__(self, scripts, *flags):
        self.scripts, self.flags = scripts, flags

    def __enter__(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
            json.dump([{"prompt": prompt, "continuation": continuation}
                       for prompt, continuation in self.scripts], file)
        self.process = subprocess.Popen(
            [SERVER, file.name, *map(str, self.flags)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        os.unlink(file.name)
        if not line.strip():
            raise RuntimeError(self.process.stderr.read())
        self.port = int(line)
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    def __exit__(self, *_):
        _, errors = self.process.communicate("", timeout=120)
        self.blocks_in_use = next(
            (int(line.split()[0]) for line in errors.splitlines() if line.endswith("blocks in use")),
            None)
        self.status, self.errors = self.process.returncode, errors


class WithServer(unittest.TestCase):
    """One server for all tests of a class, which gives `SCRIPTS` and perhaps `FLAGS`."""

    SCRIPTS, FLAGS = (), ()

    @classmethod
    def setUpClass(cls):
        cls.server = ScriptedServer(cls.SCRIPTS, *cls.FLAGS)
        cls.server.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        assert cls.server.status == 0, cls.server.errors
        assert cls.server.blocks_in_use == 0, cls.server.errors
