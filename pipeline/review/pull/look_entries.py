"""Accounts for how words are set in a file, where the content cannot hold it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from pipeline.review.match.paragraph_match import ParagraphGroup
from pipeline.review.match.sent_brief import NOBODY, Owner
from pipeline.review.pull.file_edits import FileEdits
from pipeline.review.pull.outcomes import OutcomeEntry
from pipeline.review.words.diff3 import find_changes, pair_unchanged
from pipeline.review.words.tokens import PLAIN, Word, add_link, format_tokens

_STRESS: Final = ("bold", "italic")


def report_looks(edits: FileEdits) -> Iterator[OutcomeEntry]:
    """Return an entry for each look that an editor gave to words which cannot have it."""
    groups = edits.assigned.map_lines()
    for index, line in enumerate(edits.lines):
        owners = _find_owners(edits, groups[index], index)
        looks = [other for other in line.others if other not in _STRESS]
        # A program that takes the anchors away writes each style's look out as well.
        if groups[index].is_anchored:
            looks += _list_stress(line.words, owners)
        for other in looks:
            yield OutcomeEntry(
                file=edits.edited.name,
                kind="formatting",
                outcome="refused",
                what=other,
                words=format_tokens(line.words)[:80],
                reason=f"the content cannot hold words that are {other}",
                paragraph=line.numbers[0],
            )
        yield from _report_links(edits, index, owners)


def _find_owners(edits: FileEdits, group: ParagraphGroup, index: int) -> list[Owner]:
    """Return whose each word of a line is; of a new one, whose the word before it is."""
    own = [
        (token, owner)
        for block in group.blocks
        for token, owner in zip(
            edits.sent.blocks[block].tokens, edits.sent.blocks[block].owners, strict=True
        )
    ]
    if not own:  # it came, or was refused, as a whole
        return []
    lines = [(n, word) for n in group.lines for word in edits.lines[n].words]
    old = [token.text if isinstance(token, Word) else None for token, _ in own]
    found = find_changes(old, [word.text for _, word in lines])
    kept = {new: own[before][1] for before, new in pair_unchanged(found, len(old))}
    owners: list[Owner] = []
    last = next(iter(kept.values()), NOBODY)
    for n, (line, _) in enumerate(lines):
        last = kept.get(n, last)
        if line == index:
            owners.append(last)
    return owners


def _list_stress(words: Sequence[Word], owners: Sequence[Owner]) -> list[str]:
    """Return how words are stressed that are no Markdown."""
    plain = [w for w, owner in zip(words, owners, strict=False) if not owner.is_markdown]
    return [other for other in _STRESS if any(other in word.style.others for word in plain)]


def _report_links(edits: FileEdits, index: int, owners: Sequence[Owner]) -> Iterator[OutcomeEntry]:
    """Report the links on words that are no Markdown, but for those that the brief had there."""
    line = edits.lines[index]
    pairs = zip(line.words, owners, strict=False)
    for (href, owner), group in groupby(pairs, key=lambda pair: (pair[0].style.href, pair[1])):
        words = format_tokens(word for word, _ in group)
        if href and not owner.is_markdown and not _is_own_link(edits, href, words):
            where = owner.address or "the template"
            yield OutcomeEntry(
                file=edits.edited.name,
                kind="formatting",
                outcome="refused",
                what=f"linked to {href}",
                words=words,
                reason=f"{where} holds no links: words of answers and of the introduction do",
                paragraph=line.numbers[0],
            )


def _is_own_link(edits: FileEdits, href: str, words: str) -> bool:
    """Return whether a template linked some words: to what they say, or to a value's address."""
    known = {words, f"mailto:{words}", *edits.sent.links, *edits.sent.sources.values()}
    return add_link(PLAIN, href).link in {add_link(PLAIN, each).link for each in known}
