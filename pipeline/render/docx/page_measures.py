"""The measures of a page of Word, from the theme and the paper (ECMA-376 §17.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.look.theme import PAPER, Theme
from pipeline.word.ooxml import mm_to_twips

_NARROW: Final = 130
"""Up to which width of the text, in mm, a page is narrow: that of A5 is."""


@dataclass(frozen=True, slots=True)
class PageMeasures:
    """The page's measures in twips."""

    width: int
    height: int
    top: int
    bottom: int
    outer: int
    inner: int
    column: int
    """How far from the margin the text column begins."""

    @property
    def text(self) -> int:
        """The width between the margins."""
        return self.width - self.inner - self.outer

    @property
    def is_narrow(self) -> bool:
        """Whether a matrix has no room for its row heads in a column of their own."""
        return self.text < mm_to_twips(_NARROW)


def measure_page(theme: Theme, paper: str) -> PageMeasures:
    """Measure the page that a theme asks for on a paper, a key of ``theme.PAPER``."""
    width, height = PAPER[paper]
    margins = theme.page
    outer, inner = mm_to_twips(margins.outer), mm_to_twips(margins.inner)
    column = round((mm_to_twips(width) - inner - outer) * margins.column)
    return PageMeasures(
        mm_to_twips(width),
        mm_to_twips(height),
        mm_to_twips(margins.top),
        mm_to_twips(margins.bottom),
        outer,
        inner,
        column,
    )
