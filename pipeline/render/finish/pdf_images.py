"""The images in a PDF: read as they are about to be written, and written in other colours."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, Final

import PIL.Image

from pipeline.diagnostics import Diagnostic, Severity
from pipeline.document.tree import Document
from pipeline.render.engine import boxes, iterate_boxes, pydyf
from pipeline.render.finish.pdf_objects import Stream

LEAST_PPI: Final = 300
"""Pixels an inch that a press can use: twice its screen of 150 lines an inch."""
QUALITY: Final = 95
"""Of a photo that was a JPEG and is one again."""
_SPACES: Final = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}
"""Device colour spaces (ISO 32000-1 §8.6.4) by Pillow's modes."""


def convert_image(image: Stream, recolour: Callable[[PIL.Image.Image], PIL.Image.Image]) -> None:
    """Write an image XObject (ISO 32000-1 §8.9.5) in another colour space, 8 bits a part.

    A photo stays a JPEG, a drawing stays without loss; a mask stays as it is.
    """
    extra = image.extra
    picture = recolour(_open_picture(image))
    for key in ("DecodeParms", "Decode"):
        extra.pop(key, None)
    extra["ColorSpace"] = _SPACES[picture.mode]
    if extra["Filter"] == "/DCTDecode":
        photo = BytesIO()
        picture.save(photo, "JPEG", quality=QUALITY, subsampling=0)
        image.stream = [photo.getvalue()]
        if picture.mode == "CMYK":  # Pillow writes inks as Adobe does: none is 255
            extra["Decode"] = pydyf.Array([1, 0] * 4)
    else:
        image.stream = [zlib.compress(picture.tobytes())]


def _open_picture(image: Stream) -> PIL.Image.Image:
    data = b"".join(part.data for part in image.stream)
    if image.extra["Filter"] == "/DCTDecode":
        return PIL.Image.open(BytesIO(data))
    return PIL.Image.open(BytesIO(_wrap_png(image.extra["Width"], image.extra["Height"], data)))


def _wrap_png(width: int, height: int, data: bytes) -> bytes:
    """Put the frame of a PNG file (ISO 15948 §5) around its data: WeasyPrint has only that."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits each of RGB
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def find_coarse_images(laid: Any, document: Document) -> Iterator[Diagnostic]:
    """Warn of images that have too few pixels for the size at which they are printed."""
    names = {image.sha256: name for name, image in document.images.items()}
    for number, box in iterate_boxes(laid, boxes.ReplacedBox):
        width, height = box.width / 96, box.height / 96  # inches (CSS Values 4 §6.2)
        ppi = min(box.replacement.width / width, box.replacement.height / height)
        if round(ppi) < LEAST_PPI:
            sha256 = box.element.get("src").rpartition("/")[2].partition(".")[0]
            yield Diagnostic(
                "low-resolution",
                f"the image `{names[sha256]}` on page {number} is printed at {ppi:.0f} ppi",
                None,
                f"a press needs {LEAST_PPI}: {LEAST_PPI * width:.0f} × "
                f"{LEAST_PPI * height:.0f} pixels at this size",
                Severity.WARNING,
            )
