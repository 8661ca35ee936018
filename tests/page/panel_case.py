"""What tests of the views of models, dashboard, runs and the key have in common."""

import json
import sqlite3
import urllib.request

from page_case import PageCase, turn

SCRIPTS = [
    (turn("17 * 23?"), "First 340.</think>It is 391.<|end|>"),
    (turn("long"), "".join(f"Step {n}: {n * n}.\n\n" for n in range(1000, 1400)) + "</think>x<|end|>"),
]


def request(server, path, body=None, key=None):
    """The answer's text; a body makes it a POST."""
    headers = {"Content-Type": "application/json"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(
            urllib.request.Request(server.url + path, data, headers)) as answer:
        return answer.read().decode()


def answer(server, question="17 * 23?", model="scripted"):
    return request(server, "/v1/chat/completions", {
        "model": model, "messages": [{"role": "user", "content": question}]})


# As `retort compare` and `retort bench` leave them, with what the view shows; the state of a run
# that nobody is at any more is "interrupted", whatever was written.
RUNS = [
    {"id": "k3f9q2", "kind": "compare", "state": "finished", "models": ["r1", "qwen"],
     "command": "retort compare r1.gguf qwen.gguf", "samples": 3},
    {"id": "m4b7xx", "kind": "bench", "state": "failed", "models": ["phi"],
     "command": "retort bench phi.gguf", "samples": 0, "failure": "phi.gguf: <b>it is broken</b>"},
    {"id": "z8zz11", "kind": "compare", "state": "running", "models": ["r1", "phi"],
     "command": "retort compare r1.gguf phi.gguf", "samples": 1},
]


def write_runs(file, runs=tuple(RUNS)):
    """Into a store that the server has made."""
    with sqlite3.connect(file) as store:
        machine = store.execute(
            "INSERT INTO machines (cpu, units, usable_cores, online_cores, memory_bytes, os, kernel) "
            "VALUES ('a cpu', 'avx2', 2, 4, 1, 'an os', 'a kernel') RETURNING id").fetchone()[0]
        for run in runs:
            write_run(store, run, machine)
    store.close()


def write_run(store, run, machine):
    number = store.execute(
        "INSERT INTO runs (id, kind, state, started_at, finished_at, seconds, version, command, "
        "settings, seed, machine) VALUES (:id, :kind, :state, '2026-01-02T03:04:05Z', "
        "'2026-01-02T03:06:05Z', 75, '0.1.0', :command, '{}', 7, :machine) RETURNING number",
        {**run, "machine": machine}).fetchone()[0]
    for position, name in enumerate(run["models"]):
        store.execute("INSERT OR IGNORE INTO models (digest, bytes, name, architecture, quantization, "
                      "path) VALUES (:digest, 9, :name, 'llama', 'Q4_K_M', :path)",
                      {"digest": f"{name}0123456789abcdef", "name": name, "path": f"/m/{name}.gguf"})
        store.execute("INSERT INTO run_models (run, position, model, name, path, weight_bytes, failure) "
                      "SELECT ?, ?, id, name, path, 5000000, ? FROM models WHERE name = ?",
                      (number, position, run.get("failure"), name))
    for position in range(run["samples"]):
        problem = store.execute(
            "INSERT INTO problems (name, type, language, level, kind, question, answer) VALUES "
            "(?, 'algebra', 'en', 1, 'sum', '1+1?', '2') ON CONFLICT DO UPDATE SET level = 1 "
            "RETURNING id", (f"algebra/en/1/1-{position}",)).fetchone()[0]
        store.execute("INSERT INTO run_problems VALUES (?, ?, ?)", (number, position, problem))
        store.execute("INSERT INTO samples (run, model, problem, verdict, extracted, found_by, finish, "
                      "prompt_tokens, new_tokens, reasoning_tokens, reasoning, answer) VALUES "
                      "(?, 0, ?, 'correct', '2', 'boxed', 'stop', 4, 5, 3, 'hm', '2')",
                      (number, position))


class PanelCase(PageCase):
    SCRIPTS = SCRIPTS

    @classmethod
    def store_file(cls):
        return cls.FLAGS[cls.FLAGS.index("--store") + 1]

    @classmethod
    def fill_store(cls):
        request(cls.server, "/retort/v1/runs")       # so that its tables are there
        write_runs(cls.store_file())
