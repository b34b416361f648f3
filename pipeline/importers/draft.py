"""What an import found, before it is written: the article in parts, and where every word went."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias

from pipeline.importers.blocks import Block
from pipeline.importers.furniture import Furniture
from pipeline.importers.people import Person

Marks: TypeAlias = Literal["both", "unclosed", "none"]


class Use(StrEnum):
    """What became of a piece of the source."""

    CONTENT = "content"
    METADATA = "metadata"
    MARK = "mark"
    """A sign that the structure says: a question's number, a label, an outer quotation mark."""
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a block's text, with what became of it."""

    block: Block
    start: int
    end: int
    use: Use
    where: str
    """The field or address it went to; of what was skipped, the reason."""


@dataclass(slots=True)
class Turn:
    """What one speaker, or several together, said in one go."""

    people: tuple[Person, ...]
    label: str
    line: int
    blocks: list[Block] = field(default_factory=list)
    quotes: Marks = "none"

    @property
    def words(self) -> int:
        """The number of words that were said."""
        return sum(len(block.text.split()) for block in self.blocks)


@dataclass(slots=True)
class Asked:
    """A question with what was said to it."""

    blocks: list[Block]
    line: int
    number: str = ""
    """As the source counts it."""
    implied: bool = False
    turns: list[Turn] = field(default_factory=list)
    unlabelled: list[Block] = field(default_factory=list)
    """What stands under it before anybody is named."""
    missing: list[tuple[Person, ...]] = field(default_factory=list)
    """Whose label stands here with nothing said under it."""

    @property
    def text(self) -> str:
        """The question's words."""
        return " ".join(block.text for block in self.blocks)


@dataclass(slots=True)
class Skipped:
    """Lines of the source that are neither content nor metadata."""

    line: int
    last_line: int
    text: str
    reason: str
    is_outside: bool = False
    """Whether they stand outside the article, in the page around it."""


@dataclass(slots=True)
class Draft:
    """An article as it was found in a source."""

    title: str = ""
    short_title: str = ""
    series: str = ""
    series_note: list[Block] = field(default_factory=list)
    date: str = ""
    language: str = ""
    authors: list[Person] = field(default_factory=list)
    bios: dict[int, list[Block]] = field(default_factory=dict)
    """Notes about persons, by the person's ``id()``."""
    topics: list[str] = field(default_factory=list)
    experts: list[Person] = field(default_factory=list)
    moderators: list[Person] = field(default_factory=list)
    about: list[Block] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    introduction: list[Block] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)
    """Footnotes."""
    proposals: list[str] = field(default_factory=list)
    """What was read out of the words rather than read, for the editor to confirm."""
    skipped: list[Skipped] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    @property
    def turns(self) -> Iterator[Turn]:
        """Every turn, in the source's order."""
        for question in self.questions:
            yield from question.turns

    @property
    def last_question(self) -> str:
        """Where the words of the last question go."""
        return f"question {len(self.questions)}"

    def take(
        self, block: Block, use: Use, where: str, start: int = 0, end: int | None = None
    ) -> None:
        """Note what became of a part of a block's text."""
        self.pieces.append(Piece(block, start, len(block.text) if end is None else end, use, where))

    def skip(self, block: Block, reason: str) -> None:
        """Leave a block out, with the reason."""
        words = f"{block.text} <{block.address}>".strip() if block.address else block.text
        self.skipped.append(
            Skipped(block.line, block.last_line, words, reason, bool(block.outside))
        )
        self.take(block, Use.SKIPPED, reason)

    def leave(self, block: Block, what: Furniture) -> None:
        """Leave furniture out, or put it into the field for it."""
        if what.use == "skipped":
            self.skip(block, what.reason)
            return
        _, _, rest = block.text.partition(":")
        words = rest.strip() or block.text
        if what.use == "credits":
            self.credits.append(words)
        else:
            self.related += [part.strip() for part in re.split("[,;]", words) if part.strip()]
        self.take(block, Use.METADATA, what.use)

    def note_on(self, person: Person, block: Block) -> None:
        """Keep a paragraph as a note on somebody."""
        self.bios.setdefault(id(person), []).append(block)
        self.take(block, Use.METADATA, f"note on {person.name}")


def text_of(blocks: Iterable[Block]) -> str:
    """Give the words of some blocks, run together with spaces."""
    return " ".join(block.text for block in blocks)


def first_of(sequence: Sequence[Block]) -> str:
    """Give the beginning of some blocks, for a message."""
    words = text_of(sequence).split()
    return " ".join(words[:8]) + (" …" if len(words) > 8 else "")
