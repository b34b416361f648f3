"""The changes between two briefs, as tracked changes in the newer one's DOCX.

The newer file is kept as it is but for what changed: words that came are insertions, words that
went come back as deletions (ECMA-376-1 §17.13.5). What is written is read again, and refused
unless accepting all changes gives the newer text and rejecting all the older one.
"""

from __future__ import annotations

import copy
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from lxml import etree

from pipeline.diagnostics import Location, problem
from pipeline.package import OFFICE, Package, W
from pipeline.render.docx.oxml import Element, w
from pipeline.render.docx.package import packed
from pipeline.review.aligning import LIKE, likeness
from pipeline.review.merging import changes
from pipeline.review.reading import Edited, read
from pipeline.review.revisions import View

_LINK: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD: Final = re.compile(r"\s+|[^\W_]+(?:[’'][^\W_]+)*|.", re.DOTALL)
_NEAR: Final = 50
"""How many paragraphs ahead the one that a paragraph became is looked for."""
State: TypeAlias = Literal["ins", "del", ""]


@dataclass(frozen=True, slots=True)
class Signed:
    """Who made the changes, and when."""

    author: str
    date: str
    """A moment as ISO 8601 writes it, ``2024-03-01T00:00:00Z``."""


@dataclass(frozen=True, slots=True)
class _Atom:
    """A word, or another thing in a line."""

    key: tuple[str, ...]
    """What it is compared by: what it says and how it is set."""
    text: str = ""
    looks: Element | None = None
    """The properties of its run."""
    nodes: tuple[Element, ...] = ()
    """What it is when it is no text: a note's mark, a picture; the runs of a whole field."""
    link: tuple[str, str] = ("", "")
    """Where the link round it leads: outside of the file, or to a bookmark in it."""
    note: str = ""
    """The id of the footnote that it calls."""
    is_field: bool = False
    marks: tuple[Element, ...] = ()
    """The bookmarks and the like that stand before it."""


@dataclass(slots=True)
class _File:
    """One of the two files."""

    package: Package
    root: Any
    notes: dict[str, Any] = field(default_factory=dict)
    """Footnotes by id."""
    links: dict[str, str] = field(default_factory=dict)
    note_links: dict[str, str] = field(default_factory=dict)
    notes_part: str = ""

    @classmethod
    def of(cls, package: Package) -> _File:
        """Parse the parts that a redline reads."""
        made = cls(package, package.document())
        for relation, root in package.related("footnotes"):
            made.notes_part = relation.target
            made.notes = {note.get(f"{W}id", ""): note for note in root}
        made.links = _outside(package, package.main)
        made.note_links = _outside(package, made.notes_part) if made.notes_part else {}
        return made


def redline(old: Path, new: Path, signed: Signed) -> bytes:
    """Write the changes from one DOCX to another into the latter.

    Raises Problems: those of reading, ``tracked-already`` for a file with tracked changes of
    its own, and ``not-redlined`` when the result would not be both texts.
    """
    before, after = _settled(old), _settled(new)
    parts = after.package.parts()
    made = _Redlining(_File.of(before.package), _File.of(after.package), signed).written(parts)
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
    for view, wanted, what in (
        (edited.accepted, after, "accepting them would not give the newer text"),
        (edited.rejected, before, "rejecting them would not give the older text"),
    ):
        if _said(view, edited) != _said(wanted.accepted, wanted):
            raise problem(
                "not-redlined",
                f"the changes cannot be written as tracked ones: {what}",
                Location(after.name),
                "compare the two files in Word",
            )


def _said(view: View, edited: Edited) -> list[tuple[Any, ...]]:
    lines = view.lines(edited.paragraphs)
    return [(line.words, line.form) for line in lines if line.words]


_DEFINITION: Final = f"{W}abstractNum"
_ABSTRACT: Final = f"{W}abstractNumId"


def _lists(numbering: Any) -> dict[str, tuple[Any, bytes]]:
    """Give the lists of a numbering part by their numbers, each with what it says."""
    definitions = {
        definition.get(_ABSTRACT): etree.tostring(_renamed(definition, ""))
        for definition in numbering.iter(_DEFINITION)
    }
    found: dict[str, tuple[Any, bytes]] = {}
    for number in numbering.iter(f"{W}num"):
        base = number.find(f"{W}abstractNumId")
        if base is not None and base.get(f"{W}val") in definitions:
            said = [definitions[base.get(f"{W}val")], *map(etree.tostring, number[1:])]
            found[number.get(f"{W}numId")] = number, b"".join(said)
    return found


