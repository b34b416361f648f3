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
from pipeline.review.edited_docx.revisions import Kind, Paragraph, Piece, Revision, View, Where
from pipeline.review.edited_docx.run_format import look_of, valued
from pipeline.review.edited_docx.style_reader import Styles, numbered
from pipeline.review.words.tokens import shown
from pipeline.word.opc import OFFICE, Package, W

MOST_NESTED: Final = 100
ANCHOR: Final = re.compile(r"_bp_\d+")
"""A bookmark round a block of a brief. A copy of it has another name, and is no anchor."""
_COPY: Final = re.compile(r"(_bp_\d+)_Copy_\d+")
_WORD_2010: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_WORD_2012: Final = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_COMPATIBLE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_CHANGES: Final[dict[str, Kind]] = {
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
class Comment:
    """What an editor wrote beside the text."""

    id: str
    author: str
    date: str
    text: str
    answers: str = ""
    """The id of the comment that it answers."""
    is_resolved: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """An element that cannot be read, with the paragraph that it stands in."""

    name: str
    paragraph: int
    words: str


@dataclass(frozen=True, slots=True)
class Edited:
    """An editor's file."""

    name: str
    package: Package
    paragraphs: tuple[Paragraph, ...]
    revisions: tuple[Revision, ...]
    comments: tuple[Comment, ...]
    unknown: tuple[Unknown, ...]
    furniture: tuple[Paragraph, ...] = ()
    """What stands at the heads and feet of its pages."""

    @property
    def accepted(self) -> View:
        """The text with every change accepted."""
        return View(self.revisions, range(len(self.revisions)))

    @property
    def rejected(self) -> View:
        """The text with every change rejected."""
        return View(self.revisions, ())

    def by(self, author: str) -> View:
        """Give the text with one author's changes accepted and all others rejected."""
        return View(self.revisions, (r.number for r in self.revisions if r.author == author))


def read(source: bytes | Path, name: str) -> Edited:
    """Read a DOCX. Raises Problems: those of Package, and ``bad-word-file``."""
    return _Reader(Package(source, name)).edited()


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands round the words that are read."""

    inside: tuple[int, ...] = ()
    link: str = ""
    depth: int = 0


@dataclass(slots=True)
class _Story:
    """What is open while one part is read: bookmarks, comments and fields run across paragraphs."""

    links: dict[str, str]
    where: Where = "text"
    closed: frozenset[str] = frozenset()
    """The anchors that end somewhere: one that does not would run on to the end of the text."""
    paragraphs: list[Paragraph] = field(default_factory=list)
    open: dict[str, str] = field(default_factory=dict)
    anchors: frozenset[str] = frozenset()
    comments: frozenset[str] = frozenset()
    fields: list[Field] = field(default_factory=list)


class _Reader:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.styles = Styles(package)
        self.revisions: list[Revision] = []
        self.unknown: list[Unknown] = []
        self.cells = 0
        self.notes: dict[tuple[str, str], Any] = {}
        self.calls: Counter[tuple[str, str]] = Counter()
        self.note_links: dict[str, dict[str, str]] = {}
        for relation, root in package.related("footnotes", "endnotes"):
            kind = relation.kind.removesuffix("s")
            self.notes |= {(kind, note.get(f"{W}id", "")): note for note in root}
            self.note_links[kind] = self.links(relation.target)

    def edited(self) -> Edited:
        body = self.package.document().find(f"{W}body")
        if body is None:
            raise self.package.bad("it has no text")
        story = _Story(self.links(self.package.main), closed=_closed(body))
        self.blocks(body, story, _Around(), 0)
        furniture = self.running_heads()
        return Edited(
            name=self.package.name,
            package=self.package,
            paragraphs=tuple(story.paragraphs),
            revisions=tuple(self.revisions),
            comments=tuple(self.comments()),
            unknown=tuple(self.unknown),
            furniture=tuple(furniture),
        )

    def links(self, part: str) -> dict[str, str]:
        """Give the targets outside of the package that a part links to."""
        found = self.package.relations(part).items()
        return {id: target for id, (kind, target, out) in found if out and kind == "hyperlink"}

    def running_heads(self) -> list[Paragraph]:
        """Read the heads and feet of pages, whose words are the template's.

        What is not known in them is no reason to stop: nothing of it would be brought back.
        """
        read: list[Paragraph] = []
        known = len(self.unknown)
        for relation, root in self.package.related("header", "footer"):
            story = _Story(self.links(relation.target), "running head")
            self.blocks(root, story, _Around(), 0)
            read += story.paragraphs
        del self.unknown[known:]
        return read

    def revision(
        self,
        element: Any,
        kind: Kind,
        where: Where = "text",
    ) -> int:
        number = len(self.revisions)
        author, date = element.get(f"{W}author", ""), element.get(f"{W}date", "")
        self.revisions.append(Revision(number, kind, author, date, where))
        return number

    def not_known(self, element: Any, story: _Story) -> None:
        name = etree.QName(element).localname
        number = len(story.paragraphs) or 1
        said = " ".join("".join(t.text or "" for t in element.iter(f"{W}t", f"{W}delText")).split())
        self.unknown.append(Unknown(name, number, said[:60]))

    # --- blocks ---------------------------------------------------------------------------

    def children(self, element: Any, depth: int) -> Iterator[Any]:
        """Give the elements inside, through what only stands round them."""
        if depth > MOST_NESTED:
            raise self.package.bad(f"it is nested more than {MOST_NESTED} deep")
        for child in element:
            if _tag(child) in _THROUGH:
                yield from self.children(child, depth + 1)
            else:
                yield child

    def blocks(self, parent: Any, story: _Story, around: _Around, cell: int) -> None:
        for child in self.children(parent, around.depth):
            tag = _tag(child)
            if tag == "p":
                self.paragraph(child, story, around, cell)
            elif tag == "tbl":
                self.table(child, story, around)
            elif tag in _CHANGES:
                self.blocks(child, story, self.changed(child, story, around), cell)
            elif not self.mark(child, tag, story) and tag not in _SILENT:
                self.not_known(child, story)
            self.laid_out(child, story)

    def laid_out(self, element: Any, story: _Story) -> tuple[int, ...]:
        """Note the changes of layout that are kept in an element's properties."""
        tags = [f"{W}{tag}" for tag in _LAYOUT]
        if _tag(element) in ("sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "tblPrEx"):
            return tuple(self.revision(e, "laid out", story.where) for e in element.iter(*tags))
        return ()

    def changed(self, element: Any, story: _Story, around: _Around) -> _Around:
        number = self.revision(element, _CHANGES[_tag(element)], story.where)
        return replace(around, inside=(*around.inside, number), depth=around.depth + 1)

    def table(self, table: Any, story: _Story, around: _Around) -> None:
        for row in self.children(table, around.depth):
            if _tag(row) == "tr":
                properties = row.find(f"{W}trPr")
                inside = (*around.inside, *self.rows(properties, ("ins", "del"), story))
                for cell in self.children(row, around.depth):
                    if _tag(cell) == "tc":
                        self.cell(cell, story, replace(around, inside=inside))
                    elif not self.mark(cell, _tag(cell), story) and _tag(cell) not in _SILENT:
                        self.not_known(cell, story)
                    self.laid_out(cell, story)
            elif not self.mark(row, _tag(row), story) and _tag(row) not in _SILENT:
                self.not_known(row, story)
            self.laid_out(row, story)

    def cell(self, cell: Any, story: _Story, around: _Around) -> None:
        self.cells += 1
        properties = cell.find(f"{W}tcPr")
        inside = (*around.inside, *self.rows(properties, ("cellIns", "cellDel"), story))
        self.blocks(cell, story, replace(around, inside=inside, depth=around.depth + 1), self.cells)
        if story.paragraphs:
            story.paragraphs[-1].ends_cell = True

    def rows(self, properties: Any, tags: tuple[str, str], story: _Story) -> tuple[int, ...]:
        """Note that a row, or a cell, was inserted or deleted."""
        kinds: tuple[tuple[str, Kind], ...] = ((tags[0], "row inserted"), (tags[1], "row deleted"))
        found = []
        for tag, kind in kinds:
            change = properties.find(f"{W}{tag}") if properties is not None else None
            if change is not None:
                found.append(self.revision(change, kind, story.where))
        return tuple(found)

    # --- marks that run across elements -----------------------------------------------------

    def mark(self, element: Any, tag: str, story: _Story) -> bool:
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

    def paragraph(self, element: Any, story: _Story, around: _Around, cell: int) -> None:
        first = len(self.revisions)
        properties = element.find(f"{W}pPr")
        style = valued(properties, "pStyle")
        form = self.styles.form(style, numbered(properties))
        made = Paragraph(
            number=len(story.paragraphs) + 1,
            form=form,
            was=form,
            style=self.styles.name(style),
            inside=around.inside,
            cell=cell,
        )
        if properties is not None:
            change = properties.find(f"{W}pPrChange")
            if change is not None:
                old = change.find(f"{W}pPr")
                made.was = self.styles.form(valued(old, "pStyle"), numbered(old))
                made.restyled = self.revision(change, "restyled", story.where)
            made.mark = tuple(self.marks(properties.find(f"{W}rPr"), story))
            section = properties.find(f"{W}sectPr")
            if section is not None:
                self.laid_out(section, story)
        story.paragraphs.append(made)
        opened = story.anchors
        seen = set(opened)
        # What stands in a row that was changed has the row's change already.
        for piece in self.inline(element, story, replace(around, inside=())):
            seen |= piece.anchors
            made.pieces.append(piece)
        made.anchors = frozenset(seen) | story.anchors
        if not made.pieces:
            made.anchors |= {name for name in _names(element) if ANCHOR.fullmatch(name)}
        made.copies = frozenset(
            match[1] for name in _names(element) if (match := _COPY.fullmatch(name))
        )
        made.revisions = (*around.inside, *range(first, len(self.revisions)))

    def marks(self, properties: Any, story: _Story) -> Iterator[int]:
        """Give the changes of a paragraph's mark; how the mark is set is nobody's words."""
        for child in properties if properties is not None else ():
            if _tag(child) in _CHANGES:
                yield self.revision(child, _CHANGES[_tag(child)], story.where)
            elif _tag(child) == "rPrChange":
                self.revision(child, "laid out", story.where)

    def inline(self, parent: Any, story: _Story, around: _Around) -> Iterator[Piece]:
        for child in self.children(parent, around.depth):
            tag = _tag(child)
            if tag == "r":
                yield from self.run(child, story, around)
            elif tag in _CHANGES:
                yield from self.inline(child, story, self.changed(child, story, around))
            elif tag == "hyperlink":
                href = story.links.get(child.get(f"{OFFICE}id", ""), "")
                link = href if OUTSIDE.fullmatch(href) else ""
                if href and not link:
                    self.not_known(child, story)
                inner = replace(around, link=link or around.link, depth=around.depth + 1)
                yield from self.inline(child, story, inner)
            elif tag == "fldSimple":
                own = Field(child.get(f"{W}instr", ""), is_result=True)
                story.fields.append(own)
                yield from self.inline(child, story, replace(around, depth=around.depth + 1))
                story.fields.remove(own)
            elif not self.mark(child, tag, story) and tag not in _SILENT:
                self.not_known(child, story)

    def run(self, run: Any, story: _Story, around: _Around) -> Iterator[Piece]:
        properties = run.find(f"{W}rPr")
        change = properties.find(f"{W}rPrChange") if properties is not None else None
        reset = None
        is_head = story.where == "running head"
        results = [open for open in story.fields if open.is_result]
        link = next((open.link for open in reversed(results) if open.link), around.link)
        is_computed = any(is_head or open.is_computed for open in results)
        look = look_of(properties, self.styles, link)
        for open in results:
            look = replace(look, others=(*look.others, *open.others))
        was = look
        if change is not None:
            reset = self.revision(change, "reset", story.where)
            was = look_of(change.find(f"{W}rPr"), self.styles, link)
        piece = Piece(
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
            tag = _tag(child)
            is_read = not story.fields or all(open.is_result for open in story.fields)
            if tag == "fldChar":
                self.field(child.get(f"{W}fldCharType", ""), story)
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
            elif tag == "sym" and (sign := _typed(child)):
                if is_read:
                    yield replace(piece, text=sign)
            elif tag == "commentReference":
                # Where nothing was marked, this alone says what a comment is on.
                yield replace(piece, comments=story.comments | {child.get(f"{W}id", "")})
            elif tag in ("footnoteReference", "endnoteReference"):
                yield from self.note(child, tag.removesuffix("Reference"), story, piece)
            elif _is_picture(child):
                yield replace(piece, is_image=True)
            elif not self.mark(child, tag, story) and tag not in _SILENT:
                self.not_known(child, story)

    def field(self, kind: str, story: _Story) -> None:
        if kind == "begin":
            story.fields.append(Field())
            if len(story.fields) > MOST_NESTED:
                raise self.package.bad(f"fields are nested more than {MOST_NESTED} deep")
        elif kind == "separate" and story.fields:
            story.fields[-1].is_result = True
        elif kind == "end" and story.fields:
            story.fields.pop()

    def note(self, reference: Any, kind: str, story: _Story, piece: Piece) -> Iterator[Piece]:
        key = kind, reference.get(f"{W}id", "")
        note = self.notes.get(key)
        self.calls[key] += 1
        if note is None or story.where == "footnote" or self.calls[key] > MOST_CALLS:
            self.not_known(reference, story)
            return
        inner = _Story(self.note_links[kind], "footnote")
        self.blocks(note, inner, _Around(), 0)
        story.fields = [open for open in story.fields if open.is_result]
        yield replace(piece, note=tuple(inner.paragraphs))

    # --- comments -------------------------------------------------------------------------------

    def comments(self) -> Iterator[Comment]:
        root = self.package.beside("comments")
        if root is None:
            return
        ids: dict[str, str] = {}
        found: list[tuple[Any, str, str]] = []
        for comment in root.iter(f"{W}comment"):
            story = _Story({}, "footnote")
            self.blocks(comment, story, _Around(), 0)
            text = "\n".join(shown(line.words) for line in View((), ()).lines(story.paragraphs))
            own = [p.get(f"{_WORD_2010}paraId", "") for p in comment.iter(f"{W}p")]
            ids |= dict.fromkeys(filter(None, own), comment.get(f"{W}id", ""))
            found.append((comment, text, own[-1] if own else ""))
        threads = self.threads()
        for comment, text, paragraph in found:
            above, is_done = threads.get(paragraph, ("", False))
            yield Comment(
                id=comment.get(f"{W}id", ""),
                author=comment.get(f"{W}author", ""),
                date=comment.get(f"{W}date", ""),
                text=text,
                answers=ids.get(above, ""),
                is_resolved=is_done,
            )

    def threads(self) -> dict[str, tuple[str, bool]]:
        """Give of comments, by their last paragraph, what they answer, and if they are resolved."""
        root = self.package.beside("commentsExtended")
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


def _tag(element: Any) -> str:
    """Give the name of an element of the main namespace; others have theirs with it."""
    return str(element.tag).removeprefix(W)


def _typed(sign: Any) -> str:
    """Give what a sign of Wingdings says, where Word put it for what was typed (§17.3.3.30)."""
    is_known = sign.get(f"{W}font") == "Wingdings"
    return _TYPED.get(sign.get(f"{W}char", "").upper(), "") if is_known else ""


def _is_picture(element: Any) -> bool:
    """Tell whether an element shows a picture, and no words that an editor could change."""
    if _tag(element) not in ("drawing", "pict", f"{_COMPATIBLE}AlternateContent"):
        return False
    return next(element.iter(f"{W}txbxContent"), None) is None


def _names(element: Any) -> frozenset[str]:
    """Give the names of the bookmarks that begin in a paragraph."""
    return frozenset(s.get(f"{W}name", "") for s in element.iter(f"{W}bookmarkStart"))


def _closed(body: Any) -> frozenset[str]:
    ends = {end.get(f"{W}id") for end in body.iter(f"{W}bookmarkEnd")}
    starts = body.iter(f"{W}bookmarkStart")
    return frozenset(s.get(f"{W}name", "") for s in starts if s.get(f"{W}id") in ends)
