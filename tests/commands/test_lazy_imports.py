"""A command imports what it needs and no more, so that it starts quickly."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import brief
from tests.support.workbench import write_draft_project, write_template


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a template of its own, `draft`."""
    return write_draft_project(tmp_path)


LIBRARIES = {"weasyprint", "docx", "lxml", "PIL", "fontTools"}
PROCESSES = {"multiprocessing", "concurrent", "asyncio"}
READING = {"jinja2", "markdown_it", "yaml", "tinycss2"}


def loaded(project: Path, *arguments: str) -> set[str]:
    """Return the packages that a command has imported by its end."""
    script = (
        "import sys, pipeline.cli\n"
        f"try: pipeline.cli.main({list(arguments)!r})\n"
        "finally: print('loaded:', *{name.partition('.')[0] for name in sys.modules})\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project,
        env={k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")},  # it loads much
        capture_output=True,
        text=True,
        check=False,
    )
    return set(result.stdout.rpartition("loaded:")[2].split())


class TestWhatIsLoaded:
    @pytest.mark.parametrize(
        "arguments",
        [["--help"], ["build", "--help"], ["list", "--help"], ["--version"], ["build", "-x"]],
    )
    def test_help_reads_nothing(self, project, arguments):
        modules = loaded(project, *arguments)

        assert "click" in modules
        assert not modules & (LIBRARIES | PROCESSES | READING)

    @pytest.mark.parametrize("arguments", [["build"], ["build", "nope"], ["list"]])
    def test_a_failing_command_sets_nothing(self, project, arguments):
        write_template(project, "wrong", "{{ nothing }}")
        (project / "templates/wrong/template.yaml").write_text("title: Wrong\n", "utf-8")

        modules = loaded(project, *arguments)

        assert "jinja2" in modules
        assert not modules & LIBRARIES

    def test_a_build_with_nothing_to_do_reads_prints_and_sets_nothing(self, project):
        arguments = ["build", "-t", "draft", "-f", "tree", "--marking", "TLP:RED"]
        brief(project, *arguments)

        modules = loaded(project, *arguments)

        assert "click" in modules
        assert not modules & (LIBRARIES | PROCESSES | READING)

    @pytest.mark.parametrize("jobs", [["--jobs", "1", "--split", "expert"], ["--jobs", "8"]])
    def test_one_brief_or_one_job_starts_no_processes(self, project, jobs):
        modules = loaded(project, "build", "-t", "draft", "-f", "tree", *jobs)

        assert not modules & (PROCESSES | LIBRARIES)
