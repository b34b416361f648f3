"""The styles part of the package, made from the theme's tokens (ECMA-376 §17.7).

Word's own styles are all written, for editors look for them; of ours, those that are used.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import Final

from pipeline.look.theme import RoleStyle
from pipeline.render.docx.character_styles import CHARACTERS
from pipeline.render.docx.paragraph_styles import PARAGRAPHS
from pipeline.render.docx.scripts import list_languages
from pipeline.render.docx.style_properties import (
    make_borders,
    make_colour,
    make_fonts,
    make_run_properties,
    make_size,
    make_weight,
    to_hex_colour,
)
from pipeline.render.docx.style_records import CharacterStyle, ParagraphStyle, TableStyle
from pipeline.render.docx.styles import WordStyles
from pipeline.render.docx.table_styles import TABLES
from pipeline.word.ooxml import XmlElement, make_toggle, to_twips, w

_ALIGN: Final = {"left": "left", "justify": "both", "center": "center", "right": "right"}
_FIRST: Final = frozenset({"BodyText", "Title", "Subtitle", "Quote", "IntenseQuote", "Strong"})
"""The styles that stand first in the gallery, beside the headings."""


def write_styles_part(root: XmlElement, styles: WordStyles, language: str) -> None:
    """Write every style under the root of the styles part."""
    defaults, latent = root[0], root[1]
    letters = make_run_properties(styles.theme, styles.roles["body"])
    languages = w("lang", **list_languages(language))
    defaults.append(w("rPrDefault", w("rPr", *letters, languages)))
    defaults.append(w("pPrDefault", w("pPr")))
    paragraphs = [style for style in PARAGRAPHS if _is_written(style, styles)]
    characters = [style for style in CHARACTERS if _is_written(style, styles)]
    written = {style.id for style in paragraphs}
    root.extend(
        [
            _make_normal_style(styles.roles["body"]),
            *(_make_paragraph_style(style, styles, written) for style in paragraphs),
            *styles.added.values(),
            *(_make_character_style(style, styles) for style in characters),
            *(_make_table_style(style, styles) for style in TABLES if style.id in styles.used),
        ]
    )
    latent.append(_mark_in_use("Normal", 0, chosen=True))
    latent.extend(_make_exception(style) for style in paragraphs if not style.custom)
    latent.extend(_make_exception(style) for style in characters if not style.custom)


def _is_written(style: ParagraphStyle | CharacterStyle, styles: WordStyles) -> bool:
    return not style.custom or style.id in styles.used


# --- one style ------------------------------------------------------------------------------


def _resolve_role(role: str, styles: WordStyles) -> RoleStyle:
    """Return a role's tokens; what it does not set is as in the body."""
    body = styles.roles["body"]
    tokens = styles.roles.get(role, replace(body, role=role))
    return replace(
        tokens,
        face=tokens.face or body.face,
        size=tokens.size or body.size,
        leading=tokens.leading or body.leading,
        colour=tokens.colour or body.colour,
    )


def _make_normal_style(body: RoleStyle) -> XmlElement:
    leading = to_twips(body.leading)
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


def _make_paragraph_style(
    style: ParagraphStyle, styles: WordStyles, written: Container[str]
) -> XmlElement:
    tokens = _resolve_role(style.role, styles)
    if style.bold:
        tokens = replace(tokens, bold=True)
    borders = make_borders(styles.theme, "pBdr", style.borders)
    properties = w(
        "pPr",
        make_toggle("keepNext", style.keep_next),
        make_toggle("keepLines", style.keep_next or style.keep_lines),
        _make_numbering(style),
        w("pBdr", w("top", val="nil")) if style.based else borders,
        _make_tab_stop(style, styles.page.text),
        w("suppressAutoHyphens", val=0) if style.hyphens else None,
        _make_spacing(style, tokens, styles.roles["body"]),
        _make_indent(style, styles),
        w("jc", val=_ALIGN[tokens.align]) if tokens.align != "left" else None,
        w("outlineLvl", val=style.outline) if style.outline is not None else None,
    )
    return _make_style(
        style,
        "paragraph",
        w("basedOn", val=style.based or "Normal"),
        w("next", val=style.next if style.next in written else style.id),
        properties,
        w("rPr", *make_run_properties(styles.theme, tokens)),
    )


