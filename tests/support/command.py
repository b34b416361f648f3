"""The whole command on a small project, and what it said, wrote and left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import chdir, suppress
from pathlib import Path
from typing import Any

import click.testing

from pipeline.cli import main


def brief(project: Path, *arguments: str) -> click.testing.Result:
    """Run a command in this process, in the project's folder."""
    with chdir(project):
        return click.testing.CliRunner().invoke(main, arguments)


def start_brief(
    project: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, in the project's folder."""
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments],
        cwd=project,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def build_reported(project: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Run a build that reports to a program; return the exit code and the report."""
    result = brief(project, "build", "--report", "json", *arguments)
    return result.exit_code, json.loads(result.stdout)


def has_ended(group: int, seconds: float = 60) -> bool:
    """Return whether the processes of a group come to an end, as they do soon after their parent.

    One that ended and that nobody has waited for yet is no process any more.
    """
    deadline = time.monotonic() + seconds
    while runs := _runs(group):
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return not runs


def _runs(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):  # macOS says the latter of one that ended
        return False
    stats = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has gone meanwhile
            stats.append(file.read_text("utf-8", "replace").rpartition(")")[2].split())
    return not stats or any(of == str(group) and state != "Z" for state, _, of, *_ in stats)


def read_files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, hidden ones too, with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
