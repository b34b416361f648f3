"""The same content makes the same bytes: wherever, whenever and by whomever it is built."""

from pathlib import Path

import pytest

from tests.support.command import read_files, start_brief
from tests.support.workbench import write_project

pytestmark = pytest.mark.slow

TEMPLATES = ("-t", "per-expert", "-t", "policymaker-summary")
OTHER_TIME = """\
import time
now, local, utc, write = time.time, time.localtime, time.gmtime, time.strftime
time.time = lambda: now() + 4e7
time.localtime = lambda s=None: local(time.time() if s is None else s)
time.gmtime = lambda s=None: utc(time.time() if s is None else s)
time.strftime = lambda form, t=None: write(form, time.localtime() if t is None else t)
"""


def built(project: Path, profile: str, *options: str, **environment: str) -> dict[str, bytes]:
    write_project(project)
    result = start_brief(
        project, "build", *TEMPLATES, "--profile", profile, *options, **environment
    )
    assert result.returncode == 0, result.stderr
    return read_files(project / "out")


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> dict[str, dict[str, bytes]]:
    """What is built here and now, by profile."""
    profiles = ("screen", "print", "booklet", "archive")
    return {p: built(tmp_path_factory.mktemp(p), p, "-j", "1") for p in profiles}


@pytest.mark.parametrize("profile", ["screen", "print", "booklet", "archive"])
def test_elsewhere_and_at_another_time_for_another_user(here, tmp_path, profile):
    folder = tmp_path / "a folder" / "deep" / "below"
    folder.mkdir(parents=True)
    (tmp_path / "sitecustomize.py").write_text(OTHER_TIME, "utf-8")
    home = tmp_path / "home"
    home.mkdir()

    assert here[profile] == built(
        folder,
        profile,
        "--jobs",
        "2",
        TZ="Pacific/Chatham",
        LANG="tr_TR.UTF-8",
        LC_ALL="C",
        PYTHONHASHSEED="77",
        PYTHONPATH=str(tmp_path),
        SOURCE_DATE_EPOCH="86400",
        HOME=str(home),
        USER="nobody",
        LOGNAME="nobody",
    )


def test_with_the_other_formats_or_without(here, tmp_path):
    """What else is built beside a file leaves no trace in it, but in the manifest."""
    pdf = built(tmp_path / "pdf", "screen", "-f", "pdf")
    docx = built(tmp_path / "docx", "screen", "-f", "docx")
    both = here["screen"]

    assert {n: d for n, d in both.items() if n.endswith(".pdf")}.items() <= pdf.items()
    assert {n: d for n, d in both.items() if n.endswith(".docx")}.items() <= docx.items()


def test_again_after_something_was_changed_and_changed_back(here, tmp_path):
    first = built(tmp_path, "screen")
    house = tmp_path / "content" / "house.yaml"
    text = house.read_text("utf-8")
    house.write_text(text.replace("House of Words", "Other House"), "utf-8")
    assert start_brief(tmp_path, "build", *TEMPLATES).returncode == 0
    assert read_files(tmp_path / "out") != first

    house.write_text(text, "utf-8")
    assert start_brief(tmp_path, "build", *TEMPLATES).returncode == 0

    assert read_files(tmp_path / "out") == first == here["screen"]
