"""Paragraphs change sides of tables, and tables of paragraphs: they come back so, or it is told."""

from __future__ import annotations

from itertools import permutations
from random import Random

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
    rewrite_article,
    write_project,
)
from tests.support.review_tables import ARTICLE, BOB, PROJECT, TABLE, find_rows

PARAGRAPHS = ("Nobody knows what comes.", "Here it is.", "And after it.", "So much for that.")
TABLES = (
    TABLE.replace(" [^9]", "     "),
    "| quay | depth |\n|---|---|\n| North | 9 m |",
)
P1, P2, P3, P4 = PARAGRAPHS
T1, T2 = TABLES
BLOCKS = (P1, T1, P2, P3, T2, P4)
STEM = ARTICLE[: ARTICLE.index(BOB)]


def write_article(blocks) -> str:
    return STEM + "\n\n".join(blocks) + "\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The brief of an answer with a table, and that of one with two of them."""
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
    articles = [write_article((P1, P2, T1, P3)), write_article(BLOCKS)]
    return [
        build_docx(write_project(folder, {**TEXTS, ARTICLE_FILE: article}), "per-question")
        for folder, article in zip(folders, articles, strict=True)
    ]


def find_blocks(editor, blocks):
    """Return the elements of blocks, by their Markdown."""
    found = {}
    for block in blocks:
        if block in PARAGRAPHS:
            found[block] = editor.paragraph(block)
        else:
            head = block.split("|")[1].strip()
            tables = editor.root.iter(f"{W}tbl")
            found[block] = next(t for t in tables if next(t.itertext()).strip() == head)
    return found


def reorder(editor, old, new):
    """Let an editor's blocks stand in another order, without tracking."""
    elements = find_blocks(editor, old)
    parent = elements[old[0]].getparent()
    places = [parent.index(elements[block]) for block in old]
    for element in elements.values():
        parent.remove(element)
    for at, block in zip(places, new, strict=True):
        parent.insert(at, elements[block])


def pull_reordered(tmp_path, data, old, new):
    before = {**TEXTS, ARTICLE_FILE: write_article(old)}
    project = write_project(tmp_path, before)
    editor = Editor(data)
    reorder(editor, old, new)
    result = pull_files(project, editor.save())
    return merge_result(result, before)[ARTICLE_FILE], result, editor


def check_order(tmp_path, data, old, new) -> bool:
    """Hold an order to the law: it comes back, or it is told; return whether it came."""
    article, result, editor = pull_reordered(tmp_path, data, old, new)
    if article == write_article(new):
        assert list_left_over(result) == []
        write_project(tmp_path, {ARTICLE_FILE: article})
        assert not pull_files(tmp_path, editor.save()).after
        return True
    assert list_left_over(result)
    assert all(article.count(block) >= 1 for block in old)
    return False


@pytest.mark.parametrize("number", range(4))
def test_any_order_of_paragraphs_and_a_table_comes_back_or_is_told(tmp_path, built, number):
    old = (P1, P2, T1, P3)
    every = list(permutations(old))[number * 6 : number * 6 + 6]

    came = [check_order(tmp_path, built[0], old, new) for new in every]

    assert sum(came) >= 4


@pytest.mark.parametrize("number", range(4))
def test_any_order_of_paragraphs_comes_back(tmp_path, number):
    old = PARAGRAPHS
    project = write_project(tmp_path / "built", {**TEXTS, ARTICLE_FILE: write_article(old)})
    data = build_docx(project, "per-question")

    for new in list(permutations(old))[number * 6 : number * 6 + 6]:
        assert check_order(tmp_path, data, old, new)


@pytest.mark.parametrize("seed", range(6))
def test_a_block_that_moves_among_two_tables_comes_back_or_is_told(tmp_path, built, seed):
    random = Random(seed)
    new = list(BLOCKS)
    for _ in range(random.choice([1, 1, 2])):
        new.insert(random.randrange(len(BLOCKS)), new.pop(random.randrange(len(BLOCKS))))

    check_order(tmp_path, built[1], BLOCKS, new)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_every_order_with_two_tables_comes_back_or_is_told(tmp_path, built, part):
    every = list(permutations(BLOCKS))[part::4]

    came = [check_order(tmp_path, built[1], BLOCKS, new) for new in every]

    assert sum(came) > len(every) // 4  # the others have the tables in another order


def test_a_move_is_told_by_the_table_that_went_along(tmp_path, built):
    old = (P1, P2, T1, P3)
    article, result, _ = pull_reordered(tmp_path, built[0], old, (P1, P2, P3, T1))

    assert article == write_article((P1, P2, P3, T1))
    (entry,) = [e for e in result.entries if e.kind == "table"]
    assert (entry.outcome, entry.what, entry.words) == (
        "applied", "table moved", "port ¶ berths ¶ note",
    )  # fmt: skip


def test_a_table_moves_with_what_was_written_in_it(tmp_path, built):
    before = {**TEXTS, ARTICLE_FILE: write_article((P1, P2, T1, P3))}
    project = write_project(tmp_path, before)
    editor = Editor(built[0])
    reorder(editor, (P1, P2, T1, P3), (T1, P1, P2, P3))
    editor.replace("Rønne", "Nexø")

    result = pull_files(project, editor.save())

    moved = T1.replace("Rønne", "Nexø ")
    assert result.after == {ARTICLE_FILE: write_article((moved, P1, P2, P3))}
    assert not result.waits


def test_a_table_that_cannot_stand_there_is_told_with_its_place(tmp_path, built):
    """The paragraph that it stood beside was rewritten, so that its place is not known."""
    before = {**TEXTS, ARTICLE_FILE: write_article((P1, P2, T1, P3))}
    project = write_project(tmp_path, before)
    editor = Editor(built[0])
    reorder(editor, (P1, P2, T1, P3), (P1, P2, P3, T1))
    rewrite_article(project, P3, "Nothing of all that is so.")

    result = pull_files(project, editor.save())

    assert not result.after
    ((outcome, reason),) = list_left_over(result)
    assert outcome == "refused"
    assert "put content/talk/article.md:50:1 (article.md#q2.bob.3) in its place" in reason


@pytest.mark.parametrize("author", ["", "Ann Editor"])
def test_a_paragraph_that_was_tracked_across_a_table_comes_back(tmp_path, built, author):
    before = {**TEXTS, ARTICLE_FILE: write_article((P1, P2, T1, P3))}
    project = write_project(tmp_path, before)
    editor = Editor(built[0], "Ann Editor")
    editor.move(P1, P3)

    result = pull_files(project, editor.save(), author=author)

    assert result.after == {ARTICLE_FILE: write_article((P2, T1, P3, P1))}
    assert not result.waits


def test_a_table_is_no_suggestion(tmp_path):
    project = write_project(tmp_path, PROJECT)
    editor = Editor(build_docx(project, "per-question"))
    table = find_rows(editor)[0].getparent()
    editor.paragraph("And after it").addnext(table)

    result = pull_files(project, editor.save(), suggest=True)

    assert not result.after
    ((outcome, reason),) = list_left_over(result)
    assert outcome == "refused"
    assert reason.startswith("a table can be no suggestion; a table and words changed sides")
