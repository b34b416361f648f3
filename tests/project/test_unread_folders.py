"""A folder that looks like an article and is none is told, with the reason."""

from pathlib import Path

import pytest

from tests.support.command import brief
from tests.support.workbench import write_draft_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with an article, and a folder in which another's summary.yaml stands alone."""
    write_draft_project(tmp_path)
    (tmp_path / "content/half").mkdir()
    (tmp_path / "content/half/summary.yaml").touch()
    (tmp_path / "content/pictures").mkdir()
    return tmp_path


def test_is_told_by_list_and_by_each_build(project):
    told = "content/half/summary.yaml: warning: `half` is no article: it has no article.md"

    assert told in brief(project, "list").stderr
    for _ in range(2):
        result = brief(project, "build", "-t", "draft", "-f", "tree")
        assert result.exit_code == 0
        assert told in result.stderr
        assert "pictures" not in result.stderr


def test_is_the_reason_why_there_is_no_such_article(project):
    (project / "content/half/summary.yaml").rename(project / "content/half/Article.md")

    result = brief(project, "build", "half")

    assert result.exit_code == 2
    assert "hint: call `Article.md` article.md" in result.stderr
