"""Small briefs to set as PDF, pictures to put in them, and what stands in the file."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pikepdf
from PIL import Image as Picture

from pipeline.document.tree import Document, Heading, Image, Item, Meta, Paragraph, Text


def text(*pieces):
    return tuple(Text(piece) for piece in pieces)


def brief(*nodes, **meta):
    meta = {"title": "A title", "language": "en-GB", **meta}
    return Document(Meta(**meta), (Heading(1, text("A title"), id="title"), *nodes))


def items(*names):
    return tuple(Item((Paragraph(text(name)),)) for name in names)


def open_pdf(rendered, tmp_path, name="brief.pdf"):
    path = tmp_path / name
    path.write_bytes(rendered.data)
    return pikepdf.open(path)


def find_elements(pdf_file, kind=None):
    """The structure elements of a kind, in reading order."""

    def walk(element):
        if isinstance(element, pikepdf.Dictionary) and "/S" in element:
            if kind in (None, str(element.S)):
                yield element
            for kid in list_children(element):
                yield from walk(kid)

    return list(walk(pdf_file.Root.StructTreeRoot.K[0]))


def list_children(element):
    children = element.get("/K", [])
    return list(children) if isinstance(children, pikepdf.Array) else [children]


def list_kinds(found):
    return {str(kid.S) for element in found for kid in list_children(element)}


def list_annotations(pdf_file):
    return [
        (number, annotation)
        for number, page in enumerate(pdf_file.pages, 1)
        for annotation in page.get("/Annots", [])
    ]


def read_drawing(file):
    """Yield the operators of all that is drawn: pages, marks and forms."""
    for page in file.pages:
        yield from pikepdf.parse_content_stream(page)
    for item in file.objects:
        if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Form":
            yield from pikepdf.parse_content_stream(item)


def list_inks(file):
    """Return each setting of a colour, as its operator and its amounts in percent."""
    return {
        (str(step.operator), *(round(100 * float(part)) for part in step.operands))
        for step in read_drawing(file)
        if str(step.operator) in ("k", "K", "rg", "RG", "g", "G", "sc", "SC", "scn", "SCN")
    }


def make_image(mode, format, colour, size=(600, 300)) -> Image:
    data = BytesIO()
    Picture.new(mode, size, colour).save(data, format, quality=95)
    digest = hashlib.sha256(data.getvalue()).hexdigest()
    width, height = size
    return Image(
        data.getvalue(), "image/png" if format == "PNG" else "image/jpeg", width, height, digest
    )
