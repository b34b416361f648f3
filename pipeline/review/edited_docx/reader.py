"""An editor's DOCX as paragraphs, with every tracked change, anchor and comment in its place.

Only elements that are known are read. One that is not, such as a formula or a text box, is
listed: what stands in it cannot be brought back, and nothing is left out in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, Final

from pipeline.review.edited_docx.alternatives import iterate_chosen
from pipeline.review.edited_docx.fields import OUTSIDE, Field
from pipeline.review.edited_docx.looks import read_property_value
from pipeline.review.edited_docx.revisions import (
    CellPlace,
    EditedParagraph,
    ParagraphChanges,
    RevisedRun,
    Revision,
    RevisionKind,
    RevisionView,
    TrackedFormat,
    accept_revisions,
)
from pipeline.review.edited_docx.run_reader import NoteCalls, RunReader
from pipeline.review.edited_docx.story import (
    ANCHOR,
    CHANGES,
    MOST_NESTED,
    ReadContext,
    RevisionLog,
    Story,
    UnknownElement,
    strip_namespace,
)
from pipeline.review.edited_docx.style_reader import DocxStyles, read_numbering, read_styles
from pipeline.review.words.tokens import BlockForm, format_tokens
from pipeline.system.limits import DEFAULT_LIMITS, PackageLimits
from pipeline.word.ooxml import OFFICE, W
from pipeline.word.opc import Package, Relation, open_package

_COPY: Final = re.compile(r"(_bp_\d+)_Copy_\d+")
_WORD_2010: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_WORD_2012: Final = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_TRANSPARENT: Final = frozenset("smartTag customXml dir bdo sdt sdtContent".split())
"""What only stands round words."""


@dataclass(frozen=True, slots=True)
class EditorComment:
    """What an editor wrote beside the text."""

    id: str
    author: str
    date: str
    text: str
    answers: str = ""
    """The id of the comment that it answers."""
    is_resolved: bool = False


@dataclass(frozen=True, slots=True)
class EditedDocx:
    """An editor's file."""

    name: str
    package: Package
    paragraphs: tuple[EditedParagraph, ...]
    revisions: tuple[Revision, ...]
    comments: tuple[EditorComment, ...]
    unknown: tuple[UnknownElement, ...]
    headers_footers: tuple[EditedParagraph, ...] = ()
    """What stands at the heads and feet of its pages."""

    @property
    def accepted(self) -> RevisionView:
        """The text with every change accepted."""
        return accept_revisions(self.revisions, range(len(self.revisions)))

    @property
    def rejected(self) -> RevisionView:
        """The text with every change rejected."""
        return accept_revisions(self.revisions, ())

    def accept_author(self, author: str) -> RevisionView:
        """Return the text with one author's changes accepted and all others rejected."""
        numbers = (r.number for r in self.revisions if r.author == author)
        return accept_revisions(self.revisions, numbers)


def read_edited_docx(
    source: bytes | Path, name: str, limits: PackageLimits = DEFAULT_LIMITS.packages
) -> EditedDocx:
    """Read a DOCX. Raises Problems: those of open_package, and ``bad-word-file``."""
    package = open_package(source, name, limits)
    reader = _DocxReader(package, read_styles(package), _open_notes(package))
    return reader.read_docx()


def _open_notes(package: Package) -> NoteCalls:
    notes: dict[tuple[str, str], Any] = {}
    relations: dict[str, Mapping[str, Relation]] = {}
    for relation, root in package.iterate_related("footnotes", "endnotes"):
        kind = relation.kind.removesuffix("s")
        notes |= {(kind, note.get(f"{W}id", "")): note for note in root}
        relations[kind] = package.read_relations(relation.target)
    return NoteCalls(notes, relations)


