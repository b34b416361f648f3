"""The changes between two briefs, as tracked changes in the newer one's DOCX.

The newer file is kept as it is but for what changed: words that came are insertions, words that
went come back as deletions (ECMA-376-1 §17.13.5). What is written is read again, and refused
unless accepting all changes gives the newer text and rejecting all the older one.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from lxml import etree

from pipeline.diagnostics import Location, problem
from pipeline.render.docx.base_package import packed
from pipeline.review.edited_docx.reader import Edited, read
from pipeline.review.edited_docx.revisions import Paragraph, View
from pipeline.review.match.paragraph_match import LIKE, likeness
from pipeline.review.redline.copy_parts import Carrying
from pipeline.review.redline.runs import Atom, File, atoms_of, words_of
from pipeline.review.words.diff3 import changes
from pipeline.word.ooxml import Element, w
from pipeline.word.opc import OFFICE, Package, W

_NEAR: Final = 50
"""How many paragraphs ahead the one that a paragraph became is looked for."""
State: TypeAlias = Literal["ins", "del", ""]


@dataclass(frozen=True, slots=True)
class Signed:
    """Who made the changes, and when."""

    author: str
    date: str
    """A moment as ISO 8601 writes it, ``2024-03-01T00:00:00Z``."""


def redline(old: Path, new: Path, signed: Signed) -> bytes:
    """Write the changes from one DOCX to another into the latter.

    Raises Problems: those of reading, ``tracked-already`` for a file with tracked changes of
    its own, and ``not-redlined`` when the result would not be both texts.
    """
    before, after = _settled(old), _settled(new)
    made = _Redlining(File.of(before.package), File.of(after.package), signed).written()
    check(made, before, after)
    return made


def _settled(path: Path) -> Edited:
    """Read a file that holds nothing but settled words."""
    edited = read(path, str(path))
    if edited.revisions:
        raise problem(
            "tracked-already",
            f"the file has {len(edited.revisions)} tracked changes of its own",
            Location(str(path)),
            "accept or reject them first",
        )
    if edited.unknown:
        raise problem(
            "unknown-element",
            f"paragraph {edited.unknown[0].paragraph} holds <{edited.unknown[0].name}>, "
            "which cannot be compared",
            Location(str(path)),
            "take it out, or compare the files in Word",
        )
    return edited


def check(made: bytes, before: Edited, after: Edited) -> None:
    """Hold a redline to both texts; raises Problems (``not-redlined``)."""
    edited = read(made, after.name)
    has_heads = bool(_heads(before.package, after.package))
    for view, wanted, what in (
        (edited.accepted, after, "accepting them would not give the newer text"),
        (edited.rejected, before, "rejecting them would not give the older text"),
    ):
        settled = wanted.accepted
        if _said(view, edited.paragraphs) != _said(settled, wanted.paragraphs) or (
            has_heads and _said(view, edited.furniture) != _said(settled, wanted.furniture)
        ):
            raise problem(
                "not-redlined",
                f"the changes cannot be written as tracked ones: {what}",
                Location(after.name),
                "compare the two files in Word",
            )


def _said(view: View, paragraphs: Sequence[Paragraph]) -> list[tuple[Any, ...]]:
    lines = view.lines(paragraphs)
    return [
        (line.words, line.form, line.has_image) for line in lines if line.words or line.has_image
    ]


class _Redlining:
    def __init__(self, old: File, new: File, signed: Signed) -> None:
        self.old, self.new, self.signed = old, new, signed
        self.carrying = Carrying(old, new)
        self.id = 100_000

    def written(self) -> bytes:
        """Give the newer file with the changes tracked."""
        self.blocks(self.old.root.find(f"{W}body"), self.new.root.find(f"{W}body"))
        made = {self.new.part: self.new.root, **self.heads(), **self.carrying.changed}
        for name, root in made.items():
            self.new.parts[name] = etree.tostring(
                root, encoding="UTF-8", xml_declaration=True, standalone=True
            )
        return packed(self.new.parts, self.new.parts.__getitem__).getvalue()

    def heads(self) -> dict[str, Any]:
        """Compare the heads and feet of pages; gives those of the newer file, by their parts."""
        made: dict[str, Any] = {}
        old, new = self.old, self.new
        for name in _heads(old.package, new.package):
            self.old, self.new = old.at(name), new.at(name)
            self.blocks(self.old.root, self.new.root)
            made[name] = self.new.root
        return made

    def change(self, tag: str, *children: Element) -> Element:
        self.id += 1
        return w(tag, *children, id=self.id, author=self.signed.author, date=self.signed.date)

    # --- blocks ---------------------------------------------------------------------------

    def blocks(self, old: Element, new: Element) -> None:
        """Compare the paragraphs and tables of two bodies, or of two cells."""
        olds, news = _held(old), _held(new)
        self.sequence(olds, news, new)

    def sequence(self, olds: Sequence[Element], news: Sequence[Element], parent: Element) -> None:
        """Compare paragraphs and tables, or the rows of a table, in order."""
        i = k = 0
        for before, after in [*_paired(olds, news), (len(olds), len(news))]:
            place = news[k] if k < len(news) else None
            for block in olds[i:before]:
                gone = copy.deepcopy(block)
                if place is not None:
                    place.addprevious(gone)
                elif parent.tag == f"{W}body":
                    parent[-1].addprevious(gone)  # the last section's properties end the body
                else:
                    parent.append(gone)
                self.all(gone, "del", self.old)
            for block in news[k:after]:
                self.all(block, "ins", self.new)
            if after < len(news):
                self.pair(olds[before], news[after])
            i, k = before + 1, after + 1

    def pair(self, old: Element, new: Element) -> None:
        if old.tag == f"{W}p":
            self.paragraph(old, new)
        elif old.tag == f"{W}tbl":
            self.sequence(old.findall(f"{W}tr"), new.findall(f"{W}tr"), new)
        else:
            cells = zip(old.findall(f"{W}tc"), new.findall(f"{W}tc"), strict=True)
            for before, after in cells:
                self.blocks(before, after)

    def all(self, block: Element, state: State, file: File) -> None:
        """Mark all of a paragraph, of a table or of a row as inserted or deleted."""
        if block.tag == f"{W}p":
            atoms = list(atoms_of(block, file))
            self.set(block, [(state, atom) for atom in atoms], file)
            self.mark(block, state)
            return
        for row in [block] if block.tag == f"{W}tr" else block.iter(f"{W}tr"):
            properties = row.find(f"{W}trPr")
            if properties is None:
                properties = w("trPr")
                row.insert(0, properties)
            properties.append(self.change(state))
            for paragraph in row.iter(f"{W}p"):
                self.all(paragraph, state, file)

    def mark(self, paragraph: Element, state: State) -> None:
        """Mark the end of a paragraph as inserted or deleted."""
        properties: Any = _properties(paragraph)
        if state == "del":
            for section in properties.findall(f"{W}sectPr"):
                properties.remove(section)
        letters = properties.find(f"{W}rPr")
        if letters is None:
            letters = w("rPr")
            section = properties.find(f"{W}sectPr")
            if section is None:
                properties.append(letters)
            else:
                section.addprevious(letters)
        letters.insert(0, self.change(state))

    # --- paragraphs -----------------------------------------------------------------------

    def paragraph(self, old: Element, new: Element) -> None:
        """Track what changed in the words, or in the style, of a paragraph."""
        was, now = list(atoms_of(old, self.old)), list(atoms_of(new, self.new))
        found = changes([atom.key for atom in was], [atom.key for atom in now])
        if found:
            made: list[tuple[State, Atom]] = []
            at = 0
            for change in found:
                made += [("", atom) for atom in now[at : change.new_from]]
                made += [("del", atom) for atom in was[change.old_from : change.old_to]]
                made += [("ins", atom) for atom in now[change.new_from : change.new_to]]
                at = change.new_to
            self.set(new, [*made, *(("", atom) for atom in now[at:])], self.new)
        before, after = _properties(old), _properties(new)
        if _styled(before) != _styled(after):
            kept = w("pPr", *(copy.deepcopy(n) for n in before if n.tag not in _NOT_KEPT))
            after.append(self.change("pPrChange", kept))

    def set(self, paragraph: Element, held: Sequence[tuple[State, Atom]], file: File) -> None:
        """Write the words of a paragraph anew."""
        end = [mark for mark in _last_marks(paragraph) if file is self.new]
        for node in list(paragraph):
            if node.tag != f"{W}pPr":
                paragraph.remove(node)
        for (state, link), group in groupby(held, key=lambda pair: (pair[0], pair[1].link)):
            atoms = [atom for _, atom in group]
            inner: list[Element] = []
            for atom in atoms:
                if state != "del":
                    inner += [copy.deepcopy(mark) for mark in atom.marks]
            paragraph.extend(inner)
            runs = list(self.runs(atoms, state))
            if not runs:
                continue
            content = [self.change(state, *runs)] if state else runs
            if link[0] or (link[1] and state != "del"):
                made = w("hyperlink", *content, history=1)
                if link[0]:
                    made.set(f"{OFFICE}id", self.carrying.relate(self.new.part, link[0]))
                else:
                    made.set(f"{W}anchor", link[1])
                content = [made]
            paragraph.extend(content)
        paragraph.extend(end)

    def runs(self, atoms: Iterable[Atom], state: State) -> Iterator[Element]:
        """Give the runs of words; those of a field that went are left out."""
        tag = "delText" if state == "del" else "t"
        by_look = groupby(atoms, key=lambda atom: (bool(atom.text), atom.key[-1]))
        for (is_text, _), group in by_look:
            held = list(group)
            if is_text:
                text = w(tag, "".join(atom.text for atom in held), xml_space="preserve")
                yield w("r", copy.deepcopy(held[0].looks), text)
                continue
            for atom in held:
                if atom.is_field:
                    yield from (copy.deepcopy(n) for n in atom.nodes if state != "del")
                elif atom.note and state == "del":
                    called = w("footnoteReference", id=self.carrying.note(atom.note))
                    yield w("r", copy.deepcopy(atom.looks), called)
                else:
                    nodes = [copy.deepcopy(node) for node in atom.nodes]
                    if state == "del":
                        self.carrying.pictures(nodes, self.old, self.new)
                    yield w("r", copy.deepcopy(atom.looks), *nodes)


def _heads(old: Package, new: Package) -> list[str]:
    """Name the parts with heads and feet, where both files have the same.

    Where they have not, none is known to be another's.
    """
    olds, news = (
        sorted(relation.target for relation, _ in package.related("header", "footer"))
        for package in (old, new)
    )
    return news if olds == news else []


_NOT_KEPT: Final = (f"{W}rPr", f"{W}sectPr", f"{W}pPrChange")


def _held(container: Element) -> list[Element]:
    """Give the paragraphs and tables of a body or a cell, without the entries of the contents."""
    return [
        block
        for block in container
        if block.tag == f"{W}tbl" or (block.tag == f"{W}p" and not _style(block).startswith("TOC"))
    ]


def _properties(paragraph: Element) -> Element:
    found = paragraph.find(f"{W}pPr")
    if found is None:
        found = w("pPr")
        paragraph.insert(0, found)
    return found


def _style(paragraph: Element) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else str(found.get(f"{W}val"))


def _styled(properties: Element) -> list[bytes]:
    """Give what a paragraph's properties say of what it is, to compare."""
    found = [properties.find(f"{W}{tag}") for tag in ("pStyle", "numPr")]
    return [b"" if node is None else etree.tostring(node, method="c14n") for node in found]


