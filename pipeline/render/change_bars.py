"""A redline's marks on finished pages: a bar to the left of what changed, where nothing stands.

Bars are drawn once the pages are set, so that none of them moves a word. Where they stand is
measured: close to what changed if there is room, as in a gutter or between two cells, and else
further to the left, behind what stands there. The margin is always free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.render.engine import LayoutBox, boxes

CHANGED: Final = "data-redline"
"""The attribute of what changed, in HTML."""
AT: Final = "@change-bar"
"""What the margin box that is a bar is called."""
_WIDTH: Final = 3.0
"""How wide a bar is, in CSS pixels."""
_GAPS: Final = (8.0, 6.0, 4.0, 3.0)
"""How far it is from what stands to its right, in CSS pixels: the first for which there is room."""
_CLEAR: Final = 2.0
"""How far from everything else, in CSS pixels."""
_JOINED: Final = 14.0
"""The space between two bars, one above the other, that is filled, in CSS pixels."""


@dataclass(frozen=True, slots=True)
class _Area:
    """A part of a page, in CSS pixels from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def is_touching(self, other: _Area) -> bool:
        return min(self.right, other.right) > max(self.left, other.left) and min(
            self.bottom, other.bottom
        ) > max(self.top, other.top)


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar, and the colour of the words beside it: it is seen where they are."""

    area: _Area
    colour: Any


def draw_change_bars(laid: Any) -> None:
    """Put bars onto the pages of a weasyprint.document.Document, beside what changed on each."""
    for page in laid.pages:
        box = page._page_box
        inside = [part for child in box.children for part in child.descendants(placeholders=True)]
        changed = [part for part in inside if _is_changed(part)]
        if changed:
            printed = [area for part in inside for area in _list_areas(part)]
            bars = [bar for part in changed for bar in _place_bar(part, printed)]
            box.children = [
                *box.children,
                *(_make_box(box, bar) for bar in _join_bars(bars, printed)),
            ]


def _is_changed(box: LayoutBox) -> bool:
    """Whether a box is all that stands of a changed element in one place."""
    is_whole = isinstance(box, boxes.BlockLevelBox | boxes.TableCellBox | boxes.InlineBox)
    return is_whole and box.element is not None and box.element.get(CHANGED) is not None


def _list_areas(box: LayoutBox) -> Iterator[_Area]:
    """Return where a box prints something: its letters, its picture, its rules."""
    if isinstance(box, boxes.TextBox):
        if box.text.strip():
            yield _measure_area(box)
        return
    if isinstance(box, boxes.ReplacedBox):
        yield _measure_area(box)
    if isinstance(box, boxes.LineBox) or not hasattr(box, "border_left_width"):
        return
    left, top = box.border_box_x(), box.border_box_y()
    right, bottom = left + box.border_width(), top + box.border_height()
    for area, width in (
        (_Area(left, top, left + box.border_left_width, bottom), box.border_left_width),
        (_Area(right - box.border_right_width, top, right, bottom), box.border_right_width),
        (_Area(left, top, right, top + box.border_top_width), box.border_top_width),
        (_Area(left, bottom - box.border_bottom_width, right, bottom), box.border_bottom_width),
    ):
        if width:
            yield area


def _measure_area(box: LayoutBox) -> _Area:
    left, top = box.position_x, box.position_y
    return _Area(left, top, left + box.width, top + box.height)


def _place_bar(box: LayoutBox, printed: Sequence[_Area]) -> Iterator[_Bar]:
    """Return the bar beside the lines of a box; none where it has no line on this page."""
    lines = [
        part
        for part in box.descendants(placeholders=True)
        if isinstance(part, boxes.TextBox | boxes.ReplacedBox) and part.height
    ]
    if lines:
        areas = [_measure_area(line) for line in lines]
        top, bottom = min(area.top for area in areas), max(area.bottom for area in areas)
        at = _find_room(min(area.left for area in areas), top, bottom, printed)
        yield _Bar(_Area(at, top, at + _WIDTH, bottom), lines[0].style["color"])


def _find_room(edge: float, top: float, bottom: float, printed: Sequence[_Area]) -> float:
    """Return the left edge of a bar to the left of another edge."""
    while True:
        for gap in _GAPS:
            left = edge - gap - _WIDTH
            room = _Area(left - _CLEAR, top, left + _WIDTH + _CLEAR, bottom)
            in_way = [area for area in printed if area.is_touching(room)]
            if not in_way:
                return max(0.0, left)
        edge = min(edge - _WIDTH, *(area.left for area in in_way))


def _join_bars(bars: Sequence[_Bar], printed: Sequence[_Area]) -> Iterator[_Bar]:
    """Make one of bars that stand one above the other with next to nothing between them."""
    last: _Bar | None = None
    for bar in sorted(bars, key=lambda bar: (bar.area.left, bar.area.top)):
        if last is None:
            last = bar
            continue
        left, top = bar.area.left, min(last.area.top, bar.area.top)
        joined = _Area(left, top, bar.area.right, max(last.area.bottom, bar.area.bottom))
        if (
            abs(last.area.left - left) < 1
            and bar.area.top - last.area.bottom <= _JOINED
            and not any(area.is_touching(joined) for area in printed)
        ):
            last = _Bar(joined, last.colour)
        else:
            yield last
            last = bar
    if last is not None:
        yield last


def _make_box(page: LayoutBox, bar: _Bar) -> LayoutBox:
    """Make a margin box that is a border: no word of the brief, to all who read the pages."""
    style = page.style.anonymous_style.copy()
    style["border_left_style"] = "solid"
    style["border_left_color"] = bar.colour
    box = boxes.MarginBox(AT, style)
    for side in ("top", "right", "bottom", "left"):
        box._reset_spacing(side)
    for corner in ("top_left", "top_right", "bottom_left", "bottom_right"):
        setattr(box, f"border_{corner}_radius", (0, 0))
    box.border_left_width = _WIDTH
    box.position_x, box.position_y = bar.area.left, bar.area.top
    box.width, box.height = 0.0, bar.area.bottom - bar.area.top
    box.background = None
    return box
