"""What a part of the package refers to: links, images, other parts (OPC §6.5, §9.3).

python-docx looks through all relations for each new one, so that a large file takes the square
of its time: here they are counted, and found again by what they lead to.
"""

from __future__ import annotations

from typing import Final

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.parts.image import ImagePart

from pipeline.document.tree import Image

_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg"}


class Relations:
    """Relates parts of one package to each other, and to places outside."""

    def __init__(self) -> None:
        self._links: dict[tuple[Part, str], str] = {}
        self._images: dict[str, Part] = {}
        self._shown: dict[tuple[Part, str], str] = {}

    def add_link(self, source: Part, address: str) -> str:
        """Relate a part to an address outside, once, and return the relation's id."""
        known = self._links.get((source, address))
        if known is None:
            known = self._links[source, address] = self._add_relation(
                source, RELATIONSHIP_TYPE.HYPERLINK, address
            )
        return known

    def add_image(self, source: Part, image: Image) -> str:
        """Relate a part to an image, which is put into the package once, and return the id."""
        shown = self._shown.get((source, image.sha256))
        if shown is None:
            part = self._images.get(image.sha256)
            if part is None:
                name = f"/word/media/image{len(self._images) + 1}.{_ENDINGS[image.media_type]}"
                part = ImagePart(PackURI(name), image.media_type, image.data)
                self._images[image.sha256] = part
            shown = self.add_part(source, RELATIONSHIP_TYPE.IMAGE, part)
            self._shown[source, image.sha256] = shown
        return shown

    def add_part(self, source: Part, kind: str, target: Part) -> str:
        """Relate a part to another that is new, and return the id."""
        return self._add_relation(source, kind, target)

    def _add_relation(self, source: Part, kind: str, target: Part | str) -> str:
        id = f"rId{len(source.rels) + 1}"
        source.rels.add_relationship(kind, target, id, is_external=isinstance(target, str))
        return id
