"""What the coach says, and when it keeps quiet."""

from __future__ import annotations

import math

from formcheck.feedback import (
    BACK,
    DONE,
    HALF,
    REPEAT_AFTER,
    SHOW_S,
    START,
    Coach,
    HoldCoach,
    most_frequent_cues,
)
from formcheck.results import Bound, Hold, HoldState, Rep, Span, Status, Verdict


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


# Holds


def lead(
    coach: HoldCoach, *moments: tuple[float, float, bool], ended: Hold | None = None
) -> list[str]:
    """What is newly said at moments: time, held so far, whether the clock stands."""
    found = []
    for t_s, held_s, paused in moments:
        cue = coach.follow(t_s, HoldState("left", held_s, 20.0, paused), ended)
        if cue is not None and cue.t_s == t_s:
            found.append(cue.text)
    return found


def hold(number: int, *failed: str) -> Hold:
    verdicts = tuple(verdict(c, Status.FAIL if c in failed else Status.PASS) for c in ("A", "B"))
    return Hold(number, "left", 0.0, 5.0, 5.0, True, verdicts=verdicts)


def test_a_hold_is_led_from_its_start_to_its_end() -> None:
    moments = [(float(t), float(t), False) for t in range(1, 30)]
    coach = HoldCoach()
    assert lead(coach, *moments) == [START, HALF, DONE]
    for text in (START, HALF, DONE, BACK):
        assert len(text.split()) <= 6


def test_who_loses_the_position_is_called_back_once() -> None:
    coach = HoldCoach()
    moments = [(1.0, 1.0, False), (2.0, 2.0, True), (2.3, 2.0, True), (2.6, 2.0, True)]
    assert lead(coach, *moments) == [START, BACK]
    assert lead(coach, (2.9, 2.0, True), (3.2, 2.0, True)) == []


def test_a_hold_that_starts_anew_at_once_is_not_announced_again() -> None:
    coach = HoldCoach()
    assert lead(coach, (1.0, 0.8, False), (3.0, 2.8, False), (3.5, 0.8, False)) == [START]


def test_what_to_do_better_is_said_when_the_hold_is_over() -> None:
    coach = HoldCoach()
    lead(coach, (1.0, 1.0, False))
    cue = coach.follow(8.0, None, hold(1, "B"))
    assert cue is not None
    assert (cue.text, cue.code, cue.rep) == ("cue B", "B", 1)
    # The next hold is led again.
    assert lead(coach, (12.0, 1.0, False), (22.0, 11.0, False)) == [START, HALF]
    assert coach.follow(40.0, None, None) is None


def test_a_good_hold_needs_no_words_afterwards() -> None:
    assert HoldCoach().follow(8.0, None, hold(1)) is None
    assert most_frequent_cues([hold(1, "A"), hold(2, "A", "B")]) == ("cue A", "cue B")


def test_another_hold_is_led_even_if_the_last_one_was_too_short_to_be_listed() -> None:
    coach = HoldCoach()
    assert lead(coach, (1.0, 0.8, False)) == [START]
    for t_s in range(2, 17):
        coach.follow(float(t_s), None, None)
    assert lead(coach, (17.0, 0.8, False), (27.0, 10.8, False)) == [START, HALF]


def test_who_is_told_to_release_is_not_called_back() -> None:
    coach = HoldCoach()
    moments = [(21.0, 20.0, False), (22.0, 21.0, True), (23.0, 21.0, True), (24.0, 21.0, True)]
    assert lead(coach, *moments) == [DONE]


def test_what_to_do_better_stays_though_the_next_hold_begins() -> None:
    coach = HoldCoach()
    lead(coach, (1.0, 0.8, False))
    cue = coach.follow(17.0, None, hold(1, "A"))
    assert cue is not None
    code = cue.code
    assert code
    cue = coach.follow(17.1, HoldState("left", 0.8, 20.0, False), None)
    assert cue is not None
    assert cue.code == code
