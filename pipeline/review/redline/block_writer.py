"""The changes between two DOCX, written into the newer one, block by block (ECMA-376-1 §17.13.5).

What came is inserted, what went comes back deleted, and what only stands elsewhere has moved. Words
that are set in another way are no other words: how they were set stands beside how they are.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, groupby
from typing import Any, Final, Literal, TypeAlias

from lxml import etree

from pipeline.review.redline.block_pairs import Move, find_moves, list_blocks, pair_blocks
from pipeline.review.redline.bookmark_names import add_bookmark, list_old_names
from pipeline.review.redline.copy_parts import PartCopier
from pipeline.review.redline.runs import DocxPart, RunPart, split_runs
from pipeline.review.words.diff3 import find_changes, pair_unchanged
from pipeline.word.ooxml import OFFICE, W, XmlElement, w

TrackedTag: TypeAlias = Literal["ins", "del", "moveFrom", "moveTo", ""]
_WENT: Final = ("del", "moveFrom")
_NOT_KEPT: Final = (f"{W}rPr", f"{W}sectPr", f"{W}pPrChange")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who made the changes, and when."""

    author: str
    date: str
    """A moment as ISO 8601 writes it, ``2024-03-01T00:00:00Z``."""


@dataclass(frozen=True, slots=True)
class _TrackedPart:
    """A part of a line, with what became of it."""

    state: TrackedTag
    part: RunPart
    before: RunPart | None = None
    """The same part where it was set in another way."""


