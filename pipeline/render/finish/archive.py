"""The archive profile: what ``screen`` makes, as PDF/A-3a (ISO 19005-3), with its sources in it.

Each file is embedded with its type and its size, and with how it relates to the pages
(ISO 19005-3 §6.8; ISO 32000-1 §7.11.4). It is named in the catalog's tree of embedded files,
where readers list it, and in the catalog's ``AF``: it belongs to the document as a whole.
"""

from __future__ import annotations

from typing import Any

from pipeline.document.tree import Document
from pipeline.render.contract import EARLIEST, Attachment, Rendered, RenderOptions
from pipeline.render.engine import pydyf
from pipeline.render.finish.pdf_objects import PDF, add_object
from pipeline.render.finish.screen import write_pdfa


def finish(laid: Any, document: Document, options: RenderOptions) -> Rendered:
    """Write a weasyprint.document.Document with the attachments of its options."""
    day = f"D:{(document.meta.date or EARLIEST).replace('-', '')}"

    def attach(pdf: PDF) -> None:
        files = sorted(options.attachments, key=lambda each: (not each.name.isascii(), each.name))
        references = [_embed_file(pdf, each, day) for each in files]
        names = pydyf.Array()  # sorted by the bytes they are written in (ISO 32000-1 §7.9.6)
        for each, reference in zip(files, references, strict=True):
            names += [pydyf.String(each.name), reference]
        tree = pydyf.Dictionary({"Names": names})
        pdf.catalog.setdefault("Names", pydyf.Dictionary())["EmbeddedFiles"] = add_object(pdf, tree)
        pdf.catalog["AF"] = pydyf.Array(references)

    return write_pdfa(laid, document, options, part=3, arrange=attach)


def _embed_file(pdf: PDF, file: Attachment, day: str) -> Any:
    """Embed a file; return the reference to its specification (ISO 32000-1 §7.11.3)."""
    about = pydyf.Dictionary({"Size": len(file.data), "ModDate": pydyf.String(day)})
    kind = file.media_type.replace("/", "#2F")
    extra = {"Type": "/EmbeddedFile", "Subtype": f"/{kind}", "Params": about}
    stream = add_object(pdf, pydyf.Stream([file.data], pydyf.Dictionary(extra), compress=True))
    specification = {
        "Type": "/Filespec",
        "F": pydyf.String(file.name),
        "UF": pydyf.String(file.name),
        "EF": pydyf.Dictionary({"F": stream, "UF": stream}),
        "Desc": pydyf.String(file.description),
        "AFRelationship": f"/{file.relationship}",
    }
    return add_object(pdf, pydyf.Dictionary(specification))