class _DocxReader:
    def __init__(self, package: Package, styles: DocxStyles, notes: NoteCalls) -> None:
        self.package = package
        self.styles = styles
        self.log = RevisionLog()
        self.tables = count(1)
        self.rows = count(1)
        self.cells = count(1)
        self.runs = RunReader(package, styles, notes, self.read_note)

    def read_docx(self) -> EditedDocx:
        body = self.package.parse_document().find(f"{W}body")
        if body is None:
            raise self.package.report_bad_file("it has no text")
        relations = self.package.read_relations(self.package.main)
        story = Story(self.log, relations, closed=_list_closed_bookmarks(body))
        self.read_blocks(body, story, ReadContext())
        headers_footers = self.read_headers_footers()
        return EditedDocx(
            name=self.package.name,
            package=self.package,
            paragraphs=tuple(story.paragraphs),
            revisions=tuple(self.log.revisions),  # those in comments are nobody's words
            comments=tuple(self.read_comments()),
            unknown=tuple(self.log.unknown),
            headers_footers=tuple(headers_footers),
        )

    def read_headers_footers(self) -> list[EditedParagraph]:
        """Read the heads and feet of pages, whose words are the template's.

        What is not known in them is no reason to stop: nothing of it would be brought back.
        """
        paragraphs: list[EditedParagraph] = []
        known = len(self.log.unknown)
        for relation, root in self.package.iterate_related("header", "footer"):
            relations = self.package.read_relations(relation.target)
            story = Story(self.log, relations, "running head")
            self.read_blocks(root, story, ReadContext())
            paragraphs += story.paragraphs
        del self.log.unknown[known:]
        return paragraphs

    def read_note(self, note: Any, story: Story) -> None:
        self.read_blocks(note, story, ReadContext())

    # --- blocks ---------------------------------------------------------------------------

    def iterate_children(self, element: Any, depth: int) -> Iterator[Any]:
        """Return the elements inside, through what only stands round them."""
        if depth > MOST_NESTED:
            raise self.package.report_bad_file(f"it is nested more than {MOST_NESTED} deep")
        for child in iterate_chosen(element):
            if strip_namespace(child) in _TRANSPARENT:
                yield from self.iterate_children(child, depth + 1)
            else:
                yield child

    def read_blocks(self, parent: Any, story: Story, around: ReadContext) -> None:
        for child in self.iterate_children(parent, around.depth):
            tag = strip_namespace(child)
            if tag == "p":
                self.read_paragraph(child, story, around)
            elif tag == "tbl":
                self.read_table(child, story, around)
            elif tag in CHANGES:
                self.read_blocks(child, story, _enter_change(child, story, around))
            else:
                story.read_other(child)
            story.add_layout_changes(child)

    def read_table(self, table: Any, story: Story, around: ReadContext) -> None:
        number = next(self.tables)
        for row in self.iterate_children(table, around.depth):
            if strip_namespace(row) == "tr":
                in_row = replace(around, place=CellPlace(number, next(self.rows), 0))
                self.read_row(row, story, in_row)
            else:
                story.read_other(row)
            story.add_layout_changes(row)

    def read_row(self, row: Any, story: Story, around: ReadContext) -> None:
        changes = _read_row_changes(row.find(f"{W}trPr"), ("ins", "del"), story)
        in_row = replace(around, inside=(*around.inside, *changes))
        for cell in self.iterate_children(row, around.depth):
            if strip_namespace(cell) == "tc":
                if place := in_row.place:
                    is_merged = _is_merged(cell.find(f"{W}tcPr"))
                    place = replace(place, column=place.column + 1, is_merged=is_merged)
                in_row = replace(in_row, place=place)
                self.read_cell(cell, story, in_row)
            else:
                story.read_other(cell)
            story.add_layout_changes(cell)

    def read_cell(self, cell: Any, story: Story, around: ReadContext) -> None:
        number = next(self.cells)
        changes = _read_row_changes(cell.find(f"{W}tcPr"), ("cellIns", "cellDel"), story)
        inside = (*around.inside, *changes)
        in_cell = replace(around, inside=inside, depth=around.depth + 1, cell=number)
        self.read_blocks(cell, story, in_cell)
        if story.paragraphs:
            story.paragraphs[-1] = replace(story.paragraphs[-1], ends_cell=True)

    # --- paragraphs ---------------------------------------------------------------------------

    def read_paragraph(self, element: Any, story: Story, around: ReadContext) -> None:
        first = len(self.log.revisions)
        properties = element.find(f"{W}pPr")
        form = self.read_form(properties, story)
        mark = _read_mark_changes(properties, story)
        story.bare_moves = _find_bare_moves(element, mark, story)
        story.begun += 1
        number, anchors = story.begun, story.anchors
        # What stands in a row that was changed has the row's change already.
        style = read_property_value(properties, "pStyle")
        inner = replace(around, inside=(), style=style)
        pieces = tuple(self.read_inline(element, story, inner))
        anchors = anchors.union(story.anchors, *(piece.anchors for piece in pieces))
        names = _list_bookmarks(element)
        if not pieces:
            anchors |= {name for name in names if ANCHOR.fullmatch(name)}
        revisions = (*around.inside, *range(first, len(self.log.revisions)))
        story.paragraphs.append(
            EditedParagraph(
                number=number,
                form=form,
                style=self.styles.find_name(style),
                pieces=pieces,
                changes=ParagraphChanges(around.inside, mark, revisions),
                anchors=anchors,
                copies=frozenset(match[1] for name in names if (match := _COPY.fullmatch(name))),
                cell=around.cell,
                place=around.place,
            )
        )

    def read_form(self, properties: Any, story: Story) -> TrackedFormat[BlockForm]:
        """Return what a paragraph is, and was before a tracked change of that."""
        now = self.find_form(properties)
        change = properties.find(f"{W}pPrChange") if properties is not None else None
        if change is None:
            return TrackedFormat(now, now)
        before = self.find_form(change.find(f"{W}pPr"))
        return TrackedFormat(now, before, story.add_revision(change, "restyled"))

    def find_form(self, properties: Any) -> BlockForm:
        style = read_property_value(properties, "pStyle")
        return self.styles.find_form(style, read_numbering(properties))

    def read_inline(self, parent: Any, story: Story, around: ReadContext) -> Iterator[RevisedRun]:
        for child in self.iterate_children(parent, around.depth):
            tag = strip_namespace(child)
            if tag == "r":
                yield from self.runs.read_run(child, story, around)
            elif tag in CHANGES:
                yield from self.read_inline(child, story, _enter_change(child, story, around))
            elif tag == "hyperlink":
                yield from self.read_inline(child, story, _enter_link(child, story, around))
            elif tag == "fldSimple":
                instruction = (child.get(f"{W}instr", ""), around.inside)
                own = Field(around.inside, [instruction], is_result=True)
                story.fields.append(own)
                yield from self.read_inline(child, story, replace(around, depth=around.depth + 1))
                story.fields.remove(own)
            else:
                story.read_other(child)

    # --- comments -------------------------------------------------------------------------------

    def read_comments(self) -> Iterator[EditorComment]:
        root = self.package.parse_related("comments")
        if root is None:
            return
        ids: dict[str, str] = {}
        found: list[tuple[Any, str, str]] = []
        for comment in root.iter(f"{W}comment"):
            story = Story(self.log, {}, "footnote")
            self.read_blocks(comment, story, ReadContext())
            text = "\n".join(
                format_tokens(line.words)
                for line in accept_revisions((), ()).list_lines(story.paragraphs)
            )
            own = [p.get(f"{_WORD_2010}paraId", "") for p in comment.iter(f"{W}p")]
            ids |= dict.fromkeys(filter(None, own), comment.get(f"{W}id", ""))
            found.append((comment, text, own[-1] if own else ""))
        threads = self.read_threads()
        for comment, text, paragraph in found:
            above, is_done = threads.get(paragraph, ("", False))
            yield EditorComment(
                id=comment.get(f"{W}id", ""),
                author=comment.get(f"{W}author", ""),
                date=comment.get(f"{W}date", ""),
                text=text,
                answers=ids.get(above, ""),
                is_resolved=is_done,
            )

    def read_threads(self) -> dict[str, tuple[str, bool]]:
        """Return what comments answer and if they are resolved, by their last paragraph."""
        root = self.package.parse_related("commentsExtended")
        return {
            entry.get(f"{_WORD_2012}paraId", ""): (
                entry.get(f"{_WORD_2012}paraIdParent", ""),
                entry.get(f"{_WORD_2012}done", "0") in ("1", "true"),
            )
            for entry in (root.iter(f"{_WORD_2012}commentEx") if root is not None else ())
        }


