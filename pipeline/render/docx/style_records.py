"""What a Word style of ours is described by: of a paragraph, of characters, of a table."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Final, Literal

GUTTER: Final = 12
"""The distance between what stands in the rail and the text column, in pt."""
STEP: Final = 13.5
"""How far a list or a quote is set in, in pt."""

Side = Literal["top", "left", "bottom", "right", "insideH"]


@dataclass(frozen=True, slots=True)
class Border:
    """A rule at one side of a paragraph or table: colour name, width and distance in pt."""

    side: Side
    colour: str
    width: float
    distance: float = 0


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A paragraph style; what it looks like are the tokens of ``role``."""

    id: str
    name: str
    role: str
    _: KW_ONLY
    custom: bool = False
    based: str = ""
    """Another style that it is like but for its borders; Normal if none is named."""
    next: str = ""
    in_column: bool = False
    """Whether it begins at the text column, not at the margin."""
    inset: float = 0
    """How much further in it begins, in pt."""
    hanging: float = 0
    """How far its first line hangs out, in pt."""
    hangs_in_rail: bool = False
    """Whether its first line begins at the margin and the others at the text column, if it is
    further in."""
    keep_next: bool = False
    keep_lines: bool = False
    hyphens: bool = False
    bold: bool = False
    outline: int | None = None
    list_level: int | None = None
    ordered: bool = False
    spaced: bool = True
    """Whether it has the role's own distances; else none before and the body's after it."""
    before: float | None = None
    """The distance before it in pt, where it is not the role's."""
    after: float | None = None
    """The distance after it in pt, where it is not the role's."""
    leading: float | None = None
    """The distance of its lines in pt, where it is not the role's; 0 is what a picture needs."""
    borders: tuple[Border, ...] = ()
    stop: Literal["", "plain", "dots"] = ""
    """A tab stop at the right margin, and what leads to it."""
    chosen: bool = True
    """Whether an editor picks it from the gallery; the others Word takes by itself."""


@dataclass(frozen=True, slots=True)
class CharacterStyle:
    """A character style: the letters' look of ``role``, never its size."""

    id: str
    name: str
    role: str = ""
    custom: bool = False
    bold: bool = False
    italic: bool = False
    upright: bool = False
    """Whether its letters stand upright in an italic paragraph."""
    underlined: bool = False
    superior: bool = False
    chosen: bool = True
    """Whether an editor picks it from the gallery."""
    size: float = 0
    """Its own size in pt, where it is not the paragraph's; a raised one is shown at two thirds."""


@dataclass(frozen=True, slots=True)
class TableStyle:
    """A table style: its rules, its ground and the padding of its cells, in pt."""

    id: str
    name: str
    borders: tuple[Border, ...] = ()
    head: Border | None = None
    fill: str = ""
    padding: tuple[float, float, float, float] = (0, 0, 0, 0)
    """Top, right, bottom, left."""
