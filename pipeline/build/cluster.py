"""Briefs set on a cluster: Dask's ``distributed`` runs the same task wherever there is a worker.

Workers need no disk of ours: a brief travels with its Document, its images and its look, and its
files come back. Fonts are those of the worker's packages, so versions are compared first. What a
worker was doing that is lost, another does again.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from pipeline.build.typeset import Brief, TypesetResult, report_crash, typeset_brief
from pipeline.diagnostics import Diagnostic, Problems, make_problem
from pipeline.system import versions
from pipeline.system.limits import DEFAULT_LIMITS, TypesetLimits

if TYPE_CHECKING:
    from distributed import Client, Future

Versions = Mapping[str, Mapping[str, str]]
_ONE_AT_A_TIME: Final = threading.Lock()
"""What libraries log is reported with a brief, and a process has one log."""


def typeset_on_cluster(
    briefs: Sequence[Brief],
    scheduler: str,
    strict: bool,
    limits: TypesetLimits = DEFAULT_LIMITS.typesetting,
) -> Generator[tuple[Brief, TypesetResult], None, None]:
    """Set briefs on the workers of a scheduler, and yield each as soon as it is done.

    Raises Problems when the scheduler or its workers cannot be reached (``no-cluster``), or have
    other versions of what shapes a brief (``other-versions``).
    """
    if not briefs:
        return
    _require_dask()
    fonts = {name for brief in briefs for name in brief.options.theme.distributions}
    ours = gather_versions(sorted(fonts))
    with _connect_client(scheduler, limits.cluster_seconds) as client:
        _compare_workers(client, sorted(fonts), ours)
        futures = {
            client.submit(
                _typeset_on_worker,
                brief,
                strict,
                limits,
                ours,
                pure=False,
                priority=brief.length,
            ): brief
            for brief in briefs
        }
        try:
            yield from _iterate_results(futures, scheduler, limits)
        finally:
            client.cancel([*futures])


def _require_dask() -> None:
    """Raise Problems (``no-cluster``) where Dask cannot be imported."""
    try:
        import_module("distributed")
    except ImportError:
        raise make_problem(
            "no-cluster",
            "a cluster is reached through Dask, which is not installed",
            None,
            "pip install 'briefpack[cluster]'",
        ) from None


def _iterate_results(
    futures: dict[Future, Brief], scheduler: str, limits: TypesetLimits
) -> Iterator[tuple[Brief, TypesetResult]]:
    """Yield each brief when it is set, and take it off the futures that are waited for."""
    from concurrent.futures import CancelledError

    from distributed import KilledWorker, wait

    try:
        while futures:
            done, _ = wait([*futures], timeout=limits.seconds, return_when="FIRST_COMPLETED")
            for future in done:
                brief = futures.pop(future)
                try:
                    yield brief, future.result()
                except KilledWorker:
                    yield brief, report_crash(brief, "on several workers, one after the other")
    except CancelledError:
        raise make_problem(
            "no-cluster",
            f"the scheduler at `{scheduler}` was lost before all was set",
            None,
            "build again when it is there: what was set is in place",
        ) from None
    except TimeoutError:
        raise make_problem(
            "too-slow", f"no worker has set a brief for {limits.seconds:g} seconds"
        ) from None


def _connect_client(scheduler: str, seconds: float) -> Client:
    """Reach a scheduler with a worker; raises Problems."""
    from distributed import Client

    try:
        client = Client(scheduler, timeout=seconds)
        client.wait_for_workers(1, timeout=seconds)
    except (OSError, TimeoutError, ValueError) as error:
        raise make_problem(
            "no-cluster",
            f"no worker is reached through `{scheduler}`: {error}",
            None,
            "start `dask scheduler` and `dask worker`; .github/CI.md shows how",
        ) from None
    return client


def gather_versions(more: Sequence[str]) -> Versions:
    """Return the versions of what shapes a brief here, and of more packages."""
    return {
        "package": {
            **versions.read_package_versions(more),
            "the code of briefpack": versions.hash_program()[:12],
        },
        "library": versions.read_library_versions(),
    }


def _compare_workers(client: Client, more: Sequence[str], ours: Versions) -> None:
    """Raise Problems when a worker has other versions than this machine."""
    found: Mapping[str, Any] = client.run(gather_versions, more, on_error="return")
    differing = [
        d for worker, theirs in found.items() for d in _report_differences(worker, ours, theirs)
    ]
    if differing:
        raise Problems(differing)


def _report_differences(worker: str, ours: Versions, theirs: Any) -> list[Diagnostic]:
    if isinstance(theirs, Exception):
        differences = [f"it fails with {type(theirs).__name__}: {theirs}"]
    else:
        differences = [
            f"{name} {theirs[kind].get(name, 'is missing')}, not {version}"
            for kind in ours
            for name, version in ours[kind].items()
            if theirs[kind].get(name) != version
        ]
    return [
        Diagnostic(
            "other-versions",
            f"the worker {worker} would set other bytes: {what}",
            None,
            "give workers the same packages and system libraries as this machine",
        )
        for what in differences
    ]


def _typeset_on_worker(
    brief: Brief, strict: bool, limits: TypesetLimits, expected: Versions
) -> TypesetResult:
    """Set a brief on a worker; one that joined later is compared here."""
    fonts = sorted(brief.options.theme.distributions)
    if found := _report_differences("that joined", expected, gather_versions(fonts)):
        return TypesetResult((), tuple(found))
    with _ONE_AT_A_TIME:
        return typeset_brief(brief, strict, limits)
