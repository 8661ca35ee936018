"""Requests made from /openapi.json by schemathesis: whatever they say, none is a 500, and what comes
back is what the document says."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from scripted import ScriptedServer, turn, want

want("schemathesis")

EXAMPLES = os.environ.get("RETORT_EXAMPLES", "15")


class OpenApiTest(unittest.TestCase):
    def test_every_operation(self):
        with tempfile.TemporaryDirectory() as folder, ScriptedServer(
                [(turn("q"), "hm</think>yes<|end|>")], "--store", folder + "/runs.db") as server:
            ran = subprocess.run(
                [pathlib.Path(sys.executable).parent / "schemathesis", "run",
                 server.url + "/openapi.json", "--max-examples", EXAMPLES, "--seed", "1",
                 "--checks", "not_a_server_error,status_code_conformance,"
                 "content_type_conformance,response_schema_conformance",
                 # 501, by what it is: embeddings are not served, and this server brings no models.
                 "--exclude-path", "/v1/embeddings", "--exclude-path", "/retort/v1/pull",
                 "--exclude-path", "/retort/v1/runs/{run}/report",
                 "--phases", "examples,coverage,fuzzing", "--request-timeout", "30", "--no-color"],
                cwd=folder, capture_output=True, text=True, check=False)
            self.assertEqual(ran.returncode, 0, ran.stdout[-6000:] + ran.stderr[-2000:])
        self.assertEqual(server.blocks_in_use, 0)


if __name__ == "__main__":
    unittest.main()
