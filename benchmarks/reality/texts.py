"""What the page says around its tables."""

from __future__ import annotations

from benchmarks.reality import checks, moments

INTRO = """\
Nobody knows the true angles of the people in real clips. What is known is what must be so in
any of them: seen from the side, the picture shows knees and hips as they are; who stands still
stands nearly straight; left and right do the same in a squat; bones keep their lengths; nobody
jumps; a mirror changes left and right and nothing else. This page tells how far that holds.

```console
$ python -m benchmarks.reality FOLDER --write
```

`FOLDER` holds clips as for [counting](footage.md). What the pose model sees in them is recorded
once and kept (`--cache`). `--rendered FOLDER` lays rendered people beside them, whose truth is
known ([rendering](rendering.md)); `--look FOLDER` draws the moments that are listed at the end.

Unless something else is said, a figure is the mean over clips, each of which counts once. Which
frames are looked at is decided from the picture and from which way the person faces, never from
the angles that are judged."""

SIDE_TEXT = f"""\
The nearer side, where the person is within {moments.SIDE_ON_DEG:g}° of side-on, the camera is
level to {moments.LEVEL_DEG:g}°, and shoulder, hip, knee and ankle are seen with a visibility of
{moments.SURE:g} or more. The difference is an angle less that in the picture's plane.

The picture's plane is not the truth: the pose model puts joints where it thinks they are, legs
point out of the plane, and people are not quite side-on. What it is off by on rendered people,
chosen in the same way, is the row "truth" in the columns of rendered people: a refiner should
differ from the picture by about as much as the truth does. Plain geometry **is** the picture's
plane in a side view, with the error of rendered people taken off: that they agree proves nothing.

Hip bend is compared from {checks.HIP_FROM_DEG:g}° on: in space it holds the way from the shoulder
to the narrower hips, too, which a side view does not show. Hip swing is without it.

"In 50 %" and so on is how often the angle in the picture lies in an angle's own 50, 80 and
95 % interval. As the picture has an error of its own, it would be less often than that if the
intervals were right; how much less, the last column shows."""
STANDING_TEXT = f"""\
Frames in which somebody stands still and upright in the picture: hips as high as they get, thigh
and shin in line to {moments.IN_LINE_DEG:g}°, trunk upright to {moments.UPRIGHT_DEG:g}°, hips and
ankles at rest. Knees should then be within about {checks.STRAIGHT_DEG:g}°. From the front, a
slightly bent knee looks straight, so a few people may truly be bent a little more. Hip bend in
space is about 10° in who stands straight ([conventions](conventions.md)), hip swing about 0.
The last columns are of those who are seen from the side alone."""
ALIKE_TEXT = """\
Left less right, where the feet stay in place and both legs are seen. In squats and bridges on
both legs the two do nearly the same; in lunges they must not, or a refiner would only have
learned that people are symmetric."""
LENGTHS_TEXT = f"""\
How much a length varies within a clip, as standard deviation over mean. The thigh and shin of
the pose model's landmarks in space should not vary at all. Refined angles have no lengths, but
imply one: on planted feet, the hip is as high above the ankle as thigh and shin reach up by their
angles to the vertical. That height is seen from every side; divided by the reach, it gives a
straight leg's length in the picture. It is taken where the reach changes by
{100 * checks.LEAST_CHANGE:g} % or more. Perspective alone makes it vary by a few per cent, more
when people come nearer.

"Contradiction" asks whether three angles of one leg fit together: the knee's bend lies between
the difference and the sum of what thigh and shin are from the vertical, in any posture and view.
Landmarks agree with themselves; a refiner that says each angle by itself need not."""
STEADY_TEXT = f"""\
Changes of knees, hips and trunk from one frame to the next, of both sides, in all frames with a
person, hidden legs among them. Nobody turns a joint faster than about {checks.FASTEST_DEG_S:g}° a
second; what is faster, and further than {checks.LEAST_JUMP_DEG:g}°, counts as a jump. A leg that is
taken for the other, or somebody else, is one too."""
MIRROR_TEXT = """\
Mirrored landmarks must give the mirrored angles exactly; all clips. Mirrored pictures need not:
the pose model sees them differently. A few short clips; the difference is that of each angle and
its counterpart."""
BRIDGE_TEXT = """\
The nearer side where the hips are highest: middle of the clip's frames, straight is 0. An
internal angle of 170° is a bend of 10°. Oblique clips show less than there is."""
CLIPS_TEXT = """\
Direction: 0 faces the camera, 90 the picture's right edge. Two numbers are those of {}. Differences
are mean absolute ones, in degrees."""
LOOK_TEXT = """\
Where {} is strangest, each clip with its strangest moments: look at these first. Numbers are in
degrees, by source; "difference" is the one that made it strange (a jump's in degrees a second),
and "sigma" the standard deviation that the angle was given."""
