"""A file that comes back is known as the brief that was sent, or refused."""

from __future__ import annotations

import re

import pytest

from pipeline.diagnostics import Problems
from tests.support.editor import Editor, read_words, w
from tests.support.read_outputs import W
from tests.support.review_project import (
    ARTICLE_FILE,
    build_docx,
    commit_project,
    get_docx,
    list_left_over,
    merge_result,
    pull_files,
    remove_manifest,
    replace_texts,
    rewrite_article,
)


def without_styles(editor) -> bytes:
    """Save a file as a program does that writes out every style, and keeps no names."""
    for name in [n for n in editor.parts if n.startswith("customXml/")]:
        del editor.parts[name]
    for mark in list(editor.root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        mark.getparent().remove(mark)
    for style in list(editor.root.iter(f"{W}rStyle")):
        style.getparent().remove(style)
    for start in ("Ann ", "Bob ", "Words do", "More will"):
        for paragraph in [p for p in editor.root.iter(f"{W}p") if read_words(p).startswith(start)]:
            for run in paragraph.iter(f"{W}r"):
                properties = run.find(f"{W}rPr")
                if properties is None:
                    properties = w("rPr")
                    run.insert(0, properties)
                properties.insert(0, w("b"))
    return editor.save()


def test_a_file_without_its_manifest_is_refused_or_read_by_a_revision(project, editor):
    editor.replace("Nobody", "No one")
    commit_project(project)
    rewrite_article(project, "rain or shine", "come what may")
    data = remove_manifest(editor)

    with pytest.raises(Problems) as raised:
        pull_files(project, data)
    result = pull_files(project, data, revision="HEAD")

    assert [d.code for d in raised.value.diagnostics] == ["no-manifest"]
    article = merge_result(result)[ARTICLE_FILE]
    assert "No one doubts" in article
    assert "come what may" in article


@pytest.mark.parametrize("revision", ["none", "--output=x", "HEAD:content"])
def test_a_revision_that_is_none_is_refused(project, editor, revision):
    commit_project(project)
    with pytest.raises(Problems) as raised:
        pull_files(project, editor.save(), revision=revision)
    assert [d.code for d in raised.value.diagnostics] == ["unknown-revision"]


def test_a_manifest_that_was_changed_is_refused(project, editor):
    name = "customXml/item1.xml"
    editor.parts[name] = editor.parts[name].replace(b"Because", b"Therefore")
    with pytest.raises(Problems) as raised:
        pull_files(project, editor.save())
    assert [d.code for d in raised.value.diagnostics] == ["bad-manifest"]


def test_a_brief_that_withholds_who_spoke_cannot_come_back(project):
    data = build_docx(project, "per-question", chatham_house=True)
    with pytest.raises(Problems) as raised:
        pull_files(project, data)
    assert [d.code for d in raised.value.diagnostics] == ["not-for-pull"]


def test_a_brief_of_another_project_is_refused(project, editor):
    (project / "content/talk").rename(project / "content/chat")
    with pytest.raises(Problems) as raised:
        pull_files(project, editor.save())
    assert [d.code for d in raised.value.diagnostics] == ["unknown-article"]


def test_without_anchors_paragraphs_are_known_by_their_words(project):
    editor = Editor(get_docx("per-question", project))
    for mark in list(editor.root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        mark.getparent().remove(mark)
    editor.replace("Nobody", "No one")

    result = pull_files(project, editor.save())

    assert merge_result(result) == replace_texts((("article", "Nobody doubts", "No one doubts"),))
    assert "edited, re-anchored" in {entry.what for entry in result.entries}


def test_a_file_whose_styles_were_written_out_comes_back_by_a_revision(project):
    commit_project(project)
    editor = Editor(get_docx("policymaker-summary", project), "Ann")
    unedited = pull_files(project, without_styles(Editor(editor.save())), revision="HEAD")
    editor.replace("do bind", "surely bind")
    editor.replace("Archer", "Bowman")

    result = pull_files(project, without_styles(editor), revision="HEAD")

    assert (unedited.format_diff(), unedited.waits) == ("", False)
    assert merge_result(result) == replace_texts(
        (
            ("article", "name: Ann Archer", "name: Ann Bowman"),
            ("summary", '"Words do bind."', '"Words surely bind."'),
        )
    )
    assert not result.waits


@pytest.mark.parametrize("part", [{"questions": ("q2",)}, {"experts": ("ann",)}, {}])
def test_of_a_revision_the_part_that_the_file_shows_is_found(project, part):
    commit_project(project)
    editor = Editor(build_docx(project, "per-question", **part), "Ann")
    editor.replace("More words", "Many words")
    rewrite_article(project, "Bread is old", "Bread is young")

    result = pull_files(project, remove_manifest(editor), revision="HEAD")

    assert "Many words will come." in merge_result(result)[ARTICLE_FILE]
    assert "Bread is young" in merge_result(result)[ARTICLE_FILE]
    assert not result.waits


def test_a_revision_without_a_brief_like_the_file_is_refused(project, editor):
    commit_project(project)
    for paragraph in list(editor.root.iter(f"{W}p")):
        for run in paragraph.iter(f"{W}r"):
            for words in run.iter(f"{W}t"):
                words.text = "Other"

    with pytest.raises(Problems) as raised:
        pull_files(project, remove_manifest(editor), revision="HEAD")
    assert [d.code for d in raised.value.diagnostics] == ["no-such-brief"]


def test_a_brief_that_printed_signs_comes_back(project, editor):
    """Before they were refused, briefs were sent with them: `~~a~~`, `| b |`."""
    for name in [name for name in editor.parts if name.startswith("customXml/item1")]:
        editor.parts[name] = editor.parts[name].replace(b"Nobody knows", b"~~Nobody~~ **knows")
    del editor.parts["docProps/custom.xml"]
    for part in ("_rels/.rels", "[Content_Types].xml"):
        relation = rb"<(?:Relationship|Override)[^>]*custom\.xml[^>]*/>"
        editor.parts[part] = re.sub(relation, b"", editor.parts[part])
    editor.replace("Nobody knows", "~~Nobody~~ **knows")
    editor.replace("It rests", "It stands")

    result = pull_files(project, editor.save())

    assert list_left_over(result) == []
    assert "It stands with the weather" in merge_result(result)[ARTICLE_FILE]
