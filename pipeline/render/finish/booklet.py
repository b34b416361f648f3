"""The booklet profile: the pages of the print profile, imposed for saddle stitch.

Two pages stand side by side on each side of a sheet twice their width (A5 on A4, A4 on A3,
Letter on Tabloid). The sheets are printed on both sides, turned over their short edge, laid
into each other, folded and stapled. Both sides are upright, and each page is a form XObject
(ISO 32000-1 §8.10) that ends at the fold. The file is PDF/X-4, as those of ``press``; an
imposed page has no place in a structure, so there are no tags, bookmarks and targets.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.document.tree import Document
from pipeline.render.contract import BLEED, Rendered, RenderOptions
from pipeline.render.engine import pydyf
from pipeline.render.finish.crop_marks import draw_crop_marks, set_page_boxes
from pipeline.render.finish.pdf_objects import (
    MM,
    PDF,
    add_object,
    get_object,
    list_pages,
    make_form_entries,
)
from pipeline.render.finish.press import (
    SIGNATURE,
    count_missing_pages,
    make_blank_page,
    measure_trim,
    write_pdfx,
)


def finish(laid: Any, document: Document, options: RenderOptions) -> Rendered:
    """Write the pages of a weasyprint.document.Document on sheets."""
    for page in laid.pages:
        page.bookmarks.clear()
        page.anchors.clear()
    return write_pdfx(laid, document, options, lambda pdf: _impose_pages(pdf, options))


def compute_imposition(count: int) -> Iterator[tuple[int, int]]:
    """Return the pages, from 1, on the left and the right of each side, the outermost sheet first.

    ``count`` is a multiple of four. Each sheet has its front, then its back.
    """
    for sheet in range(count // SIGNATURE):
        first, last = 2 * sheet + 1, count - 2 * sheet
        yield last, first
        yield first + 1, last - 1


def compute_creep(side: int, sides: int, total: float) -> float:
    """Return how far the pages of a side move to the fold.

    Paper has a thickness: inner sheets stand out and lose more when the booklet is cut. The
    outermost does not move, the innermost by ``total``, those between in equal steps.
    """
    sheet, innermost = side // 2, sides // 2 - 1
    return total * sheet / innermost if innermost else 0.0


def _impose_pages(pdf: PDF, options: RenderOptions) -> None:
    """Put the pages of a PDF on sheets, in place of themselves."""
    width, height = measure_trim(options)
    pages = list_pages(pdf)
    sides = list(compute_imposition(len(pages) + count_missing_pages(len(pages))))
    pdf.pages["Kids"].clear()
    pdf.pages["Count"] = 0
    crop_marks = draw_crop_marks(pdf, 2 * width, height, fold=True)
    for number, (left, right) in enumerate(sides):
        inwards = compute_creep(number, len(sides), options.creep * MM)
        shown = pydyf.Dictionary({"Marks": crop_marks})
        drawn = ["/Marks Do"]
        for page, x, cut in (
            (left, inwards, (-BLEED * MM, width - inwards)),
            (right, width - inwards, (inwards, width + BLEED * MM)),
        ):
            if page <= len(pages):
                shown[f"Page{page}"] = _make_page_form(pdf, pages[page - 1], cut, height)
                drawn.append(f"q 1 0 0 1 {x:.3f} 0 cm /Page{page} Do Q")
        sheet = make_blank_page(pdf)
        sheet["Resources"] = pydyf.Dictionary({"XObject": shown})
        sheet["Contents"] = add_object(pdf, pydyf.Stream(["\n".join(drawn)], compress=True))
        set_page_boxes(sheet, 2 * width, height)
        pdf.add_page(sheet)
    for printed in pages:
        printed.clear()  # the object stays, with nothing in it and nothing that leads to it
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary(
        {"DisplayDocTitle": "true", "PrintScaling": "/None", "Duplex": "/DuplexFlipShortEdge"}
    )


def _make_page_form(pdf: PDF, page: Any, cut: tuple[float, float], height: float) -> bytes:
    """Return a form of a page's content; ``cut`` says from where to where it is seen, in pt."""
    form = get_object(pdf, page["Contents"])
    left, right = cut
    box = (left, -BLEED * MM, right, height + BLEED * MM)
    form.extra |= make_form_entries(box, page["Resources"])
    reference: bytes = form.reference
    return reference
