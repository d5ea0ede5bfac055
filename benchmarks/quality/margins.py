"""How much worse each figure may become: the one place that says so.

The gate looks at the figures that a rule here names, and at no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from benchmarks.quality.figures import Figure, Figures

Better = Literal["higher", "lower", "nearer"]
ROUNDING = 1e-9


@dataclass(frozen=True)
class Rule:
    """What may happen to the figures of a pattern, whichever split they are of."""

    pattern: str
    """Of the name without its split; a star stands for anything."""
    better: Better
    """``nearer``: to `to`."""
    margin: float
    """So much worse is still accepted, in the figure's own unit."""
    cases: int = 0
    """Or so many cases more on the wrong side, whichever is larger."""
    to: float = 0.0

    def allowed(self, was: Figure) -> float:
        """Return how much worse a figure may become."""
        return max(self.margin, self.cases / was.n if was.n else 0.0)

    def worse_by(self, was: float, now: float) -> float:
        """Return how much worse a value is; negative when it is better."""
        if self.better == "nearer":
            return abs(now - self.to) - abs(was - self.to)
        return now - was if self.better == "lower" else was - now


RULES = (
    # What the recordings show does not depend on the analyzer: it must stay.
    Rule("found/*/share", "higher", 0.0),
    Rule("angle/*/all/*/given_share", "higher", 0.01),
    Rule("angle/*/all/*/ours/mean_abs_deg", "lower", 0.2),
    Rule("angle/*/all/*/ours/p95_deg", "lower", 0.8),
    Rule("angle/*/*/all/ours/mean_abs_deg", "lower", 0.5),
    Rule("coverage/*/all/*/within_50_share", "nearer", 0.04, to=0.50),
    Rule("coverage/*/all/*/within_80_share", "nearer", 0.03, to=0.80),
    Rule("coverage/*/all/*/within_95_share", "nearer", 0.02, to=0.95),
    Rule("count/squat/exact_share", "higher", 0.0),
    Rule("count/look-alike/exact_share", "higher", 0.0),
    Rule("count/other-exercise/exact_share", "higher", 0.0),
    Rule("doubt/all/exact_of_sure_share", "higher", 0.0),
    Rule("doubt/all/sure_of_exact_share", "higher", 0.0, cases=1),
    Rule("timing/found_share", "higher", 0.0),
    Rule("timing/*/mean_abs_s", "lower", 0.02),
    Rule("hold/*/found_share", "higher", 0.0),
    Rule("hold/*/held_mean_abs_s", "lower", 0.1),
    Rule("verdict/all/*/wrong_share", "lower", 0.0, cases=1),
    Rule("verdict/all/*/wrong_of_given_share", "lower", 0.003),
    Rule("verdict/all/*/precision_share", "higher", 0.02),
    Rule("verdict/all/*/recall_share", "higher", 0.02),
    Rule("verdict/all/*/unclear_share", "lower", 0.02),
    Rule("verdict/SQ*/good/precision_share", "higher", 0.02, cases=1),
    Rule("verdict/SQ*/good/recall_share", "higher", 0.02, cases=1),
    Rule("verdict/SQ*/good/unclear_share", "lower", 0.03, cases=2),
    Rule("verdict/SQ*/good/false_alarm_share", "lower", 0.01, cases=1),
    Rule("level/SQ*/good/clear/fail_share", "higher", 0.0, cases=1),
    Rule("clean/all/alarmed_share", "lower", 0.0, cases=1),
    Rule("said/*/right_share", "higher", 0.02, cases=1),
    Rule("view/*/all/named_right_share", "higher", 0.0, cases=1),
    Rule("view/*/all/direction_mean_abs_deg", "lower", 0.5),
)
"""The first rule that fits a figure holds for it."""


@dataclass(frozen=True)
class Change:
    """A figure that the gate looked at."""

    name: str
    was: Figure
    now: Figure | None
    rule: Rule

    @property
    def worse_by(self) -> float:
        """How much worse it is; infinite when it is gone."""
        return self.rule.worse_by(self.was.value, self.now.value) if self.now else float("inf")

    @property
    def fails(self) -> bool:
        """Whether that is more than its margin."""
        return self.worse_by > self.rule.allowed(self.was) + ROUNDING

    def __str__(self) -> str:
        """Say what happened."""
        margin = f"margin {self.rule.allowed(self.was):.4g}"
        if self.now is None:
            return f"{self.name}: was {self.was.value:.4g}, is gone"
        return (
            f"{self.name}: was {self.was.value:.4g} (n {self.was.n}), "
            f"is {self.now.value:.4g} (n {self.now.n}), worse by {self.worse_by:.4g}, {margin}"
        )


def rule_of(name: str) -> Rule | None:
    """Return the rule for a figure, or None when the gate does not look at it."""
    plain = name.partition("/")[2]
    return next((rule for rule in RULES if fnmatchcase(plain, rule.pattern)), None)


def changes(was: Mapping[str, Figure], now: Figures) -> Iterator[Change]:
    """Yield every figure that the gate looks at, as it was and as it is."""
    for name, figure in was.items():
        rule = rule_of(name)
        if rule is not None:
            yield Change(name, figure, now.get(name), rule)
