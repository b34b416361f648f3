"""The content's own notes in a brief that was made with them, and what an editor does to them."""

from __future__ import annotations

import lxml.etree
import pytest
import yaml

from tests.support.editor import Editor
from tests.support.read_outputs import W
from tests.support.review_project import ARTICLE, ARTICLE_FILE, build_docx, pull_files

NOTED = ARTICLE.replace("rain or shine,", "rain or shine%%Source?%%,").replace(
    "- Salt is older.", "- Salt is older. %%Source?%%"
)
REVIEW = "content/talk/reviews/edited.yaml"


@pytest.fixture
def editor(project):
    """An editor with a brief that has two notes of the same words."""
    (project / ARTICLE_FILE).write_text(NOTED, "utf-8")
    return Editor(build_docx(project, "per-question", with_notes=True), "Ann Editor")


def delete_comment(editor: Editor, number: int) -> None:
    name = "word/comments.xml"
    root = lxml.etree.fromstring(editor.parts[name])
    root.remove(next(c for c in root if c.get(f"{W}id") == str(number)))
    editor.parts[name] = lxml.etree.tostring(root)
    kinds = ("commentRangeStart", "commentRangeEnd", "commentReference")
    for mark in list(editor.root.iter(*(f"{W}{kind}" for kind in kinds))):
        if mark.get(f"{W}id") == str(number):
            mark.getparent().remove(mark)


def read_review(result):
    return yaml.safe_load(result.after[REVIEW])["comments"]


def list_comments(result) -> list[tuple[str, str]]:
    return sorted((e.outcome, e.what) for e in result.entries if e.kind == "comment")


@pytest.mark.parametrize("place", ["Nobody knows", "rain or shine"])
def test_an_editor_s_comment_with_a_note_s_words_is_the_editor_s(project, editor, place):
    editor.comment(place, "Source?")

    result = pull_files(project, editor.save())

    assert [(c["author"], c["text"]) for c in read_review(result)] == [("Ann Editor", "Source?")]
    assert list_comments(result) == [("applied", ""), ("unchanged", ""), ("unchanged", "")]
    assert not result.waits


def test_a_note_that_was_deleted_is_told_though_its_words_are_written_elsewhere(project, editor):
    delete_comment(editor, 1)
    editor.comment("Nobody knows", "Source?")

    result = pull_files(project, editor.save())

    assert list_comments(result) == [
        ("applied", ""),
        ("refused", "note deleted"),
        ("unchanged", ""),
    ]
    assert [(c.get("note"), c.get("deleted")) for c in read_review(result)] == [
        (None, None),
        (f"{ARTICLE_FILE}:36:1", True),
    ]
    (left,) = [e for e in result.entries if e.is_left_over]
    assert left.reason.endswith(f"{ARTICLE_FILE}:36:1")


def test_a_note_that_was_resolved_is_told_until_the_content_is_without_it(project, editor):
    editor.thread(0, resolved=True)
    editor.thread(1, resolved=True)

    result = pull_files(project, editor.save())

    assert list_comments(result) == [("refused", "note resolved")] * 2
    assert [c["resolved"] for c in read_review(result)] == [True, True]

    (project / ARTICLE_FILE).write_text(ARTICLE, "utf-8")
    again = pull_files(project, editor.save())
    assert list_comments(again) == [("already there", "note resolved")] * 2
    assert not again.waits


def test_an_answer_to_a_note_comes_with_the_note(project, editor):
    editor.comment("rain or shine", "The almanac.", answers=1)

    result = pull_files(project, editor.save())

    assert [(c["id"], c.get("answers"), c["text"]) for c in read_review(result)] == [
        (1, None, "Source?"),
        (2, 1, "The almanac."),
    ]
    assert not result.waits


def test_a_note_that_was_rewritten_is_told(project, editor):
    name = "word/comments.xml"
    editor.parts[name] = editor.parts[name].replace(b"Source?", b"Which source?", 1)

    result = pull_files(project, editor.save())

    assert list_comments(result) == [("refused", "note changed"), ("unchanged", "")]
    assert [(c["text"], c["changed"]) for c in read_review(result)] == [
        ("Which source?", "Source?")
    ]


def test_notes_whose_names_and_dates_a_program_took_out_are_the_notes(project, editor):
    name = "word/comments.xml"
    root = lxml.etree.fromstring(editor.parts[name])
    for comment in root:
        comment.set(f"{W}author", "Author")
        del comment.attrib[f"{W}date"]
    editor.parts[name] = lxml.etree.tostring(root)

    result = pull_files(project, editor.save())

    assert list_comments(result) == [("unchanged", "")] * 2
    assert result.format_diff() == ""
