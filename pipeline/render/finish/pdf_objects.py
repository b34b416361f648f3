"""The objects of a PDF that is about to be written: pages, streams, references."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeAlias

from pipeline.render.engine import pydyf

PDF: TypeAlias = Any
"""A pydyf.PDF that is about to be written."""
Stream: TypeAlias = Any
"""A pydyf.Stream: its parts in ``stream``, its dictionary in ``extra``."""
Dictionary: TypeAlias = Any
"""A pydyf.Dictionary."""

MM: Final = 72 / 25.4
"""A millimetre in pt, the unit of a PDF's space (ISO 32000-1 §8.3.2.3)."""


def iterate_streams(pdf: PDF, subtype: str | None = None) -> Iterator[Stream]:
    """Return the streams of a PDF: all, or those of a subtype such as ``/Image``."""
    for each in pdf.objects:
        if isinstance(each, pydyf.Stream) and subtype in (None, each.extra.get("Subtype")):
            yield each


def list_pages(pdf: PDF) -> list[Dictionary]:
    """Return the pages of a PDF, in order."""
    return [get_object(pdf, reference) for reference in pdf.page_references]


def get_object(pdf: PDF, reference: bytes) -> Any:
    """Return the object that a reference such as ``b"12 0 R"`` is to."""
    return pdf.objects[int(reference.split()[0])]


def add_object(pdf: PDF, added: Any) -> Any:
    """Add an object and return its reference."""
    pdf.add_object(added)
    return added.reference


def make_form_entries(box: Sequence[float], resources: Dictionary) -> dict[str, Any]:
    """Return the entries that make a stream a form XObject (ISO 32000-1 §8.10); ``box`` in pt."""
    return {
        "Type": "/XObject",
        "Subtype": "/Form",
        "BBox": pydyf.Array(box),
        "Resources": resources,
    }


def write_pdf(
    laid: Any, change: Callable[[PDF], None], *, version: str, is_tagged: bool = False
) -> bytes:
    """Write a weasyprint.document.Document, which ``change`` finishes before it is written."""
    data: bytes = laid.write_pdf(
        pdf_version=version,
        pdf_identifier=True,
        pdf_tags=is_tagged,
        finisher=lambda _, pdf: change(pdf),
    )
    return data
