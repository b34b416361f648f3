"""What the pages of a PDF paint: fonts, colours, and images at their size on paper.

Walks the content streams (ISO 32000-1 §7.8.2 and §8), through forms, and records what
``pdf_checks`` looks at.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

import pikepdf

from pipeline.checks.bounded_process import LimitExceeded

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Inks: TypeAlias = tuple[float, ...]
MOST_FORMS: Final = 50_000
"""How often forms may be painted in a file: each may paint others."""
MOST_NESTED: Final = 30
MOST_BASE_SPACES: Final = 4
"""How many colour spaces may stand on each other: a pattern's on a spot colour's on a profile."""
_IDENTITY: Final[Matrix] = (1, 0, 0, 1, 0, 0)
_RGB_NAMES: Final = frozenset({"/DeviceRGB", "/CalRGB", "/RGB"})
_BASES: Final = {"/Indexed": 1, "/I": 1, "/Pattern": 1, "/Separation": 2, "/DeviceN": 2}
"""At which index of a colour space the one stands that it is based on."""


@dataclass(slots=True)
class Painting:
    """What was seen on the pages so far, each thing with the first page that it is on."""

    fonts: dict[tuple[str, bool], int] = field(default_factory=dict)
    """Fonts by their name, without a subset's tag, and whether they are embedded."""
    rgb: dict[int, str] = field(default_factory=dict)
    """What is RGB first, on each page with such a thing."""
    rich_black: dict[int, Inks] = field(default_factory=dict)
    """On each page with black type in several inks, those of the first."""
    images: dict[Any, tuple[float, int]] = field(default_factory=dict)
    """The fewest pixels an inch that each image is shown at, and the page."""
    forms: int = 0
    """How many forms were painted."""


@dataclass(frozen=True, slots=True)
class _GraphicsState:
    """The part of the graphics state (ISO 32000-1 §8.4) that matters here."""

    matrix: Matrix = _IDENTITY
    fill: Inks = ()
    """The inks that type is filled with, where they are DeviceCMYK."""


@dataclass(slots=True)
class _ContentStream:
    """A content stream that is being walked, that of a page or of a form."""

    painting: Painting
    page: int
    resources: Any
    state: _GraphicsState
    depth: int = 0
    saved: list[_GraphicsState] = field(default_factory=list)

    def find_resource(self, kind: str, names: Sequence[Any]) -> Any | None:
        """Return the resource of a kind that the first of the operands names."""
        return self.resources.get(kind, {}).get(str(names[0])) if names else None


def read_painting(pages: Iterable[Any]) -> Painting:
    """Walk pages of pikepdf. Raises LimitExceeded where forms paint forms without end."""
    painting = Painting()
    for number, page in enumerate(pages, 1):
        resources = page.obj.get("/Resources", page.resources)
        _walk_stream(page, _ContentStream(painting, number, resources, _GraphicsState()))
    return painting


def _walk_stream(painted: Any, stream: _ContentStream) -> None:
    """Follow the operators that matter; the others draw lines, place words or clip."""
    step: Any
    for step in pikepdf.parse_content_stream(painted):
        if follow := _OPERATORS.get(str(step.operator)):
            follow(stream, list(step.operands))


# --- the graphics state -------------------------------------------------------------------


def _save_state(stream: _ContentStream, _: Sequence[Any]) -> None:
    stream.saved.append(stream.state)


def _restore_state(stream: _ContentStream, _: Sequence[Any]) -> None:
    if stream.saved:
        stream.state = stream.saved.pop()


def _change_matrix(stream: _ContentStream, operands: Sequence[Any]) -> None:
    matrix = _multiply_matrices(_read_matrix(operands), stream.state.matrix)
    stream.state = replace(stream.state, matrix=matrix)


def _fill_with_inks(stream: _ContentStream, operands: Sequence[Any]) -> None:
    stream.state = replace(stream.state, fill=tuple(map(float, operands)))


def _fill_otherwise(stream: _ContentStream, _: Sequence[Any]) -> None:
    stream.state = replace(stream.state, fill=())


# --- colours and fonts --------------------------------------------------------------------


def _use_rgb(stream: _ContentStream, _: Sequence[Any]) -> None:
    stream.painting.rgb.setdefault(stream.page, "a colour")


def _fill_with_rgb(stream: _ContentStream, operands: Sequence[Any]) -> None:
    _fill_otherwise(stream, operands)
    _use_rgb(stream, operands)


def _use_colour_space(stream: _ContentStream, operands: Sequence[Any]) -> None:
    name = operands[0]
    if _is_rgb(stream.resources.get("/ColorSpace", {}).get(str(name), name)):
        _use_rgb(stream, operands)


def _fill_in_colour_space(stream: _ContentStream, operands: Sequence[Any]) -> None:
    _fill_otherwise(stream, operands)
    _use_colour_space(stream, operands)


