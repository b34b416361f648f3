"""The screen profile: one file that is both PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1).

- A structure that says more than WeasyPrint's: ``structure`` and ``links`` (ISO 14289-1 §7).
- An sRGB output intent: ``intent`` (ISO 19005-2 §6.2.3).
- Images in the intent's colours, which readers do not smooth (§6.2.4.3 and §6.2.8.1).
- Links that are neither hidden nor left out in print (§6.3.2).
- The metadata of both standards: ``metadata`` (§6.6.2, ISO 14289-1 §5); an ID (§6.1.3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pipeline.document.tree import Document
from pipeline.render.contract import Look, Rendered
from pipeline.render.finish.link_annotations import join
from pipeline.render.finish.metadata import describe, pdfa_and_ua
from pipeline.render.finish.output_intent import SRGB, intend
from pipeline.render.finish.pdf_objects import PDF, streams
from pipeline.render.finish.structure_tree import mend

_PRINTED: Final = 4
"""The flag Print, alone (ISO 32000-1 Table 165)."""


def write(laid: Any, document: Document, look: Look) -> Rendered:
    """Write a weasyprint.document.Document for readers and archives."""
    return put_out(laid, document, look, part=2)


def put_out(
    laid: Any,
    document: Document,
    look: Look,
    *,
    part: int,
    arrange: Callable[[PDF], None] = lambda pdf: None,
) -> Rendered:
    """Write pages as PDF/UA-1 and PDF/A of a part of ISO 19005; ``arrange`` has the last word."""

    def finish(_: Any, pdf: PDF) -> None:
        mend(laid, pdf)
        join(laid, pdf)
        for annotation in pdf.objects:
            if isinstance(annotation, dict) and annotation.get("Type") == "/Annot":
                annotation["F"] = _PRINTED
        for image in streams(pdf, "/Image"):
            image.extra["Interpolate"] = "false"
            if image.extra["ColorSpace"] == "/DeviceCMYK":
                _show(image)
        intend(pdf, SRGB)
        describe(pdf, document, pdfa_and_ua(part), look.profile)
        arrange(pdf)

    data = laid.write_pdf(pdf_version="1.7", pdf_identifier=True, pdf_tags=True, finisher=finish)
    return Rendered(data, len(laid.pages))


def _show(image: Any) -> None:
    """Take an image out of inks. Hardly any is in them, so what that needs is imported here."""
    from pipeline.render.finish.inks import Inks
    from pipeline.render.finish.pdf_images import convert

    convert(image, Inks().on_screen)
