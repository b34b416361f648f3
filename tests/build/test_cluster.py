"""A cluster sets the same bytes, and what a lost worker was doing another does again."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.api import Project
from pipeline.build import cluster, typeset
from pipeline.build.build_steps import run
from pipeline.diagnostics import Problems
from pipeline.request import Request
from pipeline.system import versions
from pipeline.system.limits import DEFAULT_LIMITS, Limits, TypesetLimits
from tests.support.command import brief, read_files, start_brief
from tests.support.one_brief import make_brief
from tests.support.workbench import get_only, write_project


@contextmanager
def running(*command: str, folder: Path, **environment: str):
    """A process of a cluster, in a folder of its own, for as long as it is needed."""
    folder.mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "dask", *command],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if not k.startswith("COV")} | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def a_worker(scheduler: str, folder: Path):
    options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
    return running("worker", scheduler, *options, folder=folder)


def wait_for_workers(scheduler: str, count: int) -> None:
    """Wait until some workers have joined a cluster."""
    script = f"from distributed import Client; Client({scheduler!r}).wait_for_workers({count}, 120)"
    subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)


@contextmanager
def a_scheduler(folder: Path):
    """A scheduler on loopback, by its address."""
    file = folder / "scheduler.json"
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    with running("scheduler", *options, "--scheduler-file", str(file), folder=folder / "scheduler"):
        while not file.exists() or not file.read_text("utf-8").endswith("}"):
            time.sleep(0.05)
        yield json.loads(file.read_text("utf-8"))["address"]


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """A cluster of one worker."""
    pytest.importorskip("distributed")
    folder = tmp_path_factory.mktemp("cluster")
    with a_scheduler(folder) as address, a_worker(address, folder / "steady"):
        yield address


@pytest.mark.slow
class TestCluster:
    def test_sets_the_same_bytes_though_a_worker_is_killed(self, scheduler, tmp_path):
        arguments = ("build", "-t", "per-question", "-t", "per-expert", "-t", "policymaker-summary")
        here, there = write_project(tmp_path / "here"), write_project(tmp_path / "there")
        assert start_brief(here, *arguments, "-j", "1").returncode == 0

        with a_worker(scheduler, tmp_path / "lost") as lost:
            wait_for_workers(scheduler, 2)
            build = subprocess.Popen(
                [sys.executable, "-m", "pipeline.cli", *arguments, "--scheduler", scheduler],
                cwd=there,
                stderr=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            first = build.stderr.readline()
            lost.send_signal(signal.SIGKILL)
            _, rest = build.communicate(timeout=120)

        assert first.startswith("[1/3] words-"), first + rest
        assert build.returncode == 0, rest
        assert read_files(there / "out") == read_files(here / "out")

    def test_tells_what_is_wrong_as_it_is_told_here(self, scheduler, tmp_path):
        project = write_project(tmp_path / "project")
        article = project / "content/words/article.md"
        article.write_text(article.read_text("utf-8").replace("First", "Fi\u0d00rst"), "utf-8")
        (project / "content/words/summary.yaml").unlink()
        arguments = ("build", "-t", "per-question", "-f", "pdf", "--report", "json")

        here = brief(project, *arguments, "-j", "1")
        there = brief(project, *arguments, "--scheduler", scheduler)

        found = [json.loads(result.stdout)["diagnostics"] for result in (here, there)]
        assert found[0] == found[1] != []
        assert here.exit_code == there.exit_code == 1

    def test_is_not_used_with_other_versions(self, scheduler, tmp_path, monkeypatch):
        monkeypatch.setattr(versions, "hash_program", lambda: "0" * 64)

        result = brief(
            write_project(tmp_path / "project"),
            *("build", "-t", "per-question", "-f", "tree", "--scheduler", scheduler),
        )

        assert result.exit_code == 1
        assert "the code of briefpack" in result.stderr
        assert "[other-versions]" in result.stderr


def test_a_cluster_that_is_not_there_is_told(tmp_path):
    pytest.importorskip("distributed")
    limits = Limits(typesetting=TypesetLimits(cluster_seconds=0.2))
    project = Project(write_project(tmp_path / "project"), limits)

    with pytest.raises(Problems) as caught:
        project.build(templates=("per-question",), formats=("tree",), scheduler="tcp://127.0.0.1:9")

    found = get_only(caught.value.diagnostics)
    assert found.code == "no-cluster"
    assert "no worker is reached through `tcp://127.0.0.1:9`" in found.message


def test_so_is_what_it_is_reached_with(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    arguments = Request(
        project=write_project(tmp_path),
        out=tmp_path / "out",
        templates=("per-question",),
        formats=("tree",),
        scheduler="tcp://127.0.0.1:9",
    )

    with pytest.raises(Problems) as caught:
        run(arguments, lambda *_: None)

    assert get_only(caught.value.diagnostics).hint == "pip install 'briefpack[cluster]'"


class Lost(Exception):
    """What stands for distributed.KilledWorker."""


def through(monkeypatch, wait, answers=()):
    """Set a brief through a cluster of the test's own."""

    class Future:
        def result(self):
            raise Lost

    class Client:
        def __init__(self, *_, **__):
            self.cancelled = []

        def __enter__(self):
            return self

        def __exit__(self, *_):
            assert self.cancelled in ([], [future])

        def wait_for_workers(self, *_, **__):
            pass

        def run(self, *_, **__):
            return dict(answers)

        def submit(self, *_, **__):
            return future

        def cancel(self, futures):
            self.cancelled = futures

    future = Future()
    module = SimpleNamespace(Client=Client, KilledWorker=Lost, wait=wait)
    monkeypatch.setitem(sys.modules, "distributed", module)
    return list(cluster.typeset_on_cluster([make_brief()], "tcp://127.0.0.1:9", strict=False))


