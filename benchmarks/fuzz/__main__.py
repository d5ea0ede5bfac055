"""Give damaged and hostile input to the real commands, and see whether the rule holds.

``python -m benchmarks.fuzz`` goes on where it was stopped. Every case runs in a process that is
watched: it may take so much time and memory, and may die. The rule: a command ends in time with
a complete result, or with one message that says what is wrong; there is no traceback, nothing
half-done is left behind, and what was there before is as it was.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from benchmarks.fuzz.cases import PARTS, make_case, make_stock
from formcheck.batch.isolated import Isolated
from formcheck.batch.settings import Limits

COUNTS = {
    "video": 2400,
    "recording": 600,
    "exercise": 600,
    "routine": 300,
    "manifest": 300,
    "history": 420,
    "report": 600,
    "real": 48,
}
"""How many cases there are of each kind of input, unless told otherwise."""
LIMITS = Limits(time_s=120.0, per_clip_s=0.0, memory_mib=2000.0)
"""What one case may take."""
FIGURES = Path(__file__).parents[1] / "fuzz.json"
COMMAND = (sys.executable, "-m", "benchmarks.fuzz.worker")


def run(part: str, count: int, seed: int, home: Path) -> list[dict[str, Any]]:
    """Run the cases of one kind that have not been run, and return what became of all."""
    ledger = home / f"{part}-{seed}.jsonl"
    done = {case["index"]: case for case in read(ledger)}
    stock = home / "stock"
    with (
        tempfile.TemporaryDirectory(prefix="formcheck-fuzz-") as room,
        ledger.open("a", encoding="utf-8") as file,
    ):
        guarded = Isolated(LIMITS, COMMAND, attempts=1)
        try:
            for index in range(count):
                if index in done:
                    continue
                wanted = {"part": part, "seed": seed, "index": index}
                answer = guarded.run({**wanted, "stock": str(stock), "room": room})
                answer = {**wanted, **answer}
                if answer["end"] == "failed":
                    answer |= {"end": "broken", "rules": [answer["error"]], "group": ""}
                done[index] = answer
                file.write(json.dumps(answer) + "\n")
                file.flush()
                if answer["end"] == "broken":
                    say(answer)
        finally:
            guarded.end()
    return [done[index] for index in sorted(done) if index < count]


def read(ledger: Path) -> list[dict[str, Any]]:
    """Return what is known of earlier runs; a line that was cut short counts for nothing."""
    found = []
    for line in ledger.read_text("utf-8").splitlines() if ledger.exists() else ():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def say(case: dict[str, Any]) -> None:
    """Tell of a case in which the rule was broken."""
    where = f"{case['part']} {case['index']}"
    print(f"{where} ({case.get('how', '?')}): {'; '.join(case['rules'])}", flush=True)


def summed(cases: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures of one kind of input."""
    cases = list(cases)
    good = [case for case in cases if case["end"] != "broken"]
    seconds = sorted(case["seconds"] for case in cases)
    return {
        "cases": len(cases),
        "results": sum(case["status"] != 2 for case in good),
        "messages": sum(case["status"] == 2 for case in good),
        "broken": len(cases) - len(good),
        "crashed": sum("Crashed" in case.get("rules", ()) for case in cases),
        "longest_s": round(max(seconds, default=0.0), 2),
        "median_s": round(seconds[len(seconds) // 2], 2) if seconds else 0.0,
        "memory_mib": round(max((case["memory_mib"] for case in cases), default=0)),
        "groups": dict(sorted(Counter(case["group"] for case in good).items())),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--part", choices=list(PARTS), action="append", help="may be repeated")
    parser.add_argument("--count", type=int, help="cases of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", action="store_true", help="forget what was run before")
    parser.add_argument("--show", type=int, metavar="INDEX", help="only write this case's input")
    parser.add_argument("--write", action="store_true", help=f"put figures into {FIGURES.name}")
    parser.add_argument(
        "--home",
        type=Path,
        default=user_cache_path("formcheck") / "fuzz",
        help="where it keeps all",
    )
    asked = parser.parse_args()
    asked.home.mkdir(parents=True, exist_ok=True)
    make_stock(asked.home / "stock")
    figures = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    broken = 0
    for part in asked.part or PARTS:
        if asked.show is not None:
            folder = Path(tempfile.mkdtemp(prefix="formcheck-case-"))
            print(*make_case(part, asked.seed, asked.show, asked.home / "stock", folder).args)
            continue
        if asked.again:
            (asked.home / f"{part}-{asked.seed}.jsonl").unlink(missing_ok=True)
        found = summed(run(part, asked.count or COUNTS[part], asked.seed, asked.home))
        print(part, json.dumps(found), flush=True)
        broken += found["broken"]
        figures[part] = {"seed": asked.seed, **found}
    if asked.write:
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
