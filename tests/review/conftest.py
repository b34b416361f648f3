"""What the tests of edited files start from: a project, and an editor with a brief of it."""

from pathlib import Path

import pytest

from tests.support.editor import Editor
from tests.support.review_project import get_docx, write_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one article, `talk`, as it was when its briefs were sent."""
    return write_project(tmp_path)


@pytest.fixture
def editor(project: Path) -> Editor:
    """An editor named Ann, with the brief by question before her."""
    return Editor(get_docx("per-question", project), "Ann Editor")
