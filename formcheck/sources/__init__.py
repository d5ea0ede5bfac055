"""Sources of timed frames."""
