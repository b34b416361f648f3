"""Whose words stand under an expert's name: that expert's, and nobody else's.

Told by the addresses that both have. Only a label that is a name, or several, is held to it:
a section's heading, a term; and what a quotation's footer names. What has a label of its own
within is judged by that one, and so is no quotation, table or section within a section.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.document.tree import (
    Definition,
    Heading,
    Inline,
    Node,
    Quote,
    Section,
    Table,
    Text,
    iterate_parts,
    walk,
)

_NAME: Final = re.compile(r"article\.md#experts\.([^.]+)\.name")
_SPOKEN: Final = re.compile(r"article\.md#[^.]+\.([^.]+)(?:\.\d.*)?")
_POSITION: Final = re.compile(r"summary\.yaml#positions\.[^.]+\.([^.]+)\.(?:text|quote)")
_BETWEEN: Final = re.compile(r"(?:[\W\d_]|\band\b)*")
"""What may stand between names, and before them, in a label that is nothing but names."""
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class WrongName:
    """Words that stand under another's name."""

    name: str
    words: str
    """The first of them."""


def find_wrong_name(
    label: Sequence[Inline], words: Iterable[Node], experts: Collection[str]
) -> WrongName | None:
    """Return the first words below a label that none of those whom it names said.

    Words of people who are no experts, such as a moderator's, are nobody's here.
    """
    named = _read_names(label)
    if not named:
        return None
    for text in _iterate_texts(words):
        speakers = _find_speakers(text) & {*experts}
        if speakers and not speakers & named.keys():
            return WrongName(" and ".join(named.values()), text.text.strip()[:_SHOWN])
    return None


def is_all_names(label: Sequence[Inline]) -> bool:
    """Return whether a label is the names of experts, with their positions or without."""
    others = [text.text for text in _list_texts(label) if "#experts." not in (text.source or "")]
    return bool(_read_names(label)) and all(map(_BETWEEN.fullmatch, others))


def _read_names(label: Sequence[Inline]) -> dict[str, str]:
    """Return the names of experts in a label by their ids."""
    found = ((_NAME.fullmatch(text.source or ""), text.text) for text in _list_texts(label))
    return {match[1]: name for match, name in found if match}


def _find_speakers(text: Text) -> set[str]:
    """Return the ids of those whose words, or whose position, a text is."""
    source = text.source or ""
    match = _POSITION.fullmatch(source) or _SPOKEN.fullmatch(source)
    return set(match[1].split("+")) if match else set()


def _list_texts(nodes: Iterable[Node]) -> list[Text]:
    return [part for node in nodes for part in (node, *walk(node)) if isinstance(part, Text)]


def _iterate_texts(nodes: Iterable[Node]) -> Iterator[Text]:
    """Yield the words that a label is held to: down to what has a label of its own."""
    for node in nodes:
        match node:
            case Text():
                yield node
            case Heading():
                if is_all_names(node.children):
                    return
            case Section(children=(Heading() as heading, *_)) if is_all_names(heading.children):
                continue
            case Definition() if is_all_names(node.term):
                continue
            case Quote(attribution=by, role=role) if by or role:  # a template's, not an answer's
                continue
            case Table():
                continue
            case _:
                yield from _iterate_texts(iterate_parts(node))
