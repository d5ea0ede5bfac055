"""What rendered people do: one module per exercise, and everyday movements.

Each module offers ``SCRIPTS``: name → what one body does over time.
"""

from benchmarks.rendering.action import Script
from benchmarks.rendering.motions import (
    anyhow,
    arriving,
    bridge_scripts,
    everyday,
    figure_four_scripts,
    floor,
    from_standing,
    kneeling,
    lunge_scripts,
    nerve_glide_scripts,
    pelvic_tilt,
    squat_scripts,
    walking,
    workouts,
)

SCRIPTS: dict[str, Script] = {
    **squat_scripts.SCRIPTS,
    **lunge_scripts.SCRIPTS,
    **bridge_scripts.SCRIPTS,
    **pelvic_tilt.SCRIPTS,
    **from_standing.SCRIPTS,
    **figure_four_scripts.SCRIPTS,
    **nerve_glide_scripts.SCRIPTS,
    **arriving.SCRIPTS,
    **everyday.SCRIPTS,
    **kneeling.SCRIPTS,
    **floor.SCRIPTS,
    **walking.SCRIPTS,
    **workouts.SCRIPTS,
    **anyhow.SCRIPTS,
}
