"""What was found when something was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How something is."""

    FINE = "fine"
    LIMITED = "limited"
    """Something cannot be done; clips can be checked."""
    BROKEN = "broken"
    """Clips cannot be checked before this is put right."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    health: Health
    found: str
    """What is there, in words; the user's own folder is ``~``."""
    remedy: str = ""
    """What to do about it; empty when nothing needs doing."""
