"""The print profile: PDF/X-4 (ISO 15930-7), page by page, with bleed and marks.

Clause 6 of the standard, topic by topic, with where ISO 32000-1 has what it speaks of:

- ``output_intent``: the profile of the printing condition travels along (§14.11.5);
- colour: all of it is DeviceCMYK of that intent, see ``inks`` (§8.6.4.4);
- boxes: every page has a trim and a bleed, see ``crop_marks`` (§14.11.2);
- annotations: none lies on a page (§12.5);
- identification, dates and trapping: see ``metadata`` (§14.3 and §14.11.6).

And what printers ask for: the pages are a multiple of four, those that fill up are blank.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from pipeline.document.tree import Document
from pipeline.look.theme import PAPER
from pipeline.render.contract import EARLIEST, Rendered, RenderOptions
from pipeline.render.engine import pydyf
from pipeline.render.finish import pdf_images
from pipeline.render.finish.crop_marks import draw_crop_marks, set_page_boxes
from pipeline.render.finish.inks import InkConverter
from pipeline.render.finish.metadata import PDFX, write_metadata
from pipeline.render.finish.output_intent import COATED, set_output_intent
from pipeline.render.finish.pdf_objects import (
    MM,
    PDF,
    Dictionary,
    add_object,
    get_object,
    iterate_streams,
    list_pages,
    write_pdf,
)
from pipeline.render.finish.structure_tree import mend_structure

SIGNATURE: Final = 4
"""How many pages a sheet has that is folded once."""
_COLOUR: Final = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) (rg|RG)")
"""How an RGB colour is set (ISO 32000-1 §8.6.8), to fill or to stroke."""


def finish(laid: Any, document: Document, options: RenderOptions) -> Rendered:
    """Write a weasyprint.document.Document for the press."""

    def arrange(pdf: PDF) -> None:
        mend_structure(laid, pdf)
        for _ in range(count_missing_pages(pdf.pages["Count"])):
            pdf.add_page(make_blank_page(pdf))
        width, height = measure_trim(options)
        resources = list_pages(pdf)[0]["Resources"]  # all pages share them
        get_object(pdf, resources)["XObject"]["Marks"] = draw_crop_marks(pdf, width, height)
        crop_marks = add_object(pdf, pydyf.Stream([b"/Marks Do"]))
        for page in list_pages(pdf):
            page["Resources"] = resources
            page["Contents"] = pydyf.Array([crop_marks, *filter(None, [page.get("Contents")])])
            set_page_boxes(page, width, height)

    return write_pdfx(laid, document, options, arrange, is_tagged=True)


def write_pdfx(
    laid: Any,
    document: Document,
    options: RenderOptions,
    arrange: Callable[[PDF], None],
    *,
    is_tagged: bool = False,
) -> Rendered:
    """Write pages without links as PDF/X-4; ``arrange`` makes printed sides of them."""
    dated = replace(document, meta=replace(document.meta, date=document.meta.date or EARLIEST))
    for page in laid.pages:
        page.links.clear()
    sides = 0

    def change_pdf(pdf: PDF) -> None:
        nonlocal sides
        arrange(pdf)
        sides = pdf.pages["Count"]
        _separate_inks(pdf)
        set_output_intent(pdf, COATED)
        pdf.info["Trapped"] = "/False"
        pdf.info["GTS_PDFXVersion"] = pydyf.String("PDF/X-4")
        day = pydyf.String(f"D:{dated.meta.date.replace('-', '')}")
        pdf.info |= {"CreationDate": day, "ModDate": day}
        write_metadata(pdf, dated, PDFX, options.profile)

    data = write_pdf(laid, change_pdf, version="1.6", is_tagged=is_tagged)
    return Rendered(data, sides, diagnostics=tuple(pdf_images.find_coarse_images(laid, document)))


def measure_trim(options: RenderOptions) -> tuple[float, float]:
    """Return the width and the height of a cut page, in pt."""
    width, height = PAPER[options.paper]
    return width * MM, height * MM


def count_missing_pages(number: int) -> int:
    """Return how many pages are missing to a multiple of four."""
    return -number % SIGNATURE


def make_blank_page(pdf: PDF) -> Dictionary:
    """Return a page with nothing on it, not yet added."""
    return pydyf.Dictionary({"Type": "/Page", "Parent": pdf.pages.reference})


def _separate_inks(pdf: PDF) -> None:
    """Set every colour in inks: of type, rules and grounds, and of images."""
    inks = InkConverter()
    amounts = functools.cache(inks.convert_colour)

    def in_ink(part: Any) -> Any:
        match = _COLOUR.fullmatch(part) if isinstance(part, bytes) else None
        if not match:
            return part
        *colour, operator = match.groups()
        ink = " ".join(f"{amount:.4g}" for amount in amounts(*map(float, colour)))
        return f"{ink} {'k' if operator == b'rg' else 'K'}"

    for stream in iterate_streams(pdf):
        if stream.extra.get("Subtype") != "/Image":
            stream.stream = list(map(in_ink, stream.stream))
        elif stream.extra["ColorSpace"] == "/DeviceRGB":
            pdf_images.convert_image(stream, inks.convert_to_inks)
