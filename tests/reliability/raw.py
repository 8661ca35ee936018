"""A bare HTTP/1.1 client on asyncio, for tests that need to see every byte and to misbehave."""

import asyncio
import json
import socket
import struct


def chat_body(question="q", **more):
    return {"messages": [{"role": "user", "content": question}], **more}


def request(method, path, body=b"", headers=()):
    if isinstance(body, (dict, list)):
        body = json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def events(self):
        """The data of server-sent events."""
        return [line[6:] for line in self.body.decode().split("\n") if line.startswith("data: ")]


async def read_head(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
    return int(head[0].split()[1]), {name.lower(): value for name, value in headers.items()}


async def read_reply(reader):
    status, headers = await read_head(reader)
    if headers.get("transfer-encoding") != "chunked":
        return Reply(status, headers, await reader.readexactly(int(headers.get("content-length", 0))))
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return Reply(status, headers, body)


async def ask(port, method, path, body=b"", headers=(), seconds=120):
    async def run():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(request(method, path, body, headers))
            return await read_reply(reader)
        finally:
            writer.close()

    return await asyncio.wait_for(run(), seconds)


async def until_ready(port):
    """Waits a minute at most; what is asked then says what is wrong."""
    for _ in range(600):
        try:
            if (await ask(port, "GET", "/readyz")).status == 200:
                return
        except OSError:
            pass
        await asyncio.sleep(0.1)


async def go_away(port, body, lines, rng):
    """Asks for a stream, reads so many lines of it and is gone, by FIN or by RST."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("POST", "/v1/chat/completions", body))
    await read_head(reader)
    for _ in range(lines):
        await reader.readline()
    if rng.random() < 0.5:
        reset(writer)
    else:
        writer.close()


async def send_raw(port, data, seconds=30):
    """What comes back to these bytes until the server closes, or nothing comes for a while."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        writer.write(data)
        while True:
            piece = await asyncio.wait_for(reader.read(65536), seconds)
            if not piece:
                return answer
            answer += piece
            head, _, body = answer.partition(b"\r\n\r\n")
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length: ") and len(body) >= int(line[16:]):
                    return answer
            if body.endswith(b"0\r\n\r\n"):
                return answer
    except (ConnectionError, asyncio.TimeoutError):
        return answer
    finally:
        writer.close()


def reset(writer):
    """Closes with RST instead of FIN."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
