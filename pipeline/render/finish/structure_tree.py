"""What a tagged PDF should say of its parts, and WeasyPrint does not.

- A table that runs over several pages is one table with one head, however often its head is
  printed (ISO 32000-1 Table 337). WeasyPrint makes each page's part a table, and groups in a
  group where CSS sets rows as something else, such as flexible boxes.
- A header cell says whether it heads a column or a row (ISO 32000-1 Table 349).
- A list item holds a label and a body (ISO 32000-1 Table 336), and a list of terms no rows.
- A heading is one heading (ISO 32000-1 §14.8.4.3.2). Beside a float in it, such as its number,
  WeasyPrint makes its lines a heading in the heading.
- A footnote is a note with a name of its own (ISO 14289-1 §7.9).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

from pipeline.render.engine import LayoutBox, boxes, iterate_boxes
from pipeline.render.finish.pdf_objects import PDF, add_object, get_object

StructureElement: TypeAlias = Any
"""A structure element: a pydyf.Dictionary with its kind ``S``, its parent ``P``, its kids ``K``."""

_HEADINGS: Final = frozenset(f"/H{level}" for level in range(1, 7))
_SCOPES: Final = {"col": "/Column", "row": "/Row"}


def mend_structure(laid: Any, pdf: PDF) -> None:
    """Mend the structure of a pydyf.PDF that is about to be written.

    ``laid`` is the weasyprint.document.Document that it was made from.
    """
    tables: dict[Any, list[LayoutBox]] = {}
    for _, box in iterate_boxes(laid, boxes.TableBox):
        if _is_tagged(box):
            _lift_rows(pdf, box)
            tables.setdefault(box.element, []).append(box)
    for first, *others in tables.values():
        table = _TableStructure(pdf, first)
        for part in others:
            table.add_part(part)
    for number, note in enumerate(_find_notes(pdf), 1):
        note["S"], note["ID"] = "/Note", f"(note-{number})"
    for element in [each for each in pdf.objects if isinstance(each, dict)]:
        if element.get("S") == "/Div" and get_object(pdf, element["P"])["S"] == "/L":
            _lift_kids(pdf, element)
        elif element.get("S") == "/LI":
            _give_body(pdf, element)
        elif element.get("S") in _HEADINGS:
            _merge_nested_heading(pdf, element)


def _move_kids(pdf: PDF, kids: Sequence[bytes], element: StructureElement) -> None:
    for reference in kids:
        element["K"].append(reference)
        get_object(pdf, reference)["P"] = element.reference


def _lift_kids(pdf: PDF, element: StructureElement) -> None:
    """Put what an element holds in its place."""
    outer = get_object(pdf, element["P"])
    place = outer["K"].index(element.reference)
    outer["K"][place : place + 1] = element["K"]
    for kid in element["K"]:
        get_object(pdf, kid)["P"] = outer.reference


# --- notes, list items and headings ---------------------------------------------------------


def _find_notes(pdf: PDF) -> Iterator[StructureElement]:
    """Return the footnotes: beside <main>, the tree has each page's area of them.

    And the rests of floats that began on the page before: these hold blocks, and no span.
    """
    root = get_object(pdf, pdf.catalog["StructTreeRoot"])
    for reference in get_object(pdf, root["K"][0])["K"]:
        area = get_object(pdf, reference)
        if area["S"] == "/NonStruct":
            kids = (get_object(pdf, kid) for kid in area["K"])
            yield from (kid for kid in kids if kid["S"] == "/Span")


def _give_body(pdf: PDF, item: StructureElement) -> None:
    loose = [kid for kid in item["K"] if get_object(pdf, kid)["S"] not in ("/Lbl", "/LBody")]
    if loose:
        body = type(item)({**item, "S": "/LBody", "P": item.reference, "K": type(item["K"])()})
        reference = add_object(pdf, body)
        _move_kids(pdf, loose, body)
        item["K"][:] = [*(kid for kid in item["K"] if kid not in loose), reference]


def _merge_nested_heading(pdf: PDF, heading: StructureElement) -> None:
    """Put what a heading in a heading holds in its place."""
    if get_object(pdf, heading["P"])["S"] == heading["S"]:
        _lift_kids(pdf, heading)


# --- tables -------------------------------------------------------------------------------


class _TableStructure:
    """A table's structure: that of its first part, to which the others are added."""

    def __init__(self, pdf: PDF, first: LayoutBox) -> None:
        self.pdf = pdf
        self.cells: dict[Any, StructureElement] = {}
        """Cells by their HTML element, as they came first."""
        for row in _iterate_rows(first):
            self._keep_cells(row)
            self.body = self._find_ancestor(row[0].mark, 2)

    def add_part(self, part: LayoutBox) -> None:
        """Take in the rows of a later page's part, and take the part itself out of the tree."""
        names: dict[str, Any] = {}  # of header cells: in this part, and where they stand first
        for row in _iterate_rows(part):
            line = self._find_ancestor(row[0].mark, 1)
            table = self._find_ancestor(line, 2)
            if self._find_ancestor(line, 1)["S"] == "/THead":
                for cell in row:
                    names[cell.mark["ID"].string] = self.cells[cell.element]["ID"]
            elif row[0].element in self.cells:  # the row did not fit on one page
                for cell in row:
                    _move_kids(self.pdf, cell.mark["K"], self.cells[cell.element])
            else:
                _move_kids(self.pdf, [line.reference], self.body)
                self._keep_cells(row)
            for headers in [cell.mark["A"].get("Headers", []) for cell in row]:
                headers[:] = [names.get(name.string, name) for name in headers]
        self._find_ancestor(table, 1)["K"].remove(table.reference)

    def _keep_cells(self, row: Sequence[LayoutBox]) -> None:
        for cell in row:
            self.cells.setdefault(cell.element, cell.mark)
            if scope := cell.element.get("scope"):
                cell.mark["A"]["Scope"] = _SCOPES[scope]

    def _find_ancestor(self, element: StructureElement, levels: int) -> StructureElement:
        for _ in range(levels):
            element = get_object(self.pdf, element["P"])
        return element


def _lift_rows(pdf: Any, part: LayoutBox) -> None:
    """Move rows out of groups that stand in a group of their kind."""
    for row in _iterate_rows(part):
        line = get_object(pdf, row[0].mark["P"])
        group = outer = get_object(pdf, line["P"])
        while (above := get_object(pdf, outer["P"]))["S"] == group["S"]:
            inner, outer = outer, above
            outer["K"][:] = [kid for kid in outer["K"] if kid != inner.reference]
        if outer is not group:
            _move_kids(pdf, [line.reference], outer)


def _is_tagged(table: LayoutBox) -> bool:
    """Whether CSS left the table and its cells what they are."""
    return table.element_tag == "table" and all(
        hasattr(cell, "mark") for row in _iterate_rows(table) for cell in row
    )


def _iterate_rows(part: LayoutBox) -> Iterator[Sequence[LayoutBox]]:
    for child in part.children:
        if child.element_tag == "tr":
            yield child.children
        elif isinstance(child, boxes.ParentBox):
            yield from _iterate_rows(child)
