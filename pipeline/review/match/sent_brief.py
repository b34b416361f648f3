"""What a brief said when it was made: its paragraphs, and whose each of their words are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from pipeline.document.markdown_tables import CELL_ADDRESS
from pipeline.review.words.tokens import (
    Token,
)

BODY_ADDRESS: Final = re.compile(r"article\.md#(introduction|[a-z][a-z0-9-]*\.[a-z0-9+-]+)\.\d+")
"""The address of a paragraph of the introduction or of an answer: in which of them it stands."""
TABLE_CELL: Final = re.compile(rf"{BODY_ADDRESS.pattern}{CELL_ADDRESS}")
"""The address of a cell of a table there."""
ITEM_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "takeaways": ("text",),
    "agreements": ("text",),
    "differences": ("text",),
    "options": ("text",),
    "glossary": ("term", "definition"),
}
"""The summary's lists, and of each the words of an item, which a brief shows a paragraph each."""
OwnerKind: TypeAlias = Literal[
    "body", "prose", "items", "question", "cell", "table", "plain", "none"
]


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose words are: a value of the content, or none."""

    kind: OwnerKind
    address: str = ""
    """The value's; of paragraphs of article.md that of their answer, without a number; of an item
    of one of the summary's lists that of the list."""
    instance: int = 0
    """How often the value was shown before in the brief."""
    origin: str = ""
    """Where words that are no value's are from: a template's line, or why they have no place."""

    @property
    def is_flow(self) -> bool:
        """Whether it is a value that may hold several paragraphs."""
        return self.kind in ("body", "prose", "items")

    @property
    def is_markdown(self) -> bool:
        """Whether it is a value that says how its words are set."""
        return self.kind in ("body", "prose", "question", "cell")


NOBODY: Final = Owner("none", origin="put there by the pipeline")


@dataclass(frozen=True, slots=True)
class SentParagraph:
    """A paragraph of the brief as it was made."""

    anchor: str
    style: str
    tokens: tuple[Token, ...]
    """The mark with which it begins, then its words."""
    owners: tuple[Owner, ...]
    """Whose each token is."""
    address: str = ""
    """The first value that it shows."""
    cell: int = 0
    """The table cell, or the box, that it stands in, by number; 0 is none."""
    item: int | None = None
    """Of what stands with an item of a list, such as its evidence: the block of its words."""
    lacking: Owner | None = None
    """Of a cell of the matrix without words: the position that it would show."""

    @property
    def flow(self) -> Owner | None:
        """Return the text of several paragraphs that the paragraph is one of, if any."""
        owner = self.owners[0]
        return owner if owner.is_flow else None

    @property
    def content_cell(self) -> Owner | None:
        """Return the cell of one of the content's tables that the paragraph says, if any."""
        return next((owner for owner in self.owners if owner.kind == "cell"), None)

    @property
    def answer(self) -> Owner | None:
        """Return the text of article.md that the paragraph, or its table, stands in, if any."""
        if cell := self.content_cell:
            match = BODY_ADDRESS.match(cell.address)
            return Owner("body", f"article.md#{match[1]}", cell.instance) if match else None
        return self.flow if self.flow and self.flow.kind == "body" else None


@dataclass(frozen=True, slots=True)
class SentPicture:
    """A picture of the brief as it was made."""

    anchor: str
    block: int
    """How many paragraphs of words stand before it."""
    image: str = ""
    """The image's path from content/, where the manifest says it."""
    alt: str | None = None
    sha256: str = ""
    """The fingerprint of its bytes."""
    has_caption: bool = False
    """Whether the paragraph of words behind it is its caption."""
    is_logo: bool = False
    """Whether it is the house's, which no article shows."""

    @property
    def caption(self) -> int:
        """The place of its caption among the paragraphs of words; -1 without one."""
        return self.block if self.has_caption else -1


@dataclass(frozen=True, slots=True)
class SentNote:
    """A comment of the content that the brief was made with."""

    text: str
    at: str = ""
    """Where the content had it: ``file:line:column``."""
    address: str = ""
    """The value whose words it stood in."""


@dataclass(frozen=True, slots=True)
class SentBrief:
    """The manifest of a brief."""

    article: str
    template: str
    part: str
    edition: str
    blocks: tuple[SentParagraph, ...]
    pictures: tuple[SentPicture, ...]
    headers_footers: tuple[str, ...]
    """The words of its headers and footers, without what fields say there."""
    notes: tuple[SentNote, ...]
    """Its own comments: those of the content, which it was built with."""
    sources: Mapping[str, str]
    """The values that it showed, by address, as text or as Markdown."""
    files: Mapping[str, str]
    """The fingerprints of the content's files, by their path in the project."""
    links: frozenset[str] = frozenset()
    """Where its templates linked words to that say something else."""
