"""How much memory a process has."""

from __future__ import annotations

import os
from pathlib import Path


def memory_mib(pid: int) -> float:
    """Return the memory that a process has now, in MiB; 0 where only Linux would tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
    except (OSError, ValueError, IndexError):
        return 0.0
