"""The objects of a PDF that is about to be written: pages, streams, references."""

from __future__ import annotations

from collections.abc import Iterator
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
    """Give the streams of a PDF: all, or those of a subtype such as ``/Image``."""
    for each in pdf.objects:
        if isinstance(each, pydyf.Stream) and subtype in (None, each.extra.get("Subtype")):
            yield each


def list_pages(pdf: PDF) -> list[Dictionary]:
    """Give the pages of a PDF, in order."""
    return [get_object(pdf, reference) for reference in pdf.page_references]


def get_object(pdf: PDF, reference: bytes) -> Any:
    """Give the object that a reference such as ``b"12 0 R"`` is to."""
    return pdf.objects[int(reference.split()[0])]


def add_object(pdf: PDF, held: Any) -> Any:
    """Add an object and give its reference."""
    pdf.add_object(held)
    return held.reference