def _enter_change(element: Any, story: Story, around: ReadContext) -> ReadContext:
    number = story.add_revision(element, CHANGES[strip_namespace(element)])
    return replace(around, inside=(*around.inside, number), depth=around.depth + 1)


def _enter_link(element: Any, story: Story, around: ReadContext) -> ReadContext:
    relation = story.relations.get(element.get(f"{OFFICE}id", ""))
    is_link = relation is not None and relation.is_outside and relation.kind == "hyperlink"
    href = relation.target if relation and is_link else ""
    link = href if OUTSIDE.fullmatch(href) else ""
    if href and not link:
        story.add_unknown(element)
    return replace(around, link=link or around.link, depth=around.depth + 1)


def _read_row_changes(properties: Any, tags: tuple[str, str], story: Story) -> tuple[int, ...]:
    """Note that a row, or a cell, was inserted or deleted."""
    kinds: tuple[RevisionKind, RevisionKind] = ("row inserted", "row deleted")
    found = []
    for tag, kind in zip(tags, kinds, strict=True):
        change = properties.find(f"{W}{tag}") if properties is not None else None
        if change is not None:
            found.append(story.add_revision(change, kind))
    return tuple(found)


def _is_merged(properties: Any) -> bool:
    """Return whether a cell is one with others."""
    span = read_property_value(properties, "gridSpan")
    return span not in ("", "1") or (
        properties is not None and properties.find(f"{W}vMerge") is not None
    )


