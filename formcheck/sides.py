"""Which side does the work, in exercises that one side does at a time.

Lunges, single-leg bridges and the like are counted apart for left and right. An exercise
file says by which measurement the working side is known; it is written once, for both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from formcheck.criteria import CONFIDENT, Evidence, probability, side_answers
from formcheck.results import EITHER, SIDES, UNCLEAR_SIDE, Bound, Hold, Reading, Rep

WINS = {
    "larger": "the side on which it is larger",
    "smaller": "the side on which it is smaller",
}
"""Which side works: word in exercise files → what it means."""


@dataclass(frozen=True, slots=True)
class SideRule:
    """By which measurement the working side is known."""

    measure: str
    """A sided name of the catalogue, without its side."""
    during: str
    reduce: str
    wins: str = "larger"
    """A word of `WINS`."""
    least: float = 0.0
    """Sides that differ by less work together."""


def working_side(rule: SideRule | None, evidence: Evidence) -> str:
    """Return which side does the work, as in `formcheck.results.Span`.

    The difference between the sides has to be large against its uncertainty; otherwise, or
    when a side was not seen, it is ``unclear``. Without a rule, both sides work, and with one
    that says how much they differ at least, also when they do not.
    """
    if rule is None:
        return EITHER
    found = side_answers(rule.measure, rule.during, rule.reduce, evidence)
    if set(found) != set(SIDES):
        return UNCLEAR_SIDE
    left, right = (found[side].reading for side in SIDES)
    ahead = left.value - right.value if rule.wins == "larger" else right.value - left.value
    # The sides' errors may well go opposite ways: what one leg has too much, the other lacks.
    found_ahead = Reading(ahead, left.sigma + right.sigma)
    chances = {
        SIDES[0]: probability(found_ahead, Bound(low=rule.least)),
        SIDES[1]: probability(found_ahead, Bound(high=-rule.least)),
    }
    chances[EITHER] = 1.0 - sum(chances.values())
    likeliest = max(chances, key=lambda side: chances[side])
    return likeliest if chances[likeliest] >= CONFIDENT else UNCLEAR_SIDE


def count_sides(rule: SideRule | None, done: Iterable[Rep | Hold]) -> Mapping[str, int]:
    """Return side → number of them: left, right and, if there are any, others.

    Nothing where both sides may work together, and did so far.
    """
    found = Counter(one.side for one in done)
    if rule and rule.least > 0 and set(found) <= {EITHER}:
        return {}
    others = {side: found[side] for side in (EITHER, UNCLEAR_SIDE) if found[side]}
    return {side: found[side] for side in SIDES} | others


def sides_in_words(sides: Mapping[str, int]) -> str:
    """Return counts by side for reading; empty when there are none.

    Examples
    --------
    >>> sides_in_words({"left": 4, "right": 3})
    'left 4, right 3'
    """
    return ", ".join(f"{side} {count}" for side, count in sides.items())
