"""Changes can be kept in the content as suggestions for a person to decide."""

from __future__ import annotations

import re

import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.review.pull.criticmarkup import suggest_changes
from pipeline.review.words.tokens import BlockForm, BlockStart, StyledText, Token, split_words
from tests.support.editor import Editor
from tests.support.review_project import (
    ARTICLE,
    ARTICLE_FILE,
    build_docx,
    list_left_over,
    merge_result,
    pull_files,
    write_project,
)


def test_changes_can_be_kept_as_suggestions(project, editor):
    editor.replace("Nobody", "No one")
    editor.paragraph_after("The second", "Quite new.")
    editor.drop("It rests with")
    editor.merge("More words")

    article = merge_result(pull_files(project, editor.save(), suggest=True))[ARTICLE_FILE]

    assert "{--Nobody--}{++No one++} doubts *this* much." in article
    assert "\n\n{++Quite new.++}\n\n" in article
    assert "{--It rests with the weather, rain or shine, on the day.--}" in article


def test_suggestions_hold_no_characters_that_no_brief_may(project, editor):
    editor.insert("Nobody", "\u202e")

    result = pull_files(project, editor.save(), suggest=True)

    assert result.format_diff() == ""
    assert "U+202E" in list_left_over(result)[0][1]


def test_a_paragraph_that_is_divided_is_suggested_within_paragraphs(project, editor):
    editor.split("Nobody doubts")

    article = merge_result(pull_files(project, editor.save(), suggest=True))[ARTICLE_FILE]

    assert (
        "as a rule.{-- Nobody doubts *this* much.--}\n\n{++Nobody doubts *this* much.++}\n"
        in article
    )
    assert read_marks(article, keep="--") == list_paragraphs(ARTICLE)
    assert read_marks(article, keep="++") == list_paragraphs(
        ARTICLE.replace("as a rule.\nNobody", "as a rule.\n\nNobody")
    )


def test_paragraphs_that_are_joined_are_suggested_within_paragraphs(project, editor):
    editor.merge("Nobody doubts")
    editor.insert("much.", " ")

    article = merge_result(pull_files(project, editor.save(), suggest=True))[ARTICLE_FILE]

    assert re.search(r"much\.\{\+\+ The second .*in it\.\+\+\}\n\n\{--The second", article)
    assert "joins" not in article
    assert read_marks(article, keep="--") == list_paragraphs(ARTICLE)


def list_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a Markdown text, in which the end of a line is a space."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def read_marks(text: str, *, keep: str) -> list[str]:
    """Read CriticMarkup: accept all (``++``) or reject all (``--``); what is left empty goes."""
    for block in re.split(r"\n\s*\n", text):
        for opening, closing in (("{++", "++}"), ("{--", "--}")):
            assert block.count(opening) == block.count(closing), "a mark runs over a paragraph"
    for sign in ("++", "--"):
        inner = r"\1" if sign == keep else ""
        mark = re.escape(sign)
        text = re.sub(rf"\{{{mark}(.*?){mark}\}}", inner, text, flags=re.DOTALL)
    return list_paragraphs(text)


FORMS = st.sampled_from([BlockForm(), BlockForm("bullet", 1)])
TEXTS_OF_PARAGRAPHS = st.lists(
    st.tuples(FORMS, st.lists(st.sampled_from("abcd"), min_size=1, max_size=6)), max_size=5
)


@given(TEXTS_OF_PARAGRAPHS, TEXTS_OF_PARAGRAPHS)
def test_all_accepted_is_the_new_text_and_all_rejected_the_old(old, new):
    marked = suggest_changes(make_tokens(old), make_tokens(new))

    assert read_tokens(marked, leave_out="{++") == old
    assert read_tokens(marked, leave_out="{--") == new


def make_tokens(paragraphs) -> list[Token]:
    tokens: list[Token] = []
    for form, words in paragraphs:
        tokens += [BlockStart(form), *split_words([StyledText(" ".join(words))])]
    return tokens


def read_tokens(tokens, *, leave_out: str) -> list:
    """Read marked words without those in one kind of mark."""
    paragraphs: list = []
    within = ""
    for token in tokens:
        if isinstance(token, BlockStart):
            assert not within
            paragraphs.append((token.form, []))
        elif token.text in ("{++", "{--"):
            assert not within
            within = token.text
        elif token.text in ("++}", "--}"):
            assert within == f"{{{token.text[:2]}"
            within = ""
        elif within != leave_out and token.text.strip():
            paragraphs[-1][1].append(token.text)
    return [(form, words) for form, words in paragraphs if words]


def pull_summary(folder, edit) -> tuple[list[str], list[str]]:
    """Return the takeaways as they are marked, each with its evidence, and what is noted."""
    editor = Editor(build_docx(write_project(folder), "policymaker-summary"))
    edit(editor)
    result = pull_files(folder, editor.save(), suggest=True)
    summary = yaml.safe_load(merge_result(result)["content/talk/summary.yaml"])
    items = [
        f"{item['text']} ({item.get('evidence', [{}])[0].get('answer')})"
        for item in summary["takeaways"]
    ]
    return items, [d.message for d in result.diagnostics]


def test_an_item_is_marked_with_its_own_evidence(tmp_path):
    def edit(editor):
        editor.replace("More will follow.", "Much more will follow.")
        editor.drop("It isn")

    items, notes = pull_summary(tmp_path, edit)

    assert items == [
        "Words do bind. (q1.ann)",
        "{--It isn't always so.--} (q1.bob)",
        "{--More--}{++Much more++} will follow. (q2.ann)",
    ]
    (note,) = notes
    assert note.startswith("takeaways.2 is marked to go")
    assert "the whole item" in note


def test_an_item_that_is_written_anew_takes_no_evidence(tmp_path):
    def edit(editor):
        editor.drop("It isn")
        editor.paragraph_after("Words do bind", "Whatever binds bread.")

    items, notes = pull_summary(tmp_path, edit)

    assert "{--It isn't always so.--} (q1.bob)" in items
    assert "{++Whatever binds bread.++} (None)" in items
    assert len(notes) == 2
    assert "give it evidence: the next build stops until it has some" in notes[1]


def test_an_item_that_is_wholly_reworded_is_marked_in_its_place(tmp_path):
    items, notes = pull_summary(
        tmp_path, lambda editor: editor.replace("It isn't always so.", "Whatever binds bread?")
    )

    assert [item.split()[-1] for item in items] == ["(q1.ann)", "(q1.bob)", "(q2.ann)"]
    assert "Whatever" in items[1]
    assert notes == []


def test_a_position_that_goes_is_told_with_its_quote(tmp_path):
    _, notes = pull_summary(tmp_path, lambda editor: editor.replace("They bind", ""))

    (note,) = notes
    assert note.startswith("positions.q1.ann.text is marked to go")


def test_paragraphs_that_share_only_their_full_stop_are_not_paired():
    old, new = (make_tokens([(BlockForm(), own)]) for own in ("ab.", "cd."))

    marked = suggest_changes(old, new)

    assert sum(isinstance(token, BlockStart) for token in marked) == 2
