"""The laws of the merge: twice is once, in any order, nothing is lost, nothing is doubled."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.review.words.diff3 import find_changes_by_part
from pipeline.review.words.explanation import EditedText
from pipeline.review.words.merge import TokenTraits, merge_edits
from pipeline.review.words.tokens import BlockStart
from tests.support.two_editors import (
    COMMON,
    Desk,
    Paragraph,
    Typist,
    count_typed,
    count_words,
    edit_brief,
    is_clean,
    make_content,
    write_brief,
)

TRAITS: TokenTraits[str] = TokenTraits(
    is_space=lambda word: False,
    begins_part=lambda word: word == "¶",
    weigh=lambda word: 4 if word == "." else 12,
)


def merge(base: Sequence[str], now: Sequence[str], edited: Sequence[str]):
    changes = find_changes_by_part(base, edited, TRAITS.begins_part)
    return merge_edits(EditedText(base, edited, changes), now, TRAITS)


# --- words ------------------------------------------------------------------------------------


def edit_words(random: Random, words: list[str], name: str) -> list[str]:
    """Insert, replace and delete; what is new is nobody else's."""
    edited = list(words)
    for number in range(random.randint(1, 3)):
        at = random.randrange(len(edited) + 1)
        new = [f"{name}{number}.{n}" for n in range(random.randint(1, 3))]
        edited[at : at + random.choice([0, 0, 1, 4])] = random.choice([new, new, []])
    return edited


def write_words(random: Random) -> list[str]:
    words: list[str] = []
    for _ in range(random.randint(1, 3)):
        words.append("¶")
        for _ in range(random.randint(1, 3)):
            words += [*random.choices(COMMON, k=random.randint(2, 6)), "."]
    return words


def check_words(seed: int) -> None:
    """Two editors of one text, and a third who changes it in between."""
    random = Random(seed)
    base = write_words(random)
    both = edit_words(random, base, "S") if random.random() < 0.3 else base
    ours, theirs = edit_words(random, both, "A"), edit_words(random, both, "B")

    merged = merge(base, ours, theirs)
    again = merge(base, merged.ours, theirs)
    reverse = merge(base, theirs, ours)

    assert again.ours == merged.ours, "made twice it is another"
    if merged.is_clean:
        assert again.is_clean, "made twice it is in conflict"
        assert not reverse.is_clean or reverse.ours == merged.ours, "the order matters"
        counts, either = Counter(merged.ours), Counter(ours) | Counter(theirs)
        for word in {*ours, *theirs} - {*COMMON, ".", "¶"}:
            assert counts[word] == either[word], f"{word} is lost or doubled"
    else:
        found = Counter(merged.ours) | Counter(merged.theirs)
        for word in {*ours, *theirs} - {*COMMON, ".", "¶"}:
            # What both typed may stand on both sides of a conflict, and before it.
            assert found[word] == 1 or (word[0] == "S" and found[word]), f"{word}: {found[word]}"


@pytest.mark.parametrize("seed", range(150))
def test_words_of_two_editors_are_all_there_once(seed):
    check_words(seed)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(10))
def test_words_of_two_editors_are_all_there_once_ten_thousand_times(part):
    for seed in range(part * 1000, part * 1000 + 1000):
        check_words(seed)


@given(st.lists(st.sampled_from("ab. ¶"), max_size=12), st.data())
def test_any_changes_made_twice_are_made_once(base, data):
    now, edited = (data.draw(st.lists(st.sampled_from("ab. ¶"), max_size=12)) for _ in range(2))
    merged = merge(base, now, edited)
    again = merge(base, merged.ours, edited)

    assert again.ours == merged.ours
    assert not merged.is_clean or again.is_clean


def test_an_insertion_that_can_slide_is_taken_once():
    base = "We agree on norms . They bind states . They are old .".split()
    theirs = "We agree on norms . They set limits . They bind states . They are old .".split()
    for ours in (
        theirs,
        "We agree on rules . They set limits . They bind states . They are old .".split(),
        "All agree on norms . They set limits . They bind states . They are very old .".split(),
    ):
        merged = merge(base, ours, theirs)
        assert merged.is_clean
        assert merged.ours == ours


def test_a_side_that_has_all_of_the_other_is_taken():
    assert merge("a . b".split(), "a . X Y . b".split(), "a . X . b".split()).is_clean
    merged = merge("a . b".split(), "a . X . b".split(), "a . X Y . b".split())
    assert merged.is_clean
    assert merged.ours == "a . X Y . b".split()
    assert not merge("a . b".split(), "a . X . b".split(), "a . Y . b".split()).is_clean


