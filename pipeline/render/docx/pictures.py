"""Images in a line of their own, with the words that stand for them (ECMA-376 §20.4)."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from docx.parts.story import StoryPart
from lxml import etree

from pipeline.document import Image
from pipeline.render.docx.oxml import NAMESPACES, Element, w

_EMU_IN_TWIP: Final = 635
_TWIPS_IN_PIXEL: Final = 15
"""A pixel is 0.75 pt, as in a stylesheet (CSS Values 4 §6.2)."""

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
_JFIF: Final = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
"""The segment that python-docx knows a JPEG by (ITU-T T.871 §6.1): square pixels, no more."""


def size(image: Image, width: int, height: int) -> tuple[int, int]:
    """Give an image's width and height in twips: its own, or what fits into the room."""
    own = image.width * _TWIPS_IN_PIXEL, image.height * _TWIPS_IN_PIXEL
    scale = min(1, width / own[0], height / own[1])
    return round(own[0] * scale), round(own[1] * scale)


def picture(
    part: StoryPart, image: Image, alt: str, number: int, extent: tuple[int, int]
) -> Element:
    """Make the run that shows an image, ``extent`` twips wide and high."""
    address, _ = part.get_or_add_image(BytesIO(_marked(image)))
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


def _marked(image: Image) -> bytes:
    start, rest = image.data[:2], image.data[2:]
    if image.media_type == "image/jpeg" and rest[4:8] != b"JFIF":
        return start + _JFIF + rest
    return image.data
