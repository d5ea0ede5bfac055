"""Landmarks and angles in other programs' forms, read back as those programs would."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from formcheck.cli.main import app
from formcheck.errors import RecordingError
from formcheck.exchange.opensim import to_mot, to_trc
from formcheck.exchange.tables import (
    angle_columns,
    angles_of,
    landmark_columns,
    to_csv,
    to_parquet,
)
from formcheck.pose import BLAZEPOSE, Pose, PoseTrack
from formcheck.results import Series
from formcheck.samples import FOLDER
from formcheck.sources.synthetic import Squat, StickFigure, squats

KNEE = BLAZEPOSE.index["left_knee"]


@pytest.fixture(scope="module")
def track() -> PoseTrack:
    return squats(StickFigure(), [Squat()])


def simple(times: list[float], xs: list[float]) -> PoseTrack:
    """A left knee that moves along x, at y = 0.5 below and z = 0.25 behind the hips."""
    poses = []
    for t_s, x in zip(times, xs, strict=True):
        pose = Pose.nobody(t_s)
        if math.isfinite(x):
            pose.world_m[KNEE] = x, 0.5, 0.25
            pose.image_px[KNEE] = 100 * x, 50
            pose.visibility[KNEE] = 0.9
        poses.append(pose)
    return PoseTrack.from_poses(poses, (640, 480))


def read_trc(content: bytes) -> tuple[dict[str, str], list[str], list[list[str]]]:
    """What the header says, the markers, and the rows."""
    lines = content.decode().splitlines()
    assert lines[0].startswith("PathFileType\t4\t(X/Y/Z)\t")
    about = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    markers = lines[3].split("\t")
    assert markers[:2] == ["Frame#", "Time"]
    assert lines[4].split("\t")[2:5] == ["X1", "Y1", "Z1"]
    assert lines[5] == ""
    rows = [line.split("\t") for line in lines[6:]]
    assert {len(row) for row in rows} == {2 + 3 * int(about["NumMarkers"])}
    return about, markers[2::3], rows


def test_markers_have_y_up_and_z_towards_the_camera() -> None:
    about, markers, rows = read_trc(to_trc(simple([0, 0.1, 0.2], [0.0, 0.1, 0.2]), "a\tb.trc"))
    assert (about["Units"], about["NumFrames"], about["DataRate"]) == ("m", "3", "10.0000")
    assert markers == list(BLAZEPOSE.names)
    at = 2 + 3 * KNEE
    assert [row[at : at + 3] for row in rows] == [
        ["0.000000", "-0.500000", "-0.250000"],
        ["0.100000", "-0.500000", "-0.250000"],
        ["0.200000", "-0.500000", "-0.250000"],
    ]
    assert rows[0][2:5] == ["", "", ""], "nobody saw the nose"


def test_frames_are_evenly_spaced_and_long_gaps_stay_gaps() -> None:
    times = [0.0, 0.1, 0.15, 0.3, 0.4, 0.5, 0.6, 0.7]
    xs = [0.0, 0.1, 0.15, 0.3, math.nan, math.nan, 0.6, 0.7]
    _, _, rows = read_trc(to_trc(simple(times, xs), "a.trc"))
    got = [float(row[1]) for row in rows]
    np.testing.assert_allclose(np.diff(got), 0.1, atol=1e-5)
    at = 2 + 3 * KNEE
    values = [row[at] for row in rows]
    assert values == [
        *("0.000000", "0.100000", "0.200000", "0.300000"),
        *("", "", "0.600000", "0.700000"),
    ]


def motion(content: bytes) -> tuple[dict[str, str], list[str], list[list[float]]]:
    """What the header says, the columns, and the rows."""
    head, _, body = content.decode().partition("endheader\n")
    about = dict(line.split("=", 1) for line in head.splitlines()[1:])
    columns, *rows = (line.split("\t") for line in body.splitlines())
    return about, columns, [[float(value) for value in row] for row in rows]


def test_motions_hold_angles_in_degrees() -> None:
    t = np.array([0.0, 0.1, 0.2])
    series = Series(
        t,
        {
            "left_knee_flexion_deg": np.array([10.0, math.nan, 30.0]),
            "hip_drop_ratio": t,
        },
        {},
    )
    about, columns, rows = motion(to_mot(series))
    assert about == {
        "version": "1",
        "nRows": "3",
        "nColumns": "2",
        "inDegrees": "yes",
        "left_out": "",
    }
    assert columns == ["time", "left_knee_flexion"]
    assert rows == [[0.0, 10.0], [0.1, 20.0], [0.2, 30.0]]


def test_motions_have_no_gaps() -> None:
    # Seen from 0.2 s on, lost from 1 s to 1.5 s, and one angle never known for long.
    t = np.arange(30) / 10
    seen = (t > 0.15) & ((t < 1.05) | (t > 1.45))
    series = Series(
        t,
        {
            "left_knee_flexion_deg": np.where(seen, 10 * t, math.nan),
            "right_knee_flexion_deg": np.where(seen, 20 * t, math.nan),
            "knee_opening_deg": np.where(seen & (t < 2), t, math.nan),
        },
        {},
    )
    about, columns, rows = motion(to_mot(series))
    assert about["left_out"] == "knee_opening"
    assert columns == ["time", "left_knee_flexion", "right_knee_flexion"]
    assert (about["nRows"], about["nColumns"]) == ("15", "3")
    np.testing.assert_allclose(rows, [[s, 10 * s, 20 * s] for s in t[15:]], atol=1e-5)


def test_nobody_makes_no_motion() -> None:
    nothing = Series(np.array([0.0, 0.1]), {"left_knee_flexion_deg": np.full(2, math.nan)}, {})
    with pytest.raises(RecordingError, match="nobody is"):
        to_mot(nothing)


def test_opensim_reads_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # where it puts its log
    opensim = pytest.importorskip("opensim")
    sample = PoseTrack.load(FOLDER / "lunge-good" / "poses.npz")
    hidden = sample.world_m.copy()
    hidden[100:150, KNEE] = math.nan
    (tmp_path / "a.trc").write_bytes(to_trc(replace(sample, world_m=hidden), "a.trc"))
    (tmp_path / "a.mot").write_bytes(to_mot(angles_of(sample)))
    about, columns, rows = motion((tmp_path / "a.mot").read_bytes())
    table = opensim.TimeSeriesTable(str(tmp_path / "a.mot"))
    assert list(table.getColumnLabels()) == columns[1:]
    storage = opensim.Storage(str(tmp_path / "a.mot"))
    assert storage.isInDegrees()
    assert storage.getSize() == table.getNumRows() == len(rows) == int(about["nRows"])
    markers = opensim.MarkerData(str(tmp_path / "a.trc"))
    assert (markers.getNumMarkers(), markers.getNumFrames()) == (33, len(sample))
    assert markers.getUnits().getLabel() == "meters"
    vectors = opensim.TimeSeriesTableVec3(str(tmp_path / "a.trc"))
    assert list(vectors.getColumnLabels()) == list(BLAZEPOSE.names)


def test_a_single_frame_has_no_rate() -> None:
    with pytest.raises(RecordingError, match="need at least two frames"):
        to_trc(simple([0.0], [0.0]), "a.trc")


def test_landmarks_as_a_table(track: PoseTrack) -> None:
    columns = landmark_columns(track)
    assert list(columns)[:7] == [
        "t_s",
        *("nose_x_px", "nose_y_px", "nose_x_m", "nose_y_m", "nose_z_m", "nose_visibility"),
    ]
    assert len(columns) == 1 + 6 * len(BLAZEPOSE.names)
    rows = list(csv.DictReader(io.StringIO(to_csv(columns).decode())))
    assert len(rows) == len(track)
    assert float(rows[3]["left_knee_z_m"]) == pytest.approx(track.world_m[3, KNEE, 2], abs=1e-5)
    empty = csv.DictReader(io.StringIO(to_csv(landmark_columns(simple([0], [math.nan]))).decode()))
    assert next(empty)["left_knee_x_m"] == ""


def test_angles_are_those_that_a_check_measures(track: PoseTrack) -> None:
    columns = angle_columns(angles_of(track))
    assert len(columns["t_s"]) == len(track)
    deepest = np.nanmax(columns["left_knee_flexion_deg"])
    assert 90 < deepest < 150
    assert np.nanmin(columns["left_knee_flexion_deg_sigma"]) > 0


def test_parquet_says_what_its_axes_are(track: PoseTrack) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    table = pq.read_table(io.BytesIO(to_parquet(landmark_columns(track))))
    assert table.num_rows == len(track)
    assert "y down, z away from the camera" in table.schema.metadata[b"m"].decode()
    np.testing.assert_allclose(table["left_knee_x_m"], track.world_m[:, KNEE, 0])


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(w) for w in words])


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".trc", ".mot"])
def test_a_recording_is_exported(suffix: str, track: PoseTrack, tmp_path: Path) -> None:
    clip, file = tmp_path / "squat.npz", tmp_path / f"squat{suffix}"
    track.save(clip)
    assert run("export", clip, file).exit_code == 0
    landmarks = file.read_bytes()
    assert len(landmarks) > 1000
    assert run("export", clip, file, "--what", "angles").exit_code == 0
    assert (file.read_bytes() == landmarks) == (suffix in {".trc", ".mot"})


def test_what_cannot_be_exported(track: PoseTrack, tmp_path: Path) -> None:
    clip = tmp_path / "squat.npz"
    track.save(clip)
    done = run("export", clip, tmp_path / "squat.c3d")
    assert done.exit_code == 2
    assert "should end in .csv, .parquet, .trc or .mot" in done.stderr.replace("\n", " ")
    missing = run("export", tmp_path / "none.npz", tmp_path / "out.csv")
    assert missing.exit_code == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["squat.npz"], "nothing half-written"
