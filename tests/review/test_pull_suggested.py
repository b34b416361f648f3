"""Changes can be kept in the content as suggestions for a person to decide."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.review.pull.criticmarkup import suggest_changes
from pipeline.review.words.tokens import BlockForm, BlockStart, StyledText, Token, split_words
from tests.support.review_project import (
    ARTICLE,
    ARTICLE_FILE,
    list_left_over,
    merge_result,
    pull_files,
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
