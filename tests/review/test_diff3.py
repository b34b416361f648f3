"""Differences between words, and merges of two over one base."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.review.words.diff3 import (
    find_changes,
    find_changes_by_part,
    find_longest_rising,
    merge_changes,
)

WORDS = st.lists(st.sampled_from(["a", "b", "c", " ", "¶"]), max_size=20)


def applied(old, new, found) -> list:
    """Make the new sequence of the old one and the changes."""
    lines, at = [], 0
    for change in found:
        lines += [*old[at : change.old_from], *new[change.new_from : change.new_to]]
        at = change.old_to
    return [*lines, *old[at:]]


def merged(base: str, ours: str, theirs: str) -> list[tuple[str, str, str]]:
    hunks = merge_changes(
        base,
        ours,
        theirs,
        find_changes(base, ours),
        find_changes(base, theirs),
        lambda sign: sign == " ",
    )
    return [("".join(hunk.ours), "".join(hunk.theirs), hunk.of) for hunk in hunks]


@given(WORDS, WORDS)
def test_changes_make_the_one_of_the_other(old, new):
    assert applied(old, new, find_changes(old, new)) == new
    assert applied(old, new, find_changes_by_part(old, new, lambda word: word == "¶")) == new


@given(WORDS, WORDS)
def test_a_side_that_changed_nothing_takes_the_other(base, side):
    def whole(ours, theirs):
        found = merge_changes(
            base, ours, theirs, find_changes(base, ours), find_changes(base, theirs), "".__eq__
        )
        assert all(hunk.of != "conflict" for hunk in found)
        return [word for hunk in found for word in hunk.ours]

    assert whole(side, base) == side
    assert whole(base, side) == side
    assert whole(side, side) == side


@given(WORDS, WORDS, WORDS)
def test_each_side_of_a_merge_has_all_of_that_sides_words_where_it_is_in_conflict(base, a, b):
    found = merge_changes(
        base, a, b, find_changes(base, a), find_changes(base, b), lambda word: word == " "
    )

    at = 0
    for hunk in found:
        assert hunk.start == at
        at = hunk.end
        if hunk.of in ("base", "both", "ours", "theirs"):
            assert hunk.ours == hunk.theirs
    assert at == len(base)


def test_changes_apart_are_merged_and_changes_of_the_same_are_a_conflict():
    assert merged("a. b. c.", "x. b. c.", "a. b. y.") == [
        ("x", "x", "ours"),
        (". b. ", ". b. ", "base"),
        ("y", "y", "theirs"),
        (".", ".", "base"),
    ]
    assert merged("a. b.", "x. b.", "y. b.")[0] == ("x", "y", "conflict")
    assert merged("a. b.", "x. b.", "x. b.")[0] == ("x", "x", "both")


def test_changes_with_but_a_space_between_them_belong_together():
    assert merged("a b", "x b", "a y") == [("x b", "a y", "conflict")]


def test_long_texts_are_held_together_by_what_stands_once():
    old = [f"w{n}" for n in range(200)]
    new = [*old[:50], "new", *old[50:120], *old[121:]]

    found = find_changes(old, new, most_compared=100)

    assert applied(old, new, found) == new
    assert [(c.old_to - c.old_from, c.new_to - c.new_from) for c in found] == [(0, 1), (1, 0)]


def test_long_texts_with_nothing_that_stands_once_are_replaced_whole():
    (change,) = find_changes("ab" * 50, "ba" * 30 + "c", most_compared=100)
    assert (change.old_from, change.old_to) == (0, 100)


def test_the_most_pairs_that_rise_on_both_sides():
    assert find_longest_rising([]) == []
    assert find_longest_rising([(0, 5), (1, 1), (2, 2), (3, 9), (4, 3)]) == [(1, 1), (2, 2), (4, 3)]
