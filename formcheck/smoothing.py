"""Smoothing that knows about time and gaps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from formcheck.pose import FloatArray, Pose


class Smoother(Protocol):
    """Turns a stream of poses into a steadier one, frame by frame, without looking ahead."""

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What a report needs to name it exactly."""

    def feed(self, pose: Pose) -> Pose:
        """Return the smoothed pose for the same moment; NaN stays NaN."""

    def reset(self) -> None:
        """Forget the past; afterwards it behaves like a new object."""


class NoSmoother:
    """Gives every pose back as it is; the baseline that smoothing is compared with."""

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What a report needs to name it exactly."""
        return {"filter": "none"}

    def feed(self, pose: Pose) -> Pose:
        """Return `pose`."""
        return pose

    def reset(self) -> None:
        """Do nothing."""


class OneEuroSmoother:
    """The 1-euro filter, driven by each frame's own time.

    A low-pass filter whose cutoff rises with speed: steady when the person is still,
    quick when they move (Casiez, Roussel and Vogel 2012, doi 10.1145/2207676.2208639).
    Pixels are filtered in units of the trunk's length, so that a person far away is
    smoothed like one nearby.

    Parameters
    ----------
    min_cutoff_hz
        Cutoff at rest. The pose model's own video mode smooths too, so this is light.
    beta
        Rise of the cutoff, in Hz per trunk length (pixels) or per metre and second.
    max_gap_s
        A landmark that was not seen for longer starts afresh instead of being dragged
        along from where it was last seen.

    Notes
    -----
    A landmark that is NaN in a frame is NaN in the output of that frame: nothing is
    made up.
    """

    def __init__(
        self, min_cutoff_hz: float = 4.0, beta: float = 6.0, max_gap_s: float = 0.3
    ) -> None:
        self.min_cutoff_hz = min_cutoff_hz
        self.beta = beta
        self.max_gap_s = max_gap_s
        self.reset()

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What a report needs to name it exactly."""
        return {
            "filter": "one-euro",
            "min_cutoff_hz": self.min_cutoff_hz,
            "beta": self.beta,
            "max_gap_s": self.max_gap_s,
        }

    def reset(self) -> None:
        """Forget the past; afterwards it behaves like a new object."""
        self._value: FloatArray | None = None
        self._speed: FloatArray | None = None
        self._seen_s: FloatArray | None = None
        self._scale_px = math.nan

    def feed(self, pose: Pose) -> Pose:
        """Return the smoothed pose for the same moment; NaN stays NaN."""
        scale = self._body_scale_px(pose)
        raw = np.concatenate([pose.image_px / scale, pose.world_m], axis=1)
        smooth = self._filter(pose.t_s, raw)
        return Pose(pose.t_s, smooth[:, :2] * scale, smooth[:, 2:], pose.visibility, pose.skeleton)

    def _body_scale_px(self, pose: Pose) -> float:
        """Return the largest trunk length seen, which foreshortening cannot shrink."""
        if math.isnan(self._scale_px):
            at = pose.skeleton.index
            x = pose.image_px
            shoulders = (x[at["left_shoulder"]] + x[at["right_shoulder"]]) / 2
            hips = (x[at["left_hip"]] + x[at["right_hip"]]) / 2
            length = float(np.hypot(*(shoulders - hips)))
            if not length > 1.0:
                return 1.0
            self._scale_px = length
        return self._scale_px

    def _filter(self, t_s: float, raw: FloatArray) -> FloatArray:
        seen: NDArray[np.bool_] = np.all(np.isfinite(raw), axis=1)
        if self._value is None or self._speed is None or self._seen_s is None:
            self._value = raw.copy()
            self._speed = np.zeros_like(raw)
            self._seen_s = np.where(seen, t_s, -math.inf)
            return raw
        dt = t_s - self._seen_s
        fresh = seen & (dt > self.max_gap_s)
        known = seen & ~fresh
        every = bool(known.all())
        step = (dt if every else np.where(known, dt, 1.0))[:, None]
        moved = raw - self._value
        new_speed = self._speed + _alpha(step, 1.0) * (moved / step - self._speed)
        cutoff = self.min_cutoff_hz + self.beta * np.abs(new_speed)
        new_value = self._value + _alpha(step, cutoff) * moved
        if every:
            self._value, self._speed = new_value, new_speed
            self._seen_s = np.full_like(dt, t_s)
            return new_value
        k, f = known[:, None], fresh[:, None]
        self._value = np.where(k, new_value, np.where(f, raw, self._value))
        self._speed = np.where(k, new_speed, np.where(f, 0.0, self._speed))
        self._seen_s = np.where(seen, t_s, self._seen_s)
        return np.where(seen[:, None], self._value, np.nan)


def _alpha(dt_s: FloatArray, cutoff_hz: FloatArray | float) -> FloatArray:
    """Return the weight of the newest sample in a first-order low-pass filter."""
    tau = 1.0 / (2 * math.pi * cutoff_hz)
    return 1.0 / (1.0 + tau / dt_s)
