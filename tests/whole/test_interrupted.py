"""A build that is killed or out of room leaves whole files, and the next one finishes."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.command import has_ended, read_files, start_brief
from tests.support.workbench import DRAFT, write_draft_project, write_template

MOMENTS = int(os.environ.get("BRIEF_MOMENTS", "6"))
"""How often a build is killed; by hand, a hundred times."""
ORDER = ("build", "-t", "draft", "-f", "html", "-f", "tree", "--split", "expert")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose `draft` has two parts."""
    return write_draft_project(tmp_path, "splits: [expert]\n")


def started(project: Path, *options: str, **popen) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", *ORDER, *options],
        cwd=project,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **popen,
    )


def edit(project: Path, word: str) -> None:
    write_template(
        project, "draft", DRAFT.replace("<h1>", f"<p>{word}</p><h1>"), "splits: [expert]\n"
    )


def whole(folder: Path) -> bool:
    """Return whether a folder's manifest is that of its files."""
    listed = json.loads((folder / "manifest.json").read_text("utf-8"))["outputs"]
    return all(
        hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
        for entry in listed
    )


@pytest.mark.slow
def test_killed_at_any_moment_every_file_is_the_old_or_the_new_one(project):
    edit(project, "even")
    assert start_brief(project, *ORDER).returncode == 0
    editions = [read_files(project / "out")]
    edit(project, "odd")
    began = time.monotonic()
    assert start_brief(project, *ORDER).returncode == 0
    takes = time.monotonic() - began
    editions.append(read_files(project / "out"))
    chance = random.Random(5)

    for moment in range(MOMENTS):
        edit(project, ("even", "odd")[moment % 2])
        build = started(project, "--jobs", str(1 + moment % 2))
        time.sleep(chance.uniform(0.2, 1.1) * takes)
        os.killpg(build.pid, signal.SIGKILL)
        build.wait()

        for name, data in read_files(project / "out").items():
            known = [edition.get(name) for edition in editions]
            # What was not moved into its place yet is hidden, and nobody's.
            is_whole = data in known or name == "words/manifest.json" or "/." in name
            assert is_whole, (moment, name)
        json.loads((project / "out/words/manifest.json").read_text("utf-8"))

        assert start_brief(project, *ORDER).returncode == 0
        assert read_files(project / "out") == editions[moment % 2], moment


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_without_its_parent_no_process_goes_on(project):
    words = "<p>" + "Word after word. " * 20_000 + "</p></body>"
    write_template(project, "draft", DRAFT.replace("</body>", words), "splits: [expert]\n")
    build = started(project, "-f", "pdf", "--jobs", "2")
    children = Path(f"/proc/{build.pid}/task/{build.pid}/children")
    while len(children.read_text().split()) < 2:
        time.sleep(0.01)

    os.kill(build.pid, signal.SIGKILL)
    build.wait()

    assert has_ended(build.pid)
    assert read_files(project / "out") == {}


@pytest.mark.slow
def test_two_builds_at_once_in_one_folder_do_not_harm_each_other(project):
    for word in ("one", "two"):
        edit(project, word)
        builds = [started(project, "--jobs", jobs) for jobs in ("1", "2", "1")]

        assert [build.wait() for build in builds] == [0, 0, 0]
        assert whole(project / "out/words")
        assert "0 files in" in start_brief(project, *ORDER).stdout
        assert not list((project / "out").rglob(".*"))


def test_what_a_killed_build_left_is_swept_away(project):
    left = project / "out/words/.words-draft-ada.html.4321"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half of it")

    assert start_brief(project, *ORDER).returncode == 0

    assert not left.exists()


def test_without_room_there_is_an_error_and_the_old_files(project):
    assert start_brief(project, *ORDER).returncode == 0
    before = read_files(project / "out")
    edit(project, "new")
    no_room = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))"
    script = f"{no_room}; import pipeline.cli; pipeline.cli.main({list(ORDER)!r})"
    assert max(map(len, before.values())) > 100_000

    result = subprocess.run(
        [sys.executable, "-c", script], cwd=project, capture_output=True, text=True, check=False
    )

    assert result.returncode == 1
    assert "error: cannot write here: file too large [unwritable]" in result.stderr
    assert "make room on the disk" in result.stderr
    assert read_files(project / "out") == before
