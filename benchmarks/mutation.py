"""Whether the tests notice when the arithmetic changes: ``make mutation``.

mutmut changes single words of the modules that ``pyproject.toml`` names (``+`` to ``-``, ``<`` to
``<=``, a number to the next) and runs the tests that reach them. A change that no test notices is
listed; some of those change nothing that could be noticed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
STATISTICS = ROOT / "mutants" / "mutmut-cicd-stats.json"
LEAST = 0.85
NOTICED = ("killed", "timeout", "segfault", "suspicious")


def mutmut(*words: str) -> None:
    """Run a command of mutmut; one thread of arithmetic each, as there are many processes."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    command = [sys.executable, "-m", "mutmut", *words]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **threads}, check=True)


def main(options: list[str]) -> int:
    """Run all mutants, list those that live, and print the share of the noticed ones."""
    mutmut("run", *options)
    mutmut("results")
    mutmut("export-cicd-stats")
    told = json.loads(STATISTICS.read_text("utf-8"))
    noticed, total = sum(told.get(word, 0) for word in NOTICED), told["total"]
    share = noticed / total
    print(f"{noticed} of {total} changes are noticed: {share:.1%} (at least {LEAST:.0%})")
    return int(share < LEAST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
