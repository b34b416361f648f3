"""What is not taken is told with its place, the reason and the way out."""

from __future__ import annotations

from pipeline.review.pull.pull_report import describe_pull
from tests.support.editor import Editor
from tests.support.review_project import TEXTS, list_left_over, pull_files, rewrite_article


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
