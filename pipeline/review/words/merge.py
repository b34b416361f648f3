"""The merge of an editor's changes into what a text has become since.

Its laws, which tests hold it to:

- Merged twice is merged once.
- Who comes first of two editors matters only where they are in conflict.
- What either brought or took away is so in the outcome, once, or it is in a conflict.
- Where `git merge-file` merges the same texts, a token a line, the outcome is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, Literal, TypeAlias

from pipeline.review.words.diff3 import (
    Change,
    Hunk,
    T,
    find_changes_by_part,
    merge_changes,
    slide_changes,
)
from pipeline.review.words.explanation import (
    EditedText,
    Weigh,
    explain_text,
    includes_changes,
    lacks_removed,
)

ChangeFate: TypeAlias = Literal["applied", "already there", "conflict"]
_FATES: Final[Mapping[str, ChangeFate]] = {
    "theirs": "applied",
    "both": "already there",
    "conflict": "conflict",
}


@dataclass(frozen=True, slots=True)
class TokenTraits(Generic[T]):
    """What a merge has to know of tokens."""

    is_space: Callable[[T], bool]
    """Whether changes on both sides of it belong together."""
    begins_part: Callable[[T], bool]
    """Whether a part begins with it, such as a paragraph."""
    weigh: Weigh[T]


@dataclass(frozen=True, slots=True)
class TextMerge(Generic[T]):
    """A text with an editor's changes."""

    hunks: Sequence[Hunk[T]]
    fates: Sequence[ChangeFate]
    """What became of each change."""

    @property
    def ours(self) -> list[T]:
        """The outcome; in conflicts what the text has."""
        return [token for hunk in self.hunks for token in hunk.ours]

    @property
    def theirs(self) -> list[T]:
        """The outcome; in conflicts what the editor has."""
        return [token for hunk in self.hunks for token in hunk.theirs]

    @property
    def is_clean(self) -> bool:
        """Whether there is no conflict."""
        return "conflict" not in self.fates


def merge_edits(
    text: EditedText[T], now: Sequence[T], traits: TokenTraits[T], *, is_torn: bool = False
) -> TextMerge[T]:
    """Merge an editor's changes into what the base has become.

    A text that has all of it stays as it is. Where it is known that both were torn apart, whatever
    the text does not have is a conflict.

    In texts that say the same over and over it may be open what was changed. A merge that would
    then do more when it is made again, or another thing the other way round, is a conflict.
    """
    merged = _merge_once(text, now, traits)
    if _is_there(text, now, merged, traits):
        return merged
    if not is_torn and (now == text.base or _is_lawful(text, now, merged, traits)):
        return merged
    return _hold_back(text, now, traits)


def _is_there(
    text: EditedText[T], now: Sequence[T], merged: TextMerge[T], traits: TokenTraits[T]
) -> bool:
    """Return whether a text has all that was brought, and nothing that was taken away."""
    does_nothing = merged.is_clean and merged.ours == list(now)
    return does_nothing and lacks_removed(text, now, traits.weigh)


def _merge_once(text: EditedText[T], now: Sequence[T], traits: TokenTraits[T]) -> TextMerge[T]:
    begins = traits.begins_part
    slid = slide_changes(text.base, text.edited, text.changes, begins)
    found = explain_text(EditedText(text.base, text.edited, slid), now, traits.weigh)
    own = slide_changes(found.base, now, found.own, begins)
    merged = merge_changes(found.base, now, text.edited, own, found.waiting, traits.is_space)
    hunks = [
        _settle_conflict(found.base, hunk, own, found.waiting, traits.weigh)
        if hunk.of == "conflict"
        else hunk
        for hunk in merged
    ]
    waiting = _find_fates(hunks, found.waiting)
    fates: list[ChangeFate] = [
        "already there" if number in found.taken else next(waiting)
        for number in range(len(text.changes))
    ]
    return TextMerge(hunks, fates)


def _is_lawful(
    text: EditedText[T], now: Sequence[T], merged: TextMerge[T], traits: TokenTraits[T]
) -> bool:
    """Return whether a merge does nothing more when it is made again, and its reverse the same."""
    if not _is_settled(text, merged, traits):
        return False
    if not merged.is_clean:
        return True
    changes = find_changes_by_part(text.base, now, traits.begins_part)
    own = EditedText(text.base, now, changes)
    reverse = _merge_once(own, text.edited, traits)
    is_same = reverse.is_clean and reverse.ours == merged.ours
    return is_same and _is_settled(own, merged, traits)


def _is_settled(text: EditedText[T], merged: TextMerge[T], traits: TokenTraits[T]) -> bool:
    """Return whether merging changes into an outcome that has them does nothing."""
    again = _merge_once(text, merged.ours, traits)
    return again.ours == merged.ours and again.is_clean == merged.is_clean


def _hold_back(text: EditedText[T], now: Sequence[T], traits: TokenTraits[T]) -> TextMerge[T]:
    """Merge so that whatever the text does not have is a conflict."""
    every = frozenset(range(len(text.changes)))
    found = explain_text(text, now, traits.weigh, every)
    hunks: list[Hunk[T]] = []
    at = 0
    for hunk in merge_changes(
        text.base, now, text.edited, found.own, text.changes, traits.is_space
    ):
        end = at + (hunk.end - hunk.start if hunk.of == "theirs" else len(hunk.ours))
        if hunk.of == "theirs":
            hunk = replace(hunk, ours=tuple(now[at:end]), of="conflict")
        hunks.append(hunk)
        at = end
    return TextMerge(hunks, list(_find_fates(hunks, text.changes)))


def _settle_conflict(
    base: Sequence[T],
    hunk: Hunk[T],
    own: Iterable[Change],
    other: Iterable[Change],
    weigh: Weigh[T],
) -> Hunk[T]:
    """Take the side that has all changes of the other, if there is one."""
    old = base[hunk.start : hunk.end]
    mine = EditedText(old, hunk.ours, list(_cut_changes(own, hunk)))
    theirs = EditedText(old, hunk.theirs, list(_cut_changes(other, hunk)))
    if includes_changes(theirs, hunk.ours, weigh):
        return Hunk(hunk.ours, hunk.ours, hunk.start, hunk.end, "both")
    if includes_changes(mine, hunk.theirs, weigh):
        return Hunk(hunk.theirs, hunk.theirs, hunk.start, hunk.end, "theirs")
    return hunk


def _cut_changes(changes: Iterable[Change], hunk: Hunk[T]) -> Iterator[Change]:
    """Return the changes in a piece of the base, as changes of that piece."""
    shift = -hunk.start
    for change in changes:
        if hunk.start <= change.old_from and change.old_to <= hunk.end:
            at, size = change.old_from + shift, change.new_to - change.new_from
            start = change.old_from - hunk.start
            yield Change(start, change.old_to - hunk.start, at, at + size)
            shift += size - (change.old_to - change.old_from)


def _find_fates(hunks: Sequence[Hunk[T]], waiting: Iterable[Change]) -> Iterator[ChangeFate]:
    """Return what became of each change that was waiting, in order."""
    changed = [hunk for hunk in hunks if hunk.of in _FATES]
    at = 0
    for change in waiting:
        while changed[at].end < change.old_to:
            at += 1
        yield _FATES[changed[at].of]
