"""A clip checked in one call, for notebooks and programs.

Nothing here is written to the history, and nothing to disk unless it is asked for.
"""

from __future__ import annotations

import html
import tempfile
import webbrowser
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formcheck.errors import BadSetting, ExtraMissing
from formcheck.estimators.base import PoseEstimator
from formcheck.estimators.replay import RecordedPoses
from formcheck.exercises.definition import Exercise
from formcheck.exercises.levels import Wanted, at_level
from formcheck.frame import Frame
from formcheck.library import AUTO, built_in, wanted_exercise
from formcheck.pipeline import (
    analyze_frames,
    analyze_recording,
    recognize,
    recognize_frames,
    record_frames,
)
from formcheck.pose import PoseTrack
from formcheck.questions import STANDARD
from formcheck.recognize import Recognition
from formcheck.refine.choose import LEARNED, angle_refiner
from formcheck.report.document import to_bytes, to_document
from formcheck.results import Report, Tick
from formcheck.sources import is_recording, open_recording, open_source

if TYPE_CHECKING:
    import pandas as pd

    from formcheck.overlay.privacy import Privacy
    from formcheck.sinks.snapshots import Snapshots

HEIGHT_PX = 900
"""Height of a report inside a notebook."""


@dataclass(frozen=True, slots=True)
class CheckedReport(Report):
    """A report that can be turned into other things."""

    recording: PoseTrack = field(default_factory=lambda: PoseTrack.from_poses([], (0, 0), {}))
    """The landmarks that it was made of."""
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """``rep-1``, ``partial-1`` or ``hold-1`` → JPEG, with the skeleton drawn on it; of several
    exercises ``1-rep-1`` and so on."""

    def to_dict(self) -> dict[str, Any]:
        """Return the report as values that JSON knows; its schema comes with the package."""
        return to_document(self)

    def to_json(self) -> str:
        """Return what ``report.json`` holds."""
        return to_bytes(self.to_dict()).decode("utf-8")

    def to_html(self) -> str:
        """Return the page about it, which needs no network and no other file."""
        from formcheck.report.html import render_report
        from formcheck.report.model import Attachments
        from formcheck.report.readings import curves_of

        document = self.to_dict()
        curves = curves_of(self.series, document)
        return render_report(document, Attachments(curves, self.pictures))

    def to_dataframe(self, of: str = "") -> pd.DataFrame:
        """Return a table; it needs pandas.

        Parameters
        ----------
        of
            ``repetitions``: one row each, counted and partial. ``holds``: one row each.
            ``readings``: one row a frame, with the time in seconds as index, each reading
            and its standard deviation (``<name>_sigma``). What the (first) exercise consists
            of, if not given.

        Raises
        ------
        ExtraMissing
            pandas is not installed.
        ValueError
            `of` is something else.
        """
        try:
            import pandas as pd
        except ImportError as error:
            msg = (
                "A data frame needs pandas, which is not installed. "
                "Install it with: pip install 'formcheck[tables]'"
            )
            raise ExtraMissing(msg) from error
        of = of or self.by_exercise[0].exercise.of
        if of == "readings":
            return pd.DataFrame(_columns(self), index=pd.Index(self.series.t_s, name="t_s"))
        if of not in {"repetitions", "holds"}:
            msg = f"of should be 'repetitions', 'holds' or 'readings', but is '{of}'"
            raise ValueError(msg)
        from io import StringIO

        from formcheck.sinks.csv_sink import to_table

        return pd.read_csv(StringIO(to_table(self, holds=of == "holds")))

    def save(self, path: Path | str) -> Path:
        """Write the report: the page to a name that ends in .html, JSON to any other.

        Raises
        ------
        CannotWrite
            The folder is missing or not writable, or the disk is full.
        """
        from formcheck.atomic import AtomicFile

        path = Path(path)
        text = self.to_html() if path.suffix.lower() in {".html", ".htm"} else self.to_json()
        AtomicFile(path).write(text.encode("utf-8", errors="backslashreplace"))
        return path

    def show(self) -> None:
        """Show the page: in the cell of a notebook, elsewhere in a browser window."""
        try:
            from IPython.core.getipython import get_ipython
            from IPython.display import HTML, display
        except ImportError:
            shell = None
        else:
            shell = get_ipython()
        if shell is not None:
            display(HTML(self._repr_html_()))
            return
        folder = Path(tempfile.mkdtemp(prefix="formcheck-"))
        webbrowser.open(self.save(folder / "report.html").as_uri())

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the page in a frame of its own, cut off from the rest."""
        page = html.escape(self.to_html(), quote=True)
        return (
            f'<iframe srcdoc="{page}" sandbox="allow-scripts allow-modals" '
            f'style="width:100%;height:{HEIGHT_PX}px;border:0" title="formcheck report"></iframe>'
        )


def check(
    path: Path | str,
    exercise: str | Path | Exercise = AUTO,
    *,
    level: str = STANDARD,
    targets: Mapping[str, Wanted] | None = None,
    privacy: str = "open",
    pictures: bool = True,
    angles: str = LEARNED,
    model: Path | str | None = None,
    model_variant: str = "full",
    fps: float = 30.0,
) -> CheckedReport:
    """Check one clip.

    Parameters
    ----------
    path
        A video, a GIF, a folder of pictures, or a landmark recording (.npz).
    exercise
        A name, a ``.toml`` file, an `Exercise`, or ``auto`` to have it recognized.
    level, targets
        How much is asked for, and ranges of one's own, as in `load_exercise`; for an exercise
        that is named.
    privacy
        What the pictures may show: ``open``, ``blur-face`` or ``skeleton-only``.
    pictures
        Whether to make a picture of every repetition, which reads the clip a second time.
    angles
        ``learned``, or ``plain`` for plain geometry.
    model, model_variant
        A pose model to use instead of formcheck's own; or ``lite``, ``full`` or ``heavy``.
    fps
        Pictures a second of a folder of pictures.

    Raises
    ------
    FormcheckError
        The clip, the exercise or the pose model can't be used; its message says why.

    Examples
    --------
    >>> report = check("samples/squat-good/poses.npz", "squat")  # doctest: +SKIP
    >>> report.summary.reps_counted  # doctest: +SKIP
    5
    """
    known = _exercise(exercise, level, targets or {})
    refiner, hidden = angle_refiner(angles), _privacy(privacy)
    if is_recording(path):
        recording = open_recording(path)
        chosen = known or recognize(recording.track, built_in(level), refiner=refiner)
        album = _album(chosen, hidden) if pictures else None
        sinks = [album] if album else []
        report = analyze_recording(recording.track, recording.info, chosen, sinks, refiner=refiner)
        return _checked(report, recording.track, album)
    with ExitStack() as stack:
        source = stack.enter_context(open_source(Path(path), fps=fps))
        estimator = stack.enter_context(_estimator(model, model_variant))
        track, chosen = (
            recognize_frames(source, estimator, built_in(level), refiner=refiner)
            if known is None
            else (record_frames(source, estimator), known)
        )
        if not pictures:
            report = analyze_recording(
                track, source.info, chosen, refiner=refiner, warnings=source.warnings
            )
            return _checked(report, track, None)
        album = _album(chosen, hidden)
        again = stack.enter_context(open_source(Path(path), fps=fps))
        replay = RecordedPoses(track)
        report = analyze_frames(again, replay, chosen, [album], refiner=refiner)
        return _checked(report, track, album)


def landmarks(
    path: Path | str,
    *,
    model: Path | str | None = None,
    model_variant: str = "full",
    fps: float = 30.0,
) -> PoseTrack:
    """Return the landmarks of a clip, which can be saved, checked and exported.

    Parameters
    ----------
    path, model, model_variant, fps
        As in `check`.

    Raises
    ------
    FormcheckError
        The clip or the pose model can't be used; its message says why.
    """
    if is_recording(path):
        return open_recording(path).track
    with open_source(Path(path), fps=fps) as source, _estimator(model, model_variant) as estimator:
        return record_frames(source, estimator)


class _Album:
    """A sink that keeps a picture of each repetition in memory."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots
        self.pictures: dict[str, bytes] = {}

    def on_tick(self, tick: Tick, frame: Frame | None) -> None:
        self._snapshots.on_tick(tick, frame)

    def finish(self, report: Report) -> None:
        self.pictures = self._snapshots.pictures(report)

    def abort(self) -> None:
        """Nothing was written."""


