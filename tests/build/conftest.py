"""What the tests of building begin with."""

from pathlib import Path

import pytest

from tests.support.workbench import DRAFT, write_draft_project, write_template


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with two templates of its own: `draft`, which has parts, and `whole`."""
    write_draft_project(tmp_path)
    write_template(tmp_path, "whole", DRAFT)
    return tmp_path
