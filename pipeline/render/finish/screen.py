"""The screen profile: one file that is both PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1).

WeasyPrint's PDF/A variant brings the sRGB output intent (ISO 19005-2 §6.2.3), annotations
that print (§6.3.2), the trailer's ID (§6.1.3) and the tags (§6.7). Added here:

- a structure that says more (``structure``: ISO 14289-1 §7);
- images in the intent's colours (§6.2.4.3) that readers do not smooth (§6.2.8.1);
- the metadata of both standards (``metadata``).
"""

from __future__ import annotations

from typing import Any

from pipeline.document import Document
from pipeline.render import Look, Rendered
from pipeline.render.finish import PDF, pictures, streams
from pipeline.render.finish.metadata import PDFA_AND_UA, describe
from pipeline.render.finish.structure import mend


def write(laid: Any, document: Document, look: Look) -> Rendered:
    """Write a weasyprint.document.Document for readers and archives."""

    def finish(_: Any, pdf: PDF) -> None:
        mend(laid, pdf)
        for image in streams(pdf, "/Image"):
            image.extra["Interpolate"] = "false"
            if image.extra["ColorSpace"] == "/DeviceCMYK":
                from pipeline.render.finish.inks import Inks

                pictures.convert(image, Inks().on_screen, "/DeviceRGB")
        describe(pdf, document, PDFA_AND_UA, look.profile)

    data = laid.write_pdf(pdf_variant="pdf/a-2a", finisher=finish)
    return Rendered(data, len(laid.pages))