@dataclass(frozen=True, slots=True)
class BlockWriter:
    """Writes the changes of one part into that of the newer file."""

    old: DocxPart
    new: DocxPart
    copier: PartCopier
    signed: Signature
    ids: Iterator[int]
    """Those of the tracked changes; all parts share them."""
    moves: Iterator[int] = field(default_factory=lambda: count(1))
    """What moves are called by; all parts share them."""

    def make_change(self, tag: str, *children: XmlElement) -> XmlElement:
        """Make the element of a tracked change."""
        id = next(self.ids)
        return w(tag, *children, id=id, author=self.signed.author, date=self.signed.date)

    def track_runs(self, state: str, runs: Sequence[XmlElement]) -> list[XmlElement]:
        """Return whole runs as they are, or as inserted or deleted ones."""
        if not state:
            return list(runs)
        if state == "del":
            for run in runs:
                _delete_texts(run)
        return [self.make_change(state, *runs)]

    # --- blocks ---------------------------------------------------------------------------

    def compare_blocks(self, old: XmlElement, new: XmlElement) -> None:
        """Compare the paragraphs and tables of two bodies, or of two cells."""
        self.compare_sequence(list_blocks(old), list_blocks(new), new)

    def compare_sequence(
        self, olds: Sequence[XmlElement], news: Sequence[XmlElement], parent: XmlElement
    ) -> None:
        """Compare paragraphs and tables, or the rows of a table, in order."""
        pairs = pair_blocks(olds, news)
        moves = find_moves(olds, news, pairs, self._describe_paragraph)
        names = {id(move): f"move{next(self.moves)}" for move in moves}
        went = {move.old + n: move for move in moves for n in range(move.length)}
        came = {move.new + n: move for move in moves for n in range(move.length)}
        i = k = 0
        for before, after in [*pairs, (len(olds), len(news))]:
            place = news[k] if k < len(news) else None
            for number in range(i, before):
                gone = copy.deepcopy(olds[number])
                _insert_block(gone, place, parent)
                move = went.get(number)
                self.track_block(gone, "moveFrom" if move else "del", self.old)
                if move:
                    self._open_move(gone, "moveFrom", names[id(move)], number - move.old, move)
            for number in range(k, after):
                move = came.get(number)
                self.track_block(news[number], "moveTo" if move else "ins", self.new)
                if move:
                    self._open_move(
                        news[number], "moveTo", names[id(move)], number - move.new, move
                    )
            if after < len(news):
                self.compare_pair(olds[before], news[after])
            i, k = before + 1, after + 1

    def _describe_paragraph(self, paragraph: XmlElement, is_old: bool) -> tuple[Any, ...]:
        """Return what a paragraph is compared by, to know it again where it moved to."""
        parts = split_runs(paragraph, self.old if is_old else self.new)
        return _list_format_keys(paragraph), [part.key for part in parts]

    def _open_move(
        self, block: XmlElement, tag: TrackedTag, name: str, number: int, move: Move
    ) -> None:
        """Open the range of a move before its first paragraph, and close it behind the last."""
        if number == 0:
            block.addprevious(self.make_change(f"{tag}RangeStart"))
            start = block.getprevious()
            assert start is not None
            start.set(f"{W}name", name)
        if number == move.length - 1:
            start = next(block.itersiblings(f"{W}{tag}RangeStart", preceding=True))
            block.addnext(w(f"{tag}RangeEnd", id=start.get(f"{W}id", "")))

    def compare_pair(self, old: XmlElement, new: XmlElement) -> None:
        """Compare two paragraphs, two tables or two rows."""
        if old.tag == f"{W}p":
            self.compare_paragraph(old, new)
        elif old.tag == f"{W}tbl":
            self.compare_sequence(old.findall(f"{W}tr"), new.findall(f"{W}tr"), new)
        elif old.tag == f"{W}tr":
            cells = zip(old.findall(f"{W}tc"), new.findall(f"{W}tc"), strict=True)
            for before, after in cells:
                self.compare_blocks(before, after)
        else:
            raise _report_tag(old)

    def track_block(self, block: XmlElement, state: TrackedTag, file: DocxPart) -> None:
        """Mark all of a paragraph, of a table or of a row as inserted or deleted."""
        if block.tag == f"{W}p":
            names = list_old_names(block)
            parts = [_TrackedPart(state, part) for part in split_runs(block, file)]
            self.write_paragraph(block, parts, file)
            self.track_paragraph_mark(block, state)
            for name, number in names if state in _WENT else ():
                add_bookmark(block, name, number)
        elif block.tag == f"{W}tbl":
            for row in block.findall(f"{W}tr"):
                self.track_row(row, state, file)
        elif block.tag == f"{W}tr":
            self.track_row(block, state, file)
        else:
            raise _report_tag(block)

    def track_row(self, row: XmlElement, state: TrackedTag, file: DocxPart) -> None:
        """Mark a row of a table, and all that is in it, as inserted or deleted."""
        properties = row.find(f"{W}trPr")
        if properties is None:
            properties = w("trPr")
            row.insert(0 if row.find(f"{W}tblPrEx") is None else 1, properties)
        properties.append(self.make_change(state))
        for cell in row.findall(f"{W}tc"):
            for block in list_blocks(cell):
                self.track_block(block, state, file)

    def track_paragraph_mark(self, paragraph: XmlElement, state: TrackedTag) -> None:
        """Mark the end of a paragraph as inserted or deleted."""
        properties: Any = _ensure_properties(paragraph)
        if state in _WENT:
            for section in properties.findall(f"{W}sectPr"):
                properties.remove(section)
        of_mark = properties.find(f"{W}rPr")
        if of_mark is None:
            of_mark = w("rPr")
            section = properties.find(f"{W}sectPr")
            if section is None:
                properties.append(of_mark)
            else:
                section.addprevious(of_mark)
        of_mark.insert(0, self.make_change(state))

    # --- paragraphs -----------------------------------------------------------------------

    def compare_paragraph(self, old: XmlElement, new: XmlElement) -> None:
        """Track what changed in the words of a paragraph, in their looks, and in its own."""
        was, now = list(split_runs(old, self.old)), list(split_runs(new, self.new))
        changes = find_changes([part.key for part in was], [part.key for part in now])
        if changes:
            parts: list[_TrackedPart] = []
            at = 0
            for change in changes:
                parts += [_TrackedPart("", part) for part in now[at : change.new_from]]
                parts += _compare_looks(
                    was[change.old_from : change.old_to], now[change.new_from : change.new_to]
                )
                at = change.new_to
            parts += [_TrackedPart("", part) for part in now[at:]]
            self.write_paragraph(new, parts, self.new)
        if _list_format_keys(old) != _list_format_keys(new):
            before, after = _ensure_properties(old), _ensure_properties(new)
            kept = w("pPr", *(copy.deepcopy(n) for n in before if n.tag not in _NOT_KEPT))
            after.append(self.make_change("pPrChange", kept))

    def write_paragraph(
        self, paragraph: XmlElement, parts: Sequence[_TrackedPart], file: DocxPart
    ) -> None:
        """Write the words of a paragraph anew."""
        end = list(_find_last_marks(paragraph)) if file is self.new else []
        for node in list(paragraph):
            if node.tag != f"{W}pPr":
                paragraph.remove(node)
        for (state, link), group in groupby(parts, key=lambda p: (p.state, p.part.link)):
            own = list(group)
            if state not in _WENT:
                marks = (mark for part in own for mark in part.part.bookmarks)
                paragraph.extend(map(copy.deepcopy, marks))
            runs = list(self.make_runs(own, state))
            if runs:
                content = [self.make_change(state, *runs)] if state else runs
                paragraph.extend(self.wrap_link(content, link))
        paragraph.extend(end)

    def wrap_link(self, content: list[XmlElement], link: tuple[str, str]) -> list[XmlElement]:
        """Put a link round runs, if they had one."""
        href, anchor = link
        if not href and not anchor:
            return content
        wrapped = w("hyperlink", *content, history=1)
        if href:
            wrapped.set(f"{OFFICE}id", self.copier.ensure_relation(self.new.part, href))
        else:
            wrapped.set(f"{W}anchor", anchor)
        return [wrapped]

    def make_runs(self, parts: Iterable[_TrackedPart], state: TrackedTag) -> Iterator[XmlElement]:
        """Return the runs of words, those that are set alike together."""
        for (is_text, _, _), group in groupby(parts, key=_find_look):
            own = list(group)
            properties = self._make_properties(own[0])
            if is_text:
                words = "".join(part.part.text for part in own)
                text = w("delText" if state == "del" else "t", words, xml_space="preserve")
                yield w("r", properties, text)
            else:
                for part in own:
                    yield from self.make_other_runs(part, state)

    def _make_properties(self, part: _TrackedPart) -> XmlElement | None:
        """Return how a run is set, and how it was, if that is another way."""
        properties: Any = copy.deepcopy(part.part.properties)
        if part.before is None:
            return None if properties is None else _as_element(properties)
        if properties is None:
            properties = w("rPr")
        was = copy.deepcopy(part.before.properties)
        properties.append(self.make_change("rPrChange", w("rPr") if was is None else was))
        return _as_element(properties)

    def make_other_runs(self, part: _TrackedPart, state: TrackedTag) -> Iterator[XmlElement]:
        """Return the runs of what is no text."""
        own, properties = part.part, self._make_properties(part)
        nodes = [copy.deepcopy(node) for node in own.nodes]
        if state == "del":
            for node in nodes:
                _delete_texts(node)
        if own.is_field:
            yield from nodes
        elif own.note and state in _WENT:
            called = w("footnoteReference", id=self.copier.copy_note(own.note))
            yield w("r", properties, called)
        else:
            if state in _WENT:
                self.copier.copy_pictures(nodes, self.old, self.new)
            yield w("r", properties, *nodes)


