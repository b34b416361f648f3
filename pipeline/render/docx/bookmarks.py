"""Names for the places that links lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_CHARACTERS = 40


class Bookmarks:
    """Gives each id of a Document a bookmark name that Word takes.

    Word knows letters, digits and the underscore, 40 of them, in either case the
    same name; a name with an underscore before it stays out of the editor's list.
    """

    def __init__(self, ids: Iterable[str]) -> None:
        self._names: dict[str, str] = {}
        self._count = 0
        taken: set[str] = set()
        for name in ids:
            plain = "_ref_" + re.sub("[^A-Za-z0-9]", "_", name)
            made, number = plain[:MOST_CHARACTERS], 1
            while made.lower() in taken:
                number += 1
                made = f"{plain[: MOST_CHARACTERS - len(str(number)) - 1]}_{number}"
            taken.add(made.lower())
            self._names[name] = made

    def __getitem__(self, name: str) -> str:
        """Give the bookmark of an id."""
        return self._names[name]

    def number(self) -> int:
        """Give the next bookmark's number, which is its identity in the file."""
        self._count += 1
        return self._count
