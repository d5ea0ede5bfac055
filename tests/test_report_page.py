"""The page about a report: what it says, that it needs nothing else, that nothing breaks out."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from formcheck.errors import CannotOpen, WrongSchema
from formcheck.report import words
from formcheck.report.charts import Axis, Drawing, axis_of, nice_step
from formcheck.report.document import to_bytes, to_document
from formcheck.report.html import render_report, report_page
from formcheck.report.model import Attachments, page_of, picture_keys
from formcheck.report.readings import Curves, curves_of, load_curves, to_table
from formcheck.results import CriterionInfo, ExerciseInfo, Quality, Report, Segment, Series, Status
from tests import fakes_results as fake

DEPTH = CriterionInfo(
    "SQ01",
    "Depth",
    "knee_flexion_deg",
    "knee bend; high",
    "Deeper trains more.",
    "coaching convention",
    ("A & B 2014",),
    "side",
)


def squats(**changes: Any) -> Report:
    """Two squats, the second not deep enough, with curves of both knees."""
    t = np.arange(0, 6, 0.04)
    bend = 50 - 50 * np.cos(2 * np.pi * t / 3)
    names = ("left_knee_flexion_deg", "right_knee_flexion_deg")
    return fake.report(
        **{
            "exercise": ExerciseInfo("squat", "Squat", "user", 1.0, "ab" * 32, criteria=(DEPTH,)),
            "reps": (
                fake.rep(1, 0.5, [Status.PASS], score=100.0),
                fake.rep(2, 3.25, [Status.FAIL], score=0.0),
            ),
            "holds": (),
            "series": Series(
                t, dict.fromkeys(names, bend), dict.fromkeys(names, np.full(t.shape, 5.0))
            ),
            **changes,
        }
    )


def attached(report: Report) -> Attachments:
    return Attachments(
        curves_of(report.series, to_document(report)), {"rep-1": b"\xff\xd8"}, "annotated.mp4"
    )


class Parsed(HTMLParser):
    """Elements and their attributes, and that every element is closed."""

    VOID = frozenset(("meta", "img", "br", "path", "circle", "link", "input"))

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def of(self, attribute: str) -> list[str]:
        return [v for _, attrs in self.elements if (v := attrs.get(attribute)) is not None]


def test_the_page_says_in_a_sentence_what_was_done_and_what_to_work_on() -> None:
    page = page_of(to_document(squats()), Attachments())
    assert page.headline == (
        "2 repetitions and 1 more that did not count, seen from the right side."
    )
    assert page.advice == "To work on first: Sit a little deeper (1 of 2)."
    assert page.score == 50.0


@pytest.mark.parametrize(
    ("statuses", "says"),
    [
        ([Status.PASS], "Nothing to correct in what the camera could judge."),
        ([Status.UNCLEAR], ""),
        ([Status.FAIL], "To work on first: Sit a little deeper (1 of 1)."),
    ],
)
def test_advice(statuses: list[Status], says: str) -> None:
    document = to_document(squats(reps=(fake.rep(1, 0.5, statuses),)))
    assert words.advice(document) == says


def test_everything_is_on_the_page_and_every_element_closed() -> None:
    report = squats()
    page = render_report(to_document(report), attached(report))
    parsed = Parsed(page)
    assert parsed.open == []
    text = re.sub(r"<style>.*?</style>|<script>.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    for needed in (
        "Repetition 1",
        "Repetition 2",
        "Not counted",
        "did not go down far enough",
        "Sit a little deeper",
        "Depth: 98° ± 4°, asked: at least 90°",
        "Deeper trains more.",
        "A &amp; B 2014",
        "The clip ends in the middle of a frame.",
        "Educational, not medical advice.",
        "model sha256",
        "ef" * 32,
    ):
        assert needed in text, needed
    assert "data:image/jpeg;base64,/9g=" in parsed.of("src")
    assert parsed.of("data-at").count("0.5") == 2, "in the card and below the video"


def test_the_page_needs_no_network() -> None:
    report = squats()
    page = render_report(to_document(report), attached(report))
    parsed = Parsed(page)
    for address in (*parsed.of("src"), *parsed.of("href")):
        assert address.startswith(("data:", "#", "annotated.mp4")), address
    assert not re.search(r"https?://|@import|url\(", page)
    (policy,) = [
        a["content"] or "" for tag, a in parsed.elements if tag == "meta" and "http-equiv" in a
    ]
    assert policy.startswith("default-src 'none'")


HOSTILE = "</style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7777*7 }}"


def hostile(value: Any, where: str = "") -> Any:
    """A document in which every text is an attack, but those that have meanings of their own."""
    if isinstance(value, dict):
        return {key: hostile(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [hostile(item, where) for item in value]
    kept = ("schema", "of", "status", "measure", "code", "unit")
    return HOSTILE if isinstance(value, str) and where not in kept else value


def test_every_text_from_outside_is_escaped() -> None:
    report = squats()
    clean = Parsed(render_report(to_document(report), attached(report)))
    files = replace(attached(report), video=HOSTILE)
    page = render_report(hostile(to_document(report)), files)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "54439" not in page
    attacked = Parsed(page)
    assert attacked.open == []
    assert not [v for _, attrs in attacked.elements for v in attrs if v.startswith("on")]
    tags = {tag for tag, _ in attacked.elements}
    assert tags <= {tag for tag, _ in clean.elements}
    assert sum(tag == "script" for tag, _ in attacked.elements) == 1


def test_a_report_of_nothing_and_one_without_criteria_have_pages() -> None:
    summary = replace(squats().summary, reps_counted=0, reps_partial=0, score=math.nan)
    nothing = squats(reps=(), partial_reps=(), quality=Quality(0.0, math.nan), summary=summary)
    assert "0 repetitions" in render_report(to_document(nothing))
    old = to_document(squats())
    del old["criteria"]
    assert "did not note the evidence" in render_report(old)


def test_a_number_that_is_not_sure_is_said_to_be_so() -> None:
    told = Quality(1.0, 25.0, (), ("<b>Out of sight.</b>", "Two."))
    document = to_document(squats(quality=told))
    said = "The number is not sure."
    assert f"{said} &lt;b&gt;Out of sight.&lt;/b&gt; Two." in render_report(document)
    assert said not in render_report(to_document(squats()))
    del document["quality"]["count_doubts"]
    assert said not in render_report(document), "earlier versions did not say"


def test_holds_have_cards_too() -> None:
    info = ExerciseInfo("figure-four", "Stretch", "user", 1.0, "", of="holds")
    summary = replace(squats().summary, holds=1, held_s=2.5, best_hold_s=2.5)
    page = page_of(
        to_document(
            squats(exercise=info, reps=(), holds=(fake.hold(complete=False),), summary=summary)
        ),
        Attachments(),
    )
    assert page.headline == "1 hold, 2 s in total, seen from the right side."
    (card,) = page.cards
    assert (card.title, card.span) == ("Hold 1", "0:01.0 – 0:03.5, held ≥ 2.5 s")
    assert card.reason == "it may have been longer: its end was not filmed"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("summary",), None),
        (("reps", 0, "start_s"), "early"),
        (("reps", 0, "verdicts", 0, "bound"), 3),
        (("reps",), {"a": 1}),
        (("provenance",), []),
    ],
)
def test_a_damaged_report_is_said_to_be_damaged(path: tuple[Any, ...], value: object) -> None:
    document = to_document(squats())
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(WrongSchema, match=r"The report is damaged: .*Check the clip again\."):
        render_report(document)


def test_a_report_is_rebuilt_with_what_lies_beside_it(tmp_path: Path) -> None:
    report = squats()
    document = to_document(report)
    files = attached(report)
    (tmp_path / "report.json").write_bytes(to_bytes(document))
    bare = report_page(tmp_path / "report.json")
    assert bare == render_report(document)
    (tmp_path / "readings.csv").write_text(to_table(files.curves))
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "rep-1.jpg").write_bytes(files.pictures["rep-1"])
    (tmp_path / "annotated.mp4").touch()
    assert report_page(tmp_path / "report.json") == render_report(
        json.loads(to_bytes(document)), files
    )


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        ("a,b\n1,2\n", WrongSchema, "is not a table of readings"),
        ("t_s,x_deg,x_deg_sigma\n1,2\n", WrongSchema, "is not a table of readings"),
        ("t_s,x_deg,x_deg_sigma\n1,2,much\n", WrongSchema, "is not a table of readings"),
        (None, CannotOpen, "Could not read the readings"),
    ],
)
def test_bad_readings(
    content: str | None, error: type[Exception], says: str, tmp_path: Path
) -> None:
    path = tmp_path / "readings.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(error, match=says):
        load_curves(path)


def test_readings_survive_being_written(tmp_path: Path) -> None:
    curves = Curves(
        np.array([0.0, 0.04]),
        {"left_knee_flexion_deg": np.array([12.25, math.nan])},
        {"left_knee_flexion_deg": np.array([4.5, math.nan])},
    )
    path = tmp_path / "readings.csv"
    path.write_text(to_table(curves))
    assert path.read_text().splitlines() == [
        "t_s,left_knee_flexion_deg,left_knee_flexion_deg_sigma",
        "0,12.25,4.5",
        "0.04,,",
    ]
    again = load_curves(path)
    np.testing.assert_array_equal(again.t_s, curves.t_s)
    for name in curves.names:
        np.testing.assert_array_equal(again.values[name], curves.values[name])
        np.testing.assert_array_equal(again.sigmas[name], curves.sigmas[name])


def test_curves_have_bounds_repetitions_and_faults() -> None:
    report = squats()
    (chart,) = page_of(to_document(report), attached(report)).charts
    assert (chart.title, chart.unit) == ("knee bend", "°")
    assert [line.style for line in chart.lines] == ["left", "right"]
    assert [limit.label for limit in chart.limits] == ["Depth: at least 90°"]
    assert [(shade.label, shade.style) for shade in chart.shades] == [
        ("1", ""),
        ("2", ""),
        ("", "partial"),
    ]
    assert [mark.label for mark in chart.marks] == ["Depth: Sit a little deeper"]
    assert chart.marks[0].x == pytest.approx(100 * 1.25 / 5.96, abs=0.01)


@pytest.mark.parametrize(
    ("span", "most", "step"), [(100, 5, 20), (90, 4, 25), (0.7, 5, 0.2), (12, 5, 2.5), (0, 5, None)]
)
def test_steps_between_ticks_are_round(span: float, most: int, step: float | None) -> None:
    found = nice_step(span, most)
    assert math.isnan(found) if step is None else found == pytest.approx(step)


def test_an_axis_shows_what_there_is_and_no_noise_blown_up() -> None:
    axis = axis_of([10.0, 11.0, math.nan], least=30.0)
    assert (axis.low, axis.high) == pytest.approx((10.5 - 16.2, 10.5 + 16.2))
    assert Axis(0, 10, flipped=True).at(2.5) == 75.0
    assert Axis(0, 10).within(12) == 100.0
    assert [(t.at, t.label) for t in Axis(0, 1).ticks(4)] == [
        (0.0, "0.00"),
        (25.0, "0.25"),
        (50.0, "0.50"),
        (75.0, "0.75"),
        (100.0, "1.00"),
    ]


def test_a_curve_is_interrupted_where_nothing_was_seen() -> None:
    drawing = Drawing(Axis(0, 10), Axis(0, 10, flipped=True), gap=2.0)
    t = np.array([0.0, 1, 2, 3, 4, 8, 9])
    values = np.array([0.0, 5, math.nan, 1, 2, 3, 4])
    line = drawing.line("left", "left", t, values, np.full(7, 1.0))
    assert line.path == "M0 100L10 50 M30 90L40 80 M80 70L90 60"
    assert line.band.split("Z")[0] == "M0 90L10 40L10 60L0 100"


@pytest.mark.parametrize(
    ("value", "unit", "sigma", "text"),
    [
        (98.44, "deg", 4.2, "98° ± 4°"),
        (-0.2, "deg", None, "0°"),
        (-3.0, "deg", None, "\N{MINUS SIGN}3°"),
        (0.613, "ratio", 0.07, "0.61 ± 0.07"),
        (1.25, "s", 0.1, "1.2 s ± 0.1 s"),
        (None, "s", None, "–"),
        (1.07, "ratio", 321.5, "–"),
        (70.0, "deg", 200.0, "–"),
        (70.0, "deg", 60.0, "70° ± 60°"),
    ],
)
def test_quantities(value: float | None, unit: str, sigma: float | None, text: str) -> None:
    assert words.quantity(value, unit, sigma).replace(" ± ", " ± ") == text


def test_several_exercises_have_a_part_of_the_page_each() -> None:
    info = ExerciseInfo("several", "Squat and squat", "recognizer", 0.9, "", of="segments")
    segments = (Segment(0.5, 2.0, squats()), Segment(3.0, 5.0, squats()))
    report = squats(exercise=info, reps=(), partial_reps=(), segments=segments)
    document = to_document(report)
    curves = curves_of(report.series, document)
    assert curves.names == ("left_knee_flexion_deg", "right_knee_flexion_deg")
    page = render_report(document, Attachments(curves, {"2-rep-1": b"\xff\xd8"}, "v.mp4"))
    parsed = Parsed(page)
    assert parsed.open == []
    assert "2 exercises, one after the other." in page
    ids = parsed.of("id")
    assert len(ids) == len(set(ids)), "every place has a name of its own"
    assert {"1-rep-1", "2-rep-1", "1-SQ01", "2-SQ01"} <= set(ids)
    links = {link[1:] for link in parsed.of("href") if link.startswith("#")}
    assert links <= set(ids)
    assert picture_keys(document)[:3] == ["1-rep-1", "1-rep-2", "1-partial-1"]
    assert page.count("data:image/jpeg") == 1
