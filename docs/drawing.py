"""Simple drawings as SVG, the same to the byte every time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

Point = tuple[float, float]

INK, FAINT, BLUE, ORANGE, GREEN = "#30343b", "#b6bdc6", "#1769aa", "#c2571a", "#3d7f3b"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"


class Drawing:
    """A picture on white ground; x goes to the right, y down."""

    def __init__(self, wide: float, tall: float, title: str) -> None:
        self._size = (wide, tall)
        self._title = title
        self._parts: list[str] = []

    def path(
        self,
        points: Sequence[Point],
        ink: str = INK,
        width: float = 5,
        *,
        dashed: bool = False,
        filled: bool = False,
    ) -> None:
        """Draw lines from point to point."""
        d = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        dash = ' stroke-dasharray="5 6"' if dashed else ""
        inside = ink if filled else "none"
        self._parts.append(
            f'<path d="{d}" fill="{inside}" stroke="{ink}" stroke-width="{width:g}"{dash} '
            'stroke-linecap="round" stroke-linejoin="round"/>'
        )

    def disc(self, at: Point, radius: float, ink: str = INK, *, filled: bool = True) -> None:
        """Draw a disc, or a circle."""
        inside = ink if filled else "#fff"
        self._parts.append(
            f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:g}" fill="{inside}" '
            f'stroke="{ink}" stroke-width="3"/>'
        )

    def box(self, at: Point, size: tuple[float, float], ink: str, corner: float = 0) -> None:
        """Fill a rectangle."""
        self._parts.append(
            f'<rect x="{at[0]:.1f}" y="{at[1]:.1f}" width="{size[0]:.1f}" '
            f'height="{size[1]:.1f}" rx="{corner:g}" fill="{ink}"/>'
        )

    def arc(self, at: Point, radius: float, start_deg: float, end_deg: float) -> None:
        """Draw how far it is from one direction to another, with an arrow at the end.

        Directions are clockwise from the right, as they look.
        """
        angles = [start_deg + (end_deg - start_deg) * i / 24 for i in range(25)]
        points = [toward(at, radius, angle) for angle in angles]
        self.path(points, ORANGE, 2.5)
        if abs(end_deg - start_deg) > 8:
            back = end_deg - math.copysign(
                min(14.0, abs(end_deg - start_deg) / 2), end_deg - start_deg
            )
            tips = [toward(at, radius + off, back) for off in (-5, 5)]
            self.path([tips[0], points[-1], tips[1]], ORANGE, 2.5)

    def text(
        self,
        at: Point,
        words: str,
        ink: str = INK,
        size: float = 14,
        *,
        anchor: str = "middle",
        bold: bool = False,
    ) -> None:
        """Write one line."""
        weight = ' font-weight="600"' if bold else ""
        self._parts.append(
            f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" fill="{ink}" font-size="{size:g}" '
            f'text-anchor="{anchor}"{weight}>{escape(words)}</text>'
        )

    def svg(self) -> str:
        """Return it as a file's text."""
        wide, tall = self._size
        body = "\n".join(self._parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {tall:g}" '
            f'width="{wide:g}" height="{tall:g}" role="img" font-family="{FONT}">\n'
            f"<title>{escape(self._title)}</title>\n"
            f'<rect width="{wide:g}" height="{tall:g}" fill="#fff"/>\n{body}\n</svg>\n'
        )


def toward(start: Point, length: float, direction_deg: float) -> Point:
    """Return the point that far away; directions are clockwise from the right."""
    turn = math.radians(direction_deg)
    return start[0] + length * math.cos(turn), start[1] + length * math.sin(turn)
