"""How many branches of the logic the tests reach: ``make coverage``.

Reads what ``coverage json`` wrote, and fails below `LEAST`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

LEAST = 0.95


def main(path: Path) -> int:
    """Print the modules whose branches are not all reached, then the share of all."""
    report = json.loads(path.read_text("utf-8"))
    for name, file in report["files"].items():
        summary = file["summary"]
        if summary["missing_branches"]:
            lines = ", ".join(f"{a}→{max(b, 0) or 'end'}" for a, b in file["missing_branches"])
            print(f"{name}: {summary['missing_branches']} of {summary['num_branches']}: {lines}")
    totals = report["totals"]
    there, reached = totals["num_branches"], totals["covered_branches"]
    share = reached / there
    print(f"{reached} of {there} branches are reached: {share:.1%} (at least {LEAST:.0%})")
    return int(share < LEAST)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
