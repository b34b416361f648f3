"""What git knows of a project: which files have changes, and what an edition held.

The project may come from strangers, so git is asked to run nothing of it: no monitor, no hook.
"""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.diagnostics import Location, make_problem

_QUIET: Final = (
    "git", "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null",
)  # fmt: skip
MOST_BYTES: Final = 500_000_000
"""How many bytes the content and the templates of a revision may have."""


def list_uncommitted(project: Path, names: Sequence[str]) -> list[str]:
    """Return those files whose content git does not have; none where there is no git."""
    if not names:
        return []
    try:
        finished = subprocess.run(
            [
                *_QUIET,
                "status",
                "--porcelain=v1",
                "-z",
                "--untracked-files=all",
                "--ignored",
                "--",
                *names,
            ],
            cwd=project,
            capture_output=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return []
    found = {entry[3:] for entry in finished.stdout.decode("utf-8", "replace").split("\0") if entry}
    return [name for name in names if any(path.endswith(name) for path in found)]


def checkout_revision(project: Path, revision: str, folder: Path) -> None:
    """Put the content and the templates of a revision into a folder.

    Raises Problems (``unknown-revision``).
    """
    missing = make_problem(
        "unknown-revision",
        f"git has no revision `{revision}` of this project",
        None,
        "name a commit, a tag or a branch: `git log --oneline -- content` lists some",
    )
    if revision.startswith("-"):
        raise missing
    folders: list[str] = []
    try:
        for name in ("content", "templates"):
            command = [*_QUIET, "cat-file", "-e", f"{revision}:./{name}"]
            if subprocess.run(command, cwd=project, capture_output=True).returncode == 0:
                folders.append(name)
        if "content" not in folders:
            raise missing
        archive = _read_archive(
            project, [*_QUIET, "archive", "--format=zip", "-0", revision, "--", *folders]
        )
    except (OSError, subprocess.CalledProcessError):
        raise missing from None
    # A link comes out as a file with its target's name in it, so that it leads nowhere.
    with zipfile.ZipFile(io.BytesIO(archive)) as package:
        package.extractall(folder)


def _read_archive(project: Path, command: Sequence[str]) -> bytes:
    """Run a command and return what it writes, within bounds."""
    with subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as running:
        assert running.stdout
        data = running.stdout.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            running.kill()
            raise make_problem(
                "too-large",
                f"the content of the revision has over {MOST_BYTES // 1_000_000} MB",
                Location(str(project)),
            )
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, command)
    return data
