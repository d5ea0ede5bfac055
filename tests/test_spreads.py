"""How far off readings are: the measured table, and how it is made."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from benchmarks.blindness import is_blind
from benchmarks.spreads import (
    DIRECTIONS,
    MEASURED,
    OF_A_REFINER,
    RARE,
    TOLERANCES,
    Errors,
    Ranged,
    asked,
    range_row,
    row_of,
    table,
    with_spread,
)
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.measures.catalogue import FRAME
from formcheck.refine.choose import angle_refiner
from formcheck.refine.error import ErrorRow, MeasuredError, RangeError, lying_share, plain_error
from formcheck.refine.plain import ANGLES
from formcheck.results import Reading

RARELY = {"pelvis_drop_deg", "knee_drift_ratio"}
ROW = ErrorRow((0.0,), (2.0,), (0.0,), (4.0,), (5.0,), (10.0,))
ERROR = MeasuredError((90.0,), {"x_deg": ROW})


def read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("formcheck.refine").joinpath(name).read_text("utf-8"))


def test_the_tables_have_every_reading_once_and_no_other() -> None:
    measured, plain = read("spreads.toml"), read("plain_error.toml")
    assert set(measured["error"]) == {*MEASURED, *TOLERANCES}
    assert set(plain["error"]) == set(OF_A_REFINER)
    assert {*MEASURED, *TOLERANCES, *OF_A_REFINER} == {*FRAME, *(angle.name for angle in ANGLES)}


def test_no_verdict_rests_on_what_was_chosen() -> None:
    """Except that hips stay down, which times holds as well, and what hardly anybody does."""
    judged = {c.question.measure for e in exercise_ids() for c in load_exercise(e).criteria}
    assert judged & set(TOLERANCES) == {"hip_rise_ratio", *RARELY}
    assert judged & set(FRAME) <= {*MEASURED, *OF_A_REFINER, *TOLERANCES}


def test_directions_are_the_same_in_both_tables() -> None:
    measured, plain = read("spreads.toml"), read("plain_error.toml")
    assert measured["away_deg"] == plain["away_deg"] == list(DIRECTIONS)


def test_whatever_range_is_judged_is_measured() -> None:
    """An exercise that newly judges a range needs the table made anew."""
    wanted = {name for name, who in asked().items() if who.ranged}
    assert set(read("spreads.toml")["range"]) == wanted
    assert wanted == {"trunk_aside_deg", "hip_flexion_deg", "trunk_inclination_deg"}


def test_the_product_reads_what_was_measured() -> None:
    measured = read("spreads.toml")
    for error in (plain_error(), angle_refiner().error):
        row = error.rows["bridge_line_deg"]
        assert list(row.lying_sigma) == measured["error"]["bridge_line_deg"]["lying_sigma"]
        assert set(error.rare) == set(RARE)
        for name, least in error.rare.items():
            assert least == measured["rare"][name]["sigma"]
        assert error.ranges["hip_flexion_deg"] == RangeError(**measured["range"]["hip_flexion_deg"])
    for name in RARE:
        assert angle_refiner().error.best(name, bent=True) >= plain_error().rare[name]


def test_the_table_is_as_the_command_writes_it() -> None:
    text = files("formcheck.refine").joinpath("spreads.toml").read_text("utf-8")
    known = tomllib.loads(text)
    exact = {name: errors(off=np.zeros(400), lying=0.0) for name in MEASURED}
    made = table(exact, {}, {name: entry["sigma"] for name, entry in known["rare"].items()})
    assert made.splitlines()[:7] == text.splitlines()[:7]
    for name, row in tomllib.loads(made)["error"].items():
        # What is blind depends on the people.
        keys = ([key for key in r if "blind" not in key] for r in (row, known["error"][name]))
        assert next(keys) == next(keys), name


@pytest.mark.parametrize(
    ("bent", "lying", "sigma", "value"),
    [(0.0, 0.0, 2.0, 50.0), (1.0, 0.0, 4.0, 50.0), (1.0, 1.0, 10.0, 45.0), (0.0, 0.5, 6.0, 47.5)],
)
def test_lying_has_a_row_of_its_own(bent: float, lying: float, sigma: float, value: float) -> None:
    reading = ERROR.under(90.0, bent, lying).correct("x_deg", 50.0)
    assert reading.value == pytest.approx(value)
    assert reading.sigma == pytest.approx(sigma)
    assert ERROR.best("x_deg", bent=False, lying=True) == 10.0
    assert ERROR.best("x_deg", bent=True) == 4.0


def test_who_lies() -> None:
    assert [lying_share(x) for x in (10.0, 55.0, 90.0, math.nan)] == [0.0, 0.5, 1.0, 0.0]


def test_a_range_is_less_what_errors_add_in_squares() -> None:
    error = RangeError(excess=1.0, sigma=0.5)
    assert error.correct(Reading(5.0, 3.0)) == Reading(4.0, 1.5)
    assert error.correct(Reading(2.0, 3.0)) == Reading(0.0, 1.5)
    assert error.correct(Reading(20.0, 0.1)).value == pytest.approx(20.0, abs=0.01)


def errors(off: np.ndarray, lying: float, people: int = 8) -> Errors:
    n = len(off)
    away = np.resize(np.array(DIRECTIONS), n)
    person = np.arange(n) // len(DIRECTIONS) % people
    return Errors(away, np.zeros(n), np.full(n, lying), off, np.zeros(n), person)


def test_a_row_has_the_mean_error_and_what_is_left() -> None:
    rng = np.random.default_rng(1)
    row = row_of(errors(3.0 + 2.0 * rng.standard_normal(20_000), lying=1.0), biased=True)
    assert row["lying_bias"] == pytest.approx([3.0] * 5, abs=0.15)
    assert row["lying_sigma"] == pytest.approx([2.0] * 5, rel=0.06)
    # Nobody stood: what is known of who lies has to do, and nothing is taken off.
    assert row["standing_bias"] == [0.0] * 5
    assert row["standing_sigma"] == row["lying_sigma"]


def test_a_mean_error_that_is_not_taken_off_is_part_of_the_spread() -> None:
    row = row_of(errors(np.full(400, 3.0), lying=0.0), biased=False)
    assert row["standing_bias"] == [0.0] * 5
    assert row["standing_sigma"] == pytest.approx([3.0 / 0.674] * 5)


def crowd(shown: float, people: int = 20) -> Errors:
    """Return people who differ by one unit; beyond 60 degrees, only a share of that shows."""
    all_alike = errors(np.zeros(4_000), lying=0.0, people=people)
    rng = np.random.default_rng(3)
    true = rng.standard_normal(people)[all_alike.person]
    share = np.where(all_alike.away_deg > 60.0, shown, 1.0)
    seen = share * true + 0.3 * rng.standard_normal(len(true))
    return replace(all_alike, true=true, off=seen - true)


def test_where_nothing_of_what_is_true_shows_a_reading_is_blind() -> None:
    assert row_of(crowd(shown=0.1), biased=True)["standing_blind"] == [0.0, 0.0, 1.0, 1.0, 1.0]
    assert "standing_blind" not in row_of(crowd(shown=0.9), biased=True)
    # Whether what few people show is chance isn't known; nor what people show who are all alike.
    assert "standing_blind" not in row_of(crowd(shown=0.1, people=6), biased=True)
    alike = crowd(shown=0.1)
    noise = replace(alike, off=alike.true + alike.off, true=np.zeros(len(alike.true)))
    assert "standing_blind" not in row_of(noise, biased=True)


@pytest.mark.parametrize(("slope", "noise"), [(1.0, 0.0), (0.4, 0.0), (0.4, 2.0), (0.0, 1.0)])
def test_how_much_of_a_true_difference_shows(slope: float, noise: float) -> None:
    rng = np.random.default_rng(5)
    true = rng.standard_normal(40_000)
    seen = 7.0 + slope * true + noise * rng.standard_normal(len(true))
    assert is_blind(seen, true, np.arange(len(true)) // 100) == (slope < 0.5)
    assert not is_blind(seen, np.ones(len(true)), np.arange(len(true)) // 100)


@pytest.mark.parametrize(
    ("away_deg", "bent", "times"),
    [(0.0, 1.0, 1.0), (22.5, 1.0, 1 / 0.84375), (45.0, 1.0, 2.0), (90.0, 0.0, 1.0)],
)
def test_spreads_grow_towards_where_nothing_shows(
    away_deg: float, bent: float, times: float
) -> None:
    flat, sigma = (0.0, 0.0), (2.0, 2.0)
    row = ErrorRow(flat, sigma, flat, sigma, bent_blind=(0.0, 1.0))
    error = MeasuredError((0.0, 90.0), {"x_deg": row})
    reading = error.under(away_deg, bent).correct("x_deg", 5.0)
    assert reading.sigma == pytest.approx(2.0 * times)
    assert error.under(90.0, 1.0).correct("x_deg", 5.0).sigma > 1e3
    # Of those who lie it is told apart, unless nothing is known of them.
    assert error.under(90.0, 1.0, 1.0).correct("x_deg", 5.0).sigma > 1e3
    lying = replace(row, lying_bias=flat, lying_sigma=sigma)
    known = MeasuredError((0.0, 90.0), {"x_deg": lying})
    assert known.under(90.0, 1.0, 1.0).correct("x_deg", 5.0).sigma == pytest.approx(2.0)


def test_where_few_were_seen_the_widest_spread_holds() -> None:
    some = errors(np.ones(400), lying=0.0)
    row = row_of(some.only(some.away_deg < 100.0), biased=False)
    assert row["standing_sigma"] == pytest.approx([1.0 / 0.674] * 5)
    one = row_of(errors(np.ones(400), lying=0.0).only(some.person < 4), biased=False)
    assert len(one["standing_sigma"]) == len(DIRECTIONS)
    with pytest.raises(SystemExit, match="too few frames of too few people in any posture"):
        row_of(errors(np.ones(400), lying=0.0).only(some.person < 2), biased=False)


def test_ranges_are_told_in_the_spread_that_a_reading_has() -> None:
    """What is read from landmarks is measured without a spread; a refiner's angle has its own."""
    flat = (0.0, 0.0)
    rows = {"trunk_aside_deg": ErrorRow(flat, (4.0, 8.0), flat, (4.0, 8.0))}
    known = MeasuredError((0.0, 90.0), {**rows, "hip_flexion_deg": rows["trunk_aside_deg"]})
    seen = Ranged(seen=3.0, true=1.0, sigma=1.0, away_deg=45.0, bent=0.0, lying=0.0)
    assert with_spread(seen, "trunk_aside_deg", known).sigma == pytest.approx(6.0)
    assert with_spread(seen, "hip_flexion_deg", known) == seen


def test_what_errors_do_to_ranges_is_found_again() -> None:
    """Nothing moves, and the errors' range is one and a half standard deviations."""
    still = [Ranged(3.0, 0.0, 2.0, 90.0, 0.0, 0.0)] * 30
    found = range_row(still)
    assert found is not None
    assert found["excess"] == pytest.approx(1.5)
    assert found["sigma"] == pytest.approx(0.001)
    assert range_row(still[:5]) is None
