"""What a tagged PDF should say of its parts, and WeasyPrint does not.

- A table that runs over several pages is one table with one head, however often its head is
  printed (ISO 32000-1 Table 337). WeasyPrint makes each page's part a table, and groups in a
  group where CSS sets rows as something else, such as flexible boxes.
- A header cell says whether it heads a column or a row (ISO 32000-1 Table 349).
- A list item holds a label and a body (ISO 32000-1 Table 336).
- A heading is one heading (ISO 32000-1 §14.8.4.3.2). Beside a float in it, such as its number,
  WeasyPrint makes its lines a heading in the heading.
- A footnote is a note with a name of its own (ISO 14289-1 §7.9).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

from pipeline.render.engine import boxes
from pipeline.render.finish.pdf_objects import PDF, add, at

Box: TypeAlias = Any  # of weasyprint.formatting_structure.boxes
Element: TypeAlias = Any
"""A structure element: a pydyf.Dictionary with its kind ``S``, its parent ``P``, its kids ``K``."""

_HEADINGS: Final = frozenset(f"/H{level}" for level in range(1, 7))
_SCOPES: Final = {"col": "/Column", "row": "/Row"}


def mend(laid: Any, pdf: PDF) -> None:
    """Mend the structure of a pydyf.PDF that is about to be written.

    ``laid`` is the weasyprint.document.Document that it was made from.
    """
    tables: dict[Any, list[Box]] = {}
    for page in laid.pages:
        for box in page._page_box.descendants():
            if isinstance(box, boxes.TableBox) and _is_tagged(box):
                _lift(pdf, box)
                tables.setdefault(box.element, []).append(box)
    for first, *others in tables.values():
        table = _Table(pdf, first)
        for part in others:
            table.add(part)
    for number, note in enumerate(_notes(pdf), 1):
        note["S"], note["ID"] = "/Note", f"(note-{number})"
    for element in [each for each in pdf.objects if isinstance(each, dict)]:
        if element.get("S") == "/LI":
            _give_body(pdf, element)
        elif element.get("S") in _HEADINGS:
            _join(pdf, element)


def _move(pdf: PDF, kids: Sequence[bytes], element: Element) -> None:
    for reference in kids:
        element["K"].append(reference)
        at(pdf, reference)["P"] = element.reference


# --- notes, list items and headings ---------------------------------------------------------


def _notes(pdf: PDF) -> Iterator[Element]:
    """Give the footnotes: beside <main>, the tree has each page's area of them.

    And the rests of floats that began on the page before: these hold blocks, and no span.
    """
    root = at(pdf, pdf.catalog["StructTreeRoot"])
    for reference in at(pdf, root["K"][0])["K"]:
        area = at(pdf, reference)
        if area["S"] == "/NonStruct":
            kids = (at(pdf, kid) for kid in area["K"])
            yield from (kid for kid in kids if kid["S"] == "/Span")


def _give_body(pdf: PDF, item: Element) -> None:
    loose = [kid for kid in item["K"] if at(pdf, kid)["S"] not in ("/Lbl", "/LBody")]
    if loose:
        body = type(item)({**item, "S": "/LBody", "P": item.reference, "K": type(item["K"])()})
        reference = add(pdf, body)
        _move(pdf, loose, body)
        item["K"][:] = [*(kid for kid in item["K"] if kid not in loose), reference]


def _join(pdf: PDF, heading: Element) -> None:
    """Put what a heading in a heading holds in its place."""
    around = at(pdf, heading["P"])
    if around["S"] == heading["S"]:
        place = around["K"].index(heading.reference)
        around["K"][place : place + 1] = heading["K"]
        for kid in heading["K"]:
            at(pdf, kid)["P"] = around.reference


# --- tables -------------------------------------------------------------------------------


class _Table:
    """A table's structure: that of its first part, to which the others are added."""

    def __init__(self, pdf: PDF, first: Box) -> None:
        self.pdf = pdf
        self.cells: dict[Any, Element] = {}
        """Cells by their HTML element, as they came first."""
        for row in _rows(first):
            self._keep(row)
            self.body = self._over(row[0].mark, 2)

    def add(self, part: Box) -> None:
        """Take in the rows of a later page's part, and take the part itself out of the tree."""
        names: dict[str, Any] = {}  # of header cells: in this part, and where they stand first
        for row in _rows(part):
            line = self._over(row[0].mark, 1)
            table = self._over(line, 2)
            if self._over(line, 1)["S"] == "/THead":
                for cell in row:
                    names[cell.mark["ID"].string] = self.cells[cell.element]["ID"]
            elif row[0].element in self.cells:  # the row did not fit on one page
                for cell in row:
                    _move(self.pdf, cell.mark["K"], self.cells[cell.element])
            else:
                _move(self.pdf, [line.reference], self.body)
                self._keep(row)
            for headers in [cell.mark["A"].get("Headers", []) for cell in row]:
                headers[:] = [names.get(name.string, name) for name in headers]
        self._over(table, 1)["K"].remove(table.reference)

    def _keep(self, row: Sequence[Box]) -> None:
        for cell in row:
            self.cells.setdefault(cell.element, cell.mark)
            if scope := cell.element.get("scope"):
                cell.mark["A"]["Scope"] = _SCOPES[scope]

    def _over(self, element: Element, levels: int) -> Element:
        for _ in range(levels):
            element = at(self.pdf, element["P"])
        return element


def _lift(pdf: Any, part: Box) -> None:
    """Move rows out of groups that stand in a group of their kind."""
    for row in _rows(part):
        line = at(pdf, row[0].mark["P"])
        group = outer = at(pdf, line["P"])
        while (above := at(pdf, outer["P"]))["S"] == group["S"]:
            inner, outer = outer, above
            outer["K"][:] = [kid for kid in outer["K"] if kid != inner.reference]
        if outer is not group:
            _move(pdf, [line.reference], outer)


def _is_tagged(table: Box) -> bool:
    """Tell whether CSS left the table and its cells what they are."""
    return table.element_tag == "table" and all(
        hasattr(cell, "mark") for row in _rows(table) for cell in row
    )


def _rows(part: Box) -> Iterator[Sequence[Box]]:
    for child in part.children:
        if child.element_tag == "tr":
            yield child.children
        elif isinstance(child, boxes.ParentBox):
            yield from _rows(child)
