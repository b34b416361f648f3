"""Lists of the summary made anew in any way: what is written is what was meant."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.review.match.sent_brief import ITEM_FIELDS, Owner
from pipeline.review.pull.content_now import read_current_content
from pipeline.review.pull.merged_value import MergedValue
from pipeline.review.pull.scratch_project import ArticleFiles
from pipeline.review.pull.write_merged import MergedWriter
from pipeline.review.words.tokens import BlockStart, StyledText, Word, split_words
from pipeline.system.limits import DEFAULT_LIMITS
from tests.support.review_project import SHORT, write_project
from tests.support.structure import STRUCTURE

LISTS = tuple(key for key in ITEM_FIELDS if key != "glossary")
NEW = st.text("ab :#-'\"{}[],&*!|>%@`~é…", min_size=1, max_size=12).map(
    lambda signs: f"Zeal {signs} zest"
)


@pytest.fixture(scope="module")
def writer():
    with tempfile.TemporaryDirectory() as folder:
        project = write_project(Path(folder), STRUCTURE)
        limits = DEFAULT_LIMITS.sources
        current = read_current_content(project, "talk", limits)
        yield MergedWriter(ArticleFiles(project, "talk", current, limits), current, suggest=False)


def draw_items(data, count: int) -> list[tuple[int | None, str]]:
    """Draw what becomes of a list: of each item which one it was, and words to add to it."""
    some = data.draw(st.permutations(range(count)))[: data.draw(st.integers(0, count))]
    items: list[tuple[int | None, str]] = [
        (origin, data.draw(st.sampled_from(["", "", " indeed"]))) for origin in some
    ]
    for _ in range(data.draw(st.integers(0, 2))):
        items.insert(data.draw(st.integers(0, len(items))), (None, data.draw(NEW)))
    return items


def make_tokens(before, items, *, keeps_leaves: bool):
    """Make the words of a list; items that do not rise were moved, and are known by their words."""
    tokens: list[BlockStart | Word] = []
    highest = -1
    for origin, words in items:
        if origin is None:
            tokens += [BlockStart(), *split_words([StyledText(words)])]
            continue
        stays = keeps_leaves or origin > highest
        highest = max(highest, origin)
        tokens.append(BlockStart(leaf=origin if stays else None))
        tokens += before[origin]
        for part in words.split():
            tokens += [Word(" "), Word(part)]
    return tokens


def check_written(writer, data) -> None:
    owners = {key: Owner("items", f"summary.yaml#{key}") for key in LISTS}
    wanted = {}
    merged = {}
    was = yaml.safe_load(STRUCTURE[SHORT["summary"]])
    for key, owner in owners.items():
        now = writer.current.read_tokens(owner)
        starts = [n for n, token in enumerate(now) if isinstance(token, BlockStart)]
        words = [now[a + 1 : b] for a, b in zip(starts, [*starts[1:], len(now)], strict=True)]
        items = draw_items(data, len(words))
        tokens = make_tokens(words, items, keeps_leaves=data.draw(st.booleans()))
        merged[owner.address] = MergedValue(owner, tokens, tokens, now)
        wanted[key] = [
            {"text": " ".join(words.split())}
            if origin is None
            else was[key][origin] | {"text": was[key][origin]["text"].strip() + words}
            for origin, words in items
        ]

    written = writer.write_merged(merged, ())

    assert {value.reason for value in merged.values()} == {""}
    now = yaml.safe_load(written.texts["summary.yaml"])
    assert now == was | wanted
    assert written.texts["article.md"] == writer.current.texts["article.md"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_lists_that_are_made_anew_keep_their_words_and_their_evidence(writer, data):
    check_written(writer, data)


@pytest.mark.soak
@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_thousands_of_lists_that_are_made_anew(writer, data):
    check_written(writer, data)
