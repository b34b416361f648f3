"""Setting briefs one after another, or side by side in processes that are started early.

Half of a small build is importing. So processes begin to import what sets pages while words are
still being read, and this room imports nothing that takes long. A brief that crashes takes its
process with it; the others are set.
"""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from pipeline.build.typeset import Brief, Made
    from pipeline.diagnostics import Diagnostic

MOST_BRIEFS: Final = 25
"""How many briefs a process sets: whatever libraries keep of each goes with it."""


def set_briefs(
    briefs: Sequence[Brief], jobs: int, strict: bool, crew: Crew | None = None
) -> Generator[tuple[Brief, Made], None, None]:
    """Set briefs, ``jobs`` at a time, and give each as soon as it is done.

    With ``strict``, warnings count as errors. ``crew`` are processes that were started before.
    Raises Problems when a format cannot be set on this machine.
    """
    from pipeline.build.typeset import imported, set_brief
    from pipeline.diagnostics import Problems

    formats = dict.fromkeys(name for brief in briefs for name in brief.formats)
    if crew is None and min(jobs, len(briefs)) <= 1:
        if found := imported(formats):
            raise Problems(found)
        for brief in briefs:
            yield brief, set_brief(brief, strict)
        return
    crew = crew or Crew(jobs, formats, strict)
    try:
        yield from _side_by_side(briefs, crew)
    finally:
        crew.stop()


def _side_by_side(briefs: Sequence[Brief], crew: Crew) -> Iterator[tuple[Brief, Made]]:
    """Set briefs in processes, the longest first."""
    from multiprocessing import connection

    from pipeline.build.typeset import crashed
    from pipeline.diagnostics import Problems

    waiting = sorted(briefs, key=lambda brief: brief.length)
    while waiting or any(worker.brief for worker in crew.workers):
        crew.start(len(waiting) + len(crew.workers))
        for worker in crew.workers:
            if waiting and not worker.brief:
                worker.begin(waiting.pop())
        at_work = {worker.pipe: (worker, worker.brief) for worker in crew.workers if worker.brief}
        for pipe in connection.wait(at_work):
            worker, brief = at_work[pipe]
            if not worker.is_ready:
                if found := worker.greet():
                    raise Problems(found)
                continue
            made = worker.end() or crashed(brief, worker.last_words)
            if worker.is_spent:
                crew.dismiss(worker)
            elif waiting:
                worker.begin(waiting.pop())
            yield brief, made


class Crew:
    """The processes of a build, so many at a time."""

    def __init__(self, jobs: int, formats: Iterable[str], strict: bool) -> None:
        """Take note of what is to be set; with ``strict``, warnings count as errors."""
        self.jobs = jobs
        self._formats = tuple(dict.fromkeys(formats))
        self._strict = strict
        self.workers: list[Worker] = []

    def start(self, number: int) -> None:
        """Start processes until there are as many, but no more than the jobs."""
        while len(self.workers) < min(number, self.jobs):
            self.workers.append(Worker(self.workers, self._formats, self._strict))

    def dismiss(self, worker: Worker) -> None:
        """Let a process end."""
        self.workers.remove(worker)
        worker.stop()

    def stop(self) -> None:
        """End all processes, those at work at once."""
        while self.workers:
            self.workers.pop().stop()


class Worker:
    """A process that sets one brief after another, until it has set many."""

    def __init__(self, others: Iterable[Worker], formats: Sequence[str], strict: bool) -> None:
        """Start a process beside others."""
        from multiprocessing import get_context

        # Elsewhere than on Linux, the system's own libraries do not bear a fork.
        method = "fork" if sys.platform == "linux" else "spawn"
        context: Any = get_context(method)
        self.pipe, its = context.Pipe()
        # What a fork inherits, it must let go: a pipe is at its end when nobody holds it.
        inherited = [self.pipe, *(w.pipe for w in others)] if method == "fork" else []
        self._process = context.Process(target=_work, args=(its, inherited, formats, strict))
        with _uninterrupted():
            self._process.start()
        its.close()
        self.is_ready = False
        self._had = 0
        self.brief: Brief | None = None

    @property
    def is_spent(self) -> bool:
        """Whether it has set so many briefs, or ended, that another should go on."""
        return self._had >= MOST_BRIEFS

    @property
    def last_words(self) -> str:
        """How the process ended; waits until it has."""
        self._process.join()
        code = int(self._process.exitcode)
        return f"with {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"

    def begin(self, brief: Brief) -> None:
        """Have a brief set."""
        self._had += 1
        self.brief = brief
        with suppress(OSError):  # it has died, and `end` finds out
            self.pipe.send(brief)

    def greet(self) -> tuple[Diagnostic, ...]:
        """Take what a process says first: what it lacks to set briefs."""
        self.is_ready = True
        found: tuple[Diagnostic, ...] = self._received() or ()
        return found

    def end(self) -> Made | None:
        """Take what was made of the brief; None when the process has died of it."""
        self.brief = None
        made: Made | None = self._received()
        return made

    def _received(self) -> Any:
        try:
            return self.pipe.recv()
        except (EOFError, OSError):  # nothing came, or not all of it
            self._had = MOST_BRIEFS
            return None

    def stop(self) -> None:
        """End the process at once if it is at work, or else let it end."""
        if self.brief or not self.is_ready:
            self._process.kill()
        self.pipe.close()
        self._process.join()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait: Python loses an exception that comes while it forks."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])


def _work(
    its: Connection, inherited: Iterable[Connection], formats: Sequence[str], strict: bool
) -> None:
    """Set the briefs that come, to the last; die without a word when the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for pipe in inherited:
        pipe.close()
    gc.disable()  # hardly anything of what is imported becomes garbage
    from pipeline.build.typeset import imported, set_brief

    its.send(imported(formats))
    gc.freeze()
    gc.enable()
    with suppress(EOFError):
        while True:
            its.send(set_brief(its.recv(), strict))
