"""What a routine is, and how its file is read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from formcheck.errors import ExerciseError, RoutineError, shown
from formcheck.exercises.definition import Exercise
from formcheck.exercises.load import load_exercise
from formcheck.exercises.table import Table
from formcheck.exercises.toml import NotToml, parse_toml, read_toml_file
from formcheck.library import find_exercise

FOLDER = Path(__file__).parent
SCHEMA = "formcheck.routine/1"
SIDES = {"both": "both sides together", "each": "each side in turn"}
"""Word in routine files → what it means."""
BODY = ("back", "knee", "hip", "neck", "shoulder", "ankle")
"""Parts of the body whose pain a routine may ask about."""
MOST = 1000
"""Sets, repetitions, or times a week."""
DAY_S = 86_400.0
MOST_TOLD = 20
"""Of the mistakes in a file, so many are told at once."""
BASIS = ("study", "guideline", "coaching convention")


@dataclass(frozen=True, slots=True)
class Step:
    """One exercise of a routine."""

    exercise: Exercise
    sets: int
    count: int
    """Repetitions or holds in a set; of each side, where sides take turns."""
    rest_s: float
    """After each set."""
    hold_s: float = 0.0
    """How long to hold; 0 for exercises that are not held."""
    sides: str = "both"
    """A word of `SIDES`."""
    level: str = "standard"
    named: str = ""
    """The exercise as the routine's file names it; its id, if empty."""
    loads: tuple[str, ...] = ()
    """Parts of the body that it loads; it becomes gentler when they hurt more."""
    why: str = ""
    basis: str = "coaching convention"
    """Where sets, repetitions, holds and rests come from."""
    references: tuple[str, ...] = ()

    def exercise_at(self, level: str) -> Exercise:
        """Return the exercise at another level."""
        return find_exercise(self.named or self.exercise.id, level=level)

    @property
    def aimed(self) -> Exercise:
        """The exercise with a clock that runs to what the step asks for."""
        hold = self.exercise.hold
        if hold is None or self.hold_s <= hold.rule.min_s:
            return self.exercise
        rule = replace(hold.rule, goal_s=self.hold_s)
        return replace(self.exercise, hold=replace(hold, rule=rule))

    @property
    def wanted(self) -> int:
        """Repetitions or holds altogether."""
        return self.sets * self.count * (2 if self.sides == "each" else 1)

    def in_words(self) -> str:
        """Return what to do, for reading."""
        noun = "hold" if self.exercise.hold else "repetition"
        text = f"{self.count} {noun}{'' if self.count == 1 else 's'}"
        if self.hold_s:
            text += f" of {self.hold_s:g} s"
        if self.sides == "each":
            text += " a side"
        return f"{self.sets} × {text}" if self.sets > 1 else text


@dataclass(frozen=True, slots=True)
class Routine:
    """Exercises in an order."""

    id: str
    name: str
    summary: str
    per_week: int
    """How many times a week are meant."""
    asks: tuple[str, ...]
    """Parts of the body whose pain is asked for, before and after."""
    steps: tuple[Step, ...]


def routine_ids() -> list[str]:
    """Return the routines that come with formcheck."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_routine(name: str | Path) -> Routine:
    """Read a routine: one that comes with formcheck, or a ``.toml`` file.

    Raises
    ------
    RoutineError
        There is none of that name, or its file says something that cannot be meant; all that
        is wrong is said at once.
    """
    path = Path(name)
    if path.suffix.lower() != ".toml":
        known = routine_ids()
        if str(name) not in known:
            near = get_close_matches(str(name), known, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            msg = (
                f"There is no routine '{name}'.{hint} There are {', '.join(known)}, or name a "
                ".toml file of your own."
            )
            raise RoutineError(msg)
        path = FOLDER / f"{name}.toml"
    try:
        items = parse_toml(read_toml_file(path))
    except OSError as error:
        msg = f"Could not read the routine '{path}': {error.strerror or error}."
        raise RoutineError(msg) from error
    except NotToml as error:
        msg = f"'{path}' is not TOML: {error}."
        raise RoutineError(msg) from error
    table = Table(path.name, "", items)
    routine = _routine(table)
    if table.problems:
        told = [str(problem) for problem in table.problems[:MOST_TOLD]]
        if more := len(table.problems) - len(told):
            told.append(f"... and {more} more mistakes.")
        raise RoutineError("\n".join(told))
    return routine


def _routine(table: Table) -> Routine:
    table.only("schema", "id", "name", "summary", "per_week", "asks", "step")
    if table.text("schema") not in {SCHEMA, ""}:
        table.bad("schema", f"'{SCHEMA}'", shown(table.items["schema"]))
    steps = tuple(_step(one) for one in table.tables("step"))
    if not steps and table.sound("step"):
        table.bad("step", "at least one exercise", "empty")
    return Routine(
        id=table.text("id"),
        name=table.text("name"),
        summary=table.text("summary"),
        per_week=_count(table, "per_week", 3),
        asks=table.words("asks", BODY) if "asks" in table.items else (),
        steps=steps,
    )


def _step(table: Table) -> Step:
    table.only(
        *("exercise", "sets", "count", "rest_s", "hold_s", "sides", "level", "loads"),
        *("why", "basis", "references"),
    )
    has = table.items.__contains__
    return Step(
        exercise=_exercise(table),
        sets=_count(table, "sets", 1),
        count=_count(table, "count", None),
        rest_s=_seconds(table, "rest_s", 30.0),
        hold_s=_seconds(table, "hold_s", 0.0),
        sides=table.word("sides", SIDES) if has("sides") else "both",
        level=table.word("level", ("gentle", "standard", "athletic"))
        if has("level")
        else "standard",
        named=str(table.items.get("exercise", "")),
        loads=table.words("loads", BODY) if has("loads") else (),
        why=table.text("why") if has("why") else "",
        basis=table.word("basis", BASIS) if has("basis") else BASIS[-1],
        references=table.texts("references") if has("references") else (),
    )


def _exercise(table: Table) -> Exercise:
    """Return the exercise at its level; any, where there is none of that name."""
    name = table.text("exercise")
    level = str(table.items.get("level", "standard"))
    try:
        return find_exercise(name, level=level)
    except ExerciseError as error:
        if table.sound("exercise"):
            table.bad("exercise", "an exercise that formcheck knows", f"'{name}' ({error})")
        return load_exercise("squat")


def _count(table: Table, key: str, otherwise: int | None) -> int:
    if key not in table.items and otherwise is not None:
        return otherwise
    value = table.positive(key)
    if value <= MOST and value == int(value):
        return int(value)
    if table.sound(key):
        table.bad(key, f"a whole number from 1 to {MOST}", shown(value))
    return 1


def _seconds(table: Table, key: str, otherwise: float) -> float:
    if key not in table.items:
        return otherwise
    value = table.positive(key)
    if value > DAY_S:
        table.bad(key, f"a time of at most {DAY_S:g} s", shown(value))
    return value
