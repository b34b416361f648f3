"""A theme's tokens as CSS: the page, custom properties, and a rule for every styled role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pipeline.look.theme import PAPER, SELECTORS, RoleStyle, Theme

_IN_LINES: Final[Mapping[str, str]] = {
    "name": "span.name",
    "affiliation": "span.affiliation",
    "number": "span.number",
}
"""Roles of words inside a line: there a style gives the letters their look, not their size."""


def to_css(theme: Theme, paper: str, bleed: float = 0) -> str:
    """Write the page, the tokens as custom properties and a rule for every styled role.

    Where the font files are is the renderer's to say, in its @font-face rules.
    ``paper`` is a key of ``PAPER``, ``bleed`` is in mm; page size, margins and bleed are
    CSS Paged Media 3 §3, §5 and §8.
    """
    width, height = PAPER[paper]
    page = theme.page
    properties = [f"--colour-{name}: {value}" for name, value in theme.colours.items()]
    properties += [f"--face-{face.id}: {_format_families(theme, face.id)}" for face in theme.faces]
    for style in theme.styles:
        properties += [
            f"--{style.role}-{name}: {value}" for name, value in _list_tokens(theme, style).items()
        ]
    rules = [
        f"@page {{ size: {width:g}mm {height:g}mm; "
        f"margin: {page.top:g}mm {page.outer:g}mm {page.bottom:g}mm {page.inner:g}mm"
        + (f"; bleed: {bleed:g}mm }}" if bleed else " }"),
        f"@page :left {{ margin-left: {page.outer:g}mm; margin-right: {page.inner:g}mm }}",
        _format_rule(":root", properties),
    ]
    rank = list(SELECTORS).index
    for style in sorted(theme.styles, key=lambda style: rank(style.role)):
        rules += _list_style_rules(theme, style)
    return "\n".join(rules) + "\n"


def _list_style_rules(theme: Theme, style: RoleStyle) -> Iterator[str]:
    selector = SELECTORS[style.role]
    letters = [
        f"font-weight: {'bold' if style.bold else 'normal'}",
        f"font-style: {'italic' if style.italic else 'normal'}",
        f"font-variant-caps: {'small-caps' if style.caps == 'small' else 'normal'}",
    ]
    if style.face:
        letters.append(f"font-family: {_format_families(theme, style.face)}")
    if style.colour:
        letters.append(f"color: {theme.colours[style.colour]}")
    block = [*letters, f"text-align: {style.align}"]
    if style.size:
        block.append(f"font-size: {style.size:g}pt")
    if style.leading:
        block.append(f"line-height: {style.leading:g}pt")
    around = "padding" if style.role in ("cell", "column-head", "row-head") else "margin"
    space = [f"{around}-top: {style.before:g}pt", f"{around}-bottom: {style.after:g}pt"]

    match style.role:
        case "link":
            # A link is set like the words around it, but for what its style says of letters.
            yield _format_rule(selector, [part for part in letters if "normal" not in part])
        case "running-head" | "folio":
            # These stand in the page's margin boxes, each of which has its own text-align.
            plain = [part for part in block if not part.startswith("text-align")]
            boxes = [_format_rule(box, plain) for box in selector.split(", ")]
            yield f"@page {{ {' '.join(boxes)} }}"
        case "body":
            yield _format_rule(selector, block)
            yield _format_rule("p", space)
        case "footnote":
            yield _format_rule(selector, block)
        case _:
            yield _format_rule(selector, [*block, *space])
            if style.role in _IN_LINES:
                yield _format_rule(_IN_LINES[style.role], letters)


def _format_rule(selector: str, declarations: Sequence[str]) -> str:
    return f"{selector} {{ {'; '.join(declarations)} }}"


def _list_tokens(theme: Theme, style: RoleStyle) -> Mapping[str, str]:
    """Return a style's tokens as CSS values, for stylesheets that build on them."""
    tokens = {}
    if style.face:
        tokens["face"] = _format_families(theme, style.face)
    if style.size:
        tokens["size"] = f"{style.size:g}pt"
    if style.leading:
        tokens["leading"] = f"{style.leading:g}pt"
    if style.colour:
        tokens["colour"] = theme.colours[style.colour]
    return tokens


def _format_families(theme: Theme, first: str) -> str:
    """Return all faces, ``first`` before the others: what one lacks is taken from the next.

    No generic family stands last: it would let in a font of the machine.
    """
    ordered = sorted(theme.faces, key=lambda face: face.id != first)
    return ", ".join(f'"{face.css_family}"' for face in ordered)
