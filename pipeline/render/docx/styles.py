"""The theme's tokens as Word styles, theme fonts and theme colours (ECMA-376 §17.7, §20.1.6)."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.look.theme import PAPER, RoleStyle, Theme
from pipeline.render.docx.scripts import list_languages
from pipeline.render.docx.style_table import (
    CHARACTERS,
    PARAGRAPHS,
    TABLES,
    Border,
    CharacterStyle,
    ParagraphStyle,
    TableStyle,
)
from pipeline.word.ooxml import (
    W,
    XmlElement,
    make_toggle,
    mm_to_twips,
    to_eighth_points,
    to_half_points,
    to_twips,
    w,
)

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


def to_hex_colour(theme: Theme, name: str) -> str:
    """Give a theme's colour as six hexadecimal digits (ST_HexColor)."""
    return theme.colours[name].lstrip("#").upper()


class WordStyles:
    """The styles of one theme on one page.

    Word's own are all written, for editors look for them; of ours, those that are used.
    """

    def __init__(self, theme: Theme, page: PageMeasures) -> None:
        self._theme = theme
        self.page = page
        self._faces = {face.id: face for face in theme.faces}
        self._roles = {style.role: style for style in theme.styles}
        self._paragraphs = {style.id: style for style in PARAGRAPHS}
        self._characters = {style.id: style for style in CHARACTERS}
        self._tables = {style.id: style for style in TABLES}
        self._body = self._roles["body"]
        self._used: set[str] = set()
        self._more: dict[str, XmlElement] = {}

    # --- what other rooms ask ------------------------------------------------------------

    def get_paragraph_style(self, id: str) -> ParagraphStyle:
        """Give a paragraph style by its id."""
        return self._paragraphs[id]

    def get_character_style(self, id: str) -> CharacterStyle:
        """Give a character style by its id."""
        return self._characters[id]

    def get_table_style(self, id: str) -> TableStyle:
        """Give a table style by its id."""
        return self._tables[id]

    def measure_left(self, id: str) -> int:
        """Give where a paragraph style's lines begin, in twips from the margin."""
        style = self._paragraphs[id]
        if style.hangs_in_rail:
            return self.measure_hanging(id)
        return (self.page.column if style.in_column else 0) + to_twips(style.inset)

    def measure_hanging(self, id: str) -> int:
        """Give how far a paragraph style's first line hangs out, in twips."""
        style = self._paragraphs[id]
        return (style.hangs_in_rail and self.page.column) or to_twips(style.hanging)

    def mark_used(self, id: str) -> str:
        """Note that a style is used, and the one that it stands on; give its id."""
        self._used.add(id)
        if id in self._paragraphs and self._paragraphs[id].based:
            self.mark_used(self._paragraphs[id].based)
        return id

    def derive_style(self, id: str, left: int, hanging: int) -> str:
        """Give the style that is as another, but begins elsewhere; both in twips."""
        self.mark_used(id)
        if (left, hanging) == (self.measure_left(id), self.measure_hanging(id)):
            return id
        own = f"{id}At{left}" + (f"Hanging{hanging}" if hanging else "")
        if own not in self._more:
            place = "at Margin" if left == 0 else f"at {left / 20:g} pt"
            hung = f" Hanging {hanging / 20:g} pt" if hanging else ""
            self.add_style(
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

    def add_style(self, style: XmlElement) -> None:
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

    def write_styles(self, styles: XmlElement, language: str) -> None:
        """Write every style into the styles part."""
        defaults, latent = styles[0], styles[1]
        defaults.append(
            w(
                "rPrDefault",
                w(
                    "rPr",
                    *self._make_run_properties(self._body),
                    w("lang", **list_languages(language)),
                ),
            )
        )
        defaults.append(w("pPrDefault", w("pPr")))
        paragraphs = [style for style in PARAGRAPHS if self._is_written(style)]
        characters = [style for style in CHARACTERS if self._is_written(style)]
        there = {style.id for style in paragraphs}
        styles.extend(
            [
                self._make_normal_style(),
                *(self._make_paragraph_style(style, there) for style in paragraphs),
                *self._more.values(),
                *map(self._make_character_style, characters),
                *(self._make_table_style(style) for style in TABLES if style.id in self._used),
            ]
        )
        latent.append(_mark_in_use("Normal", 0, chosen=True))
        latent.extend(_make_exception(style) for style in paragraphs if not style.custom)
        latent.extend(_make_exception(style) for style in characters if not style.custom)

    def _is_written(self, style: ParagraphStyle | CharacterStyle) -> bool:
        return not style.custom or style.id in self._used

    # --- one style ------------------------------------------------------------------------

    def _resolve_role(self, role: str) -> RoleStyle:
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

    def _make_normal_style(self) -> XmlElement:
        leading = to_twips(self._body.leading)
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

    def _make_paragraph_style(self, style: ParagraphStyle, there: Container[str]) -> XmlElement:
        look = self._resolve_role(style.role)
        if style.bold:
            look = replace(look, bold=True)
        listed = style.list_level is not None
        properties = w(
            "pPr",
            make_toggle("keepNext", style.keep_next),
            make_toggle("keepLines", style.keep_next or style.keep_lines),
            self._make_numbering(style) if listed else None,
            _clear_borders() if style.based else self.make_borders("pBdr", style.borders),
            self._make_tab_stop(style),
            w("suppressAutoHyphens", val=0) if style.hyphens else None,
            self._make_spacing(style, look),
            self._make_indent(style),
            w("jc", val=_ALIGN[look.align]) if look.align != "left" else None,
            w("outlineLvl", val=style.outline) if style.outline is not None else None,
        )
        return self._make_style(
            style,
            "paragraph",
            w("basedOn", val=style.based or "Normal"),
            w("next", val=style.next if style.next in there else style.id),
            properties,
            w("rPr", *self._make_run_properties(look)),
        )

    def _make_spacing(self, style: ParagraphStyle, look: RoleStyle) -> XmlElement:
        after = look.after if style.spaced else self._body.after
        before = look.before if style.spaced else 0
        leading = look.leading if style.leading is None else style.leading
        if style.in_column or style.outline is not None:
            # Word adds the two distances between paragraphs where a stylesheet takes the larger.
            before = max(0, before - self._body.after)
        return w(
            "spacing",
            before=to_twips(before if style.before is None else style.before),
            after=to_twips(after if style.after is None else style.after),
            line=to_twips(leading) if leading else 240,
            lineRule="exact" if leading else "auto",
        )

    def _make_indent(self, style: ParagraphStyle) -> XmlElement | None:
        left = self.measure_left(style.id)
        return w("ind", left=left, hanging=self.measure_hanging(style.id)) if left else None

    def _make_numbering(self, style: ParagraphStyle) -> XmlElement:
        return w(
            "numPr",
            w("ilvl", val=style.list_level or 0),
            w("numId", val=2 if style.ordered else 1),
        )

    def _make_tab_stop(self, style: ParagraphStyle) -> XmlElement | None:
        if not style.stop:
            return None
        leader = "dot" if style.stop == "dots" else "none"
        return w("tabs", w("tab", val="right", leader=leader, pos=self.page.text))

    def _make_character_style(self, style: CharacterStyle) -> XmlElement:
        given = self._roles.get(style.role)
        properties = w(
            "rPr",
            self._make_fonts(given.face) if given and given.face else None,
            *_make_weight(
                style.bold or (given is not None and given.bold),
                style.italic or (given is not None and given.italic),
            ),
            make_toggle("smallCaps", given is not None and given.caps == "small"),
            self._make_colour(given.colour) if given and given.colour else None,
            *(_make_size(style.size) if style.size else ()),
            # Said outright: LibreOffice underlines what is linked and does not say so.
            w("u", val="single", color=self._get_hex_colour("rule"))
            if style.underlined
            else w("u", val="none"),
            w("vertAlign", val="superscript") if style.superior else None,
        )
        based = w("basedOn", val="DefaultParagraphFont")
        return self._make_style(style, "character", based, properties)

    def _make_table_style(self, style: TableStyle) -> XmlElement:
        top, right, bottom, left = map(to_twips, style.padding)
        head = (
            w(
                "tblStylePr",
                w("tcPr", w("tcBorders", self._make_border(style.head))),
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
                self.make_borders("tblBorders", style.borders),
                w("tblCellMar", *(w(side, w=room, type="dxa") for side, room in margins)),
            ),
            w("tcPr", w("shd", val="clear", color="auto", fill=self._get_hex_colour(style.fill)))
            if style.fill
            else None,
            head,
            type="table",
            customStyle=1,
            styleId=style.id,
        )

    def _make_style(
        self, style: ParagraphStyle | CharacterStyle, kind: str, *children: XmlElement
    ) -> XmlElement:
        custom = {"customStyle": 1} if style.custom else {}
        made = w("style", w("name", val=style.name), type=kind, styleId=style.id, **custom)
        properties = [child for child in children if child.tag.endswith("Pr")]
        made.extend(child for child in children if child not in properties)
        made.append(w("uiPriority", val=_rank_style(style)))
        if style.chosen:
            made.append(w("qFormat"))
        made.extend(properties)
        return made

    # --- properties -----------------------------------------------------------------------

    def _make_run_properties(self, look: RoleStyle) -> Iterator[XmlElement]:
        """Give what a style says of its letters, in the order of CT_RPr (§17.3.2.28)."""
        yield self._make_fonts(look.face)
        yield from _make_weight(look.bold, look.italic)
        if look.caps == "small":
            yield w("smallCaps")
        yield self._make_colour(look.colour)
        yield from _make_size(look.size)

    def _make_fonts(self, id: str) -> XmlElement:
        name, slot = self._faces[id].family, _THEME_FACES.get(id)
        # Word takes the theme's face; a reader that knows no themes takes the name.
        themed = {"asciiTheme": slot, "hAnsiTheme": slot} if slot else {}
        complex = _COMPLEX_FACES[self._faces[id].generic]
        return w("rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=complex, **themed)

    def _get_hex_colour(self, name: str) -> str:
        return to_hex_colour(self._theme, name)

    def _make_colour(self, name: str) -> XmlElement:
        slot = _THEME_COLOURS.get(name)
        return w("color", val=self._get_hex_colour(name), **({"themeColor": slot} if slot else {}))

    def make_borders(self, tag: str, borders: Sequence[Border]) -> XmlElement | None:
        """Give the rules round a paragraph or a table, if there are any."""
        return w(tag, *map(self._make_border, borders)) if borders else None

    def _make_border(self, border: Border) -> XmlElement:
        return w(
            border.side,
            val="single",
            sz=to_eighth_points(border.width),
            space=round(border.distance),
            color=self._get_hex_colour(border.colour),
        )


def _clear_borders() -> XmlElement:
    return w("pBdr", w("top", val="nil"))


def _rank_style(style: ParagraphStyle | CharacterStyle) -> int:
    """Give where a style stands in the gallery."""
    if not style.chosen:
        return 99
    return 1 if style.id in _FIRST or style.id.startswith("Heading") else 10


def _make_exception(style: ParagraphStyle | CharacterStyle) -> XmlElement:
    return _mark_in_use(style.name, _rank_style(style), chosen=style.chosen)


def _mark_in_use(name: str, order: int, *, chosen: bool) -> XmlElement:
    """Say of one of Word's own styles that it is in use (§17.7.4.8)."""
    return w(
        "lsdException",
        name=name,
        uiPriority=order,
        semiHidden=0,
        unhideWhenUsed=0,
        qFormat=int(chosen),
    )


def _make_weight(bold: bool, italic: bool) -> Iterator[XmlElement]:
    if bold:
        yield w("b")
        yield w("bCs")
    if italic:
        yield w("i")
        yield w("iCs")


def _make_size(points: float) -> Iterator[XmlElement]:
    yield w("sz", val=to_half_points(points))
    yield w("szCs", val=to_half_points(points))
