"""The theme's tokens as Word styles, theme fonts and theme colours (ECMA-376 §17.7, §20.1.6)."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.look.theme import PAPER, Style, Theme
from pipeline.render.docx.scripts import languages
from pipeline.render.docx.style_table import (
    CHARACTERS,
    PARAGRAPHS,
    TABLES,
    Border,
    CharacterStyle,
    ParagraphStyle,
    TableStyle,
)
from pipeline.word.ooxml import Element, W, eighths, halves, mm, on, twips, w

_THEME_FACES: Final = {"text": "minorHAnsi", "display": "majorHAnsi"}
_THEME_COLOURS: Final = {
    "ink": "text1",
    "paper": "background1",
    "grey": "text2",
    "tint": "background2",
    "accent": "accent1",
    "rule": "accent2",
}
_ALIGN: Final = {"left": "left", "justify": "both", "center": "center", "right": "right"}
_FIRST: Final = frozenset({"BodyText", "Title", "Subtitle", "Quote", "IntenseQuote", "Strong"})
"""The styles that stand first in the gallery, beside the headings."""
_COMPLEX_FACES: Final = {"serif": "Times New Roman", "sans-serif": "Arial"}
"""Faces with Hebrew and Arabic letters that stand beside ours wherever Word runs."""


_NARROW: Final = 130
"""Up to which width of the text, in mm, a page is narrow: that of A5 is."""


@dataclass(frozen=True, slots=True)
class Page:
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
        return self.text < mm(_NARROW)


def page(theme: Theme, paper: str) -> Page:
    """Measure the page that a theme asks for on a paper, a key of ``theme.PAPER``."""
    width, height = PAPER[paper]
    margins = theme.page
    outer, inner = mm(margins.outer), mm(margins.inner)
    column = round((mm(width) - inner - outer) * margins.column)
    return Page(mm(width), mm(height), mm(margins.top), mm(margins.bottom), outer, inner, column)


def hex_colour(theme: Theme, name: str) -> str:
    """Give a theme's colour as six hexadecimal digits (ST_HexColor)."""
    return theme.colours[name].lstrip("#").upper()


