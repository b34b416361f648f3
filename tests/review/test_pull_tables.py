"""Tables come back: words in cells, rows that came, went or moved; the rest is told, with why."""

from __future__ import annotations

import copy

import pytest

from tests.support.editor import Editor, read_words, text, w
from tests.support.read_outputs import W
from tests.support.review_project import (
    ANSWERS,
    ARTICLE_FILE,
    TEXTS,
    build_docx,
    list_left_over,
    merge_result,
    pull_files,
    rewrite_article,
    write_project,
)
from tests.support.review_tables import (
    ARTICLE,
    PROJECT,
    ROWS,
    TABLE,
    find_cell,
    find_rows,
    make_row,
    pull,
    remove_row,
    replace_row,
    swap_paragraphs,
)


@pytest.fixture(params=["", "Ann Editor"], ids=["untracked", "tracked"])
def author(request):
    return request.param


@pytest.fixture(scope="module")
def docx(tmp_path_factory):
    return build_docx(write_project(tmp_path_factory.mktemp("built"), PROJECT), "per-question")


@pytest.fixture
def project(tmp_path):
    return write_project(tmp_path, PROJECT)


@pytest.fixture
def editor(docx, author):
    return Editor(docx, author)


CELLS = {
    "a word": (
        lambda e: e.replace("Rønne", "Nexø"),
        (ROWS[2], "| Nexø      | 1      | small [^9]    |"),
    ),
    "a longer one": (
        lambda e: e.insert("Trelleborg", " harbour | quay"),
        (ROWS[4], "| Trelleborg harbour \\| quay | 9 | for a \\| b |"),
    ),
    "a head": (
        lambda e: e.replace("berths", "moorings"),
        (ROWS[0], "| port      | moorings | note          |"),
    ),
    "signs": (
        lambda e: e.replace("22", "**22** ~~x~~"),
        (ROWS[3], "| *Ystad*   | \\*\\*22\\*\\* \\~\\~x\\~\\~ |               |"),
    ),
    "a number that stands in other rows": (
        lambda e: e.replace("9", "1", find_cell(e, 4, 2)),
        (ROWS[4], "| Trelleborg | 1 | for a \\| b |"),
    ),
    "an empty one that is filled": (
        lambda e: find_cell(e, 3, 3).append(e.write(w("r", text("none")))),
        (ROWS[3], "| *Ystad*   | 22     | none          |"),
    ),
    "a full one that is emptied": (
        lambda e: e.delete("22"),
        (ROWS[3], "| *Ystad*   |        |               |"),
    ),
    "a note that goes": (
        lambda e: e.strike(next(find_cell(e, 2, 3).iter(f"{W}footnoteReference")).getparent()),
        (ROWS[2], "| Rønne     | 1      | small         |"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "expected"), CELLS.values(), ids=CELLS)
def test_a_cell_that_was_changed_is_changed_in_its_row(project, editor, edit, expected):
    edit(editor)

    article, left = pull(project, editor)

    wanted = replace_row(*expected)
    if "[^9]" not in expected[1] and "small" in expected[1]:
        wanted = wanted.replace("[^9]: A note.\n\n", "")
    assert (article, left) == (wanted, [])


@pytest.mark.parametrize("template", ANSWERS)
def test_a_cell_comes_back_from_each_template_that_shows_it(tmp_path, template):
    editor = Editor(build_docx(write_project(tmp_path, PROJECT), template))
    editor.replace("Rønne", "Nexø")

    article, left = pull(tmp_path, editor)

    assert (article, left) == (replace_row(ROWS[2], ROWS[2].replace("Rønne", "Nexø ")), [])


def test_cells_whose_anchors_travelled_are_where_they_stand(project, editor):
    swap_paragraphs(find_cell(editor, 2, 1), find_cell(editor, 4, 1))

    article, left = pull(project, editor)

    assert left == []
    assert "| Trelleborg | 1      | small [^9]    |\n" in article
    assert "| Rønne      | 9 | for a \\| b |\n" in article


def test_a_row_that_was_taken_out_goes_with_its_note(project, editor):
    remove_row(editor, find_rows(editor)[1])

    article, left = pull(project, editor)

    wanted = replace_row(ROWS[2]).replace("[^9]: A note.\n\n", "")
    assert (article, left) == (wanted, [])


def test_a_row_that_was_put_in_comes(project, editor):
    rows = find_rows(editor)
    rows[1].addnext(make_row(editor, rows[3], "Simris|hamn", "", "*new*"))
    rows[3].addnext(make_row(editor, rows[3], "Åhus", "2", ""))
    editor.replace("22", "23")

    article, left = pull(project, editor)

    wanted = replace_row(ROWS[2], ROWS[2], "| Simris\\|hamn |  | \\*new\\* |")
    wanted = wanted.replace(f"{ROWS[4]}\n", f"{ROWS[4]}\n| Åhus | 2 |  |\n").replace("22", "23")
    assert (article, left) == (wanted, [])


def test_a_row_that_was_moved_stands_in_its_new_place_as_it_was_written(project, docx):
    editor = Editor(docx)
    rows = find_rows(editor)
    rows[1].addprevious(rows[3])
    editor.replace("Trelleborg", "Trosa")

    article, left = pull(project, editor)

    moved = "| Trosa      | 9 | for a \\| b |"
    wanted = replace_row(ROWS[4]).replace(f"{ROWS[2]}\n", f"{moved}\n{ROWS[2]}\n")
    assert (article, left) == (wanted, [])


def test_pulling_twice_changes_nothing_more(project, editor):
    rows = find_rows(editor)
    rows[1].addnext(make_row(editor, rows[3], "Åhus", "2", ""))
    remove_row(editor, rows[2])
    editor.replace("Rønne", "Nexø")
    once = merge_result(pull_files(project, editor.save()), PROJECT)
    write_project(project, once)

    again = pull_files(project, editor.save())

    assert merge_result(again, once) == once
    assert list_left_over(again) == []


def test_what_was_changed_in_the_content_meanwhile_stays(project, editor):
    now = ARTICLE.replace(ROWS[2], f"| Åhus | 5 | new |\n{ROWS[2]}").replace("*Ystad*", "*Ystad S*")
    (project / ARTICLE_FILE).write_text(now, "utf-8")
    editor.replace("Rønne", "Nexø")
    editor.replace("22", "23")
    remove_row(editor, find_rows(editor)[3])

    result = pull_files(project, editor.save())

    assert list_left_over(result) == []
    wanted = now.replace("Rønne ", "Nexø  ").replace("22", "23").replace(f"{ROWS[4]}\n", "")
    assert merge_result(result)[ARTICLE_FILE] == wanted


def test_a_row_that_was_taken_out_and_rewritten_meanwhile_is_a_conflict(project, editor):
    rewrite_article(project, "| 22     |", "| 23     |")
    remove_row(editor, find_rows(editor)[2])

    _, left = pull(project, editor)

    assert left
    assert {outcome for outcome, _ in left} <= {"conflict", "refused"}


NOTED = ARTICLE.replace("| 22     |", "| 22 %%ask%% |")


def test_a_row_with_a_comment_that_was_taken_out_is_a_conflict(tmp_path):
    project = write_project(tmp_path, {**TEXTS, ARTICLE_FILE: NOTED})
    editor = Editor(build_docx(project, "per-question"))
    remove_row(editor, find_rows(editor)[2])

    article, left = pull(project, editor)

    assert {outcome for outcome, _ in left} == {"conflict"}
    assert "<<<<<<< content\n| *Ystad*   | 22 %%ask%% |" in article


def test_a_row_keeps_its_comment_while_others_come_and_go(tmp_path):
    project = write_project(tmp_path, {**TEXTS, ARTICLE_FILE: NOTED})
    editor = Editor(build_docx(project, "per-question"))
    rows = find_rows(editor)
    remove_row(editor, rows[3])
    rows[1].addnext(make_row(editor, rows[2], "Åhus", "2", ""))
    editor.replace("Ystad", "Visby")
    rows[1].addprevious(rows[2])

    article, left = pull(project, editor)

    assert left == []
    wanted = NOTED.replace(f"{ROWS[4]}\n", "").replace("Ystad", "Visby")
    own = next(line for line in wanted.split("\n") if "%%ask%%" in line) + "\n"
    wanted = wanted.replace(own, "")
    assert article == wanted.replace(f"{ROWS[2]}\n", f"{own}{ROWS[2]}\n| Åhus | 2 |  |\n")


def test_a_cell_of_a_row_that_is_gone_is_told(project, editor):
    rewrite_article(project, f"{ROWS[3]}\n", "")
    editor.replace("22", "23")

    _, left = pull(project, editor)

    ((outcome, reason),) = set(left)
    assert outcome == "refused"
    assert reason.startswith("article.md#q2.bob.3.r3.c2 is no longer in the content")


def test_the_same_cell_changed_apart_is_a_conflict(project, editor):
    rewrite_article(project, "Rønne ", "Hammerhavn ")
    editor.replace("Rønne", "Nexø")

    article, left = pull(project, editor)

    assert [outcome for outcome, _ in left][:1] == ["conflict"]
    assert "<<<<<<<" in article
    assert "Hammerhavn" in article
    assert "Nexø" in article


def remove_table(editor):
    table = find_rows(editor)[0].getparent()
    table.getparent().remove(table)


REFUSED = {
    "a table that went": (remove_table, "a table and its head are taken out"),
    "a head that went": (
        lambda e: remove_row(e, find_rows(e)[0]), "a table and its head are taken out",
    ),
    "all rows": (lambda e: [remove_row(e, r) for r in find_rows(e)[1:]], ""),
    "a column": (
        lambda e: [r.append(copy.deepcopy(r.findall(f"{W}tc")[0])) for r in find_rows(e)],
        "a table's columns are changed in article.md",
    ),
    "a cell in two": (lambda e: e.split("elleborg"), "is a single paragraph"),
    "a break in a cell": (
        lambda e: find_cell(e, 2, 1).append(e.write(w("r", w("br"), text("x")))), "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_a_table_cannot_hold_is_told_and_nothing_is_written(project, docx, edit, reason):
    editor = Editor(docx)
    edit(editor)

    article, left = pull(project, editor)

    assert article == ARTICLE
    assert left
    assert all(outcome == "refused" and reason in why for outcome, why in left)


def test_new_paragraphs_stand_on_the_side_of_the_table_where_they_were_put(project, editor):
    editor.paragraph_after("Here it is", "Before the table.")
    behind = editor.paragraph("And after it")
    new = copy.deepcopy(behind)
    for part in new.findall("*")[1:]:
        new.remove(part)
    new.append(editor.write(w("r", text("Behind the table."))))
    behind.addprevious(new)

    article, left = pull(project, editor)

    assert left == []
    assert f"Here it is.\n\nBefore the table.\n\n{TABLE}\n" in article
    assert "\n\nBehind the table.\n\nAnd after it.\n" in article


AT_END = (
    ARTICLE.replace("\nAnd after it.\n", "")
    .replace("small [^9]", "small")
    .replace("\n\n[^9]: A note.\n", "\n")
)


def open_at_end(tmp_path, template, author="", article=AT_END):
    project = write_project(tmp_path, {**TEXTS, ARTICLE_FILE: article})
    return project, Editor(build_docx(project, template), author)


def put_behind_table(editor, *paragraphs):
    table = find_rows(editor)[-1].getparent()
    for words in reversed(paragraphs):
        properties = copy.deepcopy(editor.paragraph("Nobody knows").find(f"{W}pPr"))
        new = w("p", properties, editor.write(w("r", text(words))))
        table.addnext(new)
        if editor.author:
            editor.mark(new, "ins")


@pytest.mark.parametrize("template", ANSWERS)
def test_new_paragraphs_stand_behind_the_table_that_ends_an_answer(tmp_path, template, author):
    project, editor = open_at_end(tmp_path, template, author)
    editor.paragraph_after("Here it is", "Before the table.")
    rows = find_rows(editor)
    rows[3].addnext(make_row(editor, rows[3], "Åhus", "2", ""))
    put_behind_table(editor, "Behind it.", "The last one.")

    article, left = pull(project, editor)

    assert left == []
    wanted = AT_END.replace("Here it is.\n", "Here it is.\n\nBefore the table.\n")
    wanted = wanted.replace(
        f"{ROWS[4]}\n", f"{ROWS[4]}\n| Åhus | 2 |  |\n\nBehind it.\n\nThe last one.\n"
    )
    assert article == wanted


def test_a_paragraph_comes_between_the_tables_that_end_an_answer(tmp_path):
    other = "\n| quay | depth |\n|---|---|\n| North | 9 m |\n"
    project, editor = open_at_end(tmp_path, "per-question", article=AT_END + other)
    put_behind_table(editor, "Between them.")

    result = pull_files(project, editor.save())

    (article,) = result.after.values()
    assert article == f"{AT_END}\nBetween them.\n{other}"
    assert not result.waits


def test_a_row_without_words_stays(tmp_path):
    empty = ARTICLE.replace(f"{ROWS[3]}\n", f"| | | |\n{ROWS[3]}\n")
    project = write_project(tmp_path, {**TEXTS, ARTICLE_FILE: empty})
    editor = Editor(build_docx(project, "per-question"), "Ann Editor")
    editor.replace("22", "23")
    remove_row(editor, find_rows(editor)[1])

    result = pull_files(project, editor.save())

    assert list_left_over(result) == []
    wanted = empty.replace("22", "23").replace(f"{ROWS[2]}\n", "")
    assert merge_result(result)[ARTICLE_FILE] == wanted.replace("[^9]: A note.\n\n", "")


def test_rows_say_what_they_said(docx):
    assert [read_words(row) for row in find_rows(Editor(docx))][3] == "Trelleborg9for a | b"


def test_suggestions_stand_in_their_cell_and_rows_are_told(project, editor):
    editor.replace("Rønne", "Nexø")
    remove_row(editor, find_rows(editor)[3])

    result = pull_files(project, editor.save(), suggest=True)

    article = merge_result(result, PROJECT)[ARTICLE_FILE]
    assert "| {--Rønne--}{++Nexø++} | 1      | small [^9]    |\n" in article
    assert ROWS[4] in article
    assert any("--keep-suggestions" in reason for _, reason in list_left_over(result))
