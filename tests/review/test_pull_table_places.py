"""A change of a table goes into that table, wherever it stands by now, and into no other."""

from __future__ import annotations

import re

import pytest

from tests.support.editor import Editor
from tests.support.read_outputs import W
from tests.support.review_project import (
    ARTICLE_FILE,
    TEXTS,
    build_docx,
    list_left_over,
    merge_result,
    pull_files,
    write_project,
)
from tests.support.review_tables import ARTICLE, ROWS, TABLE, remove_row

OTHER = "| port | berths | note |\n|---|---|---|\n| Gedser | 4 | none |\n| Hasle | 6 | old |"
LIKE_IT = TABLE.replace("[^9]", "").replace("Trelleborg", "Simrishamn")
TWO = ARTICLE.replace("And after it.\n", f"And after it.\n\n{OTHER}\n")
ABOVE = "Here it is.\n"
IS_OPEN = (
    r"which table of content/talk/article\.md:\d+:1 \(article\.md#q2\.bob\) "
    "it is by now cannot be told for certain: it was taken out, divided, or is like another; "
    "change it there by hand"
)


def pull_into(tmp_path, sent: str, now: str, edit):
    """Pull a file of one article into another state of it."""
    project = write_project(tmp_path, {**TEXTS, ARTICLE_FILE: sent})
    editor = Editor(build_docx(project, "per-question"))
    edit(editor)
    write_project(project, {**TEXTS, ARTICLE_FILE: now})
    result = pull_files(project, editor.save())
    return merge_result(result, {**TEXTS, ARTICLE_FILE: now})[ARTICLE_FILE], list_left_over(result)


def rename_port(editor):
    editor.replace("Rønne", "Nexø")


def swap_tables(article: str) -> str:
    return article.replace(TABLE, "@").replace(OTHER, TABLE).replace("@", OTHER)


def drop_port(editor):
    row = next(r for r in editor.root.iter(f"{W}tr") if "Rønne" in "".join(r.itertext()))
    remove_row(editor, row)


MOVED = {
    "paragraphs came above": (ARTICLE, ARTICLE.replace(ABOVE, f"One.\n\nTwo.\n\n{ABOVE}")),
    "paragraphs went above": (ARTICLE, ARTICLE.replace(f"{ABOVE}\n", "")),
    "another table came above": (ARTICLE, ARTICLE.replace(ABOVE, f"{OTHER}\n\n{ABOVE}")),
    "a table like it came above": (ARTICLE, ARTICLE.replace(ABOVE, f"{LIKE_IT}\n\n{ABOVE}")),
    "two tables changed places": (TWO, swap_tables(TWO)),
    "the other one was taken out": (swap_tables(TWO), swap_tables(TWO).replace(OTHER, "None.")),
}
CHANGED = {
    **MOVED,
    "rows came and went": (TWO, TWO.replace(ROWS[3], "| Aarhus | 3 | |\n| Ebeltoft | 3 | |")),
    "all of its rows but one are others": (
        ARTICLE,
        ARTICLE.replace(f"{ROWS[3]}\n{ROWS[4]}", "| a | 2 | b |\n| c | 3 | d |"),
    ),
}


@pytest.mark.parametrize(("sent", "now"), CHANGED.values(), ids=CHANGED)
def test_a_cell_is_changed_in_its_own_table(tmp_path, sent, now):
    article, left = pull_into(tmp_path, sent, now, rename_port)

    row = ROWS[2].replace("Rønne", "Nexø ")
    assert (article, left) == (now.replace(f"\n{ROWS[2]}\n", f"\n{row}\n"), [])


@pytest.mark.parametrize(("sent", "now"), MOVED.values(), ids=MOVED)
def test_a_row_is_taken_out_of_its_own_table(tmp_path, sent, now):
    article, left = pull_into(tmp_path, sent, now, drop_port)

    wanted = now.replace(f"\n{ROWS[2]}\n", "\n", 1).replace("[^9]: A note.\n\n", "")
    assert (article, left) == (wanted, [])


def swap_columns(article: str) -> str:
    swapped = "| berths | port | note |\n|---|---|---|\n| 1 | Rønne | small |\n| 22 | *Ystad* | |"
    return article.replace(PLAIN_TABLE, f"{swapped}\n| 9 | Trelleborg | for a \\| b |")


PLAIN_TABLE = TABLE.replace(" [^9]", "     ")
PLAIN = ARTICLE.replace(TABLE, PLAIN_TABLE).replace("[^9]: A note.\n\n", "")
AT_ITS_END = "And after it.\n"
OPEN = {
    "it was taken out": lambda a: a.replace(PLAIN_TABLE, "| a | b |\n|---|---|\n| 1 | 2 |"),
    "it was copied": lambda a: a.replace(AT_ITS_END, f"{AT_ITS_END}\n{PLAIN_TABLE}\n"),
    "its columns changed places": swap_columns,
    "it stands in another answer": lambda a: a.replace(f"{PLAIN_TABLE}\n\n", "").replace(
        "More words will come.\n", f"More words will come.\n\n{PLAIN_TABLE}\n"
    ),
}


@pytest.mark.parametrize("change", OPEN.values(), ids=OPEN)
@pytest.mark.parametrize("edit", [rename_port, drop_port], ids=["cell", "row"])
def test_what_may_be_of_another_table_is_told_and_written_nowhere(tmp_path, change, edit):
    now = change(PLAIN)

    article, left = pull_into(tmp_path, PLAIN, now, edit)

    assert article == now
    assert left
    assert {outcome for outcome, _ in left} == {"refused"}
    assert [reason for _, reason in left if not re.search(IS_OPEN, reason)] == []


@pytest.mark.parametrize("change", OPEN.values(), ids=OPEN)
def test_a_table_that_nobody_edited_is_no_question(tmp_path, change):
    now = change(PLAIN)
    article, left = pull_into(tmp_path, PLAIN, now, lambda e: e.replace("knows", "asks"))

    assert (article, left) == (now.replace("Nobody knows", "Nobody asks"), [])
