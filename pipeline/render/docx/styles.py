"""The Word styles of one brief: which there are, where they begin, which of them are used."""

from __future__ import annotations

from typing import Final

from pipeline.look.theme import Theme
from pipeline.render.docx.character_styles import CHARACTERS
from pipeline.render.docx.page_measures import PageMeasures
from pipeline.render.docx.paragraph_styles import PARAGRAPHS
from pipeline.render.docx.style_records import CharacterStyle, ParagraphStyle, TableStyle
from pipeline.render.docx.table_styles import TABLES
from pipeline.word.ooxml import W, XmlElement, to_twips, w

_PARAGRAPHS: Final = {style.id: style for style in PARAGRAPHS}
_CHARACTERS: Final = {style.id: style for style in CHARACTERS}
_TABLES: Final = {style.id: style for style in TABLES}


class WordStyles:
    """The styles of one theme on one page, and which of them a brief uses."""

    def __init__(self, theme: Theme, page: PageMeasures) -> None:
        self.theme = theme
        self.page = page
        self.roles = {style.role: style for style in theme.styles}
        """The tokens of each role that the theme sets."""
        self.used: set[str] = set()
        self.added: dict[str, XmlElement] = {}
        """Styles that were made for this brief, by their id."""

    def get_paragraph_style(self, id: str) -> ParagraphStyle:
        """Return a paragraph style by its id."""
        return _PARAGRAPHS[id]

    def get_character_style(self, id: str) -> CharacterStyle:
        """Return a character style by its id."""
        return _CHARACTERS[id]

    def get_table_style(self, id: str) -> TableStyle:
        """Return a table style by its id."""
        return _TABLES[id]

    def measure_left(self, id: str) -> int:
        """Return where a paragraph style's lines begin, in twips from the margin."""
        style = _PARAGRAPHS[id]
        if style.hangs_in_rail:
            return self.measure_hanging(id)
        return (self.page.column if style.in_column else 0) + to_twips(style.inset)

    def measure_hanging(self, id: str) -> int:
        """Return how far a paragraph style's first line hangs out, in twips."""
        style = _PARAGRAPHS[id]
        return (style.hangs_in_rail and self.page.column) or to_twips(style.hanging)

    def mark_used(self, id: str) -> str:
        """Note that a style is used, and the one that it stands on; return its id."""
        self.used.add(id)
        if id in _PARAGRAPHS and _PARAGRAPHS[id].based:
            self.mark_used(_PARAGRAPHS[id].based)
        return id

    def derive_style(self, id: str, left: int, hanging: int) -> str:
        """Return the style that is as another, but begins elsewhere; both in twips."""
        self.mark_used(id)
        if (left, hanging) == (self.measure_left(id), self.measure_hanging(id)):
            return id
        own = f"{id}At{left}" + (f"Hanging{hanging}" if hanging else "")
        if own not in self.added:
            place = "at Margin" if left == 0 else f"at {left / 20:g} pt"
            hung = f" Hanging {hanging / 20:g} pt" if hanging else ""
            self.add_style(
                w(
                    "style",
                    w("name", val=f"{_PARAGRAPHS[id].name} {place}{hung}"),
                    w("basedOn", val=id),
                    w("uiPriority", val=11),
                    w("pPr", w("ind", left=left, hanging=hanging)),
                    type="paragraph",
                    customStyle=1,
                    styleId=own,
                )
            )
        return own

    def add_style(self, style: XmlElement) -> None:
        """Add a style that is none of the literal ones."""
        self.added[style.get(f"{W}styleId", "")] = style

    def is_bold(self, id: str) -> bool:
        """Whether a style's letters are bold.

        Bold in a paragraph style and in a character style cancel each other
        (ECMA-376 §17.7.3), so a run has to know.
        """
        style = _PARAGRAPHS.get(id) or _CHARACTERS[id]
        return style.bold or (style.role in self.roles and self.roles[style.role].bold)
