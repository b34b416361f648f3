"""What many tests start from: a small project to spoil, and the real article."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, settings

from pipeline.build.build_steps import run
from pipeline.content import loader
from pipeline.content.model import Content
from pipeline.diagnostics import Diagnostic, Problems
from pipeline.project import file_names, layout
from pipeline.project.choices import Format, Paper
from pipeline.render.contract import FORMATS
from pipeline.request import Request
from tests.support.paths import ROOT
from tests.support.small_project import MINI, find_path
from tests.support.workbench import Bench, write_project

ARTICLE = "future-of-cyber-diplomacy"

# How long an example takes is the machine's affair: a busy one fails nothing.
settings.register_profile(
    "untimed", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one small article, `mini`, and nothing wrong."""
    (tmp_path / "content" / "mini").mkdir(parents=True)
    for name, text in MINI.items():
        find_path(tmp_path, name).write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def write(project: Path) -> Callable[..., Content]:
    """Writes one file of the small project and loads it all.

    ``write(name, old, new)`` replaces a piece that must be there, ``write(name, whole)``
    everything. Raises Problems.
    """

    def written(name: str, old: str | bytes, new: str | None = None) -> Content:
        if new is not None:
            assert isinstance(old, str)
            assert old in MINI[name]
            old = MINI[name].replace(old, new, 1)
        find_path(project, name).write_bytes(old.encode() if isinstance(old, str) else old)
        return loader.load_content(project, "mini")

    return written


@pytest.fixture
def diagnose(write: Callable[..., Content]) -> Callable[..., list[Diagnostic]]:
    """Like ``write``, and returns the errors that loading made."""

    def diagnosed(name: str, old: str | bytes, new: str | None = None) -> list[Diagnostic]:
        try:
            write(name, old, new)
        except Problems as problems:
            return [found for found in problems.diagnostics if found.is_error]
        return []

    return diagnosed


@pytest.fixture(scope="session")
def article() -> Content:
    """The real article with its summary and its house."""
    return loader.load_content(ROOT, ARTICLE)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Paper, str], Path]:
    """Returns the real article in a template, on a paper, in a format.

    Each is built when it is first asked for, in all its formats, for all processes of the tests.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shipped"
    folder.mkdir(exist_ok=True)

    def path(template: str, paper: Paper, name: str) -> Path:
        out = folder / f"{template} on {paper}"
        with (folder / f"{out.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not out.exists():
                request = Request(
                    project=ROOT,
                    out=out,
                    articles=(ARTICLE,),
                    templates=(template,),
                    formats=get_args(Format),
                    paper=paper,
                )
                assert not run(request, lambda *_: None).diagnostics
        options = {} if paper == "a4" else {"paper": paper}
        stem = f"{ARTICLE}-{template}"
        return out / ARTICLE / file_names.name_file(stem, options, FORMATS[name][0])

    return path


@pytest.fixture
def nothing_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Shipped templates of the test's own, in place of the real ones."""
    shipped = tmp_path / "shipped" / "templates"
    shipped.mkdir(parents=True)
    monkeypatch.setattr(layout, "locate_shipped_templates", lambda: shipped)
    return shipped


@pytest.fixture
def bench(tmp_path: Path, nothing_shipped: Path) -> Bench:
    """A project to print and compose a template in; no others are there."""
    return Bench(write_project(tmp_path / "project"))
