"""The house's logo is no picture of an article: an edit of it is told, and none is no edit."""

from __future__ import annotations

import pytest

from tests.support.editor import Editor
from tests.support.pictures import (
    describe_picture,
    drop_picture,
    make_image,
    replace_image,
    write_pictured,
)
from tests.support.review_project import TEMPLATES, TEXTS, build_docx, list_left_over, pull_files

HOUSE = "content/house.yaml"
LOGO = "logo: {file: logo.png, alt: The sign of the house}\n"


@pytest.fixture
def project(tmp_path):
    write_pictured(tmp_path)
    (tmp_path / HOUSE).write_text(TEXTS[HOUSE] + LOGO, "utf-8")
    (tmp_path / "content/logo.png").write_bytes(make_image(7))
    return tmp_path


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_file_with_a_logo_that_nobody_edited_changes_nothing(project, template):
    result = pull_files(project, build_docx(project, template))

    assert not result.after
    assert not result.waits


EDITS = {
    "picture removed": lambda e: drop_picture(e),
    "picture replaced": lambda e: replace_image(e, make_image(9)),
    "alternative text changed": lambda e: describe_picture(e, "Another"),
}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_of_the_logo_is_told_with_the_way_out(project, what):
    editor = Editor(build_docx(project, "per-question"))
    EDITS[what](editor)
    editor.replace("Nobody doubts", "No one doubts")

    result = pull_files(project, editor.save())

    assert list(result.after) == ["content/talk/article.md"]
    (entry,) = [e for e in result.entries if e.kind == "picture"]
    assert (entry.outcome, entry.what) == ("refused", what)
    assert list_left_over(result) == [
        ("refused", "the logo is the house's: change it under logo in house.yaml")
    ]