def _paired(olds: Sequence[Element], news: Sequence[Element]) -> list[tuple[int, int]]:
    """Pair what stayed, or became another: the same words first, between them like ones."""
    was, now = ([(b.tag, *_shape(b), *words_of(b)) for b in blocks] for blocks in (olds, news))
    made: list[tuple[int, int]] = []
    i = k = 0
    for change in changes(was, now):
        made += zip(range(i, change.old_from), range(k, change.new_from), strict=True)
        first = change.old_from
        for index in range(change.new_from, change.new_to):
            like = {
                n: likeness(was[n][1:], now[index][1:])
                for n in range(first, min(change.old_to, first + _NEAR))
                if (was[n][0], _shape(olds[n])) == (now[index][0], _shape(news[index]))
            }
            best = max(like, key=lambda n: like[n], default=None)
            if best is not None and like[best] >= LIKE:
                made.append((best, index))
                first = best + 1
        i, k = change.old_to, change.new_to
    made += zip(range(i, len(olds)), range(k, len(news)), strict=True)
    return made


def _shape(block: Element) -> tuple[str, ...]:
    """Give how many cells a row has: only one with as many can be the same."""
    return (str(len(block.findall(f"{W}tc"))),) if block.tag == f"{W}tr" else ()


def _last_marks(paragraph: Element) -> Iterator[Element]:
    """Give the bookmarks and the like that end a paragraph."""
    held: list[Element] = []
    for node in paragraph:
        if node.tag in (f"{W}r", f"{W}hyperlink"):
            held.clear()
        elif node.tag != f"{W}pPr":
            held.append(node)
    yield from held
