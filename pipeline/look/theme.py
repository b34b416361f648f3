"""The theme: what a role looks like, as tokens that CSS and Word styles are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pipeline.diagnostics import Findings, Location, find_nearest_name, suggest_names
from pipeline.look.css_rules import SMALLEST
from pipeline.look.font_files import FontFile, read_font_file
from pipeline.look.theme_layers import ThemeLayers, read_layers
from pipeline.project.layout import find_font_file, has_fonts
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

_WITHOUT_EFFECT: Final[Mapping[str, tuple[str, ...]]] = {
    "link": ("size", "leading", "before", "after", "align"),
    "running-head": ("before", "after", "align"),
    "folio": ("before", "after", "align"),
    "footnote": ("before", "after"),
}
"""What a style cannot change: a link is in a line; where the others stand is the page's to say."""


# --- reading a theme ------------------------------------------------------------------


def load_theme(files: Sequence[tuple[str, str]], css: str = "") -> Theme:
    """Read themes, each a file's name for messages and its YAML; later tokens win over earlier.

    ``css`` are the stylesheets that build on them. Raises Problems: what is wrong with a token, at
    its own place, and a token that changes nothing.
    """
    findings = Findings()
    layers = read_layers(files, "theme.yaml", findings, depth=3)
    theme = layers.decode_record(layers.tree, Theme)
    findings.stop_on_errors()
    assert theme
    _check_theme(theme, layers, findings)
    _check_own_colours(theme, css, layers, findings)
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


def _check_own_colours(theme: Theme, css: str, layers: ThemeLayers, findings: Findings) -> None:
    """Report a colour that nothing is set in, and that is called nearly as one that is needed."""
    named = {style.colour for style in theme.styles}
    named |= {*re.findall(rf"--colour-({NAME.regex})", css)}
    for name in sorted(theme.colours.keys() - named - {*COLOURS}):
        nearest = find_nearest_name(name, COLOURS)
        if nearest and not any(known in name for known in COLOURS):  # accent-2 is no slip
            findings.add_error(
                "no-effect",
                f"no style and no stylesheet names the colour `{name}`",
                layers.locate_value("colours", name),
                f"did you mean `{nearest}`?",
            )


def _check_faces(theme: Theme, layers: ThemeLayers, findings: Findings) -> None:
    known: dict[str, tuple[str, ...]] = {}
    for face in theme.faces:
        fonts = _read_cuts(face, layers, findings)
        files = tuple(getattr(face, key) for key, _, _ in CUTS)
        if others := [key for key, font in fonts.items() if not font.is_of(face.family)]:
            _report_other_family(face, others, fonts, layers, findings)
        elif known.setdefault(face.family, files) != files:
            findings.add_error(
                "same-family",
                f"two faces of different fonts are called {face.family}",
                layers.locate_value("faces", face.id, "family"),
                "give each the name that its fonts have",
            )


def _read_cuts(face: Face, layers: ThemeLayers, findings: Findings) -> dict[str, FontFile]:
    """Read the fonts of a face; report those that are lost or of a kind that cannot be set."""
    fonts: dict[str, FontFile] = {}
    if not has_fonts(face.package):
        _report_no_package(face, layers, findings)
        return fonts
    lost: list[str] = []
    for key, _, _ in CUTS:
        file = getattr(face, key)
        path = find_font_file(face.package, file)
        if path is None:
            lost.append(key)
        elif not (font := read_font_file(path)).is_static:
            findings.add_error(
                "bad-font",
                f"`{file}` is not a static TrueType font",
                layers.locate_value("faces", face.id, key),
                "take a cut with one weight and one slope",
            )
        else:
            fonts[key] = font
    _report_lost_files(face, lost, layers, findings)
    return fonts


def _report_no_package(face: Face, layers: ThemeLayers, findings: Findings) -> None:
    """Report a face whose package is not there, or has no fonts."""
    as_imported = face.package.replace("-", "_")
    is_slip = as_imported != face.package and has_fonts(as_imported)
    findings.add_error(
        "font-missing",
        f"no package of fonts `{face.package}` is installed",
        layers.locate_value("faces", face.id, "package"),
        f"did you mean `{as_imported}`?"
        if is_slip
        else "install it where brief is installed; `brief doctor` says what brief itself needs",
    )


def _report_lost_files(
    face: Face, lost: Sequence[str], layers: ThemeLayers, findings: Findings
) -> None:
    """Report files that a package does not have: once where another package was named for them."""
    told: set[Location] = set()
    for key in lost:
        at = layers.locate_value("faces", face.id, key)
        package = layers.locate_latest("faces", face.id, names=("package",))
        is_inherited = at.file != package.file
        if is_inherited:
            at = package
        if at not in told:
            told.add(at)
            findings.add_error(
                "font-missing",
                f"the package `{face.package}` has no font file `{getattr(face, key)}`",
                at,
                "name its four files too: `regular`, `italic`, `bold`, `bold_italic`"
                if is_inherited
                else "its files stand in its folder `files`; `brief doctor` says what is missing",
            )


def _report_other_family(
    face: Face,
    others: Sequence[str],
    fonts: Mapping[str, FontFile],
    layers: ThemeLayers,
    findings: Findings,
) -> None:
    """Report a face whose fonts are not of the family that it names, where that was written."""
    first = others[0]
    named = " or ".join(fonts[first].families) or "a font without a name"
    more = f", and so with {len(others) - 1} more" if len(others) > 1 else ""
    at = layers.locate_latest("faces", face.id, names=("family", *others))
    findings.add_error(
        "other-family",
        f"the face `{face.id}` is called {face.family}, but its font "
        f"`{getattr(face, first)}` is {named}{more}",
        at,
        f"give `package` and the four files of {face.family} as well, from a package that is "
        f"installed; or keep the family {named}: what Word takes in its place is `fallback`",
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
        for key in _WITHOUT_EFFECT.get(style.role, ()):
            if getattr(style, key) != getattr(RoleStyle(role=style.role), key):
                report_style(
                    "no-effect",
                    key,
                    f"`{key}` has no effect on `{style.role}`",
                    "leave it out: what can be set is the look of its letters",
                )
    body = next((style for style in theme.styles if style.role == "body"), RoleStyle(role="body"))
    if not (body.face and body.size and body.leading and body.colour):
        findings.add_error(
            "missing-key",
            "the role `body` needs a face, a size, a leading and a colour",
            layers.locate_value("styles", "body"),
            "all other roles start from it",
        )
