"""A program does with a project what the command line does, through ``Project``."""

import os
import subprocess
import sys
import typing
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from pipeline import Project
from pipeline.look.theme import PAPER
from pipeline.project.choices import Format, Paper, Profile
from pipeline.render.contract import FORMATS, PROFILES
from pipeline.request import BuildOptions, Request, UsageError
from tests.support.command import brief, read_files
from tests.support.workbench import write_draft_project

HEAVY = {"weasyprint", "docx", "lxml", "PIL", "fontTools", "jinja2", "markdown_it", "yaml"}
HEAVY |= {"tinycss2", "click", "multiprocessing", "concurrent", "asyncio", "pikepdf", "resiliparse"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a template of its own, `draft`."""
    return write_draft_project(tmp_path)


def test_what_a_program_builds_is_what_the_command_builds(project):
    options = ["-t", "draft", "-f", "docx", "-f", "tree"]
    assert brief(project, "build", *options, "--out", "commanded").exit_code == 0

    result = Project(project).build(templates=("draft",), formats=("docx", "tree"))

    files = read_files(project / "out")
    assert {Path(output.file).name for output in result.outputs} < {Path(n).name for n in files}
    assert files == read_files(project / "commanded")


def test_progress_is_told_and_what_is_fresh_is_kept(project):
    steps: list[tuple[str, int, int]] = []
    built = Project(project).build(
        lambda *step: steps.append(step), templates=("draft",), formats=("tree",)
    )

    again = Project(project).build(templates=("draft",), formats=("tree",))

    assert steps == [("", 0, 1), ("words-draft", 1, 1)]
    assert again.outputs == ()
    assert again.kept == tuple(output.file for output in built.outputs)


def test_no_process_is_started_that_was_not_asked_for(project, monkeypatch):
    monkeypatch.setattr(BaseProcess, "start", lambda _: pytest.fail("a process was started"))

    built = Project(project).build(templates=("draft",), formats=("pdf", "docx", "html", "tree"))

    assert len(built.outputs) == 4
    Project(project).check(families=("content",))


def test_what_there_is_is_listed_with_what_it_is(project):
    listing = Project(project).list()

    assert dict(listing.articles) == {"words": "Words that matter"}
    assert {"draft", "per-question"} <= listing.templates.keys()
    assert listing.diagnostics == ()


def test_an_article_is_imported_checked_and_edited_words_come_back(tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "house.yaml").write_text("name: A House\n", "utf-8")
    text = tmp_path / "talk.txt"
    text.write_text(
        "A short talk\n\nWhy do words matter?\n\nANN ARCHER: Because words bind us all.\n\n"
        "BOB BAKER: Because they are all that is left.\n\nWhat is done?\n\n"
        "ANN ARCHER: Very little, and late.\n\nBOB BAKER: More than one sees at first.\n",
        "utf-8",
    )
    project = Project(tmp_path)

    imported = project.import_article(str(text), slug="talk", accept=True)
    built = project.build(templates=("per-question",), formats=("docx",))
    pulled = project.pull([Path(output.file) for output in built.outputs])

    assert not imported.waits
    assert project.check(families=("content",)).articles == 1
    assert (pulled.article, pulled.after) == ("talk", {})


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"formats": ("pfd",)}, "unknown-format"),
        ({"profile": "prnt"}, "unknown-profile"),
        ({"paper": "a9"}, "unknown-paper"),
        ({"split": "answer"}, "unknown-split"),
        ({"articles": ("nope",)}, "unknown-article"),
        ({"templates": ("nope",)}, "unknown-template"),
    ],
)
def test_what_does_not_exist_is_named(project, options, code):
    with pytest.raises(UsageError) as caught:
        Project(project).build(**options)

    assert [found.code for found in caught.value.diagnostics] == [code]


def test_the_options_of_a_build_are_those_of_a_request():
    fields = typing.get_type_hints(Request)
    del fields["project"]

    assert typing.get_type_hints(BuildOptions) == fields


def test_what_can_be_chosen_is_what_there_is():
    assert typing.get_args(Format) == tuple(FORMATS)
    assert typing.get_args(Profile) == tuple(PROFILES)
    assert typing.get_args(Paper) == tuple(PAPER)


@pytest.mark.parametrize(
    "script",
    ["from pipeline import Project", "import pipeline.cli; pipeline.cli.main(['--help'])"],
)
def test_a_program_that_asks_for_nothing_imports_nothing_heavy(script):
    report = "print('loaded:', *{name.partition('.')[0] for name in sys.modules})"
    program = f"import sys\ntry:\n    {script}\nfinally:\n    {report}\n"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True
    )

    loaded = set(done.stdout.rpartition("loaded:")[2].split())
    assert "pipeline" in loaded
    assert loaded & (HEAVY - ({"click"} if "cli" in script else set())) == set()
