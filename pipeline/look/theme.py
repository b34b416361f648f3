"""The theme: what a role looks like, as tokens that CSS and Word styles are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pipeline.diagnostics import Findings, suggest_names
from pipeline.look.css_rules import SMALLEST
from pipeline.look.theme_layers import ThemeLayers, read_layers
from pipeline.project.layout import find_font_file
from pipeline.records import KeyField, Pattern, Range

Points: TypeAlias = Annotated[float, Range(0, 200)]
Millimetres: TypeAlias = Annotated[float, Range(0, 200)]
Share: TypeAlias = Annotated[float, Range(0, 0.5)]
Colour: TypeAlias = Annotated[str, Pattern("#[0-9a-fA-F]{6}", "a colour as #rrggbb")]
PlainName: TypeAlias = Annotated[
    str, Pattern(r"[A-Za-z0-9][A-Za-z0-9 _.-]*", "letters, digits, spaces, hyphens and dots")
]
NAME: Final = Pattern("[a-z][a-z0-9-]*", "small letters, digits and hyphens")
"""What a face or a colour may be called: the name stands in stylesheets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A typeface: four static fonts from an installed package."""

    id: Annotated[str, NAME]
    family: Annotated[PlainName, "The face's own name, which Word documents ask for."]
    package: Annotated[PlainName, "The Python package that carries its font files."]
    regular: PlainName
    italic: PlainName
    bold: PlainName
    bold_italic: PlainName
    fallback: Annotated[PlainName, "What a word processor takes when the face is missing."]
    generic: Literal["serif", "sans-serif"]

    @property
    def css_family(self) -> str:
        """The name that stylesheets use: no system font has it, so none is taken."""
        return f"Brief {self.family}"

    def find_fonts(self) -> Iterator[Font]:
        """Yield the face's four fonts with their files, where they are installed."""
        for key, bold, italic in CUTS:
            path = find_font_file(self.package, getattr(self, key))
            if path is not None:
                yield Font(self.css_family, path, bold, italic)


CUTS: Final = (
    ("regular", False, False),
    ("italic", False, True),
    ("bold", True, False),
    ("bold_italic", True, True),
)
"""A face's cuts: the field that names its file, whether it is bold, whether italic."""


@dataclass(frozen=True, slots=True)
class Font:
    """One cut of a face, and the file that has it."""

    css_family: str
    path: Path
    bold: bool
    italic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleStyle:
    """How one role is set. Sizes and distances in pt."""

    role: str
    face: str = ""
    size: Points = 0
    leading: Points = 0
    bold: bool = False
    italic: bool = False
    caps: Literal["none", "small"] = "none"
    colour: str = ""
    before: Points = 0
    after: Points = 0
    align: Literal["left", "justify", "center", "right"] = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMargins:
    """The page's margins in mm, of which ``inner`` is at the fold, and Word's text column."""

    top: Millimetres = 22
    bottom: Millimetres = 24
    outer: Millimetres = 20
    inner: Millimetres = 22
    column: Annotated[
        Share, "Where a Word file's text begins, as a share of the width between the margins."
    ] = 0.22


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The tokens of a brief's look."""

    faces: Annotated[tuple[Face, ...], KeyField("id"), "Face ids: `text` and `display`, and more."]
    colours: Annotated[Mapping[str, Colour], "Colour names, each #rrggbb."]
    styles: Annotated[tuple[RoleStyle, ...], KeyField("role"), "Roles, each with how it is set."]
    page: PageMargins

    @property
    def distributions(self) -> frozenset[str]:
        """The packages that bring its fonts, by the names that they are installed under."""
        return frozenset(face.package.replace("_", "-") for face in self.faces)


PAPER: Final[Mapping[str, tuple[float, float]]] = {
    "a4": (210.0, 297.0),
    "letter": (215.9, 279.4),
    "a5": (148.0, 210.0),
}
"""Width and height in mm (ISO 216; ANSI/ASME Y14.1)."""

COLOURS: Final = ("ink", "accent", "grey", "rule", "tint", "paper")
FACES: Final = ("text", "display")

SELECTORS: Final[Mapping[str, str]] = {
    "body": "body",
    "title": "h1",
    "heading-2": "h2",
    "heading-3": "h3",
    "heading-4": "h4",
    "subtitle": "p.subtitle",
    "standfirst": "p.standfirst",
    "strip": "p.strip",
    "byline": "p.byline",
    "lead": "p.lead",
    "name": "p.name",
    "affiliation": "p.affiliation",
    "number": "p.number",
    "note": "p.note, aside.note",
    "caption": "p.caption, figcaption, caption",
    "attribution": "p.attribution, blockquote > footer",
    "box-title": "p.box-title",
    "source": "p.source",
    "imprint": "p.imprint",
    "turn": "section.turn",
    "quote": "blockquote",
    "pull": "blockquote.pull",
    "evidence": "blockquote.evidence",
    "bottom-line": "aside.bottom-line",
    "at-a-glance": "aside.at-a-glance",
    "list": "ul, ol",
    "takeaways": "ul.takeaways, ol.takeaways",
    "options": "ul.options, ol.options",
    "cell": "td, th",
    "column-head": "th[scope=col]",
    "row-head": "th[scope=row]",
    "contents-1": "li.contents-1",
    "contents-2": "li.contents-2",
    "contents-3": "li.contents-3",
    "footnote": "span.footnote",
    "running-head": "@top-left, @top-center, @top-right",
    "folio": "@bottom-left, @bottom-center, @bottom-right",
    "link": "a",
}
"""Every role that a theme can style, and where it stands in a page's HTML."""