def _read_mark_changes(properties: Any, story: Story) -> tuple[int, ...]:
    """Return the changes of a paragraph's mark; how the mark is set is nobody's words."""
    if properties is None:
        return ()
    found = []
    of_mark = properties.find(f"{W}rPr")
    for child in of_mark if of_mark is not None else ():
        tag = strip_namespace(child)
        if tag in CHANGES:
            found.append(story.add_revision(child, CHANGES[tag]))
        elif tag == "rPrChange":
            story.add_revision(child, "laid out")
    section = properties.find(f"{W}sectPr")
    if section is not None:
        story.add_layout_changes(section)
    return tuple(found)


def _find_bare_moves(element: Any, mark: Iterable[int], story: Story) -> dict[RevisionKind, int]:
    """Return the moves that a paragraph's mark alone says; its words stand between range marks.

    Google Docs and others write a move so, where Word tracks the words as well (§17.13.5.21).
    """
    kinds = {story.log.revisions[number].kind: number for number in mark}
    return {
        CHANGES[tag]: kinds[CHANGES[tag]]
        for tag in ("moveFrom", "moveTo")
        if CHANGES[tag] in kinds and all(len(move) == 0 for move in element.iter(f"{W}{tag}"))
    }


def _list_bookmarks(element: Any) -> frozenset[str]:
    """Return the names of the bookmarks that begin in a paragraph."""
    return frozenset(s.get(f"{W}name", "") for s in element.iter(f"{W}bookmarkStart"))


def _list_closed_bookmarks(body: Any) -> frozenset[str]:
    ends = {end.get(f"{W}id") for end in body.iter(f"{W}bookmarkEnd")}
    starts = body.iter(f"{W}bookmarkStart")
    return frozenset(s.get(f"{W}name", "") for s in starts if s.get(f"{W}id") in ends)