def test_what_one_deletes_and_the_other_changes_is_a_conflict():
    merged = merge("a b c d e".split(), "a b X d e".split(), "a e".split())
    assert not merged.is_clean
    assert (merged.ours, merged.theirs) == ("a b X d e".split(), "a e".split())


def merge_by_git(folder: Path, *texts: Sequence[str]) -> list[str] | None:
    """Merge a token a line; None where git finds a conflict."""
    paths = []
    for number, words in enumerate(texts):
        path = folder / str(number)
        path.write_text("".join(f"{word}\n" for word in words), "utf-8")
        paths.append(str(path))
    command = ["git", "merge-file", "-p", *paths]
    finished = subprocess.run(command, capture_output=True, text=True)
    return finished.stdout.split("\n")[:-1] if finished.returncode == 0 else None


def check_against_git(seed: int, folder: Path) -> bool:
    """Hold a merge against git's; return whether git merged."""
    random = Random(seed)
    base = [f"b{n}" for n in range(random.randint(5, 40))]
    ours, theirs = edit_words(random, base, "A"), edit_words(random, base, "B")
    known = merge_by_git(folder, ours, base, theirs)
    if known is None:
        return False
    merged = merge(base, ours, theirs)
    assert merged.is_clean
    assert merged.ours == known
    return True


def test_it_agrees_with_git(tmp_path):
    assert sum(check_against_git(seed, tmp_path) for seed in range(40)) > 15


@pytest.mark.soak
def test_it_agrees_with_git_in_thousands_of_merges(tmp_path):
    assert sum(check_against_git(seed, tmp_path) for seed in range(3000)) > 1000


# --- paragraphs ---------------------------------------------------------------------------------


class Outcome(NamedTuple):
    """What came of two editors' files."""

    is_clean: bool
    """Whether there was no conflict."""
    asks_again: bool = False
    """Whether a person was asked, for nothing, when one was pulled once more."""


def check_editors(seed: int) -> Outcome:
    """Pull the files of two editors, and both again."""
    random = Random(seed)
    brief = write_brief(random)
    ann, bob = Typist("A", random), Typist("B", random)
    of_ann, of_bob = edit_brief(brief, ann, 3), edit_brief(brief, bob, 3)
    desk = Desk(brief, make_content(brief))
    assert is_clean(desk.pull(of_ann)), "what nobody else changed is in conflict"
    # A new paragraph between two answers may stand in either: here no heading stands between.
    alone, hers = (
        [token for tokens in every.values() for token in tokens]
        for every in (desk.content, make_content(of_ann))
    )
    assert alone == hers, "what nobody else changed is not the editor's"
    merged = desk.pull(of_bob)
    ours = dict(desk.content)
    theirs = ours | {
        address: value.theirs for address, value in merged.values.items() if value.is_in_conflict
    }

    counts, others = count_words(ours), count_words(theirs)
    wanted = count_typed(of_ann) + count_typed(of_bob)
    for word in (*ann.typed, *bob.typed):
        most = max(counts[word], others[word])
        assert most == wanted[word], f"{word} is {most} times where it was typed {wanted[word]}"
    if is_clean(merged):
        _check_brief_words(brief, of_ann, of_bob, counts)
    # With a conflict nothing else can be pulled before a person has resolved it.
    asks_again = False
    for file in (of_ann, of_bob) if is_clean(merged) else (of_bob,):
        again = desk.pull(file)
        assert desk.content == ours, "a file pulled twice changed more"
        asks_again |= is_clean(merged) and not is_clean(again)
    other = Desk(brief, make_content(brief))
    first = other.pull(of_bob)
    if is_clean(other.pull(of_ann)) and is_clean(first) and is_clean(merged):
        assert other.content == ours, "the order matters"
    return Outcome(is_clean(merged), asks_again)


def _check_brief_words(
    brief: list[Paragraph],
    of_ann: list[Paragraph],
    of_bob: list[Paragraph],
    counts: Counter[str],
) -> None:
    """Check that what one deleted is gone, what one copied came, and the rest is there once."""
    known, one, other = count_typed(brief), count_typed(of_ann), count_typed(of_bob)
    for word in known.keys() - {*COMMON, "."}:
        if one[word] < 2 or other[word] < 2:  # who copied the same put it there once
            assert counts[word] == max(0, one[word] + other[word] - known[word]), word


