"""WordprocessingML elements, written briefly, and its units (ECMA-376 part 1)."""

from __future__ import annotations

from functools import cache
from typing import Final, TypeAlias

from lxml import etree

XmlElement: TypeAlias = etree._Element

NAMESPACES: Final = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
_PREFIXES: Final = {prefix: NAMESPACES[prefix] for prefix in "wr"}
W: Final = f"{{{NAMESPACES['w']}}}"
OFFICE: Final = f"{{{NAMESPACES['r']}}}"
"""Before the names of attributes that hold the id of a relation."""


def w(tag: str, *children: XmlElement | str | None, **attributes: str | int) -> XmlElement:
    """Make an element of the main namespace; a string is its text, None is left out.

    An attribute of another namespace is written with its prefix: ``r_id="rId1"``.
    """
    element = etree.Element(W + tag, nsmap=_PREFIXES)
    for name, value in attributes.items():
        element.set(_qualify_name(name), str(value))
    for child in children:
        if isinstance(child, str):
            element.text = child
        elif child is not None:
            element.append(child)
    return element


@cache
def _qualify_name(name: str) -> str:
    prefix, _, local = name.rpartition("_")
    return f"{{{NAMESPACES[prefix or 'w']}}}{local}"


def make_toggle(tag: str, holds: bool) -> XmlElement | None:
    """Make a property that is either on or not there."""
    return w(tag) if holds else None


def to_twips(points: float) -> int:
    """Turn pt into twentieths of a point (ST_TwipsMeasure)."""
    return round(points * 20)


def mm_to_twips(millimetres: float) -> int:
    """Turn mm into twentieths of a point."""
    return round(millimetres * 1440 / 25.4)


def to_half_points(points: float) -> int:
    """Turn pt into half points, a letter's measure (ST_HpsMeasure)."""
    return round(points * 2)


def to_eighth_points(points: float) -> int:
    """Turn pt into eighths of a point, a border's measure (ST_EighthPointMeasure)."""
    return round(points * 8)
