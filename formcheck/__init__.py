"""Checks the form of exercises through a camera. Educational, not medical advice."""

from formcheck._version import __version__

__all__ = ["__version__"]
