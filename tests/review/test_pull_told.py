"""What is not taken is told with its place, the reason and the way out."""

from __future__ import annotations

import pytest

from pipeline.review.pull.pull_report import describe_pull
from tests.support.editor import Editor
from tests.support.review_project import (
    TEXTS,
    get_docx,
    list_left_over,
    pull_files,
    rewrite_article,
)


def test_a_value_that_cannot_hold_words_is_named_with_its_line(project, editor):
    editor.footnote("a little", "Really?")

    ((outcome, why), *_) = list_left_over(pull_files(project, editor.save()))

    lines = TEXTS["content/talk/summary.yaml"].splitlines()
    line = next(n for n, text in enumerate(lines, 1) if text.startswith("standfirst"))
    assert outcome == "refused"
    assert why.startswith(f"content/talk/summary.yaml:{line}:")
    assert "summary.yaml#standfirst" in why
    assert "footnote" in why
    assert "by hand" in why


def test_what_is_left_out_has_a_reason(project, editor):
    editor.replace("Nobody", "No one")
    other = Editor(editor.save(), "Bob Editor")
    other.replace("rain or shine", "come what may")

    told = "\n".join(describe_pull(pull_files(project, other.save(), author="Bob Editor")))

    assert (
        "  left out: 2 tracked changes: it is another author's, and --author takes those of "
        "Bob Editor only"
    ) in told


def test_a_conflict_says_what_stands_there_and_what_to_do(project, editor):
    editor.replace("Nobody", "No one")
    rewrite_article(project, "Nobody doubts", "Some doubt")

    reasons = {why for _, why in list_left_over(pull_files(project, editor.save()))}

    assert reasons == {
        "the content was changed there as well since the brief was made: both texts stand there, "
        "between conflict marks; keep the right one"
    }


FIXED = {
    "a value of the template's place": (
        "briefing-pack",
        lambda e: e.move("Two experts talk", "Because words"),
        "moved: Two experts talk",
        "its place is the template's: change it there; its words are written in content/talk/",
    ),
    "a new paragraph beside no text": (
        "per-question",
        lambda e: e.paragraph_after("Cite as", "Words of mine."),
        "new: Words of mine.",
        "write it by hand into article.md or summary.yaml, where it belongs; in the brief it "
        "stands below content/",
    ),
    "a paragraph moved beside no text": (
        "per-question",
        lambda e: e.move("The second", "Cite as"),
        "moved: The second paragraph",
        "no text of the content stands there: it stays in content/talk/article.md:",
    ),
}


@pytest.mark.parametrize(("template", "edit", "words", "reason"), FIXED.values(), ids=FIXED)
def test_what_has_no_place_is_told_where_it_belongs(project, template, edit, words, reason):
    editor = Editor(get_docx(template, project))
    edit(editor)

    left = [e for e in pull_files(project, editor.save()).entries if e.is_left_over]

    told = [e for e in left if e.kind != "paragraph" and e.words.startswith(words)]
    assert [e.outcome for e in told] == ["refused"]
    assert reason in told[0].reason
