"""A link is one annotation and one structure element, however many lines it takes.

WeasyPrint makes both for each line, and whoever hears the page hears of several links.
Joined, the annotation has an area for each line: its QuadPoints (ISO 32000-1 §12.5.6.5),
and the element holds the words of all of them, and one reference to it. A link within the
file is described by its words, not by the name of its target (ISO 14289-1 §7.18.5).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipeline.render.engine import pydyf
from pipeline.render.finish.pdf_objects import PDF, Dictionary, get_object, list_pages


def join_links(laid: Any, pdf: PDF) -> None:
    """Describe links, and join what belongs to the same one and stands on the same page."""
    elements = _find_link_elements(pdf)
    for number, page in enumerate(laid.pages):
        links: dict[Any, list[Dictionary]] = {}
        for *_, box in page.links:
            if box.link_annotation:  # else it leads nowhere, which WeasyPrint reports
                links.setdefault(box.element, []).append(box.link_annotation)
        for link, (first, *others) in links.items():
            if "Dest" in first:
                first["Contents"] = pydyf.String(" ".join("".join(link.itertext()).split()))
            if others:
                _merge_areas(first, others)
                _remove_annotations(pdf, number, others)
                for other in others:
                    _merge_elements(
                        pdf, number, elements[first.reference], elements[other.reference]
                    )


def _find_link_elements(pdf: PDF) -> dict[bytes, Dictionary]:
    """Return the Link element of each annotation, by the reference to the annotation."""
    found: dict[bytes, Dictionary] = {}
    for element in pdf.objects:
        if isinstance(element, dict) and element.get("S") == "/Link":
            for kid in element["K"]:
                part = get_object(pdf, kid) if isinstance(kid, bytes) else {}
                if part.get("Type") == "/OBJR":
                    found[part["Obj"]] = element
    return found


def _merge_areas(first: Dictionary, others: Iterable[Dictionary]) -> None:
    areas = [annotation["Rect"] for annotation in (first, *others)]
    corners = [
        (min(left, right), min(bottom, top), max(left, right), max(bottom, top))
        for left, bottom, right, top in areas
    ]
    lefts, bottoms, rights, tops = zip(*corners, strict=True)
    first["Rect"] = pydyf.Array([min(lefts), min(bottoms), max(rights), max(tops)])
    first["QuadPoints"] = pydyf.Array(
        part
        for left, bottom, right, top in corners
        for part in (left, top, right, top, left, bottom, right, bottom)
    )


def _remove_annotations(pdf: PDF, number: int, annotations: Iterable[Dictionary]) -> None:
    """Take annotations off their page and out of the parent tree (ISO 32000-1 §14.7.4.4)."""
    numbers = _get_parent_tree(pdf)
    for annotation in annotations:
        list_pages(pdf)[number]["Annots"].remove(annotation.reference)
        key = numbers.index(annotation["StructParent"])
        del numbers[key : key + 2]


def _merge_elements(pdf: PDF, number: int, first: Dictionary, other: Dictionary) -> None:
    """Put the words of an element into another: its marked content, and elements in it."""
    numbers = _get_parent_tree(pdf)
    marked = numbers[numbers.index(number) + 1]
    for kid in other["K"]:
        if isinstance(kid, int):
            marked[kid] = first.reference
        elif get_object(pdf, kid).get("Type") == "/OBJR":
            continue
        else:
            get_object(pdf, kid)["P"] = first.reference
        first["K"].append(kid)
    get_object(pdf, other["P"])["K"].remove(other.reference)


def _get_parent_tree(pdf: PDF) -> Any:
    """Return the pairs of the parent tree: a page's number and its elements, in one array."""
    root = get_object(pdf, pdf.catalog["StructTreeRoot"])
    return get_object(pdf, root["ParentTree"])["Nums"]