def _show_text(stream: _ContentStream, _: Sequence[Any]) -> None:
    if _is_rich_black(stream.state.fill):
        stream.painting.rich_black.setdefault(stream.page, stream.state.fill)


def _select_font(stream: _ContentStream, operands: Sequence[Any]) -> None:
    """Record a font; the glyphs of a Type 3 font are always in the file."""
    font = stream.find_resource("/Font", operands)
    if font is None or font.get("/Subtype") == "/Type3":
        return
    inner = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
    descriptor = inner.get("/FontDescriptor", {})
    embedded = any(file in descriptor for file in ("/FontFile", "/FontFile2", "/FontFile3"))
    name = str(font.get("/BaseFont", "/without a name")).removeprefix("/")
    tag, plus, rest = name.partition("+")
    name = rest if plus and len(tag) == 6 else name
    stream.painting.fonts.setdefault((name, embedded), stream.page)


# --- images and forms ---------------------------------------------------------------------


def _paint_object(stream: _ContentStream, operands: Sequence[Any]) -> None:
    """Record an image, or walk a form (ISO 32000-1 §8.10)."""
    painted = stream.find_resource("/XObject", operands)
    if painted is None:
        return
    kind = painted.get("/Subtype")
    if kind == "/Image":
        key, is_rgb = painted.objgen, _is_rgb(painted.get("/ColorSpace"))
        _record_image(stream, key, int(painted["/Width"]), int(painted["/Height"]), is_rgb)
    elif kind == "/Form":
        _walk_form(stream, painted)


def _walk_form(stream: _ContentStream, form: Any) -> None:
    painting = stream.painting
    painting.forms += 1
    if painting.forms > MOST_FORMS or stream.depth > MOST_NESTED:
        raise LimitExceeded("its forms paint each other without end")
    matrix = _multiply_matrices(_read_matrix(form.get("/Matrix", _IDENTITY)), stream.state.matrix)
    state, resources = replace(stream.state, matrix=matrix), form.get("/Resources", {})
    _walk_stream(form, _ContentStream(painting, stream.page, resources, state, stream.depth + 1))


def _paint_inline_image(stream: _ContentStream, operands: Sequence[Any]) -> None:
    (image,) = operands
    _record_image(stream, id(image), image.width, image.height, image.mode == "RGB")


def _record_image(stream: _ContentStream, key: Any, width: int, height: int, is_rgb: bool) -> None:
    """Record an image's resolution: it fills a square of one unit (ISO 32000-1 §8.9.4)."""
    a, b, c, d, *_ = stream.state.matrix
    wide, high = math.hypot(a, b) / 72, math.hypot(c, d) / 72
    if wide and high:
        images = stream.painting.images
        seen = min(width / wide, height / high), stream.page
        images[key] = min(seen, images.get(key, seen))
    if is_rgb:
        stream.painting.rgb.setdefault(stream.page, "an image")


_OPERATORS: Final[Mapping[str, Callable[[_ContentStream, Sequence[Any]], None]]] = {
    "q": _save_state,
    "Q": _restore_state,
    "cm": _change_matrix,
    "k": _fill_with_inks,
    "g": _fill_otherwise,
    "rg": _fill_with_rgb,
    "RG": _use_rgb,
    "cs": _fill_in_colour_space,
    "CS": _use_colour_space,
    "Tf": _select_font,
    **dict.fromkeys(("Tj", "TJ", "'", '"'), _show_text),
    "Do": _paint_object,
    "INLINE IMAGE": _paint_inline_image,
}
"""What is followed (ISO 32000-1, Annex A)."""


def _is_rgb(space: Any) -> bool:
    """Return whether a colour space is of three lights, or stands on one (ISO 32000-1 §8.6).

    Raises LimitExceeded where spaces stand on each other without end.
    """
    for _ in range(MOST_BASE_SPACES + 1):
        if not isinstance(space, pikepdf.Array):
            return space is not None and str(space) in _RGB_NAMES
        kind = str(space[0])
        if kind == "/ICCBased":
            return int(space[1]["/N"]) == 3
        base = _BASES.get(kind, 0)
        if base == 0 or base == len(space) == 1:
            return kind in _RGB_NAMES
        space = space[base]
    raise LimitExceeded("its colour spaces stand on each other without end")


def _is_rich_black(inks: Inks) -> bool:
    return len(inks) == 4 and inks[3] >= 0.8 and sum(inks[:3]) > 0.1


def _read_matrix(values: Any) -> Matrix:
    a, b, c, d, e, f = map(float, values)
    return a, b, c, d, e, f


def _multiply_matrices(inner: Matrix, outer: Matrix) -> Matrix:
    """Put a matrix before another (ISO 32000-1 §8.3.4)."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (
        *(a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j),
        *(e * g + f * i + k, e * h + f * j + m),
    )
