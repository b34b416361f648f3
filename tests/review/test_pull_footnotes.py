"""Footnotes go with all of their lines, however these go on, and with none of others."""

from __future__ import annotations

import pytest

from pipeline.review.match.sent_brief import Owner
from pipeline.review.pull.content_now import read_current_content
from pipeline.review.pull.other_values import find_other_change
from tests.support.editor import Editor
from tests.support.read_outputs import W
from tests.support.review_project import (
    ARTICLE_FILE,
    SHORT,
    TEXTS,
    build_docx,
    list_left_over,
    merge_result,
    pull_files,
    write_project,
)

ARTICLE = TEXTS[ARTICLE_FILE]
QUOTE = "summary.yaml#takeaways.2.evidence.1.quote"
NOTE = "[^1]: A note on words.\n"
GOES_ON = {
    "not at all": "",
    "on a line that begins as any": "that goes on here.\n",
    "on two such lines": "that goes on\n  here.\n",
    "on an indented line": "    that goes on here.\n",
    "on a line with a tab": "\tthat goes on here.\n",
    "in another paragraph": "\n    That goes on here.\n",
    "behind two blank lines": "\n\n    That goes on here.\n",
    "up to another definition": "that goes on here.\n[^z]: The next one.\n",
}
PLACES = {
    "below its paragraph": lambda note: ARTICLE.replace(NOTE, note),
    "in another answer": lambda note: ARTICLE.replace(f"{NOTE}\n", "").replace(
        "More words will come.\n", f"More words will come.\n\n{note}"
    ),
    "at the end": lambda note: ARTICLE.replace(f"{NOTE}\n", "") + f"\n{note}",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("more", GOES_ON.values(), ids=GOES_ON)
def test_a_note_goes_with_all_of_its_lines(tmp_path, place, more):
    article = place(NOTE + more)
    other = "[^z]: The next one.\n"
    if other in more:
        article = article.replace("on the day.", "on the day.[^z]")
    texts = {**TEXTS, ARTICLE_FILE: article}
    project = write_project(tmp_path, texts)
    editor = Editor(build_docx(project, "per-question"))
    last = editor.paragraph("Last words of Ann")
    editor.strike(next(last.iter(f"{W}footnoteReference")).getparent())

    result = pull_files(project, editor.save())

    assert list_left_over(result) == []
    written = merge_result(result, texts)[ARTICLE_FILE]
    wanted = place(other if other in more else "@").replace(
        "Last words of Ann.[^1]", "Last words of Ann."
    )
    if other in more:
        wanted = wanted.replace("on the day.", "on the day.[^z]")
    assert written.split() == wanted.replace("@", "").split()
    build_docx(write_project(project, {ARTICLE_FILE: written}), "per-question")


def test_a_note_that_lost_all_its_words_is_told(tmp_path):
    project = write_project(tmp_path, TEXTS)
    editor = Editor(build_docx(project, "per-question"))
    notes = editor.parts["word/footnotes.xml"]
    editor.parts["word/footnotes.xml"] = notes.replace(b"A note on words.", b"")

    result = pull_files(project, editor.save())

    assert not result.after
    ((outcome, reason),) = list_left_over(result)
    assert outcome == "refused"
    assert reason.startswith("a footnote in content/talk/article.md:20:1 (article.md#q1.ann)")
    assert "delete its mark in the text as well" in reason


def rewrite(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


KNOWS = "Nobody knows what comes.\n"
CHANGES = {
    "a paragraph of another answer": (KNOWS, "Nobody knows.\n", "article.md#q2.bob.1"),
    "a paragraph that came there": (KNOWS, f"{KNOWS}\nThat too.\n", "article.md#q2.bob.2"),
    "a name": ("Ann Archer", "Ann Baker", "article.md#experts.ann.name"),
    "a statement": ("Words do bind", "They bind", "summary.yaml#takeaways.1.text"),
    "a quote": ('the day"}]\n  - text: More', 'it"}]\n  - text: More', QUOTE),
}


@pytest.mark.parametrize(("old", "new", "address"), CHANGES.values(), ids=CHANGES)
def test_a_value_that_nobody_changed_is_seen_to_change(tmp_path, old, new, address):
    one = write_project(tmp_path / "one", TEXTS)
    texts = {**TEXTS, ARTICLE_FILE: rewrite(ARTICLE, "More words will come.", "More.\n\nAnd more.")}
    before = read_current_content(one, "talk")
    owners = [Owner("body", "article.md#q2.ann")]

    right = read_current_content(write_project(tmp_path / "right", texts), "talk")
    assert find_other_change(before, right, owners) is None

    file = next(name for name in (ARTICLE_FILE, SHORT["summary"]) if old in texts[name])
    texts[file] = rewrite(texts[file], old, new)
    wrong = read_current_content(write_project(tmp_path / "wrong", texts), "talk")
    assert find_other_change(before, wrong, owners) == address
