"""Which changes of words have no place in the content, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pipeline.review.match.sent_brief import NOBODY, Owner
from pipeline.review.pull.value_edits import TokenPlace
from pipeline.review.words.tokens import BlockStart, Token, Word


@dataclass(frozen=True, slots=True)
class OwnedChange:
    """A change of words of the brief, with whose they are."""

    removed: Sequence[Token]
    owners: Sequence[Owner]
    """Whose each removed word is."""
    places: Sequence[TokenPlace]
    """Where each of them stood."""
    added: Sequence[Token]
    around: Sequence[Owner]
    """Whose the removed words are, and the one before and the one behind them."""
    target: Owner | None
    """The value that the added words go to."""

    @property
    def values(self) -> list[Owner]:
        """The values whose words are removed, each once."""
        return list(dict.fromkeys(owner for owner in self.owners if owner.kind != "none"))


def find_refusal(change: OwnedChange) -> str:
    """Return why a change has no place in the content; nothing if it has one."""
    found = (rule(change) for rule in _RULES)
    return next((reason for reason in found if reason is not None), "")


def _refuse_several_values(change: OwnedChange) -> str | None:
    if change.added and len(change.values) > 1:
        addresses = ", ".join(owner.address for owner in change.values)
        return f"the change runs over several values: change each by itself, {addresses}"
    return None


def _refuse_template_words(change: OwnedChange) -> str | None:
    """Refuse what changes words that are printed from elsewhere; their spaces alone may go."""
    others = [
        (token, owner)
        for token, owner in zip(change.removed, change.owners, strict=True)
        if owner.kind == "none" and owner is not NOBODY
    ]
    if any(isinstance(token, Word) and token.text.strip() for token, _ in others):
        return others[0][1].origin
    return None


def _refuse_joined_texts(change: OwnedChange) -> str | None:
    pairs = zip(change.removed, change.owners, strict=True)
    if any(isinstance(token, BlockStart) and owner is NOBODY for token, owner in pairs):
        values = dict.fromkeys(owner.address for owner in change.around if owner.address)
        way = f"write the words by hand into {' or '.join(values)}" if values else "part them again"
        return f"paragraphs that are not one text cannot be joined: {way}"
    return None


def _refuse_nobodys_words(change: OwnedChange) -> str | None:
    if change.added and change.target is None:
        return next((owner.origin for owner in change.around if owner.origin), NOBODY.origin)
    return None


def _refuse_new_paragraphs(change: OwnedChange) -> str | None:
    target = change.target
    is_split = any(isinstance(token, BlockStart) for token in change.added)
    if target and not target.is_flow and is_split:
        return f"{target.address} is a single paragraph: write the words into it as one"
    return None


_RefusalRule: TypeAlias = Callable[[OwnedChange], str | None]
_RULES: Final[tuple[_RefusalRule, ...]] = (
    _refuse_several_values,
    _refuse_template_words,
    _refuse_joined_texts,
    _refuse_nobodys_words,
    _refuse_new_paragraphs,
)
"""In order: the first that refuses says why."""
