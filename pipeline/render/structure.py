"""What a tagged PDF should say of its tables, and WeasyPrint does not (ISO 32000-1 §14.8).

A table that runs over several pages is one table with one head, however often its
head is printed (Table 337); WeasyPrint makes each page's part a table. And a header
cell says whether it heads a column or a row (Table 349).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

from pipeline.render.engine import boxes

Box: TypeAlias = Any  # of weasyprint.formatting_structure.boxes
Element: TypeAlias = Any
"""A structure element: a pydyf.Dictionary with its parent ``P`` and its kids ``K``."""

_SCOPES: Final = {"col": "/Column", "row": "/Row"}


def mend_tables(laid: Any, pdf: Any) -> None:
    """Join the parts of each table, and give its header cells their scope.

    A finisher of WeasyPrint's ``Document.write_pdf``, which gives it the laid-out
    document and the pydyf.PDF that is about to be written.
    """
    tables: dict[Any, list[Box]] = {}
    for page in laid.pages:
        for box in page._page_box.descendants():
            if isinstance(box, boxes.TableBox) and _is_tagged(box):
                tables.setdefault(box.element, []).append(box)
    for first, *others in tables.values():
        table = _Table(pdf, first)
        for part in others:
            table.add(part)


class _Table:
    """A table's structure: that of its first part, to which the others are added."""

    def __init__(self, pdf: Any, first: Box) -> None:
        self.pdf = pdf
        self.cells: dict[Any, Element] = {}
        """Cells by their HTML element, as they came first."""
        for row in _rows(first):
            self._keep(row)
            self.body = self._over(row[0].mark, 2)

    def add(self, part: Box) -> None:
        """Take in the rows of a later page's part, and take the part itself out of the tree."""
        names: dict[str, str] = {}  # of header cells: in this part, and where they stand first
        for row in _rows(part):
            table = self._over(row[0].mark, 3)
            for cell in row:
                came = self.cells.get(cell.element)
                if came is not None and "ID" in cell.mark:
                    names[cell.mark["ID"].string] = came["ID"]
                elif came is not None:  # the row did not fit on one page
                    self._move(cell.mark["K"], came)
                elif "Headers" in cell.mark["A"]:
                    headers = cell.mark["A"]["Headers"]
                    headers[:] = [names.get(name.string, name) for name in headers]
            if row[0].element not in self.cells:
                self._move([self._over(row[0].mark, 1).reference], self.body)
            self._keep(row)
        self._over(table, 1)["K"].remove(table.reference)

    def _keep(self, row: Sequence[Box]) -> None:
        for cell in row:
            self.cells.setdefault(cell.element, cell.mark)
            if scope := cell.element.get("scope"):
                cell.mark["A"]["Scope"] = _SCOPES[scope]

    def _move(self, kids: Sequence[bytes], element: Element) -> None:
        for reference in kids:
            element["K"].append(reference)
            self._at(reference)["P"] = element.reference

    def _over(self, element: Element, levels: int) -> Element:
        for _ in range(levels):
            element = self._at(element["P"])
        return element

    def _at(self, reference: bytes) -> Element:
        return self.pdf.objects[int(reference.split()[0])]


def _is_tagged(table: Box) -> bool:
    """Tell whether CSS left the table and its cells what they are."""
    return table.element_tag == "table" and all(
        hasattr(cell, "mark") for row in _rows(table) for cell in row
    )


def _rows(part: Box) -> Iterator[Sequence[Box]]:
    for group in part.children:
        for row in group.children:
            yield row.children
