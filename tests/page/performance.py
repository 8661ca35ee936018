#!/usr/bin/env python3
"""How the page does with long thoughts, how fast it is there, and what it weighs.

  SCRIPTED_SERVER=build/release/tests/serve/scripted_server tests/page/performance.py [CASE ...]

Prints a JSON object for each case: `unfolded`, `top` (the user has scrolled back) and `folded` stream
60,000 tokens of one byte, some 1,500 a second; `flood` as fast as the server can; `words` streams 240,000
bytes, as 60,000 tokens of four are; `read` scrolls through the whole thought afterwards; then `paint`,
always from the program itself, and `weight`. `ok` says whether the targets are met: 30 frames/s, 500 MB,
0.3 s, 150 kB packed. RETORT_PAGE=web as in the tests.
"""

import argparse
import datetime
import gzip
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
import urllib.request

from playwright.sync_api import sync_playwright

import page_case
from page_case import turn
from scripted import ScriptedServer
from thinking import thinking

ROOT = pathlib.Path(__file__).resolve().parents[2]
WATCH = """() => {
  const watched = window.watched = {frames: [], long: []};
  let last = performance.now();
  const frame = (now) => {
    watched.frames.push(now - last);
    last = now;
    if (!watched.ended) requestAnimationFrame(frame);
  };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(frame); });
  new PerformanceObserver((list) => {
    for (const {duration} of list.getEntries()) watched.long.push(duration);
  }).observe({type: 'longtask'});
}"""
ENDED = ".message.assistant:last-child[aria-busy=false]"
# case: bytes of thought, seconds a step, what the user does meanwhile
STREAMS = {
    "unfolded": (60_000, 0.0005, "unfolded"),
    "top": (60_000, 0.0005, "top"),
    "folded": (60_000, 0.0005, "folded"),
    "flood": (60_000, 0, "unfolded"),
    "words": (240_000, 0, "unfolded"),
    "read": (60_000, 0, "read"),
}


