"""Work on what strangers made, in a process of its own: bounded in time and in memory."""

from __future__ import annotations

import resource
import signal
import sys
from collections.abc import Callable, Iterable
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final

from pipeline.diagnostics import Diagnostic, Problems
from pipeline.system.internal_error import describe_internal_error

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

MOST_SECONDS: Final = 120.0
"""How long a piece of work may take. A book of 500 pages takes a few seconds."""
MOST_BYTES: Final = 3 << 30
"""How much memory it may ask for, where the system keeps count of that."""


class LimitExceeded(Exception):
    """The work was stopped: it had no end in sight, and its message says of what."""


def run_bounded(
    work: Callable[..., Iterable[Diagnostic]],
    *given: Any,
    seconds: float = MOST_SECONDS,
    memory: int = MOST_BYTES,
) -> tuple[Diagnostic, ...]:
    """Do some work in a process of its own, and give what it found; ``memory`` is in bytes.

    Raises Boundless when it takes more than it may, or takes its process down.
    """
    # As in ``setting``: a forked child has everything already, and only Linux bears it.
    context: Any = get_context("fork" if sys.platform == "linux" else "spawn")
    ours, its = context.Pipe(duplex=False)
    child = context.Process(target=_run_in_child, args=(its, work, given, memory))
    child.start()
    its.close()
    try:
        if not ours.poll(seconds):
            raise LimitExceeded(f"it takes over {seconds:g} seconds")
        found, reason = ours.recv()
        child.join(1)
    except (EOFError, OSError):
        child.join()
        reason = f"the process that read it ended with exit code {child.exitcode}"
    finally:
        child.kill()
        child.join()
        ours.close()
    if reason:
        raise LimitExceeded(reason)
    return tuple(found)


def _run_in_child(
    its: Connection, work: Callable[..., Iterable[Diagnostic]], given: Any, memory: int
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    found: list[Diagnostic] = []
    reason = ""
    try:
        found += work(*given)
    except Problems as problems:
        found += problems.diagnostics
    except MemoryError:
        reason = f"it takes over {memory >> 20} MB of memory"
    except LimitExceeded as boundless:
        reason = str(boundless)
    except Exception as error:
        found.append(describe_internal_error(error, "the check was not finished"))
    its.send((found, reason))
