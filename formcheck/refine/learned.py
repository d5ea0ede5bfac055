"""Joint angles by a model that was trained on rendered people whose angles are known.

The pose model's own angles are off by 8 to 40 degrees, depending on the view, and mostly in
the same way for everybody. Small networks say by how much: from one pose, how it moved a
moment ago and how large the person has appeared so far (`formcheck.refine.features`) to a
correction of each angle, and its spread. ``models/angle_refiner.md`` says what they were
trained on and how far off the corrected angles are.

Every pose is looked at twice, as it is and in a mirror, and the mean is taken: a mirrored
clip gives the mirrored result. Where the networks, or a pose and its mirror image, disagree,
and where a pose is unlike any that were trained on, spreads are wider.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.angles import BODY_ANGLES, body_angles_deg
from formcheck.geometry import PICTURE_UP
from formcheck.refine.body import Body
from formcheck.refine.error import (
    COMBINED,
    GUESSED,
    ErrorRow,
    MeasuredError,
    lying_share,
    plain_error,
)
from formcheck.refine.features import Features
from formcheck.refine.weights import Weights
from formcheck.results import SIDES, UNSEEN, Reading, Readings, View

LIMIT = 6.0
"""Features are cut off so many standard deviations from their mean."""
SPREADS = (-6.0, 3.0)
"""Logarithms of spreads are kept within these."""
LARGEST = 60.0
"""Exponents are cut off here, far beyond where it matters."""
WIDEST = 8.0
"""A strange pose makes spreads this many times wider at most."""

_SIGNED = {angle.name for angle in BODY_ANGLES if angle.row.signed}
_UNSIGNED = {angle.name for angle in BODY_ANGLES} - _SIGNED
_LANDMARKS = {angle.name: angle.landmarks for angle in BODY_ANGLES}
_LOWER = tuple(f"{side}_{part}" for part in ("hip", "knee", "ankle") for side in SIDES)


class LearnedAngles:
    """Corrected angles and their spreads; implements `AngleRefiner`.

    Parameters
    ----------
    weights
        What was learned: `formcheck.refine.weights.shipped`, or a file of your own.
    """

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._features: Features | None = None
        self._swap = np.array([weights.names.index(_mirrored(name)) for name in weights.names])
        self._floor = np.array([0.0 if n in _UNSIGNED else -np.inf for n in weights.names])
        trunk = "trunk_inclination_deg"
        self._trunk = weights.names.index(trunk) if trunk in weights.names else None
        self._needs = [_LANDMARKS.get(name, _LOWER) for name in weights.names]
        self._all_needs = frozenset(self._needs)
        self._corrected = [
            name if corrected else None
            for name, corrected in zip(weights.names, weights.corrected, strict=True)
        ]
        self._layers = [
            (np.stack([w for w, _ in same]), np.stack([b for _, b in same])[:, None])
            for same in zip(*weights.networks, strict=True)
        ]
        self._error = _typical_error(weights)

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What a report needs to name it exactly."""
        return {"method": "learned", "weights_sha256": self._weights.sha256}

    @property
    def error(self) -> MeasuredError:
        """How far off the readings usually are, by direction and posture."""
        return self._error

    def reset(self) -> None:
        """Forget the past; afterwards it behaves like a new object."""
        self._features = None

    def refine(self, body: Body, view: View) -> Readings:  # noqa: ARG002
        """Return the readings of one smoothed pose; what is not seen is NaN."""
        if self._features is None:
            self._features = Features(body.size_px)
        vectors = self._features.feed(body.pose)
        if vectors is None:
            return dict.fromkeys(self._weights.names, UNSEEN)
        values, sigmas = self.say(vectors, self._base(body))
        seen = {needs: body.visibility(*needs) >= GUESSED for needs in self._all_needs}
        return {
            name: Reading(value, sigma) if seen[needs] else UNSEEN
            for name, value, sigma, needs in zip(
                self._weights.names, values.tolist(), sigmas.tolist(), self._needs, strict=True
            )
        }

    def _base(self, body: Body) -> NDArray[np.float64]:
        """Return the angles between the landmarks, (K,); 0 for what corrects none."""
        shown = body_angles_deg(body.seen_m, PICTURE_UP)
        return np.array([shown[name] if name else 0.0 for name in self._corrected])

    def say(
        self, vectors: NDArray[np.float64], base: NDArray[Any]
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return values and standard deviations, both (K,).

        Parameters
        ----------
        vectors
            (2, F) features of a pose and of its mirror image.
        base
            (K,) what is corrected: the angles between the landmarks; 0 where there is none.
        """
        w = self._weights
        scaled = (vectors.astype(np.float32) - w.feature_mean) / w.feature_std
        x = np.minimum(np.maximum(scaled, -LIMIT), LIMIT)
        said = self._forward(x)
        value, spread = said[..., : len(w.names)], said[..., len(w.names) :]
        value[:, 1] = value[:, 1][:, self._swap]
        spread[:, 1] = spread[:, 1][:, self._swap]
        low, high = SPREADS
        value, spread = combined(
            value.reshape(-1, len(w.names)),
            np.exp(np.minimum(np.maximum(spread, low), high)).reshape(-1, len(w.names)),
        )
        value = base + value * w.truth_std + w.truth_mean
        lying = float(value[self._trunk]) if self._trunk is not None else 0.0
        share = lying_share(lying)
        factor = w.spread + share * (w.spread_lying - w.spread)
        sigma = spread * w.truth_std * factor * strangeness(w, x)
        return np.maximum(value, self._floor), sigma

    def _forward(self, x: NDArray[Any]) -> NDArray[Any]:
        """Return what each of M networks says about features (2, F): (M, 2, 2K)."""
        every = hidden = np.broadcast_to(x, (len(self._weights.networks), *x.shape))
        for weights, biases in self._layers[:-1]:
            hidden = hidden @ weights + biases
            hidden = hidden / (1.0 + np.exp(np.minimum(-hidden, LARGEST)))
        weights, biases = self._layers[-1]
        said: NDArray[Any] = np.concatenate([hidden, every], axis=2) @ weights + biases
        return said


def combined(values: NDArray[Any], spreads: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return one value and spread from several opinions, (M, ...) each.

    Where opinions differ, nobody knows: their own spread is added to what each of them says of
    itself, as in a mixture of distributions (Lakshminarayanan et al. 2017).
    """
    count = len(values)
    value = values.sum(axis=0) / count
    off = values - value
    return value, np.sqrt((spreads * spreads + off * off).sum(axis=0) / count)


def strangeness(weights: Weights, scaled: NDArray[Any]) -> float:
    """Return by how much spreads grow because a pose is unlike those trained on; 1 or more.

    Parameters
    ----------
    weights
        What the known poses were like.
    scaled
        (2, F) features of the pose and of its mirror image, in standard deviations.
    """
    found = distances(weights.parts, weights.part_std, scaled)
    far = float(found.sum() / len(found))
    return min(WIDEST, max(1.0, far / weights.usual) ** 2)


def distances(parts: NDArray[Any], part_std: NDArray[Any], scaled: NDArray[Any]) -> NDArray[Any]:
    """Return how far out each row of features is, (N,): 1 for a usual pose."""
    along = scaled @ parts.T / part_std
    rest: NDArray[Any] = np.sqrt((along * along).sum(axis=1) / along.shape[1])
    return rest


def _mirrored(name: str) -> str:
    for side, other in zip(SIDES, SIDES[::-1], strict=True):
        if name.startswith(f"{side}_"):
            return f"{other}_{name.removeprefix(f'{side}_')}"
    return name


def _typical_error(weights: Weights) -> MeasuredError:
    """Return the usual spreads as a table.

    What is made of learned angles has theirs; all else keeps plain geometry's.
    """
    plain = plain_error()
    nothing = tuple(0.0 for _ in weights.away_deg)
    learned: dict[str, ErrorRow] = {}
    for name, typical in zip(weights.names, weights.typical, strict=True):
        bare = name.removeprefix("left_").removeprefix("right_")
        standing, bent = (tuple(map(float, typical[:, i])) for i in (0, 1))
        learned[bare] = ErrorRow(nothing, standing, nothing, bent)
    differences = {
        name: _difference(*(learned[part] for part in parts))
        for name, parts in COMBINED.items()
        if name not in learned and set(parts) <= set(learned)
    }
    if tuple(map(float, weights.away_deg)) != plain.away_deg:
        msg = "the weights' typical spreads must be given where plain geometry's are"
        raise ValueError(msg)
    rows = {**plain.rows, **learned, **differences}
    for name, least in plain.rare.items():
        # Told by how a learned angle has changed, or differs, and no surer than those were.
        row = rows[name]
        standing, bent = (
            tuple(max(least, sigma) for sigma in sigmas)
            for sigmas in (row.standing_sigma, row.bent_sigma)
        )
        rows[name] = ErrorRow(nothing, standing, nothing, bent)
    return replace(plain, rows=rows, combined=frozenset(differences))


def _difference(one: ErrorRow, other: ErrorRow) -> ErrorRow:
    """Return the spread of a difference, neither of whose parts has a mean error."""
    standing = tuple(map(math.hypot, one.standing_sigma, other.standing_sigma))
    bent = tuple(map(math.hypot, one.bent_sigma, other.bent_sigma))
    return ErrorRow(one.standing_bias, standing, one.bent_bias, bent)
