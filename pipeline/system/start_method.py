"""How a process of ours begins."""

from __future__ import annotations

import sys
from typing import Literal


def choose_start_method() -> Literal["fork", "spawn"]:
    """Return the start method of ``multiprocessing`` for this system.

    A forked child has everything imported already, but only on Linux do the system's own
    libraries bear a fork.
    """
    return "fork" if sys.platform == "linux" else "spawn"
