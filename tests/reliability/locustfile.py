"""Users who ask, read the stream to its end and ask again. tests/reliability/users.py starts this."""

import json
import random
import time

from locust import HttpUser, between, task

QUESTIONS = ["What is 17 * 23?", "Name three primes above 50.", "Why is the sky blue?",
             "Write a haiku about rivers.", "What is the capital of Mongolia?",
             "Explain what a hash table is.", "Is 91 a prime number?", "Say hello in five languages."]


class Reader(HttpUser):
    wait_time = between(1, 3)

    @task
    def ask(self):
        body = {"messages": [{"role": "user", "content": random.choice(QUESTIONS)}],
                "max_tokens": random.randrange(16, 48), "stream": True}
        start = time.perf_counter()
        with self.client.post("/v1/chat/completions", json=body, stream=True, name="chat",
                              catch_response=True) as response:
            if response.status_code != 200:
                response.failure(f"status {response.status_code}")
                return
            first, last = None, ""
            for line in response.iter_lines():
                if not line.startswith(b"data: "):
                    continue
                if first is None and b"content" in line:
                    first = time.perf_counter() - start
                last = line[6:].decode()
            if last != "[DONE]" or first is None:
                response.failure(f"a stream without an end: {json.dumps(last)}")
                return
            response.success()
        for name, seconds in (("first token", first), ("whole answer", time.perf_counter() - start)):
            self.environment.events.request.fire(
                request_type="stream", name=name, response_time=seconds * 1e3, response_length=0,
                exception=None, context={})
