"""The structure of a PDF (ISO 32000-1 §14.7): its elements in reading order, of any origin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from pipeline.checks.bounded_process import LimitExceeded


@dataclass(frozen=True, slots=True)
class StructureElement:
    """An element with its standard kind, and its page if it has one."""

    kind: str
    element: Any
    page: int | None


def iterate_elements(file: pikepdf.Pdf, most: int) -> Iterator[StructureElement]:
    """Yield the elements, each once. Raises LimitExceeded for more than ``most``."""
    root: Any = file.Root.StructTreeRoot
    roles = root.get("/RoleMap", {})
    pages = {page.objgen: number for number, page in enumerate(file.pages, 1)}
    waiting: list[tuple[Any, int | None]] = [(root, None)]
    seen: set[tuple[int, int]] = set()
    for _ in range(most):
        if not waiting:
            return
        element, page = waiting.pop()
        if element.objgen != (0, 0):
            if element.objgen in seen:
                continue
            seen.add(element.objgen)
        page = pages.get(element["/Pg"].objgen, page) if "/Pg" in element else page
        if "/S" in element:
            yield StructureElement(_resolve_role(element["/S"], roles), element, page)
        waiting += [(kid, page) for kid in reversed(_list_kids(element))]
    raise LimitExceeded(f"its structure has over {most} elements")


def _list_kids(element: Any) -> Sequence[Any]:
    """Return the elements in an element; marked content by its number is none."""
    kids = element.get("/K")
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary)]


def _resolve_role(kind: Any, roles: Any) -> str:
    """Return the standard kind of an element (ISO 32000-1 §14.8.4); a circle in the map ends."""
    for _ in range(20):
        if str(kind) not in roles:
            break
        kind = roles[str(kind)]
    return str(kind).removeprefix("/")
