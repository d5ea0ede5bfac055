"""The screen of a live session, large enough to be followed from three metres away."""
