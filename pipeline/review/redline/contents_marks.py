"""The field that contents are (ECMA-376-1 §17.16.5.68), which begins and ends in two paragraphs.

Its entries are compared like all else. So the marks of the field are taken out of the first and
the last entry before, and put round all entries after: those that went are in it as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.word.ooxml import W, XmlElement, w

RANGE: Final = re.compile(r"\b_contents_\d+\b")
"""What the range is called that contents look through, if that is not the whole text."""
_FIRST_ID: Final = 400_001
_STATES: Final = {"del": ("del", "moveFrom"), "ins": ("ins", "moveTo")}


@dataclass(frozen=True, slots=True)
class ContentsMarks:
    """The runs that begin a field and end it."""

    begin: tuple[XmlElement, ...]
    end: tuple[XmlElement, ...]

    def read_code(self) -> str:
        """Return the field's instruction."""
        return "".join(c.text or "" for run in self.begin for c in run.iter(f"{W}instrText"))


def take_contents_marks(body: XmlElement) -> list[ContentsMarks]:
    """Take the marks of all contents out of a body, in order."""
    return [
        ContentsMarks(tuple(_take_begin(entries[0])), tuple(_take_end(entries[-1])))
        for entries in _find_contents(body)
    ]


def put_contents_marks(
    body: XmlElement,
    old: Sequence[ContentsMarks],
    new: Sequence[ContentsMarks],
    track: Callable[[str, Sequence[XmlElement]], list[XmlElement]],
) -> None:
    """Put marks round the entries: tracked ones, where the entries or the instruction changed.

    Of two fields one stands in the other: that is what a field may do, whatever becomes of them.
    """
    olds, news = iter(old), iter(new)
    for number, entries in enumerate(list(_find_contents(body))):
        states = {_read_state(entry) for entry in entries}
        before = next(olds, None) if states != {"ins"} else None
        after = next(news, None) if states != {"del"} else None
        if before and not (after and RANGE.search(after.read_code())):
            _keep_range(body, entries[-1], before, _FIRST_ID + number)
        if before and after and _is_same_field(before, after):
            fields = [("", after)]
        else:
            fields = [(state, own) for state, own in (("ins", after), ("del", before)) if own]
            # LibreOffice crashes where a field with a range stands in one without.
            fields.sort(key=lambda field: bool(RANGE.search(field[1].read_code())))
        for state, own in fields:
            at = 0 if entries[0].find(f"{W}pPr") is None else 1
            entries[0][at:at] = track(state, own.begin) if own.begin else []
            entries[-1].extend(track(state, own.end) if own.end else [])


def _is_same_field(old: ContentsMarks, new: ContentsMarks) -> bool:
    """Whether two fields ask for the same, whatever the range is called."""
    return RANGE.sub("", old.read_code()) == RANGE.sub("", new.read_code())


def _read_state(entry: Any) -> str:
    """Return whether a whole entry came or went."""
    marks = entry.find(f"{W}pPr/{W}rPr")
    tags = [] if marks is None else [mark.tag.removeprefix(W) for mark in marks]
    return next((s for s, of in _STATES.items() if any(tag in of for tag in tags)), "")


def _keep_range(body: Any, last: Any, marks: ContentsMarks, id: int) -> None:
    """Put back the range that contents which went look through: from behind them to the end."""
    if name := RANGE.search(marks.read_code()):
        last.addnext(w("bookmarkStart", id=id, name=name[0]))
        body[-1].addprevious(w("bookmarkEnd", id=id))


def _find_contents(body: XmlElement) -> Iterator[list[Any]]:
    """Return the entries of each contents: paragraphs in a row that look like them."""
    entries: list[Any] = []
    for block in body:
        if is_entry(block):
            entries.append(block)
        elif entries and block.tag in (f"{W}p", f"{W}tbl", f"{W}sectPr"):
            yield entries
            entries = []
    if entries:
        yield entries


def is_entry(block: XmlElement) -> bool:
    """Whether a block is an entry of contents."""
    style = block.find(f"{W}pPr/{W}pStyle")
    return block.tag == f"{W}p" and style is not None and style.get(f"{W}val", "")[:3] == "TOC"


def find_last_entries(blocks: Sequence[XmlElement]) -> list[int]:
    """Return which blocks are the last entries of contents: the field ends in them."""
    following = [*map(is_entry, blocks[1:]), False]
    return [n for n, block in enumerate(blocks) if is_entry(block) and not following[n]]


def _take_begin(paragraph: XmlElement) -> list[XmlElement]:
    """Take out the runs up to where the field's result begins."""
    taken: list[XmlElement] = []
    for run in paragraph.iter(f"{W}r"):
        taken.append(run)
        if "separate" in _list_marks(run):
            break
    code = "".join(c.text or "" for run in taken for c in run.iter(f"{W}instrText"))
    if code.split()[:1] != ["TOC"]:
        return []
    for run in taken:
        _remove(run)
    return taken


def _take_end(paragraph: XmlElement) -> list[XmlElement]:
    """Take out the run that ends a field which begins in another paragraph."""
    depth = 0
    for run in paragraph.iter(f"{W}r"):
        kinds = _list_marks(run)
        depth += kinds.count("begin") - kinds.count("end")
        if depth < 0:
            _remove(run)
            return [run]
    return []


def _list_marks(run: XmlElement) -> list[str]:
    return [mark.get(f"{W}fldCharType", "") for mark in run.iter(f"{W}fldChar")]


def _remove(run: XmlElement) -> None:
    parent = run.getparent()
    if parent is not None:
        parent.remove(run)
