"""Pages, opened in a real browser that says what ran in them; needs Chromium or Chrome."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
WAIT_S = 120.0
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
ATTACK = "top.postMessage(...'!*')"
"""What an attack does when it succeeds: the page around hears "!", whoever it is ("*").

Without a space or a comma, as some texts must not have them."""

# Does to every element what a person might, and tells what the browser made of the page. Links are
# followed only if they are scripts.
PROBE = """<script>
addEventListener("click", (e) => {
  const link = e.target.closest("a");
  if (!link || link.protocol !== "javascript:") e.preventDefault();
}, true);
const elements = [...document.querySelectorAll("*")];
const names = ["click", "mouseover", "focus", "blur", "toggle", "error", "load", "animationstart"];
for (const element of elements)
  for (const name of names)
    element.dispatchEvent(new MouseEvent(name, { bubbles: true, cancelable: true }));
const addresses = elements.flatMap((e) => [e.href, e.src, e.action, e.data, e.srcdoc])
  .filter((a) => typeof a === "string" && a);
top.postMessage({
  title: document.title,
  text: document.body.textContent,
  scripts: elements.filter((e) => e.localName === "script").length,
  tags: [...new Set(elements.map((e) => e.localName))],
  handlers: elements.flatMap((e) => e.getAttributeNames().filter((n) => n.startsWith("on"))),
  protocols: [...new Set(addresses.map((a) => new URL(a, location).protocol))],
}, "*");
</script>"""

HARNESS = """<!doctype html><meta charset="utf-8"><title>pages</title>
<pre id="heard"></pre>%(frames)s
<script>
const heard = {};
function note(name, what) {
  (heard[name] ||= []).push(what);
  document.getElementById("heard").textContent = JSON.stringify(heard);
}
addEventListener("message", (e) => {
  const frames = [...document.querySelectorAll("iframe")];
  const from = (f) => f.contentWindow === e.source || f.contentWindow === e.source.parent;
  note(frames.find(from).name, e.data);
});
for (const frame of document.querySelectorAll("iframe")) {
  frame.addEventListener("load", () => note(frame.name, "loaded"));
  frame.src = frame.dataset.src;
}
</script>"""


@dataclass(frozen=True, slots=True)
class Opened:
    """What happened in a page."""

    loaded: bool
    ran: bool
    """Whether an attack succeeded."""
    title: str = ""
    text: str = ""
    scripts: int = 0
    tags: frozenset[str] = frozenset()
    handlers: tuple[str, ...] = ()
    protocols: frozenset[str] = frozenset()


def browser() -> str:
    """Return the browser's command; the test is left out where there is none."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    pytest.skip("needs Chromium or Chrome")


def open_pages(pages: Mapping[str, str], folder: Path, *, guarded: bool) -> dict[str, Opened]:
    """Open pages and return what happened in each.

    Parameters
    ----------
    pages
        Name → HTML.
    folder
        Where they are put.
    guarded
        Leave the policy by which the page forbids scripts in place. Without it nothing but
        escaping protects, every element is clicked and more, and the page tells about itself.
    """
    command = browser()
    frames = []
    for number, (name, page) in enumerate(pages.items()):
        text = page if guarded else POLICY.sub("", page) + PROBE
        assert (POLICY.search(text) is not None) == (guarded and POLICY.search(page) is not None)
        file = folder / f"{number}-{guarded}.html"
        file.write_text(text, "utf-8", "backslashreplace")
        frames.append(f'<iframe name="{name}" data-src="{file.name}"></iframe>')
    harness = folder / f"all-{guarded}.html"
    harness.write_text(HARNESS % {"frames": "".join(frames)}, "utf-8")
    # The sandbox needs rights that containers do not have; the pages are our own.
    done = subprocess.run(
        [
            *(command, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-dev-shm-usage", f"--user-data-dir={folder / 'profile'}"),
            *("--virtual-time-budget=10000", "--dump-dom", harness.as_uri()),
        ],
        capture_output=True,
        timeout=WAIT_S,
        check=True,
    )
    dom = done.stdout.decode("utf-8", "replace")
    found = re.search(r'<pre id="heard">(.*?)</pre>', dom, re.DOTALL)
    assert found, dom[:2000]
    heard = json.loads(html.unescape(found[1]) or "{}")
    return {name: _opened(heard.get(name, [])) for name in pages}


def _opened(heard: list[object]) -> Opened:
    told = next((one for one in heard if isinstance(one, dict)), {})
    return Opened(
        loaded="loaded" in heard,
        ran="!" in heard,
        title=told.get("title", ""),
        text=told.get("text", ""),
        scripts=told.get("scripts", 0),
        tags=frozenset(told.get("tags", ())),
        handlers=tuple(told.get("handlers", ())),
        protocols=frozenset(told.get("protocols", ())),
    )
