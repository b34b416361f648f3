"""Setting briefs one after another, or side by side in processes that are started early.

Half of a small build is importing. So processes begin to import what sets pages while words are
still being read, and this module imports nothing that takes long. A brief that crashes takes its
process with it; the others are set.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from pipeline.system.limits import DEFAULT_LIMITS, TypesetLimits
from pipeline.system.start_method import choose_start_method

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from pipeline.build.typeset import Brief, TypesetResult
    from pipeline.diagnostics import Diagnostic


def typeset_briefs(
    briefs: Sequence[Brief],
    jobs: int,
    strict: bool,
    pool: WorkerPool | None = None,
    limits: TypesetLimits = DEFAULT_LIMITS.typesetting,
) -> Generator[tuple[Brief, TypesetResult], None, None]:
    """Set briefs, ``jobs`` at a time, and yield each as soon as it is done.

    With ``strict``, warnings count as errors. ``pool`` has processes that were started before,
    with limits of their own.
    Raises Problems when a format cannot be set on this machine.
    """
    from pipeline.build.typeset import import_renderers, typeset_brief
    from pipeline.diagnostics import Problems

    formats = dict.fromkeys(name for brief in briefs for name in brief.formats)
    if pool is None and min(jobs, len(briefs)) <= 1:
        if found := import_renderers(formats):
            raise Problems(found)
        for brief in briefs:
            yield brief, typeset_brief(brief, strict, limits)
        return
    pool = pool or WorkerPool(jobs, formats, strict, limits)
    try:
        yield from _typeset_in_processes(briefs, pool)
    finally:
        pool.stop()


def _typeset_in_processes(
    briefs: Sequence[Brief], pool: WorkerPool
) -> Iterator[tuple[Brief, TypesetResult]]:
    """Set briefs in processes, the longest first."""
    from multiprocessing import connection

    from pipeline.build.typeset import report_crash
    from pipeline.diagnostics import Problems

    waiting = sorted(briefs, key=lambda brief: brief.length)
    while waiting or any(worker.brief for worker in pool.workers):
        pool.start_workers(len(waiting) + len(pool.workers))
        for worker in pool.workers:
            if waiting and not worker.brief:
                worker.send_brief(waiting.pop())
        at_work = {worker.pipe: (worker, worker.brief) for worker in pool.workers if worker.brief}
        for pipe in connection.wait(at_work):
            worker, brief = at_work[pipe]
            if not worker.is_ready:
                if found := worker.receive_handshake():
                    raise Problems(found)
                continue
            result = worker.receive_result() or report_crash(brief, worker.exit_status)
            if worker.is_spent:
                pool.dismiss_worker(worker)
            elif waiting:
                worker.send_brief(waiting.pop())
            yield brief, result


class WorkerPool:
    """The processes of a build, so many at a time."""

    def __init__(
        self,
        jobs: int,
        formats: Iterable[str],
        strict: bool,
        limits: TypesetLimits = DEFAULT_LIMITS.typesetting,
    ) -> None:
        """Take note of what is to be set; with ``strict``, warnings count as errors."""
        self.jobs = jobs
        self._formats = tuple(dict.fromkeys(formats))
        self._strict = strict
        self._limits = limits
        self.workers: list[Worker] = []

    def start_workers(self, number: int) -> None:
        """Start processes until there are as many, but no more than the jobs."""
        while len(self.workers) < min(number, self.jobs):
            self.workers.append(Worker(self.workers, self._formats, self._strict, self._limits))

    def dismiss_worker(self, worker: Worker) -> None:
        """Let a process end."""
        self.workers.remove(worker)
        worker.stop()

    def stop(self) -> None:
        """End all processes, those at work at once."""
        while self.workers:
            self.workers.pop().stop()


class Worker:
    """A process that sets one brief after another, until it has set many."""

    def __init__(
        self,
        others: Iterable[Worker],
        formats: Sequence[str],
        strict: bool,
        limits: TypesetLimits,
    ) -> None:
        """Start a process beside others."""
        from multiprocessing import get_context

        method = choose_start_method()
        context: Any = get_context(method)
        self.pipe, its = context.Pipe()
        # What a fork inherits, it must let go: a pipe is at its end when nobody holds it.
        inherited = [self.pipe, *(w.pipe for w in others)] if method == "fork" else []
        self._process = context.Process(
            target=_run_worker, args=(its, inherited, formats, strict, limits)
        )
        with _block_interrupts():
            self._process.start()
        its.close()
        self.is_ready = False
        self._most_briefs = limits.briefs
        self._brief_count = 0
        self.brief: Brief | None = None

    @property
    def is_spent(self) -> bool:
        """Whether it has set so many briefs, or ended, that another should go on."""
        return self._brief_count >= self._most_briefs

    @property
    def exit_status(self) -> str:
        """How the process ended; waits until it has."""
        self._process.join()
        code = int(self._process.exitcode)
        return f"with {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"

    def send_brief(self, brief: Brief) -> None:
        """Have a brief set."""
        self._brief_count += 1
        self.brief = brief
        with suppress(OSError):  # it has died, and `end` finds out
            self.pipe.send(brief)

    def receive_handshake(self) -> tuple[Diagnostic, ...]:
        """Take what a process says first: what it lacks to set briefs."""
        self.is_ready = True
        found: tuple[Diagnostic, ...] = self._receive_message() or ()
        return found

    def receive_result(self) -> TypesetResult | None:
        """Take what was made of the brief; None when the process has died of it."""
        self.brief = None
        result: TypesetResult | None = self._receive_message()
        return result

    def _receive_message(self) -> Any:
        try:
            return self.pipe.recv()
        except (EOFError, OSError):  # nothing came, or not all of it
            self._brief_count = self._most_briefs
            return None

    def stop(self) -> None:
        """End the process at once if it is at work, or else let it end."""
        if self.brief or not self.is_ready:
            self._process.kill()
        self.pipe.close()
        self._process.join()


@contextmanager
def _block_interrupts() -> Iterator[None]:
    """Let Ctrl-C wait: Python loses an exception that comes while it forks."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])


def _run_worker(
    its: Connection,
    inherited: Iterable[Connection],
    formats: Sequence[str],
    strict: bool,
    limits: TypesetLimits,
) -> None:
    """Set the briefs that come, to the last; die without a word when the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for pipe in inherited:
        pipe.close()
    gc.disable()  # hardly anything of what is imported becomes garbage
    from pipeline.build.typeset import import_renderers, typeset_brief

    its.send(import_renderers(formats))
    gc.freeze()
    gc.enable()
    with suppress(EOFError):
        while True:
            its.send(typeset_brief(its.recv(), strict, limits))