def _make_spacing(style: ParagraphStyle, tokens: RoleStyle, body: RoleStyle) -> XmlElement:
    after = tokens.after if style.spaced else body.after
    before = tokens.before if style.spaced else 0
    leading = tokens.leading if style.leading is None else style.leading
    if style.in_column or style.outline is not None:
        # Word adds the two distances between paragraphs where a stylesheet takes the larger.
        before = max(0, before - body.after)
    return w(
        "spacing",
        before=to_twips(before if style.before is None else style.before),
        after=to_twips(after if style.after is None else style.after),
        line=to_twips(leading) if leading else 240,
        lineRule="exact" if leading else "auto",
    )


def _make_indent(style: ParagraphStyle, styles: WordStyles) -> XmlElement | None:
    left = styles.measure_left(style.id)
    return w("ind", left=left, hanging=styles.measure_hanging(style.id)) if left else None


def _make_numbering(style: ParagraphStyle) -> XmlElement | None:
    if style.list_level is None:
        return None
    return w("numPr", w("ilvl", val=style.list_level), w("numId", val=2 if style.ordered else 1))


def _make_tab_stop(style: ParagraphStyle, place: int) -> XmlElement | None:
    if not style.stop:
        return None
    leader = "dot" if style.stop == "dots" else "none"
    return w("tabs", w("tab", val="right", leader=leader, pos=place))


def _make_character_style(style: CharacterStyle, styles: WordStyles) -> XmlElement:
    theme, tokens = styles.theme, styles.roles.get(style.role) or RoleStyle(role="")
    properties = w(
        "rPr",
        make_fonts(theme, tokens.face) if tokens.face else None,
        *make_weight(style.bold or tokens.bold, style.italic or tokens.italic),
        make_toggle("smallCaps", tokens.caps == "small"),
        make_colour(theme, tokens.colour) if tokens.colour else None,
        *(make_size(style.size) if style.size else ()),
        # Said outright: LibreOffice underlines what is linked and does not say so.
        w("u", val="single", color=to_hex_colour(theme, "rule"))
        if style.underlined
        else w("u", val="none"),
        w("vertAlign", val="superscript") if style.superior else None,
    )
    based = w("basedOn", val="DefaultParagraphFont")
    return _make_style(style, "character", based, properties)


def _make_table_style(style: TableStyle, styles: WordStyles) -> XmlElement:
    theme = styles.theme
    top, right, bottom, left = map(to_twips, style.padding)
    margins = (("top", top), ("left", left), ("bottom", bottom), ("right", right))
    head = make_borders(theme, "tcBorders", [style.head] if style.head else [])
    return w(
        "style",
        w("name", val=style.name),
        w("basedOn", val="TableNormal"),
        w("uiPriority", val=99),
        w(
            "tblPr",
            make_borders(theme, "tblBorders", style.borders),
            w("tblCellMar", *(w(side, w=width, type="dxa") for side, width in margins)),
        ),
        w("tcPr", w("shd", val="clear", color="auto", fill=to_hex_colour(theme, style.fill)))
        if style.fill
        else None,
        w("tblStylePr", w("tcPr", head), type="firstRow") if style.head else None,
        type="table",
        customStyle=1,
        styleId=style.id,
    )


def _make_style(
    style: ParagraphStyle | CharacterStyle, kind: str, *children: XmlElement
) -> XmlElement:
    custom = {"customStyle": 1} if style.custom else {}
    element = w("style", w("name", val=style.name), type=kind, styleId=style.id, **custom)
    properties = [child for child in children if child.tag.endswith("Pr")]
    element.extend(child for child in children if child not in properties)
    element.append(w("uiPriority", val=_rank_style(style)))
    if style.chosen:
        element.append(w("qFormat"))
    element.extend(properties)
    return element


def _rank_style(style: ParagraphStyle | CharacterStyle) -> int:
    """Return where a style stands in the gallery."""
    if not style.chosen:
        return 99
    return 1 if style.id in _FIRST or style.id.startswith("Heading") else 10


def _make_exception(style: ParagraphStyle | CharacterStyle) -> XmlElement:
    return _mark_in_use(style.name, _rank_style(style), chosen=style.chosen)


def _mark_in_use(name: str, order: int, *, chosen: bool) -> XmlElement:
    """List one of Word's own styles as in use (§17.7.4.8)."""
    return w(
        "lsdException",
        name=name,
        uiPriority=order,
        semiHidden=0,
        unhideWhenUsed=0,
        qFormat=int(chosen),
    )
