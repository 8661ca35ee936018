"""A model hub on the loopback: what the tests of `retort pull` speak to instead of the real one.

    with fake_hub.FakeHub() as hub:
        hub.add("org/tiny", {"model.gguf": b"...", "config.json": b"{}"})
        hub.fault("model.gguf", drop_after=1000)    # the next answer about it breaks off
        run(["retort", "pull", "hf:org/tiny"], env={"HF_ENDPOINT": hub.endpoint})
        hub.requests                                # what was asked, in order

It answers as huggingface.co does: the list of files, resolve with X-Repo-Commit and ETag, large
files by a redirect to another address (here another port) that knows no token. Files whose name
ends like a model's are large ones.
"""

import dataclasses
import hashlib
import http.server
import json
import re
import threading
import time
import urllib.parse

LARGE = (".gguf", ".safetensors", ".bin")


def git_blob(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclasses.dataclass
class Repository:
    files: dict[str, bytes]
    gated: bool = False  # wants the hub's token

    @property
    def commit(self) -> str:
        state = "".join(f"{name} {sha256(data)}\n" for name, data in sorted(self.files.items()))
        return hashlib.sha1(state.encode()).hexdigest()


@dataclasses.dataclass
class Request:
    method: str
    path: str
    large: bool  # went to the address of large files
    headers: dict[str, str]


@dataclasses.dataclass
class Fault:
    """What goes wrong with the next answers whose path holds `match`."""

    match: str
    times: int = 1
    methods: tuple[str, ...] = ("GET",)
    status: int | None = None  # answer this instead
    headers: dict[str, str] = dataclasses.field(default_factory=dict)  # beside or instead of ours
    body: bytes | None = None
    drop_after: int | None = None  # send so many bytes, then break off
    stall_after: int | None = None  # send so many bytes, then nothing
    slowly: float = 0  # seconds before each tenth
    corrupt: bool = False  # one byte is another
    ignore_range: bool = False


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        hub, large = self.server.hub, self.server.large
        path = urllib.parse.unquote(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        hub.requests.append(Request(self.command, path, large, headers))
        fault = hub.take_fault(self.command, path)
        if fault and fault.status:
            return self.send(fault.status, fault.headers, fault.body or b"")
        if path.startswith("/files/"):
            data = hub.plain.get(path)
            return self.send_file(data, {"ETag": f'"{sha256(data or b"")[:16]}"'}, fault)
        if large:
            data = hub.blobs.get(path.partition("?")[0].removeprefix("/blob/"))
            return self.send_file(data, {"ETag": '"of-the-store"'}, fault)
        if match := re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/revision/([^?]+))?(?:\?.*)?", path):
            return self.list_files(*match.groups())
        if match := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/([^?]+)", path):
            return self.resolve(*match.groups(), fault)
        self.send(404, {}, b"")

    def repository(self, name, revision):
        """The repository, or None where an error has been sent."""
        hub = self.server.hub
        found = hub.repositories.get(name)
        if found is None:
            self.send(401, {"X-Error-Code": "RepoNotFound"}, b"")
        elif found.gated and self.headers.get("Authorization") != f"Bearer {hub.token}":
            self.send(401, {"X-Error-Code": "GatedRepo"}, b"")
        elif revision not in (None, "main", found.commit):
            self.send(404, {"X-Error-Code": "RevisionNotFound"}, b"")
        else:
            return found
        return None

    def list_files(self, name, revision):
        if found := self.repository(name, revision):
            listing = {
                "id": name,
                "sha": found.commit,
                "siblings": [{"rfilename": file} for file in found.files],
            }
            self.send(200, {"Content-Type": "application/json"}, json.dumps(listing).encode())

    def resolve(self, name, revision, file, fault):
        found = self.repository(name, revision)
        if not found:
            return
        data = found.files.get(file)
        headers = {"X-Repo-Commit": found.commit}
        if data is None:
            self.send(404, {**headers, "X-Error-Code": "EntryNotFound"}, b"")
        elif file.endswith(LARGE):
            self.server.hub.blobs[sha256(data)] = data
            headers |= {
                "X-Linked-ETag": f'"{sha256(data)}"',
                "X-Linked-Size": str(len(data)),
                "Location": f"{self.server.hub.store}/blob/{sha256(data)}?signature=secret",
                **(fault.headers if fault else {}),
            }
            self.send(302, headers, b"elsewhere")
        else:
            self.send_file(data, {**headers, "ETag": f'"{git_blob(data)}"'}, fault)

    def send_file(self, data, headers, fault):
        if data is None:
            return self.send(404, {}, b"")
        fault = fault or Fault("")
        if fault.corrupt:
            data = bytes([data[0] ^ 1]) + data[1:]
        status, start = 200, 0
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        current = self.headers.get("If-Range") in (None, headers["ETag"])
        if asked and current and not fault.ignore_range:
            start = int(asked.group(1))
            if start >= len(data):
                return self.send(416, {"Content-Range": f"bytes */{len(data)}"}, b"")
            status = 206
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        self.send(status, {**headers, **fault.headers}, data[start:], fault)

    def send(self, status, headers, body, fault=None):
        fault = fault or Fault("")
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault.stall_after is not None:
            self.wfile.write(body[: fault.stall_after])
            self.wfile.flush()
            self.server.hub.closing.wait(20)
        elif fault.drop_after is not None:
            self.wfile.write(body[: fault.drop_after])
        else:
            step = max(1, len(body) // 10) if fault.slowly else max(1, len(body))
            for at in range(0, len(body), step):
                time.sleep(fault.slowly)
                self.wfile.write(body[at : at + step])
        self.close_connection = fault.drop_after is not None or fault.stall_after is not None

    def handle(self):
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client had enough


class FakeHub:
    def __init__(self):
        self.repositories: dict[str, Repository] = {}
        self.plain: dict[str, bytes] = {}  # by path, "/files/..."
        self.blobs: dict[str, bytes] = {}
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.token = "hf_secretsecret"
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self.servers = []
        for large in (False, True):
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            server.daemon_threads = True
            server.hub, server.large = self, large
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            self.servers.append(server)
        self.endpoint, self.store = (
            f"http://127.0.0.1:{server.server_port}" for server in self.servers
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closing.set()
        for server in self.servers:
            server.shutdown()
            server.server_close()

    def add(self, name, files, gated=False):
        self.repositories[name] = Repository(dict(files), gated)
        return self.repositories[name]

    def fault(self, match, **what):
        self.faults.append(Fault(match, **what))

    def take_fault(self, method, path):
        with self.lock:
            for fault in self.faults:
                if fault.times > 0 and fault.match in path and method in fault.methods:
                    fault.times -= 1
                    return fault
        return None

    def asked(self, method, part):
        """The requests of this kind so far."""
        return [r for r in self.requests if r.method == method and part in r.path]
