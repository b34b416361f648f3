"""One build, from a request to finished files: the command and programs call it alike.

What is fresh is found out first, and this module imports nothing that reads, prints or sets a
brief: a build with nothing to do needs none of it.
"""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.outputs import freshness
from pipeline.outputs.freshness import BuildState
from pipeline.project.unread_folders import get_folder, report_unread_folders
from pipeline.request import BuildResult, Progress, Request, UsageError, ignore_progress

if TYPE_CHECKING:
    from pipeline.build.worker_pool import WorkerPool


def run(request: Request, progress: Progress = ignore_progress) -> BuildResult:
    """Build what was requested and is not fresh; return what was written, kept and found.

    An error stops the briefs that depend on it; ``not_built`` names them, and the others are built.

    ``progress`` is called with the last brief's name, how many briefs are done and of how many:
    first ``("", 0, 4)``, then ``("words-per-question", 1, 4)`` … With one job and no scheduler,
    no process is started.

    Raises:
        UsageError: The request names what does not exist, or asks for what cannot be.
        Problems: There is no article at all.
    """
    request = request.validate_options()
    unread = [*report_unread_folders(request.project)]
    if named := [found for found in unread if get_folder(found) in request.articles]:
        raise UsageError(named)
    told = (*request.report_ignored_options(), *unread)
    state = _find_state(request)
    result = state.result if state.is_done else _build_rest(request, state, progress)
    return dataclasses.replace(result, diagnostics=(*told, *result.diagnostics))


def _build_rest(request: Request, state: BuildState, progress: Progress) -> BuildResult:
    """Build what is not fresh."""
    with _start_workers(request, state.to_do) as pool:
        with _pause_garbage_collection():
            from pipeline.build.build_briefs import build_briefs
        return build_briefs(request, state, progress, pool)


def _find_state(request: Request) -> BuildState:
    """Return what is fresh, after files that a cache has were put in place."""
    state = freshness.check_freshness(request)
    if request.cache is None or state.is_done:
        return state
    from pipeline.outputs.cache import Cache

    Cache(request.cache).restore(request, state)
    return freshness.check_freshness(request)


@contextmanager
def _start_workers(request: Request, to_do: int) -> Iterator[WorkerPool | None]:
    """Have processes import what sets pages, where that takes long and there are cores for it."""
    if request.jobs == 1 or request.scheduler or not {"pdf", "docx"} & set(request.formats):
        yield None
        return
    from pipeline.build.worker_pool import WorkerPool

    pool = WorkerPool(request.jobs, request.formats, request.strict, request.limits.typesetting)
    try:
        pool.start_workers(to_do)
        yield pool
    finally:
        pool.stop()


@contextmanager
def _pause_garbage_collection() -> Iterator[None]:
    """Collect no garbage for a while: hardly anything of what is imported becomes any."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
