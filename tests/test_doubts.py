"""Whether a count is said to be sure, and why not."""

from __future__ import annotations

import math

import pytest

from formcheck.doubts import CountDoubts
from formcheck.results import Posture, Rep, Span

STANDING = Posture("standing", 0.9)


def watched(*parts: tuple[float, bool, bool, bool], of: str = "repetition") -> CountDoubts:
    """Return doubts of (seconds, present, readable, rough), one after another, at 10 fps."""
    doubts = CountDoubts(of, ("standing",))
    frame = 0
    for seconds, present, readable, rough in parts:
        for _ in range(round(10 * seconds)):
            doubts.feed(frame / 10, present=present, readable=readable, rough=rough)
            frame += 1
    return doubts


SEEN = (True, True, False)
GONE = (False, False, False)
UNREAD = (True, False, False)
ROUGH = (True, True, True)


def partial(start_s: float, reason: str) -> Rep:
    span = Span("both", start_s, start_s + 1, start_s + 2, counted=False, reason=reason)
    return Rep(1, span, {}, (), math.nan)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([(10, *SEEN)], ()),
        ([(5, *GONE), (10, *SEEN), (5, *GONE)], ()),
        ([(9, *SEEN), (1, *UNREAD)], ()),
        ([(6, *SEEN), (4, *UNREAD)], ("For 40 %",)),
        ([(4, *SEEN), (3, *GONE), (3, *SEEN)], ("For 30 %",)),
        ([(10, *UNREAD)], ("For 100 %",)),
        ([(4, *SEEN), (6, *ROUGH)], ("From this angle a repetition is hard to tell",)),
        ([(6, *SEEN), (4, *ROUGH)], ()),
        ([(10, *GONE)], ()),
        ([], ()),
    ],
)
def test_what_could_not_be_seen(
    parts: list[tuple[float, bool, bool, bool]], said: tuple[str, ...]
) -> None:
    found = watched(*parts).found([], STANDING)
    assert len(found) == len(said)
    assert all(sentence.startswith(start) for sentence, start in zip(found, said, strict=True))


def test_holds_are_called_holds() -> None:
    (said,) = watched((10, *UNREAD), of="hold").found([], STANDING)
    assert said.endswith("whether there was a hold.")


def test_an_interruption_is_not_time() -> None:
    doubts = watched((4, *SEEN), (2, *GONE))
    doubts.interrupt()
    for frame in range(40):
        doubts.feed(100 + frame / 10, present=True, readable=True)
    assert doubts.found([], STANDING) == ()


@pytest.mark.parametrize(
    ("posture", "said"),
    [
        (Posture("standing", 0.3), ()),
        (Posture("unknown", 0.0), ()),
        (Posture("all-fours", 0.4), ("For most of the time you seemed to be on hands and knees.",)),
    ],
)
def test_another_posture_is_the_one_doubt_about_what_was_seen(
    posture: Posture, said: tuple[str, ...]
) -> None:
    assert watched((10, *SEEN)).found([], posture) == said
    (only,) = watched((10, *UNREAD)).found([], posture)
    assert only == said[0] if said else only.startswith("For 100 %")


def test_small_movements_are_never_sure() -> None:
    doubts = CountDoubts("hold", ("supine",), small=True)
    assert doubts.found([], Posture("supine", 1.0)) == (
        "Movements as small as these can't all be seen.",
    )


def test_near_misses_are_named_by_their_times() -> None:
    doubts = watched((10, *SEEN))
    one = doubts.found([partial(74.28, "the way back was not completed")], STANDING)
    assert one[0].startswith("A movement at 1:14.3 may have been a repetition.")
    assert one[0].endswith(" It was not counted: the way back was not completed.")
    misses = [partial(10.0 * n, "too small") for n in range(6)]
    (three,) = doubts.found(misses[:3], STANDING)
    assert three.startswith("3 movements that were not counted, at 0:00.0, 0:10.0 and 0:20.0,")
    (six,) = doubts.found(misses, STANDING)
    assert six.startswith("6 movements that were not counted, at 0:00.0, 0:10.0, 0:20.0 and later")