def _as_element(node: Any) -> XmlElement:
    found: XmlElement = node
    return found


def _compare_looks(was: Sequence[RunPart], now: Sequence[RunPart]) -> Iterator[_TrackedPart]:
    """Return what became of parts that are not the same: some are only set in another way."""
    old, new = ([_find_content(part) for part in parts] for parts in (was, now))
    same = list(pair_unchanged(find_changes(old, new), len(old)))
    i = k = 0
    for before, after in [*same, (len(was), len(now))]:
        yield from (_TrackedPart("del", part) for part in was[i:before])
        yield from (_TrackedPart("ins", part) for part in now[k:after])
        if after < len(now):
            yield _TrackedPart("", now[after], was[before])
        i, k = before + 1, after + 1


def _find_content(part: RunPart) -> tuple[object, ...]:
    """Return what a part is compared by without its look; a field or a note is always whole."""
    has_look = part.key[0] in ("text", "sign")
    return part.key[:-1] if has_look else (*part.key, id(part))


def _find_look(part: _TrackedPart) -> tuple[bool, str, str | None]:
    """Return what runs have in common: what they hold, their look, and the one before."""
    before = None if part.before is None else part.before.key[-1]
    return bool(part.part.text), part.part.key[-1], before


def _delete_texts(node: XmlElement) -> None:
    """Write the text in a run as deleted; that of a text box is no part of the run."""
    for name, deleted in (("t", "delText"), ("instrText", "delInstrText")):
        for text in list(node.iter(f"{W}{name}")):
            if next(text.iterancestors(f"{W}txbxContent"), None) is None:
                text.tag = f"{W}{deleted}"


def _insert_block(block: XmlElement, place: XmlElement | None, parent: XmlElement) -> None:
    """Put a block before another, or at the end."""
    if place is not None:
        place.addprevious(block)
    elif parent.tag == f"{W}body":
        parent[-1].addprevious(block)  # the last section's properties end the body
    else:
        parent.append(block)


def _report_tag(block: XmlElement) -> TypeError:
    return TypeError(f"`{block.tag}` is no paragraph, table or row")


def _ensure_properties(paragraph: XmlElement) -> XmlElement:
    found = paragraph.find(f"{W}pPr")
    if found is None:
        found = w("pPr")
        paragraph.insert(0, found)
    return found


def _list_format_keys(paragraph: XmlElement) -> list[bytes]:
    """Return how a paragraph is set, to compare."""
    properties = paragraph.find(f"{W}pPr")
    kept = [] if properties is None else [n for n in properties if n.tag not in _NOT_KEPT]
    return [etree.tostring(node, method="c14n", exclusive=True) for node in kept]


def _find_last_marks(paragraph: XmlElement) -> Iterator[XmlElement]:
    """Return the bookmarks and the like that end a paragraph."""
    endings: list[XmlElement] = []
    for node in paragraph:
        if node.tag in (f"{W}r", f"{W}hyperlink"):
            endings.clear()
        elif node.tag != f"{W}pPr":
            endings.append(node)
    yield from endings
