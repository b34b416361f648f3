"""A part of a DOCX with all its tracked changes accepted, or all rejected (ECMA-376-1 §17.13.5).

It knows nothing of how they were written: a redline is checked by it.
"""

from __future__ import annotations

import copy
from typing import Any, Final, TypeAlias

from pipeline.word.ooxml import W, XmlElement

_Tags: TypeAlias = tuple[str, ...]
_CAME: Final = tuple(f"{W}{tag}" for tag in ("ins", "moveTo"))
_WENT: Final = tuple(f"{W}{tag}" for tag in ("del", "moveFrom"))
_RANGES: Final = tuple(
    f"{W}{tag}{end}" for tag in ("moveFromRange", "moveToRange") for end in ("Start", "End")
)
_DELETED: Final = {f"{W}delText": f"{W}t", f"{W}delInstrText": f"{W}instrText"}
_KEPT: Final = tuple(f"{W}{tag}" for tag in ("rPr", "sectPr"))
"""What a change of a paragraph's properties does not hold."""


def settle_changes(root: XmlElement, *, accepts: bool) -> Any:
    """Return a copy of a part with all changes accepted, or rejected."""
    settled: Any = copy.deepcopy(root)
    left_out = _WENT if accepts else _CAME
    _settle_formats(settled, accepts=accepts)
    _settle_rows(settled, left_out)
    _settle_runs(settled, left_out)
    for paragraph in list(settled.iter(f"{W}p")):
        _settle_mark(paragraph, left_out)
    return settled


def _settle_formats(root: Any, *, accepts: bool) -> None:
    """Take formats as they are, or as they were."""
    for name in ("rPr", "pPr"):
        for change in list(root.iter(f"{W}{name}Change")):
            own, was = change.getparent(), change.find(f"{W}{name}")
            own.remove(change)
            if not accepts:
                for node in list(own):
                    if name == "rPr" or node.tag not in _KEPT:
                        own.remove(node)
                own[0:0] = list(was) if was is not None else []


def _settle_rows(root: Any, left_out: _Tags) -> None:
    """Take out the rows that are not there, and the tables that have none left."""
    for row in list(root.iter(f"{W}tr")):
        properties = row.find(f"{W}trPr")
        for mark in [] if properties is None else list(properties):
            if mark.tag in (*_CAME, *_WENT):
                properties.remove(mark)
                if mark.tag in left_out:
                    row.getparent().remove(row)
    for table in list(root.iter(f"{W}tbl")):
        if table.find(f"{W}tr") is None:
            table.getparent().remove(table)


def _settle_runs(root: Any, left_out: _Tags) -> None:
    """Take out the runs that are not there, and the changes from round those that are."""
    for change in [n for n in root.iter(*_CAME, *_WENT) if n.getparent().tag != f"{W}rPr"]:
        if change.tag not in left_out:
            for child in change:
                change.addprevious(child)
        change.getparent().remove(change)
    for node in list(root.iter(*_DELETED, *_RANGES)):
        if node.tag in _DELETED:
            node.tag = _DELETED[node.tag]
        else:
            node.getparent().remove(node)


def _settle_mark(paragraph: Any, left_out: _Tags) -> None:
    """Let a paragraph go on in the next one where its mark is not there."""
    marks = paragraph.find(f"{W}pPr/{W}rPr")
    changes = [m for m in marks if m.tag in (*_CAME, *_WENT)] if marks is not None else []
    for change in changes:
        marks.remove(change)
    if not any(change.tag in left_out for change in changes):
        return
    following = next(paragraph.itersiblings(f"{W}p", f"{W}tbl"), None)
    inside = [node for node in paragraph if node.tag != f"{W}pPr"]
    if following is not None and following.tag == f"{W}p":
        at = 0 if following.find(f"{W}pPr") is None else 1
        following[at:at] = inside
        paragraph.getparent().remove(paragraph)
    elif not any(True for node in inside for _ in node.iter(f"{W}r")):
        paragraph.getparent().remove(paragraph)
