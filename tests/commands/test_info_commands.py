"""`brief list` shows what there is, `brief doctor` what is missing."""

import re
from pathlib import Path

import pytest

from pipeline.render.contract import FORMATS, PROFILES
from pipeline.system import doctor
from pipeline.system.doctor import RequirementStatus
from tests.support.command import brief
from tests.support.workbench import write_draft_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a template of its own, `draft`."""
    return write_draft_project(tmp_path)


class TestList:
    def test_shows_what_there_is_to_build(self, project):
        result = brief(project, "list")

        assert (result.exit_code, result.stderr) == (0, "")
        groups = re.split(r"^(\w+):\n", result.stdout, flags=re.MULTILINE)[1:]
        assert groups[::2] == ["articles", "templates", "formats", "profiles"]
        articles, templates, formats, profiles = groups[1::2]
        assert articles.split(maxsplit=1) == ["words", "Words that matter\n"]
        assert (
            "  draft                A draft brief. Has parts by question and expert.\n" in templates
        )
        assert "  briefing-pack  " in templates
        assert [line.split()[0] for line in formats.splitlines()] == list(FORMATS)
        assert [line.split()[0] for line in profiles.splitlines()] == list(PROFILES)

    def test_goes_on_after_what_has_errors(self, project):
        (project / "content/words/article.md").write_text("nothing", "utf-8")
        (project / "templates/draft/template.yaml").write_text("nothing", "utf-8")

        result = brief(project, "list")

        assert result.exit_code == 1
        assert re.search(r"^  words +has errors$", result.stdout, re.MULTILINE)
        assert re.search(r"^  draft +has errors$", result.stdout, re.MULTILINE)
        assert "content/words/article.md:1:1: error: " in result.stderr
        assert "templates/draft/template.yaml" in result.stderr
        assert "per-expert" in result.stdout

    def test_without_content_shows_the_rest(self, tmp_path):
        result = brief(tmp_path, "list")

        assert result.exit_code == 1
        assert result.stdout.startswith("templates:\n")
        assert "error: there is no article here [no-content]" in result.stderr


@pytest.mark.parametrize(
    ("need", "ok", "code"),
    [
        ("required", True, 0),
        ("optional", False, 0),
        ("required", False, 1),
    ],
)
def test_doctor_fails_when_something_is_missing_that_must_be_there(
    project, monkeypatch, need, ok, code
):
    finding = RequirementStatus("Pango", ok, "1.50", need, "" if ok else "apt-get install pango")
    monkeypatch.setattr(doctor, "examine_machine", lambda: (finding,))

    result = brief(project, "doctor")

    assert result.exit_code == code
    assert result.output == doctor.format_requirements([finding]) + "\n"