_IN_LINES: Final[Mapping[str, str]] = {
    "name": "span.name",
    "affiliation": "span.affiliation",
    "number": "span.number",
}
"""Roles of words inside a line: there a style gives the letters their look, not their size."""


# --- reading a theme ------------------------------------------------------------------


def load_theme(files: Sequence[tuple[str, str]]) -> Theme:
    """Read themes, each a file's name for messages and its YAML; later tokens win over earlier.

    Raises Problems: what is wrong with a token, at its own place.
    """
    findings = Findings()
    layers = read_layers(files, "theme.yaml", findings, depth=3)
    theme = layers.decode_record(layers.tree, Theme)
    findings.stop_on_errors()
    assert theme
    _check_theme(theme, layers, findings)
    findings.stop_on_errors()
    return theme


def _check_theme(theme: Theme, layers: ThemeLayers, findings: Findings) -> None:
    """Report names that lead nowhere, sizes too small to print and font files that are lost."""
    faces = [face.id for face in theme.faces]
    for kind, group, needed, known in (
        ("face", "faces", FACES, faces),
        ("colour", "colours", COLOURS, list(theme.colours)),
    ):
        for name in needed:
            if name not in known:
                findings.add_error(
                    "missing-key", f"the theme has no {kind} `{name}`", layers.locate_value(group)
                )
    for name in theme.colours:
        if not re.fullmatch(NAME.regex, name):
            findings.add_error(
                "bad-value",
                f"`{name}` cannot name a colour",
                layers.locate_value("colours", name),
                NAME.meaning,
            )
    _check_faces(theme, layers, findings)
    _check_styles(theme, layers, findings)


def _check_faces(theme: Theme, layers: ThemeLayers, findings: Findings) -> None:
    known: dict[str, tuple[str, ...]] = {}
    for face in theme.faces:
        files = tuple(getattr(face, key) for key, _, _ in CUTS)
        if known.setdefault(face.family, files) != files:
            findings.add_error(
                "same-family",
                f"two faces of different fonts are called {face.family}",
                layers.locate_value("faces", face.id, "family"),
                "give each the name that its fonts have",
            )
        for (key, _, _), file in zip(CUTS, files, strict=True):
            path = find_font_file(face.package, file)
            at = layers.locate_value("faces", face.id, key)
            if path is None:
                findings.add_error(
                    "font-missing",
                    f"the package `{face.package}` has no font file `{file}`",
                    at,
                    "`brief doctor` says what is not installed",
                )
            elif not _is_static(path):
                findings.add_error(
                    "bad-font",
                    f"`{file}` is not a static TrueType font",
                    at,
                    "take a cut with one weight and one slope",
                )


def _check_styles(theme: Theme, layers: ThemeLayers, findings: Findings) -> None:
    faces = [face.id for face in theme.faces]
    for style in theme.styles:

        def report_style(
            code: str, key: str, message: str, hint: str, role: str = style.role
        ) -> None:
            findings.add_error(code, message, layers.locate_value("styles", role, key), hint)

        if style.role not in SELECTORS:
            report_style(
                "unknown-role",
                "",
                f"there is no role `{style.role}` to style",
                suggest_names(style.role, SELECTORS),
            )
        if style.face and style.face not in faces:
            report_style(
                "unknown-face",
                "face",
                f"the theme has no face `{style.face}`",
                suggest_names(style.face, faces),
            )
        if style.colour and style.colour not in theme.colours:
            report_style(
                "unknown-colour",
                "colour",
                f"the theme has no colour `{style.colour}`",
                suggest_names(style.colour, theme.colours),
            )
        if 0 < style.size < SMALLEST:
            report_style(
                "too-small",
                "size",
                f"`{style.role}` is set in {style.size:g} pt",
                f"nothing is printed below {SMALLEST:g} pt",
            )
    body = next((style for style in theme.styles if style.role == "body"), RoleStyle(role="body"))
    if not (body.face and body.size and body.leading and body.colour):
        findings.add_error(
            "missing-key",
            "the role `body` needs a face, a size, a leading and a colour",
            layers.locate_value("styles", "body"),
            "all other roles start from it",
        )


def _is_static(path: Path) -> bool:
    """Look into a font file's table directory (OpenType 1.9 §4.1) for its kind and its tables."""
    with path.open("rb") as file:
        head = file.read(12)
        tables = file.read(16 * int.from_bytes(head[4:6], "big"))
    return head[:4] == b"\0\1\0\0" and b"fvar" not in (
        tables[start : start + 4] for start in range(0, len(tables), 16)
    )


# --- the theme as CSS -----------------------------------------------------------------


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
