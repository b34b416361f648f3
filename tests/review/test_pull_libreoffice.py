"""Briefs that were opened and saved in LibreOffice, edited or not."""

from __future__ import annotations

import shutil

import pytest

from tests.support.beside import BESIDE, write_noted
from tests.support.edits import EDITS, VALUES, edit_docx
from tests.support.libreoffice import save_as_docx
from tests.support.review_project import (
    ANSWERS,
    TEMPLATES,
    build_docx,
    get_docx,
    list_left_over,
    merge_result,
    pull_files,
    replace_texts,
    write_project,
)
from tests.support.structure import ANSWER, ENTRIES, STATEMENTS, STRUCTURE, replace_parts

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not there"),
]
NOT_KEPT = {("link removed as a field", "tracked"), ("move on marks only", "tracked")}
"""What LibreOffice itself drops as it opens a file: fields and moves that it does not track."""


def test_edits_come_back_through_libreoffice(tmp_path):
    cases = {
        f"{number}-{mode}": (template, name, mode)
        for mode in ("tracked", "untracked")
        for table, template in ((EDITS, ANSWERS[0]), (VALUES, "policymaker-summary"))
        for number, name in enumerate(table, 0 if table is EDITS else 100)
        if (name, mode) not in NOT_KEPT
    }
    project = write_project(tmp_path)
    files = save_as_docx(
        tmp_path,
        {
            id: edit_docx(get_docx(template, project), {**EDITS, **VALUES}[name][0], mode)
            for id, (template, name, mode) in cases.items()
        },
    )

    wrong = []
    for id, (_, name, mode) in cases.items():
        result = pull_files(project, files[id])
        wanted = replace_texts(tuple({**EDITS, **VALUES}[name][1]))
        if merge_result(result) != wanted or result.waits:
            wrong.append((name, mode))
            print(name, mode, result.format_diff(), [e for e in result.entries if e.is_left_over])

    assert wrong == []


def test_briefs_that_nobody_edited_come_back_as_they_were(tmp_path):
    project = write_project(tmp_path)

    files = save_as_docx(
        tmp_path, {template: get_docx(template, project) for template in TEMPLATES}
    )

    for template in TEMPLATES:
        result = pull_files(project, files[template])
        assert (template, result.format_diff(), result.waits) == (template, "", False)


def test_what_stands_beside_the_words_comes_back_through_libreoffice(tmp_path):
    project = write_noted(tmp_path / "project")
    sent = build_docx(project, "per-question", with_notes=True)
    names = {f"{number}": name for number, name in enumerate(BESIDE)}
    files = save_as_docx(
        tmp_path, {id: edit_docx(sent, BESIDE[name][0], "untracked") for id, name in names.items()}
    )

    told = {}
    for id, name in names.items():
        entries = pull_files(project, files[id]).entries
        told[name] = [(e.outcome, e.what) for e in entries if e.outcome != "unchanged"]

    assert told == {name: wanted for name, (_, wanted) in BESIDE.items()}


def test_edits_of_structure_come_back_through_libreoffice(tmp_path):
    project = write_project(tmp_path, STRUCTURE)
    cases = {
        f"{kind}-{number}-{mode}": (template, kind, name, edits[name][:2], mode)
        for mode in ("tracked", "untracked")
        for kind, edits, template in (
            ("summary", STATEMENTS, "policymaker-summary"),
            ("summary", ENTRIES, "briefing-pack"),
            ("article", ANSWER, "per-question"),
        )
        for number, name in enumerate(edits, 100 if edits is ENTRIES else 0)
    }
    sent = {t: build_docx(project, t) for t in {template for template, *_ in cases.values()}}
    files = save_as_docx(
        tmp_path,
        {id: edit_docx(sent[t], edit, mode) for id, (t, *_, (edit, _), mode) in cases.items()},
    )

    wrong = []
    for id, (_, kind, name, (_, changes), mode) in cases.items():
        result = pull_files(project, files[id])
        if merge_result(result, STRUCTURE) != replace_parts(kind, changes) or list_left_over(
            result
        ):
            wrong.append((name, mode))
            print(name, mode, result.format_diff(), list_left_over(result))

    assert wrong == []
