"""What the pages of a PDF paint: fonts, colours, and images at their size on paper.

Walks the content streams (ISO 32000-1 §7.8.2 and §8), through forms, and notes what ``pdf`` judges.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from pipeline.checks.bounded_process import LimitExceeded

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Inks: TypeAlias = tuple[float, ...]
MOST_FORMS: Final = 50_000
"""How often forms may be painted in a file: each may paint others."""
MOST_NESTED: Final = 30
_IDENTITY: Final[Matrix] = (1, 0, 0, 1, 0, 0)
_SHOWN: Final = frozenset({"Tj", "TJ", "'", '"'})


@dataclass(frozen=True, slots=True)
class _State:
    """The part of the graphics state (ISO 32000-1 §8.4) that matters here."""

    matrix: Matrix = _IDENTITY
    fill: Inks = ()
    """The inks that type is filled with, where they are DeviceCMYK."""


@dataclass(slots=True)
class Painting:
    """What was seen on the pages so far, each thing with the first page that it is on."""

    fonts: dict[tuple[str, bool], int] = field(default_factory=dict)
    """Fonts by their name, without a subset's mark, and whether they are embedded."""
    rgb: dict[int, str] = field(default_factory=dict)
    """What is RGB first, on each page with such a thing."""
    rich_black: dict[int, Inks] = field(default_factory=dict)
    """On each page with black type in several inks, those of the first."""
    images: dict[Any, tuple[float, int]] = field(default_factory=dict)
    """The fewest pixels an inch that each image is shown at, and the page."""
    forms: int = 0
    number: int = 0

    def walk_page(self, number: int, page: Any) -> None:
        """Walk a pikepdf.Page. Raises Boundless where forms paint forms without end."""
        self.number = number
        self.walk(page, page.obj.get("/Resources", page.resources), _State(), 0)

    def walk(self, painted: Any, resources: Any, state: _State, depth: int) -> None:
        """Walk a content stream, that of a page or of a form."""
        import pikepdf

        before: list[_State] = []
        step: Any
        for step in pikepdf.parse_content_stream(painted):
            operator, values = str(step.operator), list(step.operands)
            match operator:
                case "q":
                    before.append(state)
                case "Q":
                    state = before.pop() if before else state
                case "cm":
                    state = replace(
                        state, matrix=_multiply_matrices(_read_matrix(values), state.matrix)
                    )
                case "Do":
                    self.walk_object(_find_resource(resources, "/XObject", values), state, depth)
                case "Tf":
                    self.record_font(_find_resource(resources, "/Font", values[:1]))
                case "k":
                    state = replace(state, fill=tuple(map(float, values)))
                case "g" | "rg" | "cs":
                    state = replace(state, fill=())
                case "INLINE IMAGE":
                    self.record_image(step.iimage, state.matrix)
            if operator in ("rg", "RG") or (
                operator in ("cs", "CS") and _is_rgb(_find_colour_space(resources, values[0]))
            ):
                self.rgb.setdefault(self.number, "a colour")
            if operator in _SHOWN and _is_rich_black(state.fill):
                self.rich_black.setdefault(self.number, state.fill)

    def walk_object(self, held: Any, state: _State, depth: int) -> None:
        """Take an image, or walk a form (ISO 32000-1 §8.10)."""
        if held is None:
            return
        if held.get("/Subtype") == "/Image":
            self.record_image(held, state.matrix)
        elif held.get("/Subtype") == "/Form":
            self.forms += 1
            if self.forms > MOST_FORMS or depth > MOST_NESTED:
                raise LimitExceeded("its forms paint each other without end")
            matrix = _read_matrix(held.get("/Matrix", _IDENTITY))
            inner = replace(state, matrix=_multiply_matrices(matrix, state.matrix))
            self.walk(held, held.get("/Resources", {}), inner, depth + 1)

    def record_image(self, image: Any, matrix: Matrix) -> None:
        """Note an image's resolution: it fills a square of one unit (ISO 32000-1 §8.9.4)."""
        if hasattr(image, "keys"):
            width, height = int(image["/Width"]), int(image["/Height"])
            key = image.objgen
            is_rgb = _is_rgb(image.get("/ColorSpace"))
        else:
            width, height = image.width, image.height
            key, is_rgb = id(image), image.mode == "RGB"
        a, b, c, d, *_ = matrix
        wide, high = math.hypot(a, b) / 72, math.hypot(c, d) / 72
        if wide and high:
            seen = min(width / wide, height / high), self.number
            self.images[key] = min(seen, self.images.get(key, seen))
        if is_rgb:
            self.rgb.setdefault(self.number, "an image")

    def record_font(self, font: Any) -> None:
        """Note a font; the glyphs of a Type 3 font are always in the file."""
        if font is None or font.get("/Subtype") == "/Type3":
            return
        inner = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
        described = inner.get("/FontDescriptor", {})
        files = ("/FontFile", "/FontFile2", "/FontFile3")
        embedded = any(file in described for file in files)
        name = str(font.get("/BaseFont", "/without a name")).removeprefix("/")
        tag, plus, rest = name.partition("+")
        name = rest if plus and len(tag) == 6 else name
        self.fonts.setdefault((name, embedded), self.number)


def _find_resource(resources: Any, kind: str, names: list[Any]) -> Any | None:
    return resources.get(kind, {}).get(str(names[0])) if names else None


def _find_colour_space(resources: Any, name: Any) -> Any:
    return resources.get("/ColorSpace", {}).get(str(name), name)


def _is_rgb(space: Any, depth: int = 0) -> bool:
    """Tell whether a colour space is of three lights, or stands on one (ISO 32000-1 §8.6)."""
    if space is None or depth > 4:
        return False
    if getattr(space, "_type_name", "") != "array":
        return str(space) in ("/DeviceRGB", "/CalRGB", "/RGB")
    kind = str(space[0])
    if kind == "/ICCBased":
        return int(space[1]["/N"]) == 3
    if kind in ("/Indexed", "/I", "/Pattern") and len(space) > 1:
        return _is_rgb(space[1], depth + 1)
    if kind in ("/Separation", "/DeviceN"):
        return _is_rgb(space[2], depth + 1)
    return kind in ("/DeviceRGB", "/CalRGB", "/RGB")


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
