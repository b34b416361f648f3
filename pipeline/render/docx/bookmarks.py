"""Names for the places that links lead to, and what stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.document.tree import Document, Footnote, Heading, List, Paragraph, to_plain_text, walk

MOST_CHARACTERS = 40


class Bookmarks:
    """Gives each id of a Document a bookmark name that Word takes.

    Word knows letters, digits and the underscore, 40 of them, in either case the
    same name; a name with an underscore before it stays out of the editor's list.
    """

    def __init__(self, document: Document) -> None:
        self._names = dict(_name_ids(document))
        self._words = dict(_find_words(document))
        self._numbers = dict(_find_numbers(document))
        self._count = 0

    def __getitem__(self, name: str) -> str:
        """Return the bookmark of an id."""
        return self._names[name]

    def take_number(self) -> int:
        """Return the next bookmark's number, which is its identity in the file."""
        self._count += 1
        return self._count

    def make_reference_field(self, name: str, shown: str) -> str:
        """Return the field that shows what stands at an id, if that is ``shown`` (§17.16.5.50).

        An item's number stays right when items come and go, a heading's words when they change.
        """
        if self._numbers.get(name) == shown:
            return f"REF {self._names[name]} \\r \\h"
        if self._words.get(name) == shown:
            return f"REF {self._names[name]} \\h \\* MERGEFORMAT"
        return ""


def _name_ids(document: Document) -> Iterator[tuple[str, str]]:
    """Return each id with its bookmark; those that would be the same have a number behind."""
    tries: dict[str, int] = {}
    taken: set[str] = set()
    for node in walk(document):
        if not (name := getattr(node, "id", "")):
            continue
        plain = "_ref_" + re.sub("[^A-Za-z0-9]", "_", name)
        bookmark = plain[:MOST_CHARACTERS]
        start, number = bookmark.lower(), tries.get(bookmark.lower(), 1)
        while bookmark.lower() in taken:
            number += 1
            bookmark = f"{plain[: MOST_CHARACTERS - len(str(number)) - 1]}_{number}"
        tries[start] = number
        taken.add(bookmark.lower())
        yield name, bookmark


def _find_numbers(document: Document) -> Iterator[tuple[str, str]]:
    for node in walk(document):
        if isinstance(node, List) and node.ordered and node.role != "plain":
            for number, item in enumerate(node.children, node.start):
                if item.id:
                    yield item.id, str(number)


def _find_words(document: Document) -> Iterator[tuple[str, str]]:
    for node in walk(document):
        if not (isinstance(node, Heading | Paragraph) and node.id):
            continue
        if not any(isinstance(part, Footnote) for part in walk(node)):  # it would stand there twice
            yield node.id, to_plain_text(node.children)
