"""An editor's DOCX as paragraphs, with every tracked change, anchor and comment in its place.

Only elements that are known are read. One that is not, such as a formula or a text box, is
listed: what stands in it cannot be brought back, and nothing is left out in silence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from lxml import etree

from pipeline.review.edited_docx.fields import OUTSIDE, Field
from pipeline.review.edited_docx.revisions import (
    EditedParagraph,
    RevisedRun,
    Revision,
    RevisionKind,
    RevisionView,
    StoryKind,
)
from pipeline.review.edited_docx.run_format import read_property_value, read_word_style
from pipeline.review.edited_docx.style_reader import StyleReader, read_numbering
from pipeline.review.words.tokens import format_tokens
from pipeline.word.ooxml import OFFICE, W
from pipeline.word.opc import Package, open_package

MOST_NESTED: Final = 100
ANCHOR: Final = re.compile(r"_bp_\d+")
"""A bookmark round a block of a brief. A copy of it has another name, and is no anchor."""
_COPY: Final = re.compile(r"(_bp_\d+)_Copy_\d+")
_WORD_2010: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_WORD_2012: Final = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_COMPATIBLE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_CHANGES: Final[dict[str, RevisionKind]] = {
    "ins": "inserted",
    "del": "deleted",
    "moveTo": "moved here",
    "moveFrom": "moved away",
}
_LAYOUT: Final = frozenset(
    "sectPrChange tblPrChange tblGridChange trPrChange tcPrChange tblPrExChange numberingChange"
    " cellMerge".split()
)
_THROUGH: Final = frozenset("smartTag customXml dir bdo sdt sdtContent".split())
"""What only stands round words."""
_SILENT: Final = frozenset(
    "proofErr lastRenderedPageBreak permStart permEnd annotationRef footnoteRef"
    " endnoteRef separator continuationSeparator softHyphen moveFromRangeStart moveFromRangeEnd"
    " moveToRangeStart moveToRangeEnd customXmlInsRangeStart customXmlInsRangeEnd"
    " customXmlDelRangeStart customXmlDelRangeEnd customXmlMoveFromRangeStart"
    " customXmlMoveFromRangeEnd customXmlMoveToRangeStart customXmlMoveToRangeEnd sectPr pPr rPr"
    " sdtPr sdtEndPr smartTagPr customXmlPr tblPr tblGrid tblPrEx trPr tcPr".split()
)
"""What says nothing that is read: marks for programs, and properties, which are read by name."""
MOST_CALLS: Final = 8
"""How often one note may be called: a paragraph that was moved shows its notes twice."""


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
class UnknownElement:
    """An element that cannot be read, with the paragraph that it stands in."""

    name: str
    paragraph: int
    words: str


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
        return RevisionView(self.revisions, range(len(self.revisions)))

    @property
    def rejected(self) -> RevisionView:
        """The text with every change rejected."""
        return RevisionView(self.revisions, ())

    def accept_author(self, author: str) -> RevisionView:
        """Give the text with one author's changes accepted and all others rejected."""
        return RevisionView(
            self.revisions, (r.number for r in self.revisions if r.author == author)
        )


def read_edited_docx(source: bytes | Path, name: str) -> EditedDocx:
    """Read a DOCX. Raises Problems: those of Package, and ``bad-word-file``."""
    return _DocxReader(open_package(source, name)).read_docx()


@dataclass(frozen=True, slots=True)
class _ReadContext:
    """What stands round the words that are read."""

    inside: tuple[int, ...] = ()
    link: str = ""
    depth: int = 0


@dataclass(slots=True)
class _Story:
    """What is open while one part is read: bookmarks, comments and fields run across paragraphs."""

    links: dict[str, str]
    where: StoryKind = "text"
    closed: frozenset[str] = frozenset()
    """The anchors that end somewhere: one that does not would run on to the end of the text."""
    paragraphs: list[EditedParagraph] = field(default_factory=list)
    open: dict[str, str] = field(default_factory=dict)
    anchors: frozenset[str] = frozenset()
    comments: frozenset[str] = frozenset()
    fields: list[Field] = field(default_factory=list)


