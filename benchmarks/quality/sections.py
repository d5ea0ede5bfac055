"""What is shown of the figures: the same tables in the terminal and in the docs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from benchmarks.quality.figures import Figures
from benchmarks.quality.shelf import NOTHING, Section, Shelf, Table
from benchmarks.quality.sight import SIGHTS, VIEW_KINDS
from benchmarks.quality.takes import POSTURES
from benchmarks.quality.verdicts import ALL, LEVELS
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.measures.catalogue import FRAME
from formcheck.refine.plain import ANGLES

SIGHT_TITLES = {
    "good": "seen well",
    "reduced": "seen askew",
    "none": "not to be seen",
    ALL: "any",
}
"""How well a view shows what a criterion is about → how that is put."""


def sections(figures: Figures, split: str) -> list[Section]:
    """Return everything that is shown about the people of one split."""
    shelf = Shelf(figures, split)
    made = (make(shelf) for make in SECTIONS)
    return [section for section in made if any(table.rows for table in section.tables)]


def person(s: Shelf) -> Section:
    """How often the right person is found."""
    rows = [
        (
            title,
            s.per_cent("found", *place, "share", digits=1),
            s.per_cent("found", *place, "somebody_else_share", digits=1),
            s.n("found", *place, "share"),
        )
        for title, place in (
            ("upright", ("upright",)),
            ("lying", ("lying",)),
            ("upright, partly hidden on purpose", ("hidden", "upright")),
            ("lying, partly hidden on purpose", ("hidden", "lying")),
        )
        if s.has("found", *place)
    ]
    return Section(
        "Finding the person",
        "Share of frames in which the pose model's hips are where the person's are, and in which "
        "they are on something or somebody else. Hidden on purpose: cut at the feet or head, "
        "behind a chair, or behind somebody who walks past.",
        (Table(("posture", "found, %", "elsewhere, %", "frames"), tuple(rows)),),
    )


def angles(s: Shelf) -> Section:
    """How far off angles are."""
    head = ("ours", "world", "pixels")
    columns = (
        "angle", "posture", *(f"{h}: mean abs." for h in head), *(f"{h}: bias" for h in head),
        *(f"{h}: 95 %" for h in head), "frames",
    )  # fmt: skip
    rows = [
        (
            _words(angle),
            posture,
            *(s.number("angle", angle, ALL, posture, h, "mean_abs_deg") for h in head),
            *(s.number("angle", angle, ALL, posture, h, "bias_deg", signed=True) for h in head),
            *(s.number("angle", angle, ALL, posture, h, "p95_deg") for h in head),
            s.n("angle", angle, ALL, posture, "ours", "mean_abs_deg"),
        )
        for angle in _angles(s)
        for posture in POSTURES
        if s.get("angle", angle, ALL, posture, "ours", "mean_abs_deg")
    ]
    by_view = [
        (
            _words(angle),
            posture,
            *(
                " / ".join(s.number("angle", angle, view, posture, h, "mean_abs_deg") for h in head)
                for view in VIEW_KINDS
            ),
        )
        for angle in _angles(s)
        for posture in POSTURES
        if s.get("angle", angle, ALL, posture, "ours", "mean_abs_deg")
    ]
    return Section(
        "Angles",
        "Error in degrees, in frames where the right person was found: what formcheck says "
        "(ours), and what MediaPipe's landmarks give as they are, in metres (world) and in the "
        "picture (pixels). Bent: upright with knees bent by 45 degrees or more, in a squat or on "
        "a chair. The second table has the mean absolute error by view: ours / world / pixels.",
        (
            Table(columns, tuple(rows), words=2),
            Table(("angle", "posture", *VIEW_KINDS), tuple(by_view), words=2),
        ),
        "quality-angles.svg",
    )


def intervals(s: Shelf) -> Section:
    """How honest the uncertainty of readings is."""
    rows = [
        (
            _words(name),
            posture,
            *(
                s.per_cent("coverage", name, ALL, posture, f"within_{q}_share")
                for q in (50, 80, 95)
            ),
            *(
                s.per_cent("coverage", name, view, posture, "within_80_share")
                for view in VIEW_KINDS
            ),
            s.n("coverage", name, ALL, posture, "within_80_share"),
        )
        for name in FRAME
        for posture in ("upright", "lying")
        if s.has("coverage", name, ALL, posture)
    ]
    columns = (
        "reading", "posture", "50 % interval", "80 %", "95 %", *(f"80 %, {v}" for v in VIEW_KINDS),
        "frames",
    )  # fmt: skip
    return Section(
        "How honest the uncertainty is",
        "Share of frames, in per cent, in which the interval around a reading contains the truth: "
        "50, 80 and 95 when it is honest; less is too sure, more is too modest.",
        (Table(columns, tuple(rows), words=2),),
    )


_DOUBTS = ("sure_share", "exact_of_sure_share", "sure_of_exact_share", "told_of_wrong_share")


def counting(s: Shelf) -> Section:
    """How many clips are counted exactly."""
    rows = []
    for exercise in exercise_ids():
        rows.append(_count_row(s, exercise, exercise))
        for hidden, words in (("whole", ""), ("hidden", ", partly hidden")):
            rows += [
                _count_row(s, f"{exercise}, {view}{words}", exercise, hidden, view)
                for view in VIEW_KINDS
            ]
    for kind, title in (("other-exercise", "other exercises"), ("look-alike", "look-alikes")):
        rows.append(_count_row(s, f"{title}, as squats", kind))
        rows += [
            _count_row(s, f"{part}, as squats", kind, part)
            for part in s.below("count", kind)
            if not part.endswith("_share")
        ]
    found = s.per_cent("timing", "found_share", digits=1)
    when = [
        (
            name,
            s.number("timing", name, "mean_abs_s", digits=2),
            s.number("timing", name, "p95_s", digits=2),
            s.n("timing", name, "mean_abs_s"),
        )
        for name in ("start", "turn", "end")
        if s.has("timing", name)
    ]
    held = [
        (
            exercise,
            s.per_cent("hold", exercise, "found_share"),
            s.number("hold", exercise, "held_mean_abs_s", digits=2),
            s.per_cent("hold", exercise, "held_within_03_s_share"),
            s.n("hold", exercise, "found_share"),
        )
        for exercise in exercise_ids()
        if s.has("hold", exercise)
    ]
    sure = [
        (
            "all" if exercise == ALL else exercise,
            *(s.per_cent("doubt", exercise, name) for name in _DOUBTS),
            s.n("doubt", exercise, "sure_share"),
        )
        for exercise in (ALL, *exercise_ids())
        if s.has("doubt", exercise)
    ]
    return Section(
        "Counting",
        "Clips whose count is exact, too high, too low. What is not the exercise should count "
        "nothing. A report says when its count is not sure, and why; the second table tells how "
        f"far one can rely on that. Of the repetitions that count, {found} % were found; the "
        "third table tells how far off their times are, the fourth how far off the times that "
        "holds were kept.",
        (
            Table(
                ("clips", "exact, %", "too many, %", "too few, %", "clips"),
                tuple(row for row in rows if row[-1] != "0"),
            ),
            Table(
                (
                    "clips of",
                    "said to be sure, %",
                    "exact of these, %",
                    "sure of exact, %",
                    "not sure of wrong, %",
                    "clips",
                ),
                tuple(sure),
            ),
            Table(("time of", "mean abs., s", "95 %, s", "repetitions"), tuple(when)),
            Table(
                ("holds of", "found, %", "mean abs., s", "within 0.3 s, %", "holds"), tuple(held)
            ),
        ),
    )


def _count_row(s: Shelf, title: str, *place: str) -> tuple[str, ...]:
    names = ("exact_share", "over_share", "under_share")
    shares = (s.per_cent("count", *place, name) for name in names)
    return (title, *shares, s.n("count", *place, "exact_share"))


def criteria(s: Shelf) -> Section:
    """How right the verdicts are."""
    rows = [
        (
            *_criterion(code),
            SIGHT_TITLES[seen],
            s.n("verdict", code, seen, "unclear_share"),
            s.n("verdict", code, seen, "recall_share"),
            *(
                s.per_cent("verdict", code, seen, f"{name}_share")
                for name in ("precision", "recall", "unclear", "wrong", "false_alarm")
            ),
        )
        for code in _codes()
        for seen in (*SIGHTS, ALL)
        if s.get("verdict", code, seen, "unclear_share")
    ]
    columns = (
        "criterion", "name", "view", "verdicts", "truly beyond", "precision, %", "recall, %",
        "unclear, %", "wrong, %", "false alarms, %",
    )  # fmt: skip
    return Section(
        "Verdicts",
        "A FAIL is an alarm. Precision: alarms that are right. Recall: repetitions truly beyond "
        "the bound that raise one. Wrong: the opposite of the truth, of all verdicts. False "
        "alarms: of the repetitions truly within the bound. Views are those that show what the "
        "criterion measures well (in the picture's plane), askew (obliquely), or not at all.",
        (Table(columns, tuple(rows), words=3),),
        "quality-verdicts.svg",
    )


def levels(s: Shelf) -> Section:
    """How faults of known size are judged."""
    rows = [
        (
            *_criterion(code),
            SIGHT_TITLES[seen],
            *(
                " / ".join(
                    s.per_cent("level", code, seen, level, f"{status}_share")
                    for status in ("pass", "unclear", "fail")
                )
                + f" ({s.n('level', code, seen, level, 'fail_share')})"
                if s.get("level", code, seen, level, "fail_share")
                else NOTHING
                for level in LEVELS
            ),
        )
        for code in _codes()
        for seen in SIGHTS
        if s.has("level", code, seen)
    ]
    return Section(
        "Faults of known size",
        "Repetitions made to break a criterion clearly or slightly, to keep just inside its bound, "
        "or with nothing of the kind in mind: PASS / UNCLEAR / FAIL in per cent (repetitions).",
        (Table(("criterion", "name", "view", *LEVELS), tuple(rows), words=3),),
    )


def values(s: Shelf) -> Section:
    """How far off the values are that verdicts rest on."""
    rows = [
        (
            *_criterion(code),
            SIGHT_TITLES[seen],
            s.number("value", code, seen, "mean_abs", digits=2),
            s.number("value", code, seen, "bias", digits=2, signed=True),
            s.per_cent("value", code, seen, "within_80_share"),
            s.per_cent("value", code, seen, "within_95_share"),
            s.n("value", code, seen, "mean_abs"),
        )
        for code in _codes()
        for seen in SIGHTS
        if s.has("value", code, seen)
    ]
    columns = (
        "criterion", "name", "view", "mean abs. error", "bias", "in 80 % interval, %",
        "in 95 %, %", "repetitions",
    )  # fmt: skip
    return Section(
        "Measured values of repetitions",
        "The value that each verdict rests on against its truth, in the criterion's own unit.",
        (Table(columns, tuple(rows), words=3),),
    )


def clean(s: Shelf) -> Section:
    """How often a faultless repetition is faulted."""
    rows = [
        (
            view,
            s.per_cent("clean", view, "alarmed_share", digits=1),
            s.n("clean", view, "alarmed_share"),
        )
        for view in (ALL, *VIEW_KINDS)
        if s.has("clean", view)
    ]
    return Section(
        "False alarms on clean repetitions",
        "Repetitions that keep every bound, of which at least one criterion was a FAIL.",
        (Table(("view", "with a false alarm, %", "repetitions"), tuple(rows)),),
    )


def calibration(s: Shelf) -> Section:
    """Whether probabilities mean what they say."""
    rows = [
        (
            said.replace("-", "–"),
            s.per_cent("said", said, "said_share", digits=1),
            s.per_cent("said", said, "right_share", digits=1),
            s.n("said", said, "right_share"),
        )
        for said in s.below("said")
    ]
    return Section(
        "Calibration",
        "Verdicts given (PASS or FAIL) by the probability they were given with, and how many of "
        "them are right.",
        (Table(("probability", "mean said, %", "right, %", "verdicts"), tuple(rows)),),
        "quality-calibration.svg",
    )


def views(s: Shelf) -> Section:
    """How well the view is recognised."""
    rows = [
        (
            posture,
            view,
            s.per_cent("view", posture, view, "named_right_share"),
            s.number("view", posture, view, "direction_mean_abs_deg"),
            s.n("view", posture, view, "named_right_share"),
        )
        for posture in ("upright", "lying")
        for view in (ALL, *VIEW_KINDS)
        if s.has("view", posture, view)
    ]
    columns = ("posture", "view", "named rightly, %", "direction: mean abs. error, °", "clips")
    return Section(
        "Recognising the view",
        "The view that formcheck names for a clip, and the direction it follows in every frame, "
        "against where the camera truly is.",
        (Table(columns, tuple(rows), words=2),),
    )


def conditions(s: Shelf) -> Section:
    """How much harder pictures cost."""
    names = ("found", "somebody_else", "exact", "unclear", "wrong_of_given")
    rows = [
        (
            condition,
            *(s.per_cent("condition", condition, f"{name}_share") for name in names),
            s.n("condition", condition, "exact_share"),
        )
        for condition in s.below("condition")
    ]
    columns = (
        "condition", "found, %", "elsewhere, %", "counts exact, %", "verdicts unclear, %",
        "given verdicts wrong, %", "clips",
    )  # fmt: skip
    return Section(
        "Harder pictures",
        "Clips with something that makes them harder. There are few of each: read these as "
        "examples.",
        (Table(columns, tuple(rows)),),
    )


SECTIONS: tuple[Callable[[Shelf], Section], ...] = (
    person, angles, intervals, counting, criteria, levels, values, clean, calibration, views,
    conditions,
)  # fmt: skip
"""In the order in which they are shown."""


def _codes() -> Iterable[str]:
    for exercise in exercise_ids():
        yield from (c.code for c in load_exercise(exercise).criteria)
    yield ALL


def _criterion(code: str) -> tuple[str, str]:
    for exercise in exercise_ids():
        for criterion in load_exercise(exercise).criteria:
            if criterion.code == code:
                return code, criterion.name
    return code, ""


def _angles(s: Shelf) -> Sequence[str]:
    return [angle.name for angle in ANGLES if s.has("angle", angle.name)]


def _words(name: str) -> str:
    unit = name.rpartition("_")[2]
    return name.removesuffix(f"_{unit}").replace("_", " ") + (" (ratio)" if unit == "ratio" else "")
