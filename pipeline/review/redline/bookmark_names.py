"""What the older edition refers to, by the names that its places have in a redline.

The same name may be another place in each edition: sources are numbered. A place that stayed is
called as the newer file calls it. One that went has a name of its own, and keeps its bookmark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any, Final

from pipeline.review.edited_docx.story import ANCHOR
from pipeline.review.redline.contents_marks import RANGE
from pipeline.word.ooxml import W, XmlElement, w

OLD: Final = "_ref__old"
"""How the names of places that went begin; no id begins so."""
_MOST: Final = 40
"""How many characters a name has (ECMA-376-1 §17.13.6.2)."""
_FIRST_ID: Final = 300_001
_WORD: Final = re.compile(r"\w+")


def rename_places(
    old: XmlElement, new: XmlElement, pairs: Iterable[tuple[XmlElement, XmlElement]]
) -> None:
    """Call the places of the older body by their names in the newer one, wherever it names them.

    Paragraphs that stayed come in pairs; one that has a name only in the older file gets it.
    """
    ids = count(_FIRST_ID)
    here = {name: id(place) for name, place in _find_places(new)}
    stayed = {id(before): after for before, after in pairs}
    names: dict[str, str] = {}
    for name, place in _find_places(old):
        after = stayed.get(id(place))
        free = [n for n, at in here.items() if at == id(after) and n not in names.values()]
        if free:
            names[name] = name if name in free else free[0]
            continue
        names[name] = f"{OLD}{len(names)}{name}"[:_MOST]
        if after is not None:
            add_bookmark(after, names[name], next(ids))
    _rename(old, names)
    for number, start in zip(ids, _iterate_starts(old, OLD), strict=False):
        start.set(f"{W}id", str(number))


def _find_places(body: XmlElement) -> Iterator[tuple[str, Any]]:
    """Return each name with the paragraph that has it."""
    for start in _iterate_starts(body, ""):
        name = start.get(f"{W}name", "")
        above = next(start.iterancestors(f"{W}p"), None)
        if above is None:
            above = next(start.itersiblings(f"{W}p"), None)
        if above is not None and not ANCHOR.fullmatch(name) and not RANGE.fullmatch(name):
            yield name, above


def _iterate_starts(body: XmlElement, beginning: str) -> Iterator[Any]:
    for start in body.iter(f"{W}bookmarkStart"):
        if start.get(f"{W}name", "").startswith(beginning):
            yield start


def _rename(body: XmlElement, names: Mapping[str, str]) -> None:
    for start in body.iter(f"{W}bookmarkStart"):
        start.set(f"{W}name", names.get(start.get(f"{W}name", ""), start.get(f"{W}name", "")))
    for link in body.iter(f"{W}hyperlink"):
        if anchor := link.get(f"{W}anchor", ""):
            link.set(f"{W}anchor", names.get(anchor, anchor))
    for code in body.iter(f"{W}instrText"):
        code.text = _WORD.sub(lambda match: names.get(match[0], match[0]), code.text or "")


def list_old_names(paragraph: XmlElement) -> list[tuple[str, int]]:
    """Return the names of a place that went, and the ids of their bookmarks."""
    return [
        (start.get(f"{W}name", ""), int(start.get(f"{W}id", "0")))
        for start in _iterate_starts(paragraph, OLD)
    ]


def add_bookmark(paragraph: XmlElement, name: str, number: int) -> None:
    """Put a bookmark round all that a paragraph holds."""
    properties = paragraph.find(f"{W}pPr")
    at = 0 if properties is None else 1
    paragraph.insert(at, w("bookmarkStart", id=number, name=name))
    paragraph.append(w("bookmarkEnd", id=number))
