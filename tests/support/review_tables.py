"""A project with a table in an answer, and what an editor does to its rows and cells."""

from __future__ import annotations

import copy

from tests.support.editor import text, w
from tests.support.read_outputs import W
from tests.support.review_project import (
    ARTICLE_FILE,
    TEXTS,
    list_left_over,
    merge_result,
    pull_files,
)

BOB = "Nobody knows what comes.\n"
ROWS = (
    "| port      | berths | note          |",
    "|:----------|-------:|---------------|",
    "| Rønne     | 1      | small [^9]    |",
    "| *Ystad*   | 22     |               |",
    "| Trelleborg | 9 | for a \\| b |",
)
TABLE = "\n".join(ROWS)
ARTICLE = TEXTS[ARTICLE_FILE].replace(
    BOB, f"{BOB}\nHere it is.\n\n{TABLE}\n\n[^9]: A note.\n\nAnd after it.\n"
)
PROJECT = {**TEXTS, ARTICLE_FILE: ARTICLE}


def find_rows(editor):
    table = next(t for t in editor.root.iter(f"{W}tbl") if "berths" in "".join(t.itertext()))
    return table.findall(f"{W}tr")


def find_cell(editor, row, column):
    return find_rows(editor)[row - 1].findall(f"{W}tc")[column - 1].find(f"{W}p")


def swap_paragraphs(one, other):
    """Let the paragraphs of two cells change places, with all that is in them."""
    one_cell, other_cell = one.getparent(), other.getparent()
    one_cell.append(other)
    other_cell.append(one)


def make_row(editor, like, *cells):
    """Return a new row as Word makes one: like another, with no bookmark of it."""
    row = copy.deepcopy(like)
    for paragraph, words in zip(row.iter(f"{W}p"), cells, strict=True):
        for part in paragraph.findall("*")[1:]:
            paragraph.remove(part)
        if words:
            paragraph.append(w("r", text(words)))
    if editor.author:
        row.find(f"{W}trPr").append(editor.change("ins"))
    return row


def remove_row(editor, row):
    if editor.author:
        row.find(f"{W}trPr").append(editor.change("del"))
    else:
        row.getparent().remove(row)


def pull(project, editor):
    result = pull_files(project, editor.save())
    return merge_result(result, PROJECT)[ARTICLE_FILE], list_left_over(result)


def replace_row(old, *new):
    return ARTICLE.replace(f"{old}\n", "".join(f"{line}\n" for line in new))
