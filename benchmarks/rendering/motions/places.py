"""Where people put their hands: places on one body, and on the floor."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from benchmarks.rendering.action import Actor
from benchmarks.rendering.motions.standing import Hold
from benchmarks.rendering.rig import FloatArray, Placement

_BAND_M = 0.03


class Places:
    """Finds places on one body, for its left hand; those of the right hand mirror them.

    Parameters
    ----------
    actor
        Whose body it is.
    """

    def __init__(self, actor: Actor) -> None:
        rig = actor.body.rig
        self._contact = actor.contact
        self._rig = rig
        self._rest = Placement(np.tile(np.eye(3), (len(rig.names), 1, 1)), rig.heads_m)
        self.hip = self._hip()
        """On the crest of the hip, fingers to the front."""
        self.thigh = self._thigh(0.66, (0.9, 0.5, -0.2))
        """On the front of the thigh."""
        self.knee = self._thigh(0.86, (1.0, 0.0, -0.4))
        """On the knee."""
        self.head = self._head(0.02, 0.35)
        """Above the ear."""
        self.temple = self._temple()
        """Beside the ear, the elbow out to the side."""
        self.chin = self._chin()
        self.before = self._before()
        """In front of the chest, as when looking at something in the hand."""
        self.crossed = self._crossed()
        """Both arms folded in front of the chest."""

    def floor(self, out_m: float, ahead_m: float, up_m: float = 0.1) -> Hold:
        """Return a place on the floor, or just above it, that the fingers reach."""
        return Hold(
            bone="",
            at_m=np.array([out_m, -ahead_m, up_m]),
            palm=np.array([-0.25, 0.9, -0.3]),
            along=np.array([-0.1, -0.3, -1.0]),
            elbow=np.array([0.6, 0.5, 0.3]),
            curl_deg=16.0,
            way_m=(0.02, -0.1, 0.15),
        )

    def _skin_m(self, part: str, near_m: float, axis: int, towards: FloatArray) -> FloatArray:
        """Return the point of a part's skin that is furthest in a direction, at a height."""
        points = self._contact.points_m(self._rest, part)
        away = np.abs(points[:, axis] - near_m)
        band = points[away <= max(_BAND_M, float(np.sort(away)[min(5, len(away) - 1)]))]
        furthest: FloatArray = band[int(np.argmax(band @ towards))]
        return furthest

    def _hip(self) -> Hold:
        root = self._rig.head("root")
        crest = root[2] + 0.09
        side = self._skin_m("pelvis", crest, 2, np.array([1.0, 0.0, 0.0]))
        waist = self._skin_m("waist", crest, 2, np.array([1.0, 0.0, 0.0]))
        wide = max(float(side[0]), float(waist[0]))
        return Hold(
            bone="root",
            at_m=np.array([wide + 0.02, float(root[1]) + 0.01, crest]),
            palm=np.array([-1.0, 0.1, 0.0]),
            along=np.array([-0.1, -0.95, -0.25]),
            elbow=np.array([1.0, 0.45, 0.0]),
            curl_deg=18.0,
            way_m=(0.14, 0.02, 0.0),
        )

    def _thigh(self, share: float, elbow: tuple[float, float, float]) -> Hold:
        hip, knee = self._rig.head("upperleg01.L"), self._rig.head("lowerleg01.L")
        middle = hip + share * (knee - hip)
        front = self._skin_m("left_thigh", float(middle[2]), 2, np.array([0.0, -1.0, 0.0]))
        return Hold(
            bone="upperleg01.{}",
            at_m=np.array([float(middle[0]), float(front[1]) - 0.01, float(middle[2])]),
            palm=np.array([0.0, 1.0, 0.0]),
            along=np.array([-0.25, -0.05, -1.0]),
            elbow=np.array(elbow),
            curl_deg=2.5,
            way_m=(0.12, 0.0, 0.1),
        )

    def _head(self, up_m: float, back: float) -> Hold:
        base = self._rig.head("head")
        high = float(base[2]) + 0.5 * float(self._top_m() - base[2]) + up_m
        side = self._skin_m("head", high, 2, np.array([1.0, 0.0, 0.0]))
        return Hold(
            bone="head",
            at_m=np.array([float(side[0]) + 0.012, float(base[1]) + 0.02, high]),
            palm=np.array([-1.0, -0.1, -0.2]),
            along=np.array([-0.3, back, 0.9]),
            elbow=np.array([0.8, -0.6, -0.5]),
            curl_deg=22.0,
            way_m=(0.2, -0.26, 0.0),
        )

    def _temple(self) -> Hold:
        base = self._rig.head("head")
        high = float(base[2]) + 0.42 * float(self._top_m() - base[2])
        side = self._skin_m("head", high, 2, np.array([1.0, 0.0, 0.0]))
        return Hold(
            bone="head",
            at_m=np.array([float(side[0]) + 0.016, float(base[1]) - 0.03, high]),
            palm=np.array([-1.0, -0.05, 0.0]),
            along=np.array([-0.1, 0.75, 0.65]),
            elbow=np.array([1.0, -0.25, 0.1]),
            curl_deg=8.0,
        )

    def _top_m(self) -> float:
        return float(self._contact.points_m(self._rest, "head")[:, 2].max())

    def _chin(self) -> Hold:
        base = self._rig.head("head")
        low = float(base[2]) + 0.08 * float(self._top_m() - base[2])
        front = self._skin_m("head", low, 2, np.array([0.0, -1.0, 0.0]))
        return Hold(
            bone="head",
            at_m=np.array([0.012, float(front[1]) - 0.03, low - 0.02]),
            palm=np.array([-0.3, 0.9, 0.35]),
            along=np.array([-0.75, -0.1, 0.65]),
            elbow=np.array([0.6, 0.1, -1.0]),
            curl_deg=24.0,
            way_m=(0.1, -0.28, 0.0),
        )

    def _before(self) -> Hold:
        chest = self._rig.head("spine01")
        front = self._skin_m("chest", float(chest[2]) - 0.1, 2, np.array([0.0, -1.0, 0.0]))
        return Hold(
            bone="spine01",
            at_m=np.array([0.08, float(front[1]) - 0.22, float(chest[2]) - 0.08]),
            palm=np.array([-0.3, 0.6, 0.75]),
            along=np.array([-0.5, -0.7, 0.5]),
            elbow=np.array([0.7, 0.2, -1.0]),
            curl_deg=24.0,
            way_m=(0.06, -0.1, 0.0),
        )

    def _crossed(self) -> Mapping[str, Mapping[Hold, float]]:
        low = float(self._rig.head("spine02")[2]) + 0.04
        front = self._skin_m("chest", low, 2, np.array([0.0, -1.0, 0.0]))
        # The left arm goes over the right one, whose hand is between it and the chest.
        laid = {"left": (-0.14, -0.1, 0.035), "right": (-0.05, -0.03, -0.02)}
        return {
            side: {
                Hold(
                    bone="spine02",
                    at_m=np.array([x_m, float(front[1]) + y_m, low + up_m]),
                    palm=np.array([0.45, 1.0, 0.0]),
                    along=np.array([-0.9, 0.5, 0.05]),
                    elbow=np.array([0.8, -0.1, -1.0]),
                    curl_deg=20.0,
                    way_m=(0.12, -0.2, 0.0),
                ): 1.0
            }
            for side, (x_m, y_m, up_m) in laid.items()
        }