class Styles:
    """The styles of one theme on one page.

    Word's own are all written, for editors look for them; of ours, those that are used.
    """

    def __init__(self, theme: Theme, page: Page) -> None:
        self._theme = theme
        self.page = page
        self._faces = {face.id: face for face in theme.faces}
        self._roles = {style.role: style for style in theme.styles}
        self._paragraphs = {style.id: style for style in PARAGRAPHS}
        self._characters = {style.id: style for style in CHARACTERS}
        self._tables = {style.id: style for style in TABLES}
        self._body = self._roles["body"]
        self._used: set[str] = set()
        self._more: dict[str, Element] = {}

    # --- what other rooms ask ------------------------------------------------------------

    def paragraph(self, id: str) -> ParagraphStyle:
        """Give a paragraph style by its id."""
        return self._paragraphs[id]

    def character(self, id: str) -> CharacterStyle:
        """Give a character style by its id."""
        return self._characters[id]

    def table(self, id: str) -> TableStyle:
        """Give a table style by its id."""
        return self._tables[id]

    def left(self, id: str) -> int:
        """Give where a paragraph style's lines begin, in twips from the margin."""
        style = self._paragraphs[id]
        if style.hangs_in_rail:
            return self.hanging(id)
        return (self.page.column if style.in_column else 0) + twips(style.inset)

    def hanging(self, id: str) -> int:
        """Give how far a paragraph style's first line hangs out, in twips."""
        style = self._paragraphs[id]
        return (style.hangs_in_rail and self.page.column) or twips(style.hanging)

    def use(self, id: str) -> str:
        """Note that a style is used, and the one that it stands on; give its id."""
        self._used.add(id)
        if id in self._paragraphs and self._paragraphs[id].based:
            self.use(self._paragraphs[id].based)
        return id

    def at(self, id: str, left: int, hanging: int) -> str:
        """Give the style that is as another, but begins elsewhere; both in twips."""
        self.use(id)
        if (left, hanging) == (self.left(id), self.hanging(id)):
            return id
        own = f"{id}At{left}" + (f"Hanging{hanging}" if hanging else "")
        if own not in self._more:
            place = "at Margin" if left == 0 else f"at {left / 20:g} pt"
            hung = f" Hanging {hanging / 20:g} pt" if hanging else ""
            self.add(
                w(
                    "style",
                    w("name", val=f"{self._paragraphs[id].name} {place}{hung}"),
                    w("basedOn", val=id),
                    w("uiPriority", val=11),
                    w("pPr", w("ind", left=left, hanging=hanging)),
                    type="paragraph",
                    customStyle=1,
                    styleId=own,
                )
            )
        return own

    def add(self, style: Element) -> None:
        """Add a style that is not on the sheet."""
        self._more[style.get(f"{W}styleId", "")] = style

    def is_bold(self, id: str) -> bool:
        """Whether a style's letters are bold.

        Bold in a paragraph style and in a character style cancel each other
        (ECMA-376 §17.7.3), so a run has to know.
        """
        style = self._paragraphs.get(id) or self._characters[id]
        return style.bold or (style.role in self._roles and self._roles[style.role].bold)

    # --- the parts ---------------------------------------------------------------------

    def fill(self, styles: Element, language: str) -> None:
        """Write every style into the styles part."""
        defaults, latent = styles[0], styles[1]
        defaults.append(
            w("rPrDefault", w("rPr", *self._letters(self._body), w("lang", **languages(language))))
        )
        defaults.append(w("pPrDefault", w("pPr")))
        paragraphs = [style for style in PARAGRAPHS if self._is_written(style)]
        characters = [style for style in CHARACTERS if self._is_written(style)]
        there = {style.id for style in paragraphs}
        styles.extend(
            [
                self._normal(),
                *(self._paragraph_style(style, there) for style in paragraphs),
                *self._more.values(),
                *map(self._character_style, characters),
                *(self._table_style(style) for style in TABLES if style.id in self._used),
            ]
        )
        latent.append(_in_use("Normal", 0, chosen=True))
        latent.extend(_exception(style) for style in paragraphs if not style.custom)
        latent.extend(_exception(style) for style in characters if not style.custom)

    def _is_written(self, style: ParagraphStyle | CharacterStyle) -> bool:
        return not style.custom or style.id in self._used

    # --- one style ------------------------------------------------------------------------

    def _look(self, role: str) -> Style:
        """Give a role's tokens; what it does not set is as in the body."""
        body = self._body
        style = self._roles.get(role, replace(body, role=role))
        return replace(
            style,
            face=style.face or body.face,
            size=style.size or body.size,
            leading=style.leading or body.leading,
            colour=style.colour or body.colour,
        )

    def _normal(self) -> Element:
        leading = twips(self._body.leading)
        return w(
            "style",
            w("name", val="Normal"),
            w("qFormat"),
            w(
                "pPr",
                w("widowControl"),
                w("suppressAutoHyphens"),
                w("spacing", before=0, after=0, line=leading, lineRule="exact"),
            ),
            type="paragraph",
            default=1,
            styleId="Normal",
        )

    def _paragraph_style(self, style: ParagraphStyle, there: Container[str]) -> Element:
        look = self._look(style.role)
        if style.bold:
            look = replace(look, bold=True)
        listed = style.list_level is not None
        properties = w(
            "pPr",
            on("keepNext", style.keep_next),
            on("keepLines", style.keep_next or style.keep_lines),
            self._numbering(style) if listed else None,
            _no_borders() if style.based else self.borders("pBdr", style.borders),
            self._stop(style),
            w("suppressAutoHyphens", val=0) if style.hyphens else None,
            self._spacing(style, look),
            self._indent(style),
            w("jc", val=_ALIGN[look.align]) if look.align != "left" else None,
            w("outlineLvl", val=style.outline) if style.outline is not None else None,
        )
        return self._style(
            style,
            "paragraph",
            w("basedOn", val=style.based or "Normal"),
            w("next", val=style.next if style.next in there else style.id),
            properties,
            w("rPr", *self._letters(look)),
        )

    def _spacing(self, style: ParagraphStyle, look: Style) -> Element:
        after = look.after if style.spaced else self._body.after
        before = look.before if style.spaced else 0
        leading = look.leading if style.leading is None else style.leading
        if style.in_column or style.outline is not None:
            # Word adds the two distances between paragraphs where a stylesheet takes the larger.
            before = max(0, before - self._body.after)
        return w(
            "spacing",
            before=twips(before if style.before is None else style.before),
            after=twips(after if style.after is None else style.after),
            line=twips(leading) if leading else 240,
            lineRule="exact" if leading else "auto",
        )

    def _indent(self, style: ParagraphStyle) -> Element | None:
        left = self.left(style.id)
        return w("ind", left=left, hanging=self.hanging(style.id)) if left else None

    def _numbering(self, style: ParagraphStyle) -> Element:
        return w(
            "numPr",
            w("ilvl", val=style.list_level or 0),
            w("numId", val=2 if style.ordered else 1),
        )

    def _stop(self, style: ParagraphStyle) -> Element | None:
        if not style.stop:
            return None
        leader = "dot" if style.stop == "dots" else "none"
        return w("tabs", w("tab", val="right", leader=leader, pos=self.page.text))

    def _character_style(self, style: CharacterStyle) -> Element:
        given = self._roles.get(style.role)
        properties = w(
            "rPr",
            self._fonts(given.face) if given and given.face else None,
            *_weight(
                style.bold or (given is not None and given.bold),
                style.italic or (given is not None and given.italic),
            ),
            on("smallCaps", given is not None and given.caps == "small"),
            self._colour(given.colour) if given and given.colour else None,
            *(_size(style.size) if style.size else ()),
            # Said outright: LibreOffice underlines what is linked and does not say so.
            w("u", val="single", color=self._hex("rule"))
            if style.underlined
            else w("u", val="none"),
            w("vertAlign", val="superscript") if style.superior else None,
        )
        based = w("basedOn", val="DefaultParagraphFont")
        return self._style(style, "character", based, properties)

    def _table_style(self, style: TableStyle) -> Element:
        top, right, bottom, left = map(twips, style.padding)
        head = (
            w(
                "tblStylePr",
                w("tcPr", w("tcBorders", self._border(style.head))),
                type="firstRow",
            )
            if style.head
            else None
        )
        margins = (("top", top), ("left", left), ("bottom", bottom), ("right", right))
        return w(
            "style",
            w("name", val=style.name),
            w("basedOn", val="TableNormal"),
            w("uiPriority", val=99),
            w(
                "tblPr",
                self.borders("tblBorders", style.borders),
                w("tblCellMar", *(w(side, w=room, type="dxa") for side, room in margins)),
            ),
            w("tcPr", w("shd", val="clear", color="auto", fill=self._hex(style.fill)))
            if style.fill
            else None,
            head,
            type="table",
            customStyle=1,
            styleId=style.id,
        )

    def _style(
        self, style: ParagraphStyle | CharacterStyle, kind: str, *children: Element
    ) -> Element:
        custom = {"customStyle": 1} if style.custom else {}
        made = w("style", w("name", val=style.name), type=kind, styleId=style.id, **custom)
        properties = [child for child in children if child.tag.endswith("Pr")]
        made.extend(child for child in children if child not in properties)
        made.append(w("uiPriority", val=_order(style)))
        if style.chosen:
            made.append(w("qFormat"))
        made.extend(properties)
        return made

    # --- properties -----------------------------------------------------------------------

    def _letters(self, look: Style) -> Iterator[Element]:
        """Give what a style says of its letters, in the order of CT_RPr (§17.3.2.28)."""
        yield self._fonts(look.face)
        yield from _weight(look.bold, look.italic)
        if look.caps == "small":
            yield w("smallCaps")
        yield self._colour(look.colour)
        yield from _size(look.size)

    def _fonts(self, id: str) -> Element:
        name, slot = self._faces[id].family, _THEME_FACES.get(id)
        # Word takes the theme's face; a reader that knows no themes takes the name.
        themed = {"asciiTheme": slot, "hAnsiTheme": slot} if slot else {}
        complex = _COMPLEX_FACES[self._faces[id].generic]
        return w("rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=complex, **themed)

    def _hex(self, name: str) -> str:
        return hex_colour(self._theme, name)

    def _colour(self, name: str) -> Element:
        slot = _THEME_COLOURS.get(name)
        return w("color", val=self._hex(name), **({"themeColor": slot} if slot else {}))

    def borders(self, tag: str, borders: Sequence[Border]) -> Element | None:
        """Give the rules round a paragraph or a table, if there are any."""
        return w(tag, *map(self._border, borders)) if borders else None

    def _border(self, border: Border) -> Element:
        return w(
            border.side,
            val="single",
            sz=eighths(border.width),
            space=round(border.distance),
            color=self._hex(border.colour),
        )


def _no_borders() -> Element:
    return w("pBdr", w("top", val="nil"))


def _order(style: ParagraphStyle | CharacterStyle) -> int:
    """Give where a style stands in the gallery."""
    if not style.chosen:
        return 99
    return 1 if style.id in _FIRST or style.id.startswith("Heading") else 10


def _exception(style: ParagraphStyle | CharacterStyle) -> Element:
    return _in_use(style.name, _order(style), chosen=style.chosen)


def _in_use(name: str, order: int, *, chosen: bool) -> Element:
    """Say of one of Word's own styles that it is in use (§17.7.4.8)."""
    return w(
        "lsdException",
        name=name,
        uiPriority=order,
        semiHidden=0,
        unhideWhenUsed=0,
        qFormat=int(chosen),
    )


def _weight(bold: bool, italic: bool) -> Iterator[Element]:
    if bold:
        yield w("b")
        yield w("bCs")
    if italic:
        yield w("i")
        yield w("iCs")


def _size(points: float) -> Iterator[Element]:
    yield w("sz", val=halves(points))
    yield w("szCs", val=halves(points))