def pull_in_turn(*edits: list[tuple[str, str]]) -> tuple[list[str], list[bool]]:
    """Pull files into one answer, each a list of names and words; names of copies end in "+".

    Returns its paragraphs, and of each file whether all of it was clean.
    """
    files = [
        [
            Paragraph(name.removesuffix("+"), tuple(words.split()), 0, name.endswith("+"))
            for name, words in edit
        ]
        for edit in edits
    ]
    desk = Desk(files[0], make_content(files[0]))
    clean = [is_clean(desk.pull(file)) for file in files[1:]]
    (tokens, _) = desk.content.values()
    words = "".join("|" if isinstance(t, BlockStart) else t.text for t in tokens)
    return words.split("|")[1:], clean


ONE, TWO, THREE = ("p1", "first of all ."), ("p2", "talks go on ."), ("p3", "nobody knows why .")


def test_what_one_moved_and_another_copied_is_a_conflict():
    moved, copied = [ONE, THREE, TWO], [ONE, TWO, THREE, ("p3+", THREE[1])]

    for one, other in ((moved, copied), (copied, moved)):
        assert pull_in_turn([ONE, TWO, THREE], one, other, one)[1] == [True, False, True]


def test_a_paragraph_that_is_rewritten_where_it_stands_keeps_what_is_added_to_it():
    brief = [ONE, ("p2", "the norms for b ."), THREE]
    rewritten = [ONE, ("p2", "they agree and norms for b ."), THREE, ("", "for they norms the .")]
    longer = [ONE, ("p2", "the norms for b . Indeed ."), THREE]

    for one, other in ((rewritten, longer), (longer, rewritten)):
        found, clean = pull_in_turn(brief, one, other)
        assert found[1] == "they agree and norms for b . Indeed ."
        assert found[3] == "for they norms the ."
        assert clean == [True, True]


def test_a_deletion_of_what_was_moved_and_rewritten_is_a_conflict():
    brief = [ONE, ("p2", "This in b limits ."), THREE]
    rewritten = [ONE, THREE, ("p2", "the and new the b limits .")]

    for one, other in ((rewritten, [ONE, THREE]), ([ONE, THREE], rewritten)):
        assert pull_in_turn(brief, one, other)[1] == [True, False]


def test_a_move_of_what_was_rewritten_is_not_lost():
    brief = [ONE, ("p2", "This the b state the ."), THREE]
    rewritten, moved = [("p2", "This This B ."), THREE], [ONE, THREE, brief[1]]

    assert pull_in_turn(brief, rewritten, moved)[1] == [True, False]
    assert pull_in_turn(brief, moved, rewritten) == ([THREE[1], "This This B ."], [True, True])


def test_what_stands_there_in_other_words_is_not_asked_about():
    """Of 10,000 random pairs these were lost, doubled or in conflict once more."""
    seeds = (50, 54, 2036, 3446, 7030, 7041, 7368, 8010, 8610)
    assert not [seed for seed in seeds if check_editors(seed).asks_again]


def test_a_text_that_has_all_of_an_edit_is_left_as_it_is():
    brief = [ONE, ("p2", "talks go on for ever ."), THREE]
    edited = [("p2", "talks go on ."), THREE, ("", "so be it ."), ONE]
    changed = [
        ("p2", "indeed talks go on ."),
        THREE,
        ("", "so be it , says all the world ."),
        ("", "really ."),
        ONE,
    ]

    words = [text for _, text in changed]
    assert pull_in_turn(brief, changed, edited) == (words, [True, True])
    # Where a paragraph stands elsewhere, or is still there, something is open.
    assert pull_in_turn(brief, changed, [*edited[1:], edited[0]])[1] == [True, False]
    assert pull_in_turn(brief, changed, edited[1:])[1] == [True, False]


QUICK = range(60)


@pytest.mark.parametrize("seed", QUICK)
def test_two_editors_lose_nothing_and_double_nothing(seed):
    check_editors(seed)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(20))
def test_two_editors_lose_nothing_and_double_nothing_ten_thousand_times(part):
    outcomes = [check_editors(seed) for seed in range(part * 500, part * 500 + 500)]
    assert sum(outcome.is_clean for outcome in outcomes) > 250
    assert sum(outcome.asks_again for outcome in outcomes) <= 5
