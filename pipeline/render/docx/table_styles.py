"""The table styles of a brief, with those of the boxes, which are tables of one cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pipeline.render.docx.style_records import Border, TableStyle

_RULED: Final[Mapping[str, Any]] = {
    "borders": (
        Border("top", "ink", 0.75),
        Border("bottom", "ink", 0.75),
        Border("insideH", "rule", 0.5),
    ),
    "head": Border("bottom", "ink", 0.75),
    "padding": (0, 4.5, 0, 0),
}
BOX_PADDING: Final[tuple[float, float, float, float]] = (9, 11, 4, 11)
"""The padding of a box: top, right, bottom, left, in pt."""
TABLES: Final = (
    TableStyle("BriefTable", "Brief Table", **_RULED),
    TableStyle("Matrix", "Matrix", **_RULED),
    TableStyle("Facts", "Facts", **_RULED),
    TableStyle("Box", "Box", fill="tint", padding=BOX_PADDING),
    TableStyle(
        "BottomLineBox",
        "Bottom Line Box",
        fill="tint",
        padding=BOX_PADDING,
        borders=(Border("left", "accent", 3),),
    ),
    TableStyle(
        "AtAGlanceBox",
        "At a Glance Box",
        padding=(5, 0, 4, 0),
        borders=(Border("top", "ink", 0.75),),
    ),
    TableStyle(
        "NoteBox",
        "Note Box",
        padding=BOX_PADDING,
        borders=(
            Border("top", "rule", 0.5),
            Border("left", "rule", 0.5),
            Border("bottom", "rule", 0.5),
            Border("right", "rule", 0.5),
        ),
    ),
)
