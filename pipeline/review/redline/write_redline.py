"""The changes between two briefs, as tracked changes in the newer one's DOCX.

The newer file is kept as it is but for what changed: words that came are insertions, words that
went come back as deletions (ECMA-376-1 §17.13.5). What is written is read again, and refused
unless accepting all changes gives the newer text and rejecting all the older one.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from lxml import etree

from pipeline.diagnostics import Location, make_problem
from pipeline.render.docx.base_package import zip_parts
from pipeline.review.edited_docx.reader import EditedDocx, read_edited_docx
from pipeline.review.edited_docx.revisions import EditedParagraph, RevisionView
from pipeline.review.match.paragraph_match import LIKE, measure_likeness
from pipeline.review.redline.copy_parts import PartCopier
from pipeline.review.redline.runs import DocxPart, RunPart, list_words, split_runs
from pipeline.review.words.diff3 import find_changes
from pipeline.system.limits import DEFAULT_LIMITS, PackageLimits
from pipeline.word.ooxml import OFFICE, W, XmlElement, w
from pipeline.word.opc import Package

_NEAR: Final = 50
"""How many paragraphs ahead the one that a paragraph became is looked for."""
TrackedTag: TypeAlias = Literal["ins", "del", ""]


@dataclass(frozen=True, slots=True)
class Signature:
    """Who made the changes, and when."""

    author: str
    date: str
    """A moment as ISO 8601 writes it, ``2024-03-01T00:00:00Z``."""


def write_redline(
    old: Path, new: Path, signed: Signature, limits: PackageLimits = DEFAULT_LIMITS.packages
) -> bytes:
    """Write the changes from one DOCX to another into the latter.

    Raises Problems: those of reading, ``tracked-already`` for a file with tracked changes of
    its own, and ``not-redlined`` when the result would not be both texts.
    """
    before, after = _read_settled(old, limits), _read_settled(new, limits)
    data = _track_changes(before.package, after.package, signed)
    check_redline(data, before, after)
    return data


def _read_settled(path: Path, limits: PackageLimits) -> EditedDocx:
    """Read a file that holds nothing but settled words."""
    edited = read_edited_docx(path, str(path), limits)
    if edited.revisions:
        raise make_problem(
            "tracked-already",
            f"the file has {len(edited.revisions)} tracked changes of its own",
            Location(str(path)),
            "accept or reject them first",
        )
    if edited.unknown:
        raise make_problem(
            "unknown-element",
            f"paragraph {edited.unknown[0].paragraph} holds <{edited.unknown[0].name}>, "
            "which cannot be compared",
            Location(str(path)),
            "take it out, or compare the files in Word",
        )
    return edited


def check_redline(data: bytes, before: EditedDocx, after: EditedDocx) -> None:
    """Check that a redline gives both texts; raises Problems (``not-redlined``)."""
    edited = read_edited_docx(data, after.name, after.package.limits)
    has_heads = bool(_list_header_parts(before.package, after.package))
    for view, wanted, what in (
        (edited.accepted, after, "accepting them would not give the newer text"),
        (edited.rejected, before, "rejecting them would not give the older text"),
    ):
        settled = wanted.accepted
        if _list_shown_lines(view, edited.paragraphs) != _list_shown_lines(
            settled, wanted.paragraphs
        ) or (
            has_heads
            and _list_shown_lines(view, edited.headers_footers)
            != _list_shown_lines(settled, wanted.headers_footers)
        ):
            raise make_problem(
                "not-redlined",
                f"the changes cannot be written as tracked ones: {what}",
                Location(after.name),
                "compare the two files in Word",
            )


def _list_shown_lines(
    view: RevisionView, paragraphs: Sequence[EditedParagraph]
) -> list[tuple[Any, ...]]:
    lines = view.list_lines(paragraphs)
    return [
        (line.words, line.form, bool(line.pictures))
        for line in lines
        if line.words or line.pictures
    ]


def _track_changes(old: Package, new: Package, signed: Signature) -> bytes:
    """Return the newer file with its changes from the older one tracked."""
    before, after = DocxPart.open_main(old), DocxPart.open_main(new)
    copier = PartCopier(before, after)
    copier.copy_definitions()
    writer = _RedlineWriter(before, after, copier, signed, count(100_001))
    writer.compare_blocks(before.root.find(f"{W}body"), after.root.find(f"{W}body"))
    changed = {after.part: after.root}
    for name in _list_header_parts(old, new):
        of_part = replace(writer, old=before.open_part(name), new=after.open_part(name))
        of_part.compare_blocks(of_part.old.root, of_part.new.root)
        changed[name] = of_part.new.root
    changed |= copier.changed
    for name, root in changed.items():
        after.parts[name] = etree.tostring(
            root, encoding="UTF-8", xml_declaration=True, standalone=True
        )
    return zip_parts(after.parts, after.parts.__getitem__).getvalue()


@dataclass(frozen=True, slots=True)
class _RedlineWriter:
    """Writes the changes of one part into that of the newer file."""

    old: DocxPart
    new: DocxPart
    copier: PartCopier
    signed: Signature
    ids: Iterator[int]
    """Those of the tracked changes; all parts share them."""

    def make_change(self, tag: str, *children: XmlElement) -> XmlElement:
        id = next(self.ids)
        return w(tag, *children, id=id, author=self.signed.author, date=self.signed.date)

    # --- blocks ---------------------------------------------------------------------------

    def compare_blocks(self, old: XmlElement, new: XmlElement) -> None:
        """Compare the paragraphs and tables of two bodies, or of two cells."""
        olds, news = _list_blocks(old), _list_blocks(new)
        self.compare_sequence(olds, news, new)

    def compare_sequence(
        self, olds: Sequence[XmlElement], news: Sequence[XmlElement], parent: XmlElement
    ) -> None:
        """Compare paragraphs and tables, or the rows of a table, in order."""
        i = k = 0
        for before, after in [*_pair_blocks(olds, news), (len(olds), len(news))]:
            place = news[k] if k < len(news) else None
            for block in olds[i:before]:
                gone = copy.deepcopy(block)
                if place is not None:
                    place.addprevious(gone)
                elif parent.tag == f"{W}body":
                    parent[-1].addprevious(gone)  # the last section's properties end the body
                else:
                    parent.append(gone)
                self.track_block(gone, "del", self.old)
            for block in news[k:after]:
                self.track_block(block, "ins", self.new)
            if after < len(news):
                self.compare_pair(olds[before], news[after])
            i, k = before + 1, after + 1

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
            self.write_paragraph(block, [(state, part) for part in split_runs(block, file)], file)
            self.track_paragraph_mark(block, state)
        elif block.tag == f"{W}tbl":
            for row in block.iter(f"{W}tr"):
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
            row.insert(0, properties)
        properties.append(self.make_change(state))
        for paragraph in row.iter(f"{W}p"):
            self.track_block(paragraph, state, file)

    def track_paragraph_mark(self, paragraph: XmlElement, state: TrackedTag) -> None:
        """Mark the end of a paragraph as inserted or deleted."""
        properties: Any = _ensure_properties(paragraph)
        if state == "del":
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
        """Track what changed in the words, or in the style, of a paragraph."""
        was, now = list(split_runs(old, self.old)), list(split_runs(new, self.new))
        changes = find_changes([part.key for part in was], [part.key for part in now])
        if changes:
            parts: list[tuple[TrackedTag, RunPart]] = []
            at = 0
            for change in changes:
                parts += [("", part) for part in now[at : change.new_from]]
                parts += [("del", part) for part in was[change.old_from : change.old_to]]
                parts += [("ins", part) for part in now[change.new_from : change.new_to]]
                at = change.new_to
            self.write_paragraph(new, [*parts, *(("", part) for part in now[at:])], self.new)
        before, after = _ensure_properties(old), _ensure_properties(new)
        if _list_style_keys(before) != _list_style_keys(after):
            kept = w("pPr", *(copy.deepcopy(n) for n in before if n.tag not in _NOT_KEPT))
            after.append(self.make_change("pPrChange", kept))

    def write_paragraph(
        self, paragraph: XmlElement, parts: Sequence[tuple[TrackedTag, RunPart]], file: DocxPart
    ) -> None:
        """Write the words of a paragraph anew."""
        end = list(_find_last_marks(paragraph)) if file is self.new else []
        for node in list(paragraph):
            if node.tag != f"{W}pPr":
                paragraph.remove(node)
        for (state, link), group in groupby(parts, key=lambda pair: (pair[0], pair[1].link)):
            own = [part for _, part in group]
            if state != "del":
                paragraph.extend(copy.deepcopy(mark) for part in own for mark in part.bookmarks)
            runs = list(self.make_runs(own, state))
            if runs:
                content = [self.make_change(state, *runs)] if state else runs
                paragraph.extend(self.wrap_link(content, link, state))
        paragraph.extend(end)

    def wrap_link(
        self, content: list[XmlElement], link: tuple[str, str], state: TrackedTag
    ) -> list[XmlElement]:
        """Put a link round runs; one that leads to a bookmark is not written round deleted ones."""
        href, anchor = link
        if not href and (not anchor or state == "del"):
            return content
        wrapped = w("hyperlink", *content, history=1)
        if href:
            wrapped.set(f"{OFFICE}id", self.copier.ensure_relation(self.new.part, href))
        else:
            wrapped.set(f"{W}anchor", anchor)
        return [wrapped]

    def make_runs(self, parts: Iterable[RunPart], state: TrackedTag) -> Iterator[XmlElement]:
        """Return the runs of words; those of a field that went are left out."""
        tag = "delText" if state == "del" else "t"
        by_style = groupby(parts, key=lambda part: (bool(part.text), part.key[-1]))
        for (is_text, _), group in by_style:
            if is_text:
                own = list(group)
                text = w(tag, "".join(part.text for part in own), xml_space="preserve")
                yield w("r", copy.deepcopy(own[0].properties), text)
            else:
                for part in group:
                    yield from self.make_other_runs(part, state)

    def make_other_runs(self, part: RunPart, state: TrackedTag) -> Iterator[XmlElement]:
        """Return the runs of what is no text."""
        if part.is_field:
            yield from (copy.deepcopy(node) for node in part.nodes if state != "del")
        elif part.note and state == "del":
            called = w("footnoteReference", id=self.copier.copy_note(part.note))
            yield w("r", copy.deepcopy(part.properties), called)
        else:
            nodes = [copy.deepcopy(node) for node in part.nodes]
            if state == "del":
                self.copier.copy_pictures(nodes, self.old, self.new)
            yield w("r", copy.deepcopy(part.properties), *nodes)


def _report_tag(block: XmlElement) -> TypeError:
    return TypeError(f"`{block.tag}` is no paragraph, table or row")


def _list_header_parts(old: Package, new: Package) -> list[str]:
    """Return the parts with heads and feet, where both files have the same.

    Where they have not, none is known to be another's.
    """
    olds, news = (
        sorted(relation.target for relation, _ in package.iterate_related("header", "footer"))
        for package in (old, new)
    )
    return news if olds == news else []


_NOT_KEPT: Final = (f"{W}rPr", f"{W}sectPr", f"{W}pPrChange")


def _list_blocks(container: XmlElement) -> list[XmlElement]:
    """Return the paragraphs and tables of a body or a cell, without the entries of the contents."""
    return [
        block
        for block in container
        if block.tag == f"{W}tbl"
        or (block.tag == f"{W}p" and not _read_style(block).startswith("TOC"))
    ]


def _ensure_properties(paragraph: XmlElement) -> XmlElement:
    found = paragraph.find(f"{W}pPr")
    if found is None:
        found = w("pPr")
        paragraph.insert(0, found)
    return found


def _read_style(paragraph: XmlElement) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else str(found.get(f"{W}val"))


def _list_style_keys(properties: XmlElement) -> list[bytes]:
    """Return what a paragraph's properties say of what it is, to compare."""
    found = [properties.find(f"{W}{tag}") for tag in ("pStyle", "numPr")]
    return [b"" if node is None else etree.tostring(node, method="c14n") for node in found]