def test_a_brief_that_takes_every_worker_down_is_told(monkeypatch):
    ((_, result),) = through(monkeypatch, lambda futures, **_: (futures, []))

    assert get_only(result.diagnostics).message == (
        "`talks-plain` was not set: the process that set it ended on several workers, "
        "one after the other"
    )


def test_workers_that_set_nothing_for_long_are_told(monkeypatch):
    def late(*_, **__):
        raise TimeoutError

    with pytest.raises(Problems, match="no worker has set a brief for 300 seconds"):
        through(monkeypatch, late)


def test_a_scheduler_that_is_lost_is_told(monkeypatch):
    def lost(*_, **__):
        raise CancelledError

    with pytest.raises(Problems, match=r"the scheduler at `.+` was lost before all was set"):
        through(monkeypatch, lost)


def test_a_worker_without_brief_is_told(monkeypatch):
    answers = {"tcp://host:1": ModuleNotFoundError("No module named 'pipeline'")}

    with pytest.raises(Problems, match="it fails with ModuleNotFoundError: No module named"):
        through(monkeypatch, None, answers)


def test_with_nothing_to_set_no_cluster_is_needed():
    assert list(cluster.typeset_on_cluster([], "tcp://127.0.0.1:9", strict=False)) == []


def test_a_worker_that_joined_later_is_compared_too(monkeypatch):
    brief = make_brief(formats=("tree",))
    ours = cluster.gather_versions(["fontpkg-barlow", "fontpkg-spectral"])

    assert cluster._typeset_on_worker(brief, False, DEFAULT_LIMITS.typesetting, ours).copies
    monkeypatch.setattr(versions, "read_library_versions", lambda: {})
    found = cluster._typeset_on_worker(brief, False, DEFAULT_LIMITS.typesetting, ours)

    assert found.copies == ()
    assert {d.code for d in found.diagnostics} == {"other-versions"}
    assert "Pango is missing, not " in " ".join(d.message for d in found.diagnostics)


def test_in_a_thread_a_brief_is_set_without_alarms(monkeypatch):
    from threading import Thread

    results: list[typeset.TypesetResult] = []
    thread = Thread(
        target=lambda: results.append(typeset.typeset_brief(make_brief(formats=("tree",)), False))
    )
    thread.start()
    thread.join()

    assert get_only(results).copies
