"""Properties of letters and borders, made from the tokens of a theme (ECMA-376 §17.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pipeline.look.theme import RoleStyle, Theme
from pipeline.render.docx.style_records import Border
from pipeline.word.ooxml import XmlElement, to_eighth_points, to_half_points, w

_THEME_FACES: Final = {"text": "minorHAnsi", "display": "majorHAnsi"}
_THEME_COLOURS: Final = {
    "ink": "text1",
    "paper": "background1",
    "grey": "text2",
    "tint": "background2",
    "accent": "accent1",
    "rule": "accent2",
}
_COMPLEX_FACES: Final = {"serif": "Times New Roman", "sans-serif": "Arial"}
"""Faces with Hebrew and Arabic letters that stand beside ours wherever Word runs."""


def to_hex_colour(theme: Theme, name: str) -> str:
    """Return a theme's colour as six hexadecimal digits (ST_HexColor)."""
    return theme.colours[name].lstrip("#").upper()


def make_run_properties(theme: Theme, tokens: RoleStyle) -> Iterator[XmlElement]:
    """Return what a style sets for its letters, in the order of CT_RPr (§17.3.2.28)."""
    yield make_fonts(theme, tokens.face)
    yield from make_weight(tokens.bold, tokens.italic)
    if tokens.caps == "small":
        yield w("smallCaps")
    yield make_colour(theme, tokens.colour)
    yield from make_size(tokens.size)


def make_fonts(theme: Theme, id: str) -> XmlElement:
    """Return the font of a face of the theme, by its id (§17.3.2.26)."""
    face = {face.id: face for face in theme.faces}[id]
    slot = _THEME_FACES.get(id)
    # Word takes the theme's face; a reader that knows no themes takes the name.
    themed = {"asciiTheme": slot, "hAnsiTheme": slot} if slot else {}
    name, complex = face.family, _COMPLEX_FACES[face.generic]
    return w("rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=complex, **themed)


def make_weight(bold: bool, italic: bool) -> Iterator[XmlElement]:
    """Return bold and italic, for Latin letters and for complex ones."""
    if bold:
        yield w("b")
        yield w("bCs")
    if italic:
        yield w("i")
        yield w("iCs")


def make_colour(theme: Theme, name: str) -> XmlElement:
    """Return the colour of letters, by its name in the theme."""
    slot = _THEME_COLOURS.get(name)
    return w("color", val=to_hex_colour(theme, name), **({"themeColor": slot} if slot else {}))


def make_size(points: float) -> Iterator[XmlElement]:
    """Return the size of letters, for Latin ones and for complex ones."""
    yield w("sz", val=to_half_points(points))
    yield w("szCs", val=to_half_points(points))


def make_borders(theme: Theme, tag: str, borders: Sequence[Border]) -> XmlElement | None:
    """Return the rules around a paragraph, a table or a cell; None if there are none."""
    return w(tag, *(_make_border(theme, border) for border in borders)) if borders else None


def _make_border(theme: Theme, border: Border) -> XmlElement:
    return w(
        border.side,
        val="single",
        sz=to_eighth_points(border.width),
        space=round(border.distance),
        color=to_hex_colour(theme, border.colour),
    )