def renderer_bytes(browser) -> int:
    """Resident memory of the page's process: the largest of the renderers."""
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    sizes = [0]
    for process in found:
        if process["type"] != "renderer":
            continue
        for line in pathlib.Path(f"/proc/{process['id']}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                sizes.append(int(line.split()[1]) * 1024)
    return max(sizes)


def unguarded(route):
    """The loop guard counts tokens: to it, bytes of English are a loop."""
    route.continue_(post_data=json.dumps({**route.request.post_data_json, "loop_guard": False}))


def open_page(browser, server, folded=False, own=False):
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    context.set_default_timeout(600_000)
    if "RETORT_PAGE" in os.environ and not own:
        page_case.serve_from_folder(context, os.environ["RETORT_PAGE"], server.url)
    context.route("**/v1/chat/completions", unguarded)
    page = context.new_page()
    if folded:
        context.add_init_script("localStorage['retort.settings'] ??= '{\"thoughtsOpen\": false}'")
    page.goto(server.url)
    page.wait_for_selector(".presets")
    return page


def stream(browser, server, what: str) -> dict:
    page = open_page(browser, server, folded=what == "folded")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.evaluate(WATCH)
    began = time.monotonic()
    page.fill("#prompt", "think")
    page.press("#prompt", "Enter")
    page.wait_for_selector(".thought.live")
    if what == "top":
        page.wait_for_function("() => document.getElementById('talk').scrollTop > 300")
        page.evaluate("document.getElementById('talk').scrollTop = 0")
    memory = []
    while page.locator(ENDED).count() == 0:
        memory.append(renderer_bytes(browser))
        time.sleep(1)
    seconds = time.monotonic() - began
    if what == "read":
        read_through(page)
    watched = page.evaluate("watched.ended = true, watched")
    memory.append(renderer_bytes(browser))
    metrics = {entry["name"]: entry["value"]
               for entry in session.send("Performance.getMetrics")["metrics"]}
    shown = page.text_content(".thought-body")
    page.context.close()
    return {**frames(watched), "stream_s": round(seconds, 2), "renderer_bytes": max(memory),
            "heap_bytes": int(metrics["JSHeapUsedSize"]), "dom_nodes": int(metrics["Nodes"]),
            "script_s": round(metrics["ScriptDuration"], 2), "layout_s": round(metrics["LayoutDuration"], 2),
            "style_s": round(metrics["RecalcStyleDuration"], 2), "shown_characters": len(shown)}


def read_through(page):
    page.evaluate("""() => new Promise((resolve) => {
      watched.frames.length = watched.long.length = 0;
      const talk = document.getElementById('talk');
      talk.scrollTop = 0;
      const step = () => {
        talk.scrollTop += 60;
        if (talk.scrollTop + talk.clientHeight >= talk.scrollHeight - 2) resolve();
        else requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    })""")


def frames(watched: dict) -> dict:
    intervals = sorted(watched["frames"])
    worst = intervals[-max(1, len(intervals) // 100):]
    return {"frames_per_s": round(1000 * len(intervals) / sum(intervals), 1), "frames": len(intervals),
            "median_ms": round(statistics.median(intervals), 2), "worst_1_percent_ms": round(worst[0], 1),
            "longest_ms": round(worst[-1], 1),
            "share_above_33_ms": round(sum(value > 33.4 for value in intervals) / len(intervals), 4),
            "long_tasks": len(watched["long"]), "longest_task_ms": round(max(watched["long"], default=0), 1)}


def measure_stream(browser, case: str) -> dict:
    length, step, what = STREAMS[case]
    flags = ("--context", 260_000, "--kv-blocks", 32768) if length > 70_000 else \
        ("--context", 70_000, "--kv-blocks", 8192)
    script = [(turn("think"), f"{thinking(length)}</think>Done.<|end|>")]
    with ScriptedServer(script, *flags, "--step", step) as server:
        measured = stream(browser, server, what)
    ok = measured["frames_per_s"] >= 30 and measured["renderer_bytes"] < 500e6
    return {"test": f"page_stream_{case}", "bytes": length, "step_s": step, **measured, "ok": ok}


def measure_paint(browser, rounds: int = 5) -> dict:
    samples = []
    with ScriptedServer([]) as server:
        for _ in range(rounds):      # each in a profile of its own: nothing is in a cache
            page = open_page(browser, server, own=True)
            samples.append(page.evaluate("""() => new Promise((resolve) => {
              new PerformanceObserver((list) => {
                const paint = list.getEntriesByName('first-contentful-paint')[0];
                if (paint) resolve(paint.startTime / 1000);
              }).observe({type: 'paint', buffered: true});
            })"""))
            page.context.close()
    median = statistics.median(samples)
    return {"test": "page_first_paint", "seconds": round(median, 4),
            "samples": [round(sample, 4) for sample in samples], "ok": median < 0.3}


def kind_of(path: str) -> str:
    name = "library " if path.startswith("/lib/") else ""
    return name + {".js": "js", ".css": "css", ".svg": "svg", ".woff2": "font", ".ttf": "font",
                   ".woff": "font"}.get(pathlib.PurePosixPath(path).suffix, "html")


def own_bytes(path: str, url: str) -> bytes:
    folder = os.environ.get("RETORT_PAGE")
    file = pathlib.Path(folder or "/", path.lstrip("/") or "index.html")
    if folder and file.is_file():
        return file.read_bytes()
    return urllib.request.urlopen(url + path).read()


def weigh(paths, url: str) -> dict:
    kinds: dict[str, dict] = {}
    for path in sorted(paths):
        body = own_bytes(path, url)
        kind = kinds.setdefault(kind_of(path), {"files": 0, "bytes": 0, "gzip_bytes": 0})
        kind["files"] += 1
        kind["bytes"] += len(body)
        kind["gzip_bytes"] += len(gzip.compress(body, 9))
    return kinds


def measure_weight(browser) -> dict:
    with ScriptedServer([]) as server:
        page = open_page(browser, server)
        loaded = page.evaluate("performance.getEntriesByType('resource').map(({name}) => "
                               "new URL(name).pathname)")
        page.context.close()
        first = {"/", *(path for path in loaded if not path.startswith(("/v1/", "/retort/v1/")))}
        own = {f"/{file.relative_to(ROOT / 'web')}" for file in (ROOT / "web").rglob("*")
               if file.is_file() and file.name != "index.html"}
        late = {"/lib/katex.js", "/lib/highlight.js"}
        everything = weigh({*first, *own, *late}, server.url)
        first = weigh(first, server.url)
    code = sum(kind["bytes"] for name, kind in everything.items() if not name.startswith("library"))
    packed = sum(kind["gzip_bytes"] for name, kind in everything.items() if not name.startswith("library"))
    return {"test": "page_weight", "first_view": first, "all": everything, "own_bytes": code,
            "own_gzip_bytes": packed, "ok": packed < 150e3}


def surroundings(browser) -> dict:
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True)
    cpu = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    return {"browser": f"Chromium {browser.version}", "cpu": cpu, "cores": os.cpu_count(),
            "commit": commit.stdout.strip(), "date": datetime.date.today().isoformat()}


def main() -> None:
    cases = {**{name: measure_stream for name in STREAMS},
             "paint": lambda browser, _: measure_paint(browser), "weight": lambda browser, _: measure_weight(browser)}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(cases))
    chosen = parser.parse_args().cases or list(cases)
    missed = False
    with sync_playwright() as playwright:
        for case in chosen:
            browser = playwright.chromium.launch(executable_path=page_case.CHROMIUM,
                                                 args=["--no-sandbox", "--disable-gpu"])
            measured = {**cases[case](browser, case), **surroundings(browser)}
            print(json.dumps(measured), flush=True)
            missed = missed or not measured["ok"]
            browser.close()
    sys.exit(missed)


if __name__ == "__main__":
    main()
