"""What the coach says, and when it keeps quiet."""

from __future__ import annotations

import math

from formcheck.feedback import REPEAT_AFTER, SHOW_S, Coach, most_frequent_cues
from formcheck.results import Bound, Rep, Span, Status, Verdict


def verdict(code: str, status: Status) -> Verdict:
    cue = f"cue {code}" if status is Status.FAIL else ""
    return Verdict(code, code, status, 0, 1, "deg", Bound(), 0, 0.5, 0, "", cue)


def rep(number: int, *failed: str, counted: bool = True) -> Rep:
    verdicts = tuple(
        verdict(c, Status.FAIL if c in failed else Status.PASS) for c in ("A", "B", "C")
    )
    return Rep(number, Span("both", 0, 1, 2, counted), {}, verdicts, math.nan)


def said(coach: Coach, t_s: float, finished: Rep | None = None) -> str | None:
    cue = coach.feed(t_s, finished)
    return cue.text if cue else None


def test_the_most_important_fault_comes_first_and_alone() -> None:
    assert said(Coach(), 1.0, rep(1, "C", "B")) == "cue B"


def test_a_good_repetition_needs_no_words() -> None:
    assert said(Coach(), 1.0, rep(1)) is None


def test_a_cue_stays_for_a_while_and_goes() -> None:
    coach = Coach()
    coach.feed(1.0, rep(1, "A"))
    assert said(coach, 1.0 + SHOW_S / 2) == "cue A"
    assert said(coach, 1.1 + SHOW_S) is None


def test_the_same_cue_is_not_given_every_time() -> None:
    coach = Coach()
    texts = [said(coach, 10.0 * i, rep(i, "A")) for i in range(1, 2 * REPEAT_AFTER + 1)]
    assert texts == ["cue A", None, None, "cue A", None, None]


def test_while_one_is_not_repeated_the_next_gets_its_turn() -> None:
    coach = Coach()
    assert [said(coach, 10.0 * i, rep(i, "A", "B")) for i in (1, 2, 3)] == ["cue A", "cue B", None]


def test_partial_repetitions_get_no_cue() -> None:
    assert said(Coach(), 1.0, rep(1, "A", counted=False)) is None


def test_reset_equals_new() -> None:
    coach = Coach()
    coach.feed(1.0, rep(1, "A"))
    coach.reset()
    assert said(coach, 2.0) is None
    assert said(coach, 3.0, rep(1, "A")) == "cue A"


def test_most_frequent_first() -> None:
    assert most_frequent_cues((rep(1, "C"), rep(2, "A", "C"))) == ("cue C", "cue A")
    assert most_frequent_cues(()) == ()
