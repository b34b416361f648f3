"""Work on what strangers made, in a process of its own: bounded in time and in memory."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from pipeline.diagnostics import Diagnostic, Problems
from pipeline.system.internal_error import describe_internal_error
from pipeline.system.limits import DEFAULT_LIMITS, CheckLimits
from pipeline.system.memory_limit import cap_memory
from pipeline.system.start_method import choose_start_method

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


class LimitExceeded(Exception):
    """The work was stopped: it had no end in sight, and its message says why."""


def run_bounded(
    work: Callable[..., Iterable[Diagnostic]],
    *arguments: Any,
    limits: CheckLimits = DEFAULT_LIMITS.checks,
) -> tuple[Diagnostic, ...]:
    """Do some work in a process of its own, and return what it found.

    Raises LimitExceeded when it takes more time or memory than it may, or ends its process.
    """
    context: Any = get_context(choose_start_method())
    ours, its = context.Pipe(duplex=False)
    child = context.Process(target=_run_in_child, args=(its, work, arguments, limits.memory))
    child.start()
    its.close()
    try:
        if not ours.poll(limits.seconds):
            raise LimitExceeded(f"it takes over {limits.seconds:g} seconds")
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
    its: Connection, work: Callable[..., Iterable[Diagnostic]], arguments: Any, memory: int
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    cap_memory(memory)
    found: list[Diagnostic] = []
    reason = ""
    try:
        found += work(*arguments)
    except Problems as problems:
        found += problems.diagnostics
    except MemoryError:
        reason = f"it takes over {memory >> 20} MB of memory"
    except LimitExceeded as error:
        reason = str(error)
    except Exception as error:
        found.append(describe_internal_error(error, "the check was not finished"))
    its.send((found, reason))
