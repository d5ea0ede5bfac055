"""Named measurements of a pose."""