def _privacy(name: str) -> Privacy:
    from formcheck.overlay.privacy import Privacy

    if name not in list(Privacy):
        msg = f"There is no privacy '{name}'. Known: {', '.join(Privacy)}."
        raise BadSetting(msg)
    return Privacy(name)


def _album(chosen: Exercise | Recognition, privacy: Privacy) -> _Album:
    from formcheck.sinks.snapshots import Snapshots

    if isinstance(chosen, Exercise):
        exercises = [chosen]
    else:
        exercises = [part.exercise for part in chosen.parts] or [chosen.exercise]
    return _Album(Snapshots(*exercises, privacy=privacy))


def _exercise(
    exercise: str | Path | Exercise, level: str, targets: Mapping[str, Wanted]
) -> Exercise | None:
    """Return the exercise; None when it is to be recognized."""
    if isinstance(exercise, Exercise):
        return at_level(exercise, level, targets) if level != STANDARD or targets else exercise
    return wanted_exercise(str(exercise), level, targets)


def _estimator(model: Path | str | None, variant: str) -> PoseEstimator:
    from formcheck.estimators.exerciser import exerciser_pose

    return exerciser_pose(model, variant)


def _checked(report: Report, track: PoseTrack, album: _Album | None) -> CheckedReport:
    values = {f.name: getattr(report, f.name) for f in fields(report)}
    return CheckedReport(**values, recording=track, pictures=album.pictures if album else {})


def _columns(report: Report) -> dict[str, Any]:
    """Return every reading and its standard deviation over time."""
    series = report.series
    return {
        column: values
        for name in series.values
        for column, values in (
            (name, series.values[name]),
            (f"{name}_sigma", series.sigmas[name]),
        )
    }
