"""Images in a line of their own, with the words that stand for them (ECMA-376 §20.4)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from lxml import etree

from pipeline.document.tree import Figure, Image
from pipeline.render.docx.anchors import AnchorPicture
from pipeline.render.docx.captions import CaptionWriter
from pipeline.render.docx.docx_parts import DocxParts
from pipeline.render.docx.paragraphs import Flow, ParagraphForm, ParagraphWriter
from pipeline.word.ooxml import NAMESPACES, XmlElement, w

_EMU_IN_TWIP: Final = 635
_TWIPS_IN_PIXEL: Final = 15
"""A pixel is 0.75 pt, as in a stylesheet (CSS Values 4 §6.2)."""
_NARROWEST: Final = 720
_TALLEST: Final = 0.8
"""The share of a page's height that a figure may take."""
_LOGO: Final = (2551, 680)
"""How wide and high a logo may be: 45 and 12 mm, as in _shared/base.css."""

_INLINE: Final = f"""\
<wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
  xmlns:a="{NAMESPACES["a"]}" xmlns:r="{NAMESPACES["r"]}"
  xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"
  distT="0" distB="0" distL="0" distR="0">
  <wp:extent/>
  <wp:docPr/>
  <wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>
  <a:graphic>
    <a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">
      <pic:pic>
        <pic:nvPicPr><pic:cNvPr/><pic:cNvPicPr/></pic:nvPicPr>
        <pic:blipFill><a:blip/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
        <pic:spPr>
          <a:xfrm><a:off x="0" y="0"/><a:ext/></a:xfrm>
          <a:prstGeom prst="rect"><a:avLst/></a:prstGeom>
        </pic:spPr>
      </pic:pic>
    </a:graphicData>
  </a:graphic>
</wp:inline>"""
_PARSER: Final = etree.XMLParser(remove_blank_text=True)


@dataclass(frozen=True, slots=True)
class FigureWriter:
    """Writes the figures of a Document, with their captions."""

    parts: DocxParts
    paragraphs: ParagraphWriter
    captions: CaptionWriter
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def write_figure(self, node: Figure, flow: Flow) -> Iterator[XmlElement]:
        """Return the paragraphs of a figure."""
        page, image = self.parts.styles.page, self.parts.document.images[node.image]
        if node.role == "logo" and self._has_letterhead():
            return
        room = flow.right - flow.left, round((page.height - page.top - page.bottom) * _TALLEST)
        style, room = ("Logo", _LOGO) if node.role == "logo" else ("Figure", room)
        extent = fit_image(image, *room)
        address = self.parts.relations.add_image(flow.part, image)
        shown = make_picture_run(address, node.alt, next(self.numbers), extent)
        picture = AnchorPicture(node.image, node.alt, hashlib.sha256(image.data).hexdigest())
        form = ParagraphForm(style, flow, picture=picture)
        yield self.paragraphs.write_run_paragraph(form, [shown])
        if node.caption:
            yield self.captions.write_caption("Caption", node.caption, flow)

    def _has_letterhead(self) -> bool:
        """Whether the Word template shows a picture at the head: the logo, most likely."""
        template = self.parts.options.house_template
        return template is not None and any(
            part.kind == "header" and part.images for part in template.parts
        )


def fit_image(image: Image, width: int, height: int) -> tuple[int, int]:
    """Return an image's width and height in twips: its own, or what fits into the space.

    Where lists are so deep that there is hardly any, it is ``_NARROWEST``.
    """
    own = image.width * _TWIPS_IN_PIXEL, image.height * _TWIPS_IN_PIXEL
    scale = min(1, max(width, _NARROWEST) / own[0], height / own[1])
    return max(1, round(own[0] * scale)), max(1, round(own[1] * scale))


def make_picture_run(address: str, alt: str, number: int, extent: tuple[int, int]) -> XmlElement:
    """Return the run that shows the image at a relation, ``extent`` twips wide and high."""
    inline = etree.fromstring(_INLINE, _PARSER)
    width, height = (str(side * _EMU_IN_TWIP) for side in extent)
    for element in inline.iter("{*}extent", "{*}ext"):
        element.set("cx", width)
        element.set("cy", height)
    for element in inline.iter("{*}docPr", "{*}cNvPr"):
        element.set("id", str(number))
        element.set("name", f"Figure {number}")
        element.set("descr", alt)
    for element in inline.iter("{*}blip"):
        element.set(f"{{{NAMESPACES['r']}}}embed", address)
    return w("r", w("drawing", inline))
