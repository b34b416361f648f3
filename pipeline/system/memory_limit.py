"""How much memory what strangers wrote may take while it is read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def limit_memory(most: int) -> Iterator[None]:
    """Let this process take ``most`` bytes more than it has; beyond, it raises MemoryError."""
    if sys.platform != "linux":  # no other system keeps a process to it
        yield
        return
    import resource

    before, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    bounds = [used + most, *(b for b in (before, hard) if b != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_AS, (min(bounds), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, hard))


def cap_memory(most: int) -> None:
    """Keep this process to ``most`` bytes for good, and leave no core dump when it fails."""
    if sys.platform != "linux":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
