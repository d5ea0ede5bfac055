"""Verdicts and counts on rendered people, against the truth.

``python -m benchmarks.verdicts FOLDER`` checks every rendered clip of FOLDER (see
docs/rendering.md) and prints, for each criterion and view, how repetitions truly within and
beyond the bound were judged; how many verdicts were wrong; and how many clips were counted
exactly.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.rendered import RenderedClip, load_all
from formcheck.analyzer import Analyzer
from formcheck.exercises.load import load_exercise
from formcheck.frame import SourceInfo
from formcheck.results import Report, Span, Status

Key = tuple[str, str, bool, Status]
"""Criterion, view, truly within the bound, verdict."""


def analyzed(clip: RenderedClip) -> Report:
    """Return the report of one rendered clip."""
    analyzer = Analyzer(load_exercise("squat"), clip.track.size_px)
    for pose in clip.track:
        analyzer.feed(pose)
    width, height = clip.track.size_px
    return analyzer.finish(SourceInfo(clip.name, 0.0, len(clip.track), 0.0, width, height, 0, ""))


def compared(report: Report, labels: Mapping[str, Any]) -> Iterator[Key]:
    """Yield how each criterion of each true repetition was judged."""
    view = str(labels["view"])
    kind = "side" if "side" in view else view if view in {"front", "rear"} else "oblique"
    bounds = {c.code: c.question.bound for c in load_exercise("squat").criteria}
    for true in labels.get("reps", ()):
        found = next((r for r in report.reps if _same(r.span, true)), None)
        if not (true["counted"] and found):
            continue
        for verdict in found.verdicts:
            within = bounds[verdict.code].margin(true["truths"][verdict.code]) >= 0
            yield verdict.code, kind, within, verdict.status


def _same(span: Span, true: Mapping[str, Any]) -> bool:
    """Whether a repetition found is a true one: each turns while the other goes on."""
    return bool(
        span.start_s <= true["turn_s"] <= span.end_s
        and true["start_s"] <= span.turn_s <= true["end_s"]
    )


def as_table(counts: Counter[Key]) -> Table:
    """Return the counts, a criterion and view a row."""
    table = Table(title="verdicts on repetitions truly within and beyond the bound")
    for name in ("criterion", "view", "within: pass", "unclear", "FAIL", "beyond: PASS", "unclear"):
        table.add_column(name, justify="left" if name in {"criterion", "view"} else "right")
    table.add_column("fail", justify="right")
    for code in sorted({code for code, *_ in counts}):
        for view in ("side", "oblique", "front", "rear"):
            cells = [
                str(counts[code, view, within, status])
                for within in (True, False)
                for status in (Status.PASS, Status.UNCLEAR, Status.FAIL)
            ]
            table.add_row(code, view, *cells)
    return table


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verdicts", description=__doc__)
    parser.add_argument("folder", type=Path, help="rendered clips, one folder each")
    wanted = parser.parse_args()
    counts: Counter[Key] = Counter()
    exact, clips = 0, 0
    for clip in load_all(wanted.folder):
        report = analyzed(clip)
        clips += 1
        exact += report.summary.reps_counted == clip.labels["reps_counted"]
        counts.update(compared(report, clip.labels))
    wrong = sum(
        n for (_, _, within, status), n in counts.items() if status is _wrong_when(within=within)
    )
    console = Console()
    console.print(as_table(counts))
    share = 100 * wrong / max(1, counts.total())
    console.print(f"wrong verdicts: {wrong} of {counts.total()} ({share:.1f} %)")
    console.print(f"counts: {exact} of {clips} clips exact")


def _wrong_when(*, within: bool) -> Status:
    return Status.FAIL if within else Status.PASS


if __name__ == "__main__":
    main()