def _pair_blocks(olds: Sequence[XmlElement], news: Sequence[XmlElement]) -> list[tuple[int, int]]:
    """Pair what stayed, or became another: the same words first, between them like ones."""
    was, now = (
        [(b.tag, *_describe_shape(b), *list_words(b)) for b in blocks] for blocks in (olds, news)
    )
    pairs: list[tuple[int, int]] = []
    i = k = 0
    for change in find_changes(was, now):
        pairs += zip(range(i, change.old_from), range(k, change.new_from), strict=True)
        first = change.old_from
        for index in range(change.new_from, change.new_to):
            like = {
                n: measure_likeness(was[n][1:], now[index][1:])
                for n in range(first, min(change.old_to, first + _NEAR))
                if (was[n][0], _describe_shape(olds[n]))
                == (now[index][0], _describe_shape(news[index]))
            }
            best = max(like, key=lambda n: like[n], default=None)
            if best is not None and like[best] >= LIKE:
                pairs.append((best, index))
                first = best + 1
        i, k = change.old_to, change.new_to
    pairs += zip(range(i, len(olds)), range(k, len(news)), strict=True)
    return pairs


def _describe_shape(block: XmlElement) -> tuple[str, ...]:
    """Return how many cells a row has: only one with as many can be the same."""
    return (str(len(block.findall(f"{W}tc"))),) if block.tag == f"{W}tr" else ()


def _find_last_marks(paragraph: XmlElement) -> Iterator[XmlElement]:
    """Return the bookmarks and the like that end a paragraph."""
    endings: list[XmlElement] = []
    for node in paragraph:
        if node.tag in (f"{W}r", f"{W}hyperlink"):
            endings.clear()
        elif node.tag != f"{W}pPr":
            endings.append(node)
    yield from endings