def _renamed(definition: Element, name: str) -> Any:
    """Copy a list's definition under another number; the styles stay with the one they have."""
    made: Any = copy.deepcopy(definition)
    made.set(_ABSTRACT, name)
    for own in [*made.iter(f"{W}nsid"), *made.iter(f"{W}pStyle")]:
        own.getparent().remove(own)
    return made


def _next(numbering: Element, tag: str, key: str) -> str:
    return str(max((int(held.get(key, "0")) for held in numbering.iter(tag)), default=0) + 1)


class _Redlining:
    def __init__(self, old: _File, new: _File, signed: Signed) -> None:
        self.old, self.new, self.signed = old, new, signed
        self.id = 100_000
        self.relations: dict[str, Any] = {}
        self.copied: dict[str, str] = {}
        """The older file's footnotes by their ids, and what they are called in the newer."""
        self.numbering: Any = None

    def written(self, parts: dict[str, bytes]) -> bytes:
        """Give the newer file with the changes tracked."""
        self.lists()
        self.blocks(self.old.root.find(f"{W}body"), self.new.root.find(f"{W}body"))
        made = {self.new.package.main: self.new.root, **self.relations}
        if self.copied:
            made[self.new.notes_part] = next(iter(self.new.notes.values())).getparent()
        if self.numbering is not None:
            made[self._target("numbering")] = self.numbering
        for name, root in made.items():
            parts[name] = etree.tostring(
                root, encoding="UTF-8", xml_declaration=True, standalone=True
            )
        return packed(parts).getvalue()

    def _target(self, kind: str) -> str:
        found = self.new.package.relations(self.new.package.main).values()
        return next(target for own, target, _ in found if own == kind)

    def lists(self) -> None:
        """Give the newer file the lists of the older one that it has not, by numbers of theirs.

        The same number may be a list of bullets in one file and of figures in the other.
        """
        old, new = (file.package.beside("numbering") for file in (self.old, self.new))
        if old is None or new is None:
            return
        known, definitions = _lists(new), {d.get(_ABSTRACT): d for d in old.iter(_DEFINITION)}
        made: dict[str, str] = {}
        names: dict[str, str] = {}
        for name, (number, said) in _lists(old).items():
            if name in known and known[name][1] == said:
                continue
            base = number.find(f"{W}abstractNumId").get(f"{W}val")
            if base not in made:
                made[base] = _next(new, _DEFINITION, _ABSTRACT)
                new.insert(0, _renamed(definitions[base], made[base]))
            names[name] = _next(new, f"{W}num", f"{W}numId")
            copied = copy.deepcopy(number)
            copied.set(f"{W}numId", names[name])
            copied.find(f"{W}abstractNumId").set(f"{W}val", made[base])
            new.append(copied)
            self.numbering = new
        for use in self.old.root.iter(f"{W}numId"):
            use.set(f"{W}val", names.get(use.get(f"{W}val"), use.get(f"{W}val")))

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

    def all(self, block: Element, state: State, file: _File) -> None:
        """Mark all of a paragraph, of a table or of a row as inserted or deleted."""
        if block.tag == f"{W}p":
            atoms = list(_atoms(block, file))
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
        was, now = list(_atoms(old, self.old)), list(_atoms(new, self.new))
        found = changes([atom.key for atom in was], [atom.key for atom in now])
        if found:
            made: list[tuple[State, _Atom]] = []
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

    def set(self, paragraph: Element, held: Sequence[tuple[State, _Atom]], file: _File) -> None:
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
                    made.set(f"{OFFICE}id", self.relate(self.new.package.main, link[0]))
                else:
                    made.set(f"{W}anchor", link[1])
                content = [made]
            paragraph.extend(content)
        paragraph.extend(end)

    def runs(self, atoms: Iterable[_Atom], state: State) -> Iterator[Element]:
        """Give the runs of words; those of a field or a picture that went are left out."""
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
                    called = w("footnoteReference", id=self.note(atom.note))
                    yield w("r", copy.deepcopy(atom.looks), called)
                elif state != "del" or atom.key[0] == "sign":
                    nodes = (copy.deepcopy(node) for node in atom.nodes)
                    yield w("r", copy.deepcopy(atom.looks), *nodes)

    # --- notes and links ------------------------------------------------------------------

    def note(self, id: str) -> str:
        """Put a footnote of the older file into the newer one; gives its id there."""
        if id not in self.copied:
            root = next(iter(self.new.notes.values())).getparent()
            number = str(max(int(note.get(f"{W}id")) for note in root) + 1)
            made = copy.deepcopy(self.old.notes[id])
            made.set(f"{W}id", number)
            for mark in list(made.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
                mark.getparent().remove(mark)
            for link in made.iter(f"{W}hyperlink"):
                href = self.old.note_links.get(link.get(f"{OFFICE}id", ""))
                if href:
                    link.set(f"{OFFICE}id", self.relate(self.new.notes_part, href))
            root.append(made)
            self.copied[id] = number
        return self.copied[id]

    def relate(self, part: str, href: str) -> str:
        """Give the id of a part's relationship to an address outside, made if there is none."""
        folder, file = posixpath.split(part)
        name = f"{folder}/_rels/{file}.rels"
        root: Any = self.relations.get(name)
        if root is None:
            root = self.new.package.part(name)
            if root is None:
                root = etree.fromstring(f'<Relationships xmlns="{_RELATIONS}"/>')
            self.relations[name] = root
        for relation in root:
            if relation.get("Target") == href and relation.get("TargetMode") == "External":
                return str(relation.get("Id"))
        id = f"rIdR{len(root) + 1}"
        etree.SubElement(
            root,
            f"{{{_RELATIONS}}}Relationship",
            {"Id": id, "Type": _LINK, "Target": href, "TargetMode": "External"},
        )
        return id


_NOT_KEPT: Final = (f"{W}rPr", f"{W}sectPr", f"{W}pPrChange")


def _outside(package: Package, part: str) -> dict[str, str]:
    found = package.relations(part).items()
    return {id: target for id, (kind, target, out) in found if out and kind == "hyperlink"}


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


def _words(block: Element) -> tuple[str, ...]:
    text = " ".join(node.text or "" for node in block.iter(f"{W}t"))
    return tuple(match.group() for match in _WORD.finditer(text) if not match.group().isspace())


def _paired(olds: Sequence[Element], news: Sequence[Element]) -> list[tuple[int, int]]:
    """Pair what stayed, or became another: the same words first, between them like ones."""
    was, now = ([(b.tag, *_shape(b), *_words(b)) for b in blocks] for blocks in (olds, news))
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


def _atoms(paragraph: Element, file: _File) -> Iterator[_Atom]:
    """Give the words of a paragraph, and what stands among them."""
    marks: list[Element] = []
    field: list[Element] = []
    code = ""
    depth = 0
    for node, link in _nodes(paragraph, file):
        if node.tag != f"{W}r":
            marks.append(node)
            continue
        kinds = [c.get(f"{W}fldCharType") for c in node.iter(f"{W}fldChar")]
        if depth or "begin" in kinds:
            field.append(node)
            code += "".join(c.text or "" for c in node.iter(f"{W}instrText"))
            depth += kinds.count("begin") - kinds.count("end")
            if not depth:
                name = " ".join(code.split()[:1])
                key = ("field", name, *link, "")
                yield _Atom(key, nodes=tuple(field), link=link, is_field=True, marks=tuple(marks))
                field, code, marks = [], "", []
            continue
        for atom in _of_run(node, link, file):
            yield replace(atom, marks=tuple(marks)) if marks else atom
            marks = []


def _nodes(paragraph: Element, file: _File) -> Iterator[tuple[Element, tuple[str, str]]]:
    for node in paragraph:
        if node.tag == f"{W}hyperlink":
            href = file.links.get(node.get(f"{OFFICE}id", ""), "")
            link = (href, "" if href else node.get(f"{W}anchor", ""))
            yield from ((inner, link) for inner in node)
        elif node.tag != f"{W}pPr":
            yield node, ("", "")


def _of_run(run: Element, link: tuple[str, str], file: _File) -> Iterator[_Atom]:
    looks = run.find(f"{W}rPr")
    look = "" if looks is None else etree.tostring(looks, method="c14n").decode()
    # An anchor has another name in each edition; where it is, its words tell.
    where = link[0] or ("#" if link[1] else "")
    for node in run:
        if node.tag == f"{W}t":
            for match in _WORD.finditer(node.text or ""):
                yield _Atom(("text", match.group(), where, look), match.group(), looks, (), link)
        elif node.tag == f"{W}footnoteReference":
            id = node.get(f"{W}id", "")
            note = file.notes.get(id)
            said = " ".join(_words(note)) if note is not None else ""
            yield _Atom(("note", said, where, look), "", looks, (node,), link, note=id)
        elif node.tag != f"{W}rPr":
            kind = "sign" if node.tag in _SIGNS else "other"
            name = f"{etree.QName(node).localname}{_described(node)}"
            yield _Atom((kind, name, where, look), "", looks, (node,), link)


_SIGNS: Final = tuple(f"{W}{tag}" for tag in ("tab", "br", "cr", "noBreakHyphen"))


def _described(node: Element) -> str:
    """Give what a picture shows, in words."""
    return "".join(str(d.get("descr", "")) for d in node.iter("{*}docPr"))
