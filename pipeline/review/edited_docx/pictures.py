"""The pictures of an editor's DOCX (ECMA-376-1 §20.4): which image each shows, and its words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pipeline.word.ooxml import OFFICE
from pipeline.word.opc import Package, Relation

_DRAWN: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_VML: Final = "{urn:schemas-microsoft-com:vml}"


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture where it stands."""

    sha256: str
    """The fingerprint of its image; nothing where a program drew it."""
    alt: str
    is_cropped: bool = False
    data: bytes = field(default=b"", repr=False, compare=False)
    """Its image as the file holds it."""
    revisions: tuple[int, ...] = field(default=(), compare=False)
    """The tracked changes that it stands in."""


def read_pictures(
    element: Any, package: Package, relations: Mapping[str, Relation]
) -> tuple[ShownPicture, ...]:
    """Return the pictures of a drawing; what a program drew is one without an image."""
    alt = _read_alt(element)
    shown: list[ShownPicture] = []
    for image in element.iter(f"{_DRAWN}blip", f"{_VML}imagedata"):
        id = image.get(f"{OFFICE}embed") or image.get(f"{OFFICE}id") or image.get(f"{OFFICE}link")
        relation = relations.get(id or "", Relation("image", "", True))
        data = b"" if relation.is_outside else package.read_data(relation.target) or b""
        digest = hashlib.sha256(data or relation.target.encode()).hexdigest()
        shown.append(ShownPicture(digest, alt, _is_cropped(image), data))
    return tuple(shown) or (ShownPicture("", alt),)


def _read_alt(element: Any) -> str:
    """Return the words that stand for a picture (§20.4.2.5), or for one of before (§14.1.2.19)."""
    for described in element.iter("{*}docPr"):
        return str(described.get("descr", ""))
    for shape in element.iter(f"{_VML}shape"):
        return str(shape.get("alt", ""))
    return ""


def _is_cropped(image: Any) -> bool:
    """Return whether an editor cut something off (§20.1.8.55)."""
    beside = image.getnext() if image.tag == f"{_DRAWN}blip" else None
    if beside is None or beside.tag != f"{_DRAWN}srcRect":
        return False
    return any(str(side).lstrip("-0%") for side in beside.attrib.values())
