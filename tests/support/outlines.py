"""Reads how a brief is built out of its tree, its Word file and its PDF, to hold them together.

Headings with their level, items of lists with their level and first words, tables cell by cell,
footnotes, each in reading order. Words are run together as in a PDF, where lines end without
a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.docx_file import WordFile, find, get_style, get_value, measure_value
from tests.support.read_outputs import W, letters
from tests.support.tagged_pdf import Element, read_structure

NUMBER = re.compile(r"\d+|–")


@dataclass
class Outline:
    headings: list[tuple[int, str]] = field(default_factory=list)
    items: list[tuple[int, str]] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def outline_tree(tree: dict) -> Outline:
    found = Outline()
    _tree(tree, 0, found)
    return found


def _tree(node: dict, depth: int, found: Outline) -> None:
    kind = node.get("kind")
    if kind == "heading":
        found.headings.append((node["level"], _words(node)))
    elif kind == "table":
        rows = (*node.get("head", ()), *node["children"])
        found.tables.append([[_words(cell) for cell in row["children"]] for row in rows])
    marked = kind == "list" and node.get("role") != "plain"
    for note in (c for c in node.get("children", ()) if c["kind"] == "footnote"):
        found.notes.append(_words(note))
    for child in node.get("children", ()):
        if child["kind"] == "footnote":
            continue
        if marked:
            found.items.append((depth + 1, _words(child["children"][0])))
        _tree(child, depth + marked, found)


def _words(node: dict) -> str:
    return letters("".join(_texts(node)))


def _texts(node: dict) -> Iterator[str]:
    yield node.get("text", "")
    for child in node.get("children", ()):
        if child["kind"] != "footnote":
            yield from _texts(child)


def outline_docx(file: WordFile) -> Outline:
    """Read a Word file: headings are what its navigation pane shows, and the title."""
    found = Outline()
    for paragraph in file.paragraphs:
        level = file.how(paragraph, "outlineLvl")
        if get_style(paragraph) in ("Title", "TOCHeading"):
            found.headings.append((1 + (get_style(paragraph) != "Title"), _shown(paragraph)))
        elif level is not None:
            found.headings.append((int(level.get(f"{W}val")) + 2, _shown(paragraph)))
        given = find(paragraph, "pPr/numPr")
        given = file.how(paragraph, "numPr") if given is None else given
        if given is not None:
            found.items.append((measure_value(given, "ilvl") + 1, _shown(paragraph)))
    for table in file.body.iter(f"{W}tbl"):
        if not get_value(table, "tblPr/tblStyle").endswith("Box"):
            found.tables.append([])
            opening: list[str] = []
            for row in table.iterfind(f"{W}tr"):
                cells = [_shown(cell) for cell in row.iterfind(f"{W}tc")]
                if row.find(f".//{W}gridSpan") is not None:
                    opening = cells  # on a narrow page a row's first cell stands above the others
                else:
                    found.tables[-1].append(opening + cells)
                    opening = []
    notes = file.xml("word/footnotes.xml")
    found.notes += [_shown(note) for note in notes if int(note.get(f"{W}id")) > 0]
    return found


def _shown(element) -> str:
    """Return an element's words without the numbers of pages."""
    fields: list[str] = []
    words: list[str] = []
    for run in element.iter(f"{W}r"):
        for node in run:
            kind = node.get(f"{W}fldCharType")
            if kind == "begin":
                fields.append("")
            elif kind == "end":
                fields.pop()
            elif node.tag == f"{W}instrText":
                fields[-1] += node.text
        if not any("PAGE" in field for field in fields):
            kept = (n for n in run if n.tag in (f"{W}t", f"{W}br", f"{W}tab"))
            words += [node.text or " " for node in kept]
    return letters("".join(words))


def outline_pdf(path: Path) -> Outline:
    """Read a tagged PDF by its structure (ISO 32000-1 §14.8.4)."""
    found = Outline()
    _element(read_structure(path), 0, found)
    return found


def _element(element: Element, depth: int, found: Outline) -> None:
    kind, inside = element.kind, letters(" ".join(element.words(but="Note")))
    if re.fullmatch(r"H[1-6]", kind):
        found.headings.append((int(kind[1]), inside))
    elif kind == "L" and _is_marked(element.elements[0]):
        depth += 1
    elif kind == "LI" and _is_marked(element):
        found.items.append((depth, letters(" ".join(element.words(but="Lbl")))))
    elif kind == "Table":
        found.tables.append([])
    elif kind == "TR":
        found.tables[-1].append([])
    elif kind in ("TH", "TD"):
        found.tables[-1][-1].append(inside)
    elif kind == "Note":
        found.notes.append(inside)
    for part in element.elements:
        _element(part, depth, found)


def _is_marked(item: Element) -> bool:
    """Return whether this is an item of a list; terms and lines of the contents have no mark."""
    return item.elements[0].kind == "Lbl"