class _DocxReader:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.styles = StyleReader(package)
        self.revisions: list[Revision] = []
        self.unknown: list[UnknownElement] = []
        self.cells = 0
        self.notes: dict[tuple[str, str], Any] = {}
        self.calls: Counter[tuple[str, str]] = Counter()
        self.note_links: dict[str, dict[str, str]] = {}
        for relation, root in package.iterate_related("footnotes", "endnotes"):
            kind = relation.kind.removesuffix("s")
            self.notes |= {(kind, note.get(f"{W}id", "")): note for note in root}
            self.note_links[kind] = self.read_links(relation.target)

    def read_docx(self) -> EditedDocx:
        body = self.package.parse_document().find(f"{W}body")
        if body is None:
            raise self.package.report_bad_file("it has no text")
        story = _Story(self.read_links(self.package.main), closed=_list_closed_bookmarks(body))
        self.read_blocks(body, story, _ReadContext(), 0)
        furniture = self.read_running_heads()
        return EditedDocx(
            name=self.package.name,
            package=self.package,
            paragraphs=tuple(story.paragraphs),
            revisions=tuple(self.revisions),
            comments=tuple(self.read_comments()),
            unknown=tuple(self.unknown),
            headers_footers=tuple(furniture),
        )

    def read_links(self, part: str) -> dict[str, str]:
        """Give the targets outside of the package that a part links to."""
        found = self.package.read_relations(part).items()
        return {id: target for id, (kind, target, out) in found if out and kind == "hyperlink"}

    def read_running_heads(self) -> list[EditedParagraph]:
        """Read the heads and feet of pages, whose words are the template's.

        What is not known in them is no reason to stop: nothing of it would be brought back.
        """
        read: list[EditedParagraph] = []
        known = len(self.unknown)
        for relation, root in self.package.iterate_related("header", "footer"):
            story = _Story(self.read_links(relation.target), "running head")
            self.read_blocks(root, story, _ReadContext(), 0)
            read += story.paragraphs
        del self.unknown[known:]
        return read

    def add_revision(
        self,
        element: Any,
        kind: RevisionKind,
        where: StoryKind = "text",
    ) -> int:
        number = len(self.revisions)
        author, date = element.get(f"{W}author", ""), element.get(f"{W}date", "")
        self.revisions.append(Revision(number, kind, author, date, where))
        return number

    def add_unknown(self, element: Any, story: _Story) -> None:
        name = etree.QName(element).localname
        number = len(story.paragraphs) or 1
        said = " ".join("".join(t.text or "" for t in element.iter(f"{W}t", f"{W}delText")).split())
        self.unknown.append(UnknownElement(name, number, said[:60]))

    # --- blocks ---------------------------------------------------------------------------

    def iterate_children(self, element: Any, depth: int) -> Iterator[Any]:
        """Give the elements inside, through what only stands round them."""
        if depth > MOST_NESTED:
            raise self.package.report_bad_file(f"it is nested more than {MOST_NESTED} deep")
        for child in element:
            if _strip_namespace(child) in _THROUGH:
                yield from self.iterate_children(child, depth + 1)
            else:
                yield child

    def read_blocks(self, parent: Any, story: _Story, around: _ReadContext, cell: int) -> None:
        for child in self.iterate_children(parent, around.depth):
            tag = _strip_namespace(child)
            if tag == "p":
                self.read_paragraph(child, story, around, cell)
            elif tag == "tbl":
                self.read_table(child, story, around)
            elif tag in _CHANGES:
                self.read_blocks(child, story, self.enter_change(child, story, around), cell)
            elif not self.read_range_mark(child, tag, story) and tag not in _SILENT:
                self.add_unknown(child, story)
            self.add_layout_changes(child, story)

    def add_layout_changes(self, element: Any, story: _Story) -> tuple[int, ...]:
        """Note the changes of layout that are kept in an element's properties."""
        tags = [f"{W}{tag}" for tag in _LAYOUT]
        if _strip_namespace(element) in ("sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "tblPrEx"):
            return tuple(self.add_revision(e, "laid out", story.where) for e in element.iter(*tags))
        return ()

    def enter_change(self, element: Any, story: _Story, around: _ReadContext) -> _ReadContext:
        number = self.add_revision(element, _CHANGES[_strip_namespace(element)], story.where)
        return replace(around, inside=(*around.inside, number), depth=around.depth + 1)

    def read_table(self, table: Any, story: _Story, around: _ReadContext) -> None:
        for row in self.iterate_children(table, around.depth):
            if _strip_namespace(row) == "tr":
                properties = row.find(f"{W}trPr")
                inside = (*around.inside, *self.read_row_changes(properties, ("ins", "del"), story))
                for cell in self.iterate_children(row, around.depth):
                    if _strip_namespace(cell) == "tc":
                        self.read_cell(cell, story, replace(around, inside=inside))
                    elif (
                        not self.read_range_mark(cell, _strip_namespace(cell), story)
                        and _strip_namespace(cell) not in _SILENT
                    ):
                        self.add_unknown(cell, story)
                    self.add_layout_changes(cell, story)
            elif (
                not self.read_range_mark(row, _strip_namespace(row), story)
                and _strip_namespace(row) not in _SILENT
            ):
                self.add_unknown(row, story)
            self.add_layout_changes(row, story)

    def read_cell(self, cell: Any, story: _Story, around: _ReadContext) -> None:
        self.cells += 1
        properties = cell.find(f"{W}tcPr")
        inside = (*around.inside, *self.read_row_changes(properties, ("cellIns", "cellDel"), story))
        self.read_blocks(
            cell, story, replace(around, inside=inside, depth=around.depth + 1), self.cells
        )
        if story.paragraphs:
            story.paragraphs[-1].ends_cell = True

    def read_row_changes(
        self, properties: Any, tags: tuple[str, str], story: _Story
    ) -> tuple[int, ...]:
        """Note that a row, or a cell, was inserted or deleted."""
        kinds: tuple[tuple[str, RevisionKind], ...] = (
            (tags[0], "row inserted"),
            (tags[1], "row deleted"),
        )
        found = []
        for tag, kind in kinds:
            change = properties.find(f"{W}{tag}") if properties is not None else None
            if change is not None:
                found.append(self.add_revision(change, kind, story.where))
        return tuple(found)

    # --- marks that run across elements -----------------------------------------------------

    def read_range_mark(self, element: Any, tag: str, story: _Story) -> bool:
        """Open or close a bookmark or a comment's range; tells whether the element was one."""
        id = element.get(f"{W}id", "")
        if tag == "bookmarkStart":
            name = element.get(f"{W}name", "")
            if ANCHOR.fullmatch(name) and name in story.closed:
                story.open[id] = name
        elif tag == "bookmarkEnd":
            # A range that was split comes back as two that begin, with one name.
            name = story.open.pop(id, "")
            story.open = {i: other for i, other in story.open.items() if other != name}
        elif tag == "commentRangeStart":
            story.comments |= {id}
        elif tag == "commentRangeEnd":
            story.comments -= {id}
        else:
            return False
        if tag.startswith("bookmark"):
            story.anchors = frozenset(story.open.values())
        return True

    # --- paragraphs ---------------------------------------------------------------------------

    def read_paragraph(self, element: Any, story: _Story, around: _ReadContext, cell: int) -> None:
        first = len(self.revisions)
        properties = element.find(f"{W}pPr")
        style = read_property_value(properties, "pStyle")
        form = self.styles.find_form(style, read_numbering(properties))
        made = EditedParagraph(
            number=len(story.paragraphs) + 1,
            form=form,
            was=form,
            style=self.styles.find_name(style),
            inside=around.inside,
            cell=cell,
        )
        if properties is not None:
            change = properties.find(f"{W}pPrChange")
            if change is not None:
                old = change.find(f"{W}pPr")
                made.was = self.styles.find_form(
                    read_property_value(old, "pStyle"), read_numbering(old)
                )
                made.restyled = self.add_revision(change, "restyled", story.where)
            made.mark = tuple(self.read_mark_changes(properties.find(f"{W}rPr"), story))
            section = properties.find(f"{W}sectPr")
            if section is not None:
                self.add_layout_changes(section, story)
        story.paragraphs.append(made)
        opened = story.anchors
        seen = set(opened)
        # What stands in a row that was changed has the row's change already.
        for piece in self.read_inline(element, story, replace(around, inside=())):
            seen |= piece.anchors
            made.pieces.append(piece)
        made.anchors = frozenset(seen) | story.anchors
        if not made.pieces:
            made.anchors |= {name for name in _list_bookmarks(element) if ANCHOR.fullmatch(name)}
        made.copies = frozenset(
            match[1] for name in _list_bookmarks(element) if (match := _COPY.fullmatch(name))
        )
        made.revisions = (*around.inside, *range(first, len(self.revisions)))

    def read_mark_changes(self, properties: Any, story: _Story) -> Iterator[int]:
        """Give the changes of a paragraph's mark; how the mark is set is nobody's words."""
        for child in properties if properties is not None else ():
            if _strip_namespace(child) in _CHANGES:
                yield self.add_revision(child, _CHANGES[_strip_namespace(child)], story.where)
            elif _strip_namespace(child) == "rPrChange":
                self.add_revision(child, "laid out", story.where)

    def read_inline(self, parent: Any, story: _Story, around: _ReadContext) -> Iterator[RevisedRun]:
        for child in self.iterate_children(parent, around.depth):
            tag = _strip_namespace(child)
            if tag == "r":
                yield from self.read_run(child, story, around)
            elif tag in _CHANGES:
                yield from self.read_inline(child, story, self.enter_change(child, story, around))
            elif tag == "hyperlink":
                href = story.links.get(child.get(f"{OFFICE}id", ""), "")
                link = href if OUTSIDE.fullmatch(href) else ""
                if href and not link:
                    self.add_unknown(child, story)
                inner = replace(around, link=link or around.link, depth=around.depth + 1)
                yield from self.read_inline(child, story, inner)
            elif tag == "fldSimple":
                own = Field(child.get(f"{W}instr", ""), is_result=True)
                story.fields.append(own)
                yield from self.read_inline(child, story, replace(around, depth=around.depth + 1))
                story.fields.remove(own)
            elif not self.read_range_mark(child, tag, story) and tag not in _SILENT:
                self.add_unknown(child, story)

    def read_run(self, run: Any, story: _Story, around: _ReadContext) -> Iterator[RevisedRun]:
        properties = run.find(f"{W}rPr")
        change = properties.find(f"{W}rPrChange") if properties is not None else None
        reset = None
        is_head = story.where == "running head"
        results = [open for open in story.fields if open.is_result]
        link = next((open.link for open in reversed(results) if open.link), around.link)
        is_computed = any(is_head or open.is_computed for open in results)
        look = read_word_style(properties, self.styles, link)
        for open in results:
            look = replace(look, others=(*look.others, *open.others))
        was = look
        if change is not None:
            reset = self.add_revision(change, "reset", story.where)
            was = read_word_style(change.find(f"{W}rPr"), self.styles, link)
        piece = RevisedRun(
            "",
            look,
            was,
            reset,
            around.inside,
            story.anchors,
            story.comments,
            is_computed=is_computed,
        )
        for child in run:
            tag = _strip_namespace(child)
            is_read = not story.fields or all(open.is_result for open in story.fields)
            if tag == "fldChar":
                self.read_field_char(child.get(f"{W}fldCharType", ""), story)
                if child.get(f"{W}fldCharType") != "end":
                    # What a field says is read by its own look, in the runs that follow.
                    yield replace(piece, is_computed=True)
            elif tag in ("instrText", "delInstrText"):
                if story.fields:
                    story.fields[-1].instruction += child.text or ""
            elif tag in ("t", "delText"):
                if is_read:
                    yield replace(piece, text=child.text or "")
            elif tag in _SIGNS:
                if is_read and child.get(f"{W}type") not in ("page", "column"):
                    yield replace(piece, text=_SIGNS[tag])
            elif tag == "sym" and (sign := _read_typed_sign(child)):
                if is_read:
                    yield replace(piece, text=sign)
            elif tag == "commentReference":
                # Where nothing was marked, this alone says what a comment is on.
                yield replace(piece, comments=story.comments | {child.get(f"{W}id", "")})
            elif tag in ("footnoteReference", "endnoteReference"):
                yield from self.read_note(child, tag.removesuffix("Reference"), story, piece)
            elif _is_picture(child):
                yield replace(piece, is_image=True)
            elif not self.read_range_mark(child, tag, story) and tag not in _SILENT:
                self.add_unknown(child, story)

    def read_field_char(self, kind: str, story: _Story) -> None:
        if kind == "begin":
            story.fields.append(Field())
            if len(story.fields) > MOST_NESTED:
                raise self.package.report_bad_file(
                    f"fields are nested more than {MOST_NESTED} deep"
                )
        elif kind == "separate" and story.fields:
            story.fields[-1].is_result = True
        elif kind == "end" and story.fields:
            story.fields.pop()

    def read_note(
        self, reference: Any, kind: str, story: _Story, piece: RevisedRun
    ) -> Iterator[RevisedRun]:
        key = kind, reference.get(f"{W}id", "")
        note = self.notes.get(key)
        self.calls[key] += 1
        if note is None or story.where == "footnote" or self.calls[key] > MOST_CALLS:
            self.add_unknown(reference, story)
            return
        inner = _Story(self.note_links[kind], "footnote")
        self.read_blocks(note, inner, _ReadContext(), 0)
        story.fields = [open for open in story.fields if open.is_result]
        yield replace(piece, note=tuple(inner.paragraphs))

    # --- comments -------------------------------------------------------------------------------

    def read_comments(self) -> Iterator[EditorComment]:
        root = self.package.parse_related("comments")
        if root is None:
            return
        ids: dict[str, str] = {}
        found: list[tuple[Any, str, str]] = []
        for comment in root.iter(f"{W}comment"):
            story = _Story({}, "footnote")
            self.read_blocks(comment, story, _ReadContext(), 0)
            text = "\n".join(
                format_tokens(line.words)
                for line in RevisionView((), ()).list_lines(story.paragraphs)
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
        """Give of comments, by their last paragraph, what they answer, and if they are resolved."""
        root = self.package.parse_related("commentsExtended")
        return {
            entry.get(f"{_WORD_2012}paraId", ""): (
                entry.get(f"{_WORD_2012}paraIdParent", ""),
                entry.get(f"{_WORD_2012}done", "0") in ("1", "true"),
            )
            for entry in (root.iter(f"{_WORD_2012}commentEx") if root is not None else ())
        }


_SIGNS: Final = {
    "tab": "\t",
    "ptab": "\t",
    "noBreakHyphen": "\N{NON-BREAKING HYPHEN}",
    "br": "\n",
    "cr": "\n",
}


_TYPED: Final = {
    "F04A": "☺",
    "F04B": "😐",
    "F04C": "☹",
    "F0DF": "←",
    "F0E0": "→",
    "F0E7": "⇐",
    "F0E8": "⇒",
    "F0F3": "⇔",
}
"""The signs of Wingdings that Word makes of ``:)`` and ``-->`` as they are typed."""


def _strip_namespace(element: Any) -> str:
    """Give the name of an element of the main namespace; others have theirs with it."""
    return str(element.tag).removeprefix(W)


def _read_typed_sign(sign: Any) -> str:
    """Give what a sign of Wingdings says, where Word put it for what was typed (§17.3.3.30)."""
    is_known = sign.get(f"{W}font") == "Wingdings"
    return _TYPED.get(sign.get(f"{W}char", "").upper(), "") if is_known else ""


def _is_picture(element: Any) -> bool:
    """Tell whether an element shows a picture, and no words that an editor could change."""
    if _strip_namespace(element) not in ("drawing", "pict", f"{_COMPATIBLE}AlternateContent"):
        return False
    return next(element.iter(f"{W}txbxContent"), None) is None


def _list_bookmarks(element: Any) -> frozenset[str]:
    """Give the names of the bookmarks that begin in a paragraph."""
    return frozenset(s.get(f"{W}name", "") for s in element.iter(f"{W}bookmarkStart"))


def _list_closed_bookmarks(body: Any) -> frozenset[str]:
    ends = {end.get(f"{W}id") for end in body.iter(f"{W}bookmarkEnd")}
    starts = body.iter(f"{W}bookmarkStart")
    return frozenset(s.get(f"{W}name", "") for s in starts if s.get(f"{W}id") in ends)
