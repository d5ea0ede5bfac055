"""The gate: nothing may become worse unseen."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import rendered
from benchmarks.quality import gate
from benchmarks.quality.figures import Figure, Figures, read, write
from benchmarks.quality.measure import measure
from benchmarks.quality.observe import Observed, observe
from benchmarks.quality.takes import load_take
from formcheck.pose import PoseTrack
from formcheck.refine.error import MeasuredError, plain_error

FloatArray = NDArray[np.float64]
SAMPLE = Path(__file__).parents[1] / "samples" / "squat"


def test_neither_renderer_nor_pose_model_are_needed() -> None:
    code = "import sys, benchmarks.quality.gate; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert not {"mediapipe", "anny", "torch", "pyvista", "matplotlib"} & set(loaded)


# That it can fail


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of recordings: the sample."""
    folder = tmp_path_factory.mktemp("gate")
    gate.slim(SAMPLE, folder / "sample")
    return folder


@pytest.fixture(scope="module")
def plain(recordings: Path) -> Figures:
    """Return the figures of plain geometry as it is shipped."""
    return measure(with_truths(recordings, worsened()))


def worsened(bias: float = 0.0, sigma: float = 1.0) -> MeasuredError:
    """Return the shipped errors with another bias in degrees and another spread."""
    shipped = plain_error()
    rows = {
        name: dataclasses.replace(
            row,
            standing_bias=tuple(b + bias for b in row.standing_bias),
            bent_bias=tuple(b + bias for b in row.bent_bias),
            standing_sigma=tuple(s * sigma for s in row.standing_sigma),
            bent_sigma=tuple(s * sigma for s in row.bent_sigma),
        )
        if name.endswith("_deg")
        else row
        for name, row in shipped.rows.items()
    }
    return dataclasses.replace(shipped, rows=rows)


def test_the_same_analyzer_passes(recordings: Path) -> None:
    was, now = (measure(gate.observations(recordings)) for _ in range(2))
    assert gate.compare(was, now) == ([], [])


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (worsened(bias=8.0), "angle/trunk_inclination_deg/all/bent/ours/mean_abs_deg"),
        (worsened(bias=8.0), "angle/hip_flexion_deg/side/all/ours/mean_abs_deg"),
        (worsened(sigma=0.25), "coverage/knee_flexion_deg/all/upright/within_80_share"),
        (worsened(sigma=6.0), "verdict/all/good/unclear_share"),
    ],
)
def test_a_worse_analyzer_fails(
    recordings: Path, plain: Figures, error: MeasuredError, named: str
) -> None:
    failed, _ = gate.compare(plain, measure(with_truths(recordings, error)))
    assert f"development/{named}" in [change.name for change in failed]


def with_truths(folder: Path, error: MeasuredError) -> list[Observed]:
    """Return the observations of a folder, with a truth for one criterion."""
    found = []
    for o in gate.observations(folder, error=error):
        pairs = tuple((dataclasses.replace(t, truths={"SQ05": 30.0}), rep) for t, rep in o.pairs)
        found.append(dataclasses.replace(o, pairs=pairs))
    return found


# Recordings in their small form


@pytest.fixture(scope="module")
def unrounded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample as the pose model gives it: with all digits."""
    folder = tmp_path_factory.mktemp("unrounded") / "sample"
    shutil.copytree(SAMPLE, folder)
    track = PoseTrack.load(folder / "poses.npz")
    rng = np.random.default_rng(0)

    def with_digits(values: FloatArray, step: float) -> FloatArray:
        return np.asarray(values + rng.uniform(-step / 2, step / 2, values.shape))

    dataclasses.replace(
        track,
        image_px=with_digits(track.image_px, rendered.PX),
        world_m=with_digits(track.world_m, rendered.M),
        visibility=with_digits(track.visibility, rendered.SEEN / 8).clip(0, 1),
    ).save(folder / "poses.npz")
    return folder


def test_the_small_form_gives_the_same_figures(unrounded: Path, tmp_path: Path) -> None:
    gate.slim(unrounded, tmp_path / "sample")
    whole = measure([observe(load_take(unrounded))])
    small = measure(gate.observations(tmp_path))
    assert whole.keys() == small.keys()
    for name, figure in whole.items():
        # A frame at the edge of a group may fall to either side.
        assert small[name].n == pytest.approx(figure.n, abs=1, rel=0.01), name
        step = 0.02 if name.endswith("_share") else 0.1
        if "/coverage/" in name:
            # An error of hundredths of a degree may be on either side of an interval's end, and of
            # somebody who stands still all errors are nearly the same.
            step = 0.5 if "/within_50" in name else 0.2
        assert small[name].value == pytest.approx(figure.value, abs=step, rel=0.03), name
    saved, was = tmp_path / "sample/poses.npz", unrounded / "poses.npz"
    assert saved.stat().st_size < 0.4 * was.stat().st_size


def test_the_small_form_keeps_what_is_rounded_close(unrounded: Path, tmp_path: Path) -> None:
    gate.slim(unrounded, tmp_path / "sample")
    whole, small = load_take(unrounded).clip, load_take(tmp_path / "sample").clip
    assert 0 < np.nanmax(np.abs(whole.track.image_px - small.track.image_px)) <= rendered.PX / 2
    assert 0 < np.nanmax(np.abs(whole.track.world_m - small.track.world_m)) <= rendered.M / 2
    for name, path in small.joints.items():
        known = name.partition("_")[2] in gate.JOINTS
        assert np.isfinite(path).all() == known


# The command


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str) -> None:
    monkeypatch.setattr(gate, "FOLDER", folder)
    monkeypatch.setattr(gate, "observations", lambda: [observe(load_take(folder / "sample"))])
    monkeypatch.setattr(sys, "argv", ["gate", *words])
    gate.main()


def test_the_command_updates_passes_and_fails(
    recordings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="There are no committed figures in"):
        run(monkeypatch, recordings)
    run(monkeypatch, recordings, "--update")
    run(monkeypatch, recordings)
    assert "none worse than its margin." in capsys.readouterr().out
    about, figures = read(recordings / gate.FIGURES)
    name = "development/timing/found_share"
    figures[name] = Figure(1.5, 6)
    write(recordings / gate.FIGURES, about, figures)
    with pytest.raises(SystemExit, match=r"^1 of \d+ figures are worse than their margin\."):
        run(monkeypatch, recordings)
    told = capsys.readouterr().out
    assert f"{name}: was 1.5 (n 6), is 1 (n 6), worse by 0.5, margin 0" in told


def test_what_is_not_rendered_cannot_be_collected(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="Not rendered and recorded yet: a, b"):
        gate.collect(tmp_path, ["a", "b"], tmp_path / "gate")
