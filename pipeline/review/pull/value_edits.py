"""What an editor changed, value by value, and the changes that have no place in the content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from pipeline.review.match.paragraph_match import ParagraphGroup
from pipeline.review.match.sent_brief import Owner
from pipeline.review.words.diff3 import Change
from pipeline.review.words.tokens import PLAIN, Token, Word

ValueKey: TypeAlias = tuple[str, int]
"""A value's address, and how often it was shown before."""
Spot: TypeAlias = tuple[ValueKey, int]
"""A value, and which of its changes."""
TokenPlace: TypeAlias = tuple[int, int]
"""A block of the brief, and the place of a token in it."""


@dataclass(slots=True)
class Edit:
    """What an editor made of one value, where the brief shows it."""

    owner: Owner
    base: list[Token] = field(default_factory=list)
    edited: list[Token] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    lines: list[tuple[int, ...]] = field(default_factory=list)
    """The lines in which each change stands."""
    quotation_marks: set[str] = field(default_factory=set)
    """The quotation marks that the pipeline put there, and the editor took away."""

    def keep_token(self, token: Token) -> None:
        """Go on with a token that nobody changed."""
        self.base.append(token)
        self.edited.append(token)

    def replace_tokens(
        self, old: Sequence[Token], new: Sequence[Token], lines: tuple[int, ...]
    ) -> None:
        """Go on with some tokens in the place of others."""
        at, to = len(self.base), len(self.edited)
        self.changes.append(Change(at, at + len(old), to, to + len(new)))
        self.lines.append(lines)
        self.base += old
        self.edited += new


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that has no place in the content."""

    reason: str
    words: str
    """What was changed, for a person."""
    lines: tuple[int, ...] = ()
    revisions: tuple[int, ...] = ()


AssignedChange: TypeAlias = Spot | Refusal


@dataclass(slots=True)
class ParagraphMove:
    """The changes that a paragraph which was moved is taken out and put in by."""

    sources: list[Spot] = field(default_factory=list)
    targets: list[Spot] = field(default_factory=list)


@dataclass(slots=True)
class AssignedEdits:
    """All that an editor changed."""

    groups: tuple[ParagraphGroup, ...] = ()
    edits: dict[ValueKey, Edit] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    by_revision: dict[int, set[Spot]] = field(default_factory=lambda: defaultdict(set))
    """The changes that tracked insertions are part of."""
    moves: dict[int, ParagraphMove] = field(default_factory=lambda: defaultdict(ParagraphMove))
    """The paragraphs that were moved, by their groups."""
    removed: dict[TokenPlace, AssignedChange] = field(default_factory=dict)
    """What became of words of the brief that an editor took away."""

    def map_lines(self) -> Mapping[int, ParagraphGroup]:
        """Return the group of each line."""
        return {line: group for group in self.groups for line in group.lines}

    def list_spots(self, key: ValueKey) -> list[Spot]:
        """Return the changes of one value."""
        return [(key, number) for number in range(len(self.edits[key].changes))]

    def is_changed(self, key: ValueKey) -> bool:
        """Return whether an editor changed a value."""
        edit = self.edits.get(key)
        return bool(edit and edit.changes)

    def open_edit(self, owner: Owner) -> Edit:
        """Return the edit of a value, a new one if need be."""
        return self.edits.setdefault((owner.address, owner.instance), Edit(owner))

    def keep_tokens(self, tokens: Sequence[Token], owners: Sequence[Owner]) -> None:
        """Go on with tokens that nobody changed, each in its own value."""
        for token, owner in zip(tokens, owners, strict=True):
            if owner.kind != "none":
                self.open_edit(owner).keep_token(token)

    def add_change(
        self,
        owner: Owner,
        old: Sequence[Token],
        new: Sequence[Token],
        lines: tuple[int, ...],
        places: Iterable[TokenPlace] = (),
    ) -> list[Spot]:
        """Put new tokens in the place of a value's old ones, which stand in ``places``.

        Returns the change that it is; none where there is nothing to change.
        """
        if not (old or new):
            return []
        if owner.kind in ("plain", "items"):  # how its words are set is the template's
            new = strip_styles(new)
        edit = self.open_edit(owner)
        spot = ((owner.address, owner.instance), len(edit.changes))
        edit.replace_tokens(old, new, lines)
        self.removed |= dict.fromkeys(places, spot)
        for token in new:
            for revision in token.revisions:
                self.by_revision[revision].add(spot)
        return [spot]

    def add_refusal(self, refusal: Refusal, places: Iterable[TokenPlace]) -> None:
        """Refuse a change of the words in ``places``."""
        self.refusals.append(refusal)
        self.removed |= dict.fromkeys(places, refusal)


def strip_styles(tokens: Iterable[Token]) -> list[Token]:
    """Return tokens without their looks, which a template may have given them."""
    return [replace(t, style=PLAIN) if isinstance(t, Word) else t for t in tokens]
