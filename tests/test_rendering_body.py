"""Bodies, where the body model is installed."""

import numpy as np
import pytest

pytest.importorskip("anny", reason="needs the extra [render]")


def test_thighs_are_about_as_long_as_shins_at_any_stature_and_age() -> None:
    from benchmarks.rendering.body import Bodies, Shape

    bodies = Bodies()
    for female in (0.0, 1.0):
        for years, stature_m in ((20, 1.55), (45, 1.70), (78, 1.58), (30, 1.95)):
            shape = Shape(female=female, age_years=years, stature_m=stature_m)
            body = bodies.make(shape, sole_m=0.0)
            assert np.ptp(body.points_m[:, 2]) == pytest.approx(stature_m, abs=1e-3)
            hip, knee, ankle = (
                body.rig.head(f"{bone}.L") for bone in ("upperleg01", "lowerleg01", "foot")
            )
            ratio = np.linalg.norm(hip - knee) / np.linalg.norm(knee - ankle)
            assert 0.85 < ratio < 1.15
