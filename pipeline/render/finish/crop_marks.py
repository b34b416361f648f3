"""Crop marks and page boxes: where a sheet is cut and folded, and how the inks lie on each other.

- MediaBox holds BleedBox holds TrimBox (ISO 15930-7, clause 6; ISO 32000-1 §14.11.2).
- Marks stand outside the bleed, in all inks: the colorant All (ISO 32000-1 §8.6.6.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from pipeline.render.contract import BLEED
from pipeline.render.engine import pydyf
from pipeline.render.finish.pdf_objects import MM, PDF, Dictionary, add_object, make_form_entries

PagePoint: TypeAlias = tuple[float, float]

SLUG: Final = 12.0
"""From the trim to the edge of the paper that carries the marks, in mm."""
_OFFSET: Final = BLEED + 1
_LENGTH: Final = 6.0
_TARGET: Final = 1.5
"""Where a line begins and how long it is, and a target's radius: in mm."""
_BEZIER: Final = 0.5523
"""How far a quarter circle's control points are from its ends, in radii."""


def set_page_boxes(page: Dictionary, width: float, height: float) -> None:
    """Set a page's boxes around a trim of this width and height, in pt."""
    for name, beyond in (("MediaBox", SLUG), ("BleedBox", BLEED), ("TrimBox", 0.0)):
        out = beyond * MM
        page[name] = pydyf.Array([-out, -out, width + out, height + out])


def draw_crop_marks(pdf: PDF, width: float, height: float, *, fold: bool = False) -> bytes:
    """Draw the marks around a trim of this width and height, in pt; return a form XObject.

    Crop marks at the corners, registration targets at the middle of the sides. A sheet that
    is folded has fold marks above and below its middle, dashed, and no targets there.
    """
    drawn = ["/Artifact BMC q /All CS 1 SCN 0.25 w"]
    drawn += [_draw_line(*ends) for ends in _list_crop_lines(width, height)]
    beyond = (SLUG + _OFFSET) / 2 * MM
    middles = [(-beyond, height / 2), (width + beyond, height / 2)]
    if not fold:
        middles += [(width / 2, -beyond), (width / 2, height + beyond)]
    for middle in middles:
        drawn += _draw_target(*middle)
    if fold:
        drawn.append("[3 2] 0 d")
        for edge, away in ((0.0, -MM), (height, MM)):
            start, end = edge + _OFFSET * away, edge + (_OFFSET + _LENGTH) * away
            drawn.append(_draw_line((width / 2, start), (width / 2, end)))
    drawn.append("Q EMC")
    tints = {"FunctionType": 2, "Domain": pydyf.Array([0, 1]), "N": 1}
    tints |= {"C0": pydyf.Array([0, 0, 0, 0]), "C1": pydyf.Array([1, 1, 1, 1])}
    colorant = pydyf.Array(["/Separation", "/All", "/DeviceCMYK", pydyf.Dictionary(tints)])
    out = SLUG * MM
    resources = pydyf.Dictionary({"ColorSpace": pydyf.Dictionary({"All": colorant})})
    form = make_form_entries([-out, -out, width + out, height + out], resources)
    reference: bytes = add_object(pdf, pydyf.Stream(["\n".join(drawn)], form, compress=True))
    return reference


def _list_crop_lines(width: float, height: float) -> Iterator[tuple[PagePoint, PagePoint]]:
    near, far = _OFFSET * MM, (_OFFSET + _LENGTH) * MM
    for x, out in ((0.0, -1), (width, 1)):
        for y, up in ((0.0, -1), (height, 1)):
            yield (x + out * near, y), (x + out * far, y)
            yield (x, y + up * near), (x, y + up * far)


def _draw_target(x: float, y: float) -> Iterator[str]:
    radius, arm, bend = _TARGET * MM, 2 * _TARGET * MM, _BEZIER * _TARGET * MM
    yield _draw_line((x - arm, y), (x + arm, y))
    yield _draw_line((x, y - arm), (x, y + arm))
    corners = [(1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0)]
    yield f"{x + radius:.3f} {y:.3f} m"
    for from_x, from_y, to_x, to_y in corners:
        points = (
            (radius * from_x + bend * to_x, radius * from_y + bend * to_y),
            (radius * to_x + bend * from_x, radius * to_y + bend * from_y),
            (radius * to_x, radius * to_y),
        )
        yield " ".join(f"{x + dx:.3f} {y + dy:.3f}" for dx, dy in points) + " c"
    yield "S"


def _draw_line(start: PagePoint, end: PagePoint) -> str:
    return f"{start[0]:.3f} {start[1]:.3f} m {end[0]:.3f} {end[1]:.3f} l S"
