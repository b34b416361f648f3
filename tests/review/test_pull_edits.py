"""Real edits of a brief's DOCX, tracked, untracked, accepted, by two: what content becomes."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.support.beside import BESIDE, write_noted
from tests.support.editor import Editor, count_revisions
from tests.support.edits import EDITS, VALUES, edit_docx
from tests.support.read_outputs import W
from tests.support.review_project import (
    ANSWERS,
    TEMPLATES,
    build_docx,
    get_docx,
    merge_result,
    pull_files,
    replace_texts,
    write_project,
)

MODES = ("tracked", "untracked", "accepted", "two")
QUICK = ("per-question", "policymaker-summary")
"""The templates on which every edit is made each time; the others are slow together."""


def matrix(templates, modes):
    """Yield templates with modes; most pairs are slow."""
    for template in templates:
        for mode in modes:
            quick = template in QUICK and mode in ("tracked", "untracked")
            yield pytest.param(template, mode, marks=() if quick else pytest.mark.slow)


def check_ledger(result, data: bytes) -> None:
    """Compare the ledger's numbers with what stands in the file."""
    kinds = Counter(entry.kind for entry in result.entries)
    assert kinds["revision"] == count_revisions(data)
    assert kinds["paragraph"] >= len(list(Editor(data).body.iter(f"{W}p")))
    assert all(entry.reason for entry in result.entries if entry.is_left_over)


@pytest.mark.parametrize(("template", "mode"), list(matrix(ANSWERS, MODES)))
@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_an_answer_becomes_the_same_edit_of_the_article(tmp_path, name, template, mode):
    edit, changes = EDITS[name]
    data = edit_docx(get_docx(template, write_project(tmp_path)), edit, mode)

    result = pull_files(tmp_path, data)

    wanted = list(changes)
    if mode == "two":
        wanted.append(("article", "short_title: Small talk", "short_title: Small words"))
    assert merge_result(result) == replace_texts(tuple(wanted))
    assert [e for e in result.entries if e.is_left_over] == []
    check_ledger(result, data)


@pytest.mark.parametrize(
    ("template", "mode"), list(matrix(("policymaker-summary", "briefing-pack"), MODES[:3]))
)
@pytest.mark.parametrize("name", VALUES)
def test_an_edit_of_a_value_is_written_where_the_value_is(tmp_path, name, template, mode):
    edit, changes = VALUES[name]
    data = edit_docx(get_docx(template, write_project(tmp_path)), edit, mode)

    result = pull_files(tmp_path, data)

    assert merge_result(result) == replace_texts(tuple(changes))
    assert [e for e in result.entries if e.is_left_over] == []
    check_ledger(result, data)


@pytest.mark.soak
@pytest.mark.parametrize("mode", MODES[:3])
@pytest.mark.parametrize("template", ANSWERS)
@pytest.mark.parametrize("name", BESIDE)
def test_an_edit_beside_the_words_is_taken_or_told(tmp_path, name, template, mode):
    edit, told = BESIDE[name]
    sent = build_docx(write_noted(tmp_path / "project"), template, with_notes=True)

    result = pull_files(tmp_path / "project", edit_docx(sent, edit, mode))

    kinds = ("picture", "formatting", "comment")
    beside = [e for e in result.entries if e.kind in kinds and e.outcome != "unchanged"]
    assert [(entry.outcome, entry.what) for entry in beside] == told


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_brief_that_nobody_edited_changes_nothing(tmp_path, template):
    result = pull_files(tmp_path, get_docx(template, write_project(tmp_path)))

    assert result.format_diff() == ""
    assert not result.waits
    assert {entry.outcome for entry in result.entries} == {"unchanged"}
