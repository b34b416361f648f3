"""Tables with other columns, another head, or in two pieces: told, and the content stays."""

from __future__ import annotations

import copy

import pytest

from tests.support.editor import Editor, text, w
from tests.support.read_outputs import W
from tests.support.review_project import build_docx, pull_files, write_project
from tests.support.review_tables import (
    ARTICLE,
    PROJECT,
    ROWS,
    find_cell,
    find_rows,
    make_row,
    pull,
    remove_row,
    replace_row,
    swap_paragraphs,
)

CHANGED = replace_row(ROWS[3], "| *Ystad*   | 23     |               |")
COLUMNS = "a table's columns are changed in article.md"
PARTED = "a table is divided or joined with another in article.md"


@pytest.fixture(scope="module")
def docx(tmp_path_factory):
    return build_docx(write_project(tmp_path_factory.mktemp("built"), PROJECT), "per-question")


@pytest.fixture
def project(tmp_path):
    return write_project(tmp_path, PROJECT)


def list_cells(editor, column):
    return [row.findall(f"{W}tc")[column - 1] for row in find_rows(editor)]


def drop_bookmarks(element):
    for mark in list(element.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        mark.getparent().remove(mark)
    return element


def add_column(editor, before):
    for cell in list_cells(editor, before):
        new = drop_bookmarks(copy.deepcopy(cell))
        for words in new.iter(f"{W}t"):
            words.text = "new"
        cell.addprevious(new)


def remove_column(editor, column):
    for cell in list_cells(editor, column):
        if editor.author:
            set_property(cell, editor.change("cellDel"))
        else:
            cell.getparent().remove(cell)


def swap_columns(editor):
    for one, other in zip(list_cells(editor, 1), list_cells(editor, 2), strict=True):
        other.addnext(one)


def set_property(cell, element):
    if cell.find(f"{W}tcPr") is None:
        cell.insert(0, w("tcPr"))
    cell.find(f"{W}tcPr").append(element)


def merge_across(editor):
    one, other = find_rows(editor)[1].findall(f"{W}tc")[:2]
    one.extend(other.findall(f"{W}p"))
    other.getparent().remove(other)
    set_property(one, w("gridSpan", val="2"))


def merge_down(editor):
    one, other = list_cells(editor, 2)[1:3]
    one.extend(other.findall(f"{W}p"))
    other.append(w("p"))
    set_property(one, w("vMerge", val="restart"))
    set_property(other, w("vMerge"))


def divide_table(editor):
    table = find_rows(editor)[0].getparent()
    other = copy.deepcopy(table)
    for row in other.findall(f"{W}tr")[:2]:
        other.remove(row)
    for row in table.findall(f"{W}tr")[2:]:
        table.remove(row)
    table.addnext(w("p"))
    table.getnext().addnext(other)


SHAPES = {
    "the first column went": (lambda e: remove_column(e, 1), COLUMNS, "port ¶ Rønne"),
    "the last one went": (lambda e: remove_column(e, 3), COLUMNS, "note ¶ small"),
    "a new first one": (lambda e: add_column(e, 1), COLUMNS, "new: new ¶ new"),
    "a new second one": (lambda e: add_column(e, 2), COLUMNS, "new: new ¶ new"),
    "columns that changed places": (swap_columns, COLUMNS, "port ¶ berths"),
    "cells merged in a row": (merge_across, COLUMNS, "port ¶ berths"),
    "cells merged downwards": (merge_down, COLUMNS, "port ¶ berths"),
    "a table in two": (divide_table, PARTED, "port ¶ berths"),
}


@pytest.mark.parametrize(("edit", "reason", "words"), SHAPES.values(), ids=SHAPES)
def test_a_table_in_another_shape_is_told_once_and_stays(project, docx, edit, reason, words):
    editor = Editor(docx)
    edit(editor)

    result = pull_files(project, editor.save())

    assert not result.after
    (entry,) = [e for e in result.entries if e.is_left_over and e.kind != "paragraph"]
    assert entry.outcome == "refused"
    assert entry.reason.startswith(reason)
    assert "article.md#q2.bob.3" in entry.reason
    assert words in entry.words


@pytest.mark.parametrize(("edit", "reason", "words"), SHAPES.values(), ids=SHAPES)
def test_what_else_was_changed_in_such_a_table_is_told(project, docx, edit, reason, words):
    editor = Editor(docx)
    editor.replace("22", "23")
    edit(editor)

    result = pull_files(project, editor.save())

    assert not result.after
    left = [e for e in result.entries if e.is_left_over and e.kind != "paragraph"]
    assert "22 → 23" in [entry.words for entry in left]
    assert all(entry.reason.startswith(reason) for entry in left)


def test_a_tracked_deletion_of_a_column_is_told_change_by_change(project, docx):
    editor = Editor(docx, "Ann Editor")
    remove_column(editor, 1)

    result = pull_files(project, editor.save())

    assert not result.after
    left = [e for e in result.entries if e.is_left_over and e.kind != "paragraph"]
    assert [entry.words for entry in left] == ["port", "Rønne", "Ystad", "Trelleborg"]
    assert all(entry.reason.startswith(COLUMNS) for entry in left)


def test_two_cells_whose_words_changed_places_are_no_columns(project, docx):
    editor = Editor(docx)
    swap_paragraphs(find_cell(editor, 4, 1), find_cell(editor, 4, 2))

    article, left = pull(project, editor)

    assert left == []
    assert "| 9          | Trelleborg | for a \\| b |\n" in article


def put_noted_row(editor):
    rows = find_rows(editor)
    rows[3].addnext(make_row(editor, rows[3], "Åhus", "2", "noted"))
    editor.footnote("noted", "Another note.")


def put_row_above(editor):
    rows = find_rows(editor)
    rows[0].addprevious(make_row(editor, rows[3], "Above", "", ""))


def move_head(editor):
    rows = find_rows(editor)
    rows[2].addnext(rows[0])


ROW_EDITS = {
    "a head that went": (
        lambda e: remove_row(e, find_rows(e)[0]),
        "a table and its head are taken out",
        "deleted: port ¶ berths ¶ note",
    ),
    "a row above the head": (put_row_above, "the head stays the first row", "new: Above"),
    "a head that moved down": (move_head, "the head stays the first row", "port ¶ berths ¶ note"),
    "a row with a footnote": (
        put_noted_row, "a new row with a footnote", "new: Åhus ¶ 2 ¶ noted [Another note.]",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "reason", "words"), ROW_EDITS.values(), ids=ROW_EDITS)
def test_cells_come_although_a_row_is_refused(project, docx, edit, reason, words):
    editor = Editor(docx)
    editor.replace("22", "23")
    find_cell(editor, 3, 3).append(w("r", text("none")))
    edit(editor)

    result = pull_files(project, editor.save())

    (article,) = result.after.values()
    assert article == CHANGED.replace("23     |               |", "23     | none          |")
    (entry,) = [e for e in result.entries if e.is_left_over and e.kind != "paragraph"]
    assert entry.reason.startswith(reason)
    assert "article.md#q2.bob.3" in entry.reason
    assert entry.words == words


def test_a_table_whose_head_says_nothing_comes_back(tmp_path, docx):
    bare = ARTICLE.replace(ROWS[0], "|           |        |               |")
    project = write_project(tmp_path, {**PROJECT, "content/talk/article.md": bare})
    editor = Editor(build_docx(project, "per-question"))
    editor.replace("22", "23")

    result = pull_files(project, editor.save())

    assert result.after == {"content/talk/article.md": bare.replace("22", "23")}
    assert not result.waits
