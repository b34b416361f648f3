"""The screen profile: one file that is both PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1).

- A structure that says more than WeasyPrint's: ``structure_tree``, ``link_annotations``
  (ISO 14289-1 §7).
- An sRGB output intent: ``output_intent`` (ISO 19005-2 §6.2.3).
- Images in the intent's colours, which readers do not smooth (§6.2.4.3 and §6.2.8.1).
- Links that are neither hidden nor left out in print (§6.3.2).
- The metadata of both standards: ``metadata`` (§6.6.2, ISO 14289-1 §5); an ID (§6.1.3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pipeline.document.tree import Document
from pipeline.render.contract import Rendered, RenderOptions
from pipeline.render.finish.link_annotations import join_links
from pipeline.render.finish.metadata import claim_pdfa_and_ua, write_metadata
from pipeline.render.finish.output_intent import SRGB, set_output_intent
from pipeline.render.finish.pdf_objects import PDF, iterate_streams, write_pdf
from pipeline.render.finish.structure_tree import mend_structure

_PRINTED: Final = 4
"""The flag Print, alone (ISO 32000-1 Table 165)."""


def finish(laid: Any, document: Document, options: RenderOptions) -> Rendered:
    """Write a weasyprint.document.Document for readers and archives."""
    return write_pdfa(laid, document, options, part=2)


def write_pdfa(
    laid: Any,
    document: Document,
    options: RenderOptions,
    *,
    part: int,
    arrange: Callable[[PDF], None] = lambda pdf: None,
) -> Rendered:
    """Write pages as PDF/UA-1 and PDF/A of a part of ISO 19005; ``arrange`` has the last word."""

    def change_pdf(pdf: PDF) -> None:
        mend_structure(laid, pdf)
        join_links(laid, pdf)
        for annotation in pdf.objects:
            if isinstance(annotation, dict) and annotation.get("Type") == "/Annot":
                annotation["F"] = _PRINTED
        for image in iterate_streams(pdf, "/Image"):
            image.extra["Interpolate"] = "false"
            if image.extra["ColorSpace"] == "/DeviceCMYK":
                _convert_to_screen(image)
        set_output_intent(pdf, SRGB)
        write_metadata(pdf, document, claim_pdfa_and_ua(part), options.profile)
        arrange(pdf)

    data = write_pdf(laid, change_pdf, version="1.7", is_tagged=True)
    return Rendered(data, len(laid.pages))


def _convert_to_screen(image: Any) -> None:
    """Take an image out of inks. Hardly any is in them, so what that needs is imported here."""
    from pipeline.render.finish.inks import InkConverter
    from pipeline.render.finish.pdf_images import convert_image

    convert_image(image, InkConverter().convert_to_srgb)
