"""The text around the labels, which bears out whom they name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.importers import names
from pipeline.importers.blocks import Block
from pipeline.importers.candidates import NO_SPEAKER, Form, Label
from pipeline.importers.words import PARTICLES

_LEAST_OPENING = 12
"""The blocks that are an opening at least, wherever the first label stands."""


class Around:
    """The words of a source without its labels."""

    def __init__(self, blocks: Sequence[Block], labels: Sequence[Label], mentioned: str) -> None:
        """Take the blocks; ``mentioned`` is what is said of persons outside the text."""
        ends = {label.block: label.end for label in labels}
        self.words = "\n".join(
            [mentioned, *(block.text[ends.get(i, 0) :] for i, block in enumerate(blocks))]
        )
        first = min((label.block for label in labels if label.form is Form.COLON), default=0)
        self._named = names.all_in(block.text for block in blocks[: max(first, _LEAST_OPENING)])
        self._small = set(re.findall(r"\b[a-zà-ÿ]{3,}\b", self.words))

    def mentions(self, name: str) -> bool:
        """Tell whether the text names somebody outside the labels."""
        return bool(re.search(rf"\b{re.escape(names.bare(name))}\b", self.words))

    def is_no_word(self, text: str) -> bool:
        """Tell whether no word of a name stands in the text as a common word."""
        found = (word.lower() for word in re.findall(r"[^\W\d_]{3,}", text))
        return not any(
            word in self._small or word in NO_SPEAKER for word in found if word not in PARTICLES
        )

    def cased(self, name: str) -> str:
        """Give a name in capitals as the text writes it elsewhere."""
        for match in re.finditer(re.escape(names.bare(name)), self.words, re.IGNORECASE):
            if not names.in_capitals(match.group()):
                return match.group()
        return name

    def full_names(self, short: str) -> list[str]:
        """Give the full names of which a short one is a form: the opening's, or all in the text."""
        told = [
            name for name in self._named if names.key(short) in map(names.key, names.aliases(name))
        ]
        if len(told) == 1:
            return told
        surname = names.bare(short)
        if names.in_capitals(surname) and len(surname) > 3:
            surname = names.recased(surname)
        found: dict[str, str] = {}
        pattern = rf"(?:[^\W\d_][\w.'’\-]* ){{1,4}}{re.escape(surname)}\b"
        for match in re.finditer(pattern, self.words):
            name = names.last_in(match.group())
            if name and names.key(name) != names.key(surname):
                found.setdefault(names.key(name), names.bare(name))
        forms = {
            names.key(alias)
            for name in found.values()
            for alias in names.aliases(name)
            if names.key(alias) != names.key(name)
        }
        return [name for key, name in found.items() if key not in forms]
