"""The theme: what a role looks like, as tokens that CSS and Word styles are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

from pipeline.records import Keyed, Pattern, Range

Points: TypeAlias = Annotated[float, Range(0, 200)]
Millimetres: TypeAlias = Annotated[float, Range(0, 200)]
Colour: TypeAlias = Annotated[str, Pattern("#[0-9a-fA-F]{6}", "a colour as #rrggbb")]
PlainName: TypeAlias = Annotated[
    str, Pattern(r"[A-Za-z0-9][A-Za-z0-9 _.-]*", "letters, digits, spaces, hyphens and dots")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A typeface: four static fonts from an installed package."""

    id: PlainName
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How one role is set. Sizes and distances in pt."""

    role: str
    face: str = ""
    size: Points = 0
    leading: Points = 0
    bold: bool = False
    italic: bool = False
    caps: Literal["none", "small", "all"] = "none"
    colour: str = ""
    before: Points = 0
    after: Points = 0
    align: Literal["left", "justify", "center", "right"] = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page's margins in mm; ``inner`` is the side of the fold."""

    top: Millimetres = 22
    bottom: Millimetres = 24
    outer: Millimetres = 20
    inner: Millimetres = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The tokens of a brief's look."""

    faces: Annotated[tuple[Face, ...], Keyed("id"), "Face ids: `text` and `display`, and more."]
    colours: Annotated[Mapping[str, Colour], "Colour names, each #rrggbb."]
    styles: Annotated[tuple[Style, ...], Keyed("role"), "Roles, each with how it is set."]
    page: Page


PAPER: Final[Mapping[str, tuple[float, float]]] = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
"""Width and height in mm (ISO 216; ANSI/ASME Y14.1)."""
