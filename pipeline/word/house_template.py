"""A house's own Word template: what a DOCX may take from it.

Word templates come from strangers. Of a package's parts only the styles, the theme, the fonts'
names, the page and its headers and footers with their pictures (`letterhead`) are taken, and
nothing in them may run, reach out of the file or show another file.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lxml import etree

from pipeline.diagnostics import Location, Problems, make_problem
from pipeline.document import images
from pipeline.document.tree import Image
from pipeline.system.limits import DEFAULT_LIMITS, Limits, SourceLimits
from pipeline.word import letterhead
from pipeline.word.ooxml import OFFICE, W
from pipeline.word.opc import Package, Relation, open_package

_ROOTS: Final = {"header": "hdr", "footer": "ftr"}
_SIZE: Final = frozenset({"w", "h"})
_MARGINS: Final = frozenset({"top", "bottom", "left", "right"})
_MEASURES: Final = (
    "w", "h", "code", "top", "right", "bottom", "left", "header", "footer", "gutter",
)  # fmt: skip
"""What a page says of itself in twips, and its code for printers (ECMA-376 §17.6.11, §17.6.13)."""
_LEAST: Final = 2835
"""How wide and high the area for words must be, in twips: 50 mm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePart:
    """A header or a footer."""

    kind: str
    """``header`` or ``footer``."""
    pages: str
    """``default``, ``first`` or ``even``."""
    xml: bytes = field(repr=False)
    images: Mapping[str, Image]
    """Its pictures, by the id of their relation."""
    left_out: tuple[str, ...] = ()
    """What of it cannot be taken, as people call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseTemplate:
    """What a DOCX takes from a house's Word template. Measures are in twips."""

    name: str
    """Its path, for diagnostics."""
    sha256: str
    styles: bytes = field(repr=False)
    theme: bytes = field(repr=False)
    fonts: bytes = field(repr=False)
    size: Mapping[str, str]
    """The attributes of the page's size (ECMA-376 §17.6.13)."""
    margins: Mapping[str, str]
    """Those of its margins (§17.6.11)."""
    parts: tuple[PagePart, ...]
    has_first: bool
    """Whether the first page has a head and foot of its own."""
    has_even: bool
    """Whether left-hand pages have."""
    mirrored: bool


def read_house_template(path: Path, name: str, limits: Limits = DEFAULT_LIMITS) -> HouseTemplate:
    """Read a DOCX or DOTX as a template; ``name`` is its path for diagnostics.

    Raises Problems: those of open_package, or ``reference-macros``.
    """
    package = open_package(path, name, limits.packages)
    if package.has_macros:
        raise make_problem(
            "reference-macros",
            "the Word template has macros",
            Location(name),
            "save it as .dotx, which has none",
        )
    return _HouseTemplateReader(package, limits.sources).read_template()


class _HouseTemplateReader:
    """Takes what may be taken of a package."""

    def __init__(self, package: Package, limits: SourceLimits) -> None:
        self.package = package
        self.limits = limits
        self.at = Location(package.name)

    def read_template(self) -> HouseTemplate:
        section = next(reversed(list(self.package.parse_document().iter(f"{W}sectPr"))), None)
        settings = self.package.parse_related("settings")
        size, margins = ({}, {}) if section is None else self._read_page(section)
        return HouseTemplate(
            name=self.package.name,
            sha256=self.package.sha256,
            styles=self._read_styles(),
            theme=self._read_theme(),
            fonts=self._read_fonts(),
            size=size,
            margins=margins,
            parts=() if section is None else tuple(self._read_parts(section)),
            has_first=section is not None and _is_property_on(section, "titlePg"),
            has_even=settings is not None and _is_property_on(settings, "evenAndOddHeaders"),
            mirrored=settings is not None and _is_property_on(settings, "mirrorMargins"),
        )

    def _read_styles(self) -> bytes:
        """Take the styles; their numbering stays behind, as lists have the brief's."""
        root = self.package.parse_related("styles")
        if root is None:
            raise self.package.report_bad_file("it has no styles")
        for numbering in list(root.iter(f"{W}numPr")):
            numbering.getparent().remove(numbering)
        return etree.tostring(root)

    def _read_theme(self) -> bytes:
        root = self.package.parse_related("theme")
        if root is None:
            return b""
        for element in root.iter():  # the pictures of shapes' grounds: a brief has no shapes
            for name in [name for name in element.attrib if str(name).startswith(OFFICE)]:
                del element.attrib[name]
        return etree.tostring(root)

    def _read_fonts(self) -> bytes:
        root = self.package.parse_related("fontTable")
        if root is None:
            return b""
        for element in list(root.iter()):
            if str(element.tag).startswith(f"{W}embed"):
                element.getparent().remove(element)
            # Names of character sets that LibreOffice writes, and Open XML does not list.
            element.attrib.pop(f"{W}characterSet", None)
        return etree.tostring(root)

    def _read_page(self, section: Any) -> tuple[dict[str, str], dict[str, str]]:
        """Return the page's size and margins; neither if it does not say both."""
        size, margins = (
            self._read_measures(section.find(f"{W}{tag}")) for tag in ("pgSz", "pgMar")
        )
        if not (size.keys() >= _SIZE and margins.keys() >= _MARGINS):
            return {}, {}
        twips = {
            name: int(value) for name, value in {**size, **margins}.items() if name != "orient"
        }
        across = twips["w"] - twips["left"] - twips["right"] - twips.get("gutter", 0)
        down = twips["h"] - abs(twips["top"]) - abs(twips["bottom"])
        if min(across, down) < _LEAST:
            raise self.package.report_bad_file(
                "its page leaves no room for words between the margins"
            )
        return size, margins

    def _read_measures(self, element: Any | None) -> dict[str, str]:
        """Return a measure's attributes, in whole twips: Google Docs writes fractions of them."""
        measures: dict[str, str] = {}
        if element is None:
            return measures
        for name in _MEASURES:
            value = element.get(f"{W}{name}", "")
            sign = "-?" if name in ("top", "bottom") else ""
            if value and not re.fullmatch(rf"{sign}\d{{1,5}}(\.\d*)?", value):
                raise self.package.report_bad_file(f"the page's {name} is `{value}`")
            if value:
                measures[name] = str(round(float(value)))
        if (orientation := element.get(f"{W}orient")) in ("portrait", "landscape"):
            measures["orient"] = orientation
        return measures

    def _read_parts(self, section: Any) -> Iterator[PagePart]:
        links = self.package.read_relations(self.package.main)
        for reference in section:
            kind = str(reference.tag).removeprefix(W).removesuffix("Reference")
            if kind in ("header", "footer"):
                link = self._find_relation(links, reference.get(f"{OFFICE}id", ""))
                yield self._read_part(kind, reference.get(f"{W}type", "default"), link)

    def _find_relation(self, links: Mapping[str, Relation], id: str) -> Relation:
        if id not in links:
            raise self.package.report_bad_file(f"it refers to `{id}`, which is nothing")
        return links[id]

    def _read_part(self, kind: str, pages: str, link: Relation) -> PagePart:
        links, root = self.package.read_relations(link.target), self.package.follow_relation(link)
        if root.tag != W + _ROOTS[kind]:
            raise self.package.report_bad_file(f"`{link.target}` is no {kind}")

        def picture(id: str) -> Image | str:
            return self._read_picture(self._find_relation(links, id))

        shown, left_out = letterhead.strip_unsafe_content(root, picture)
        return PagePart(
            kind=kind, pages=pages, xml=etree.tostring(root), images=shown, left_out=left_out
        )

    def _read_picture(self, link: Relation) -> Image | str:
        """Return a picture, or a description of what cannot be taken."""
        if link.is_outside:
            return "a picture that is not embedded"
        if link.kind != "image":
            return "another file"
        data = self.package.read_data(link.target, self.limits.image_bytes)
        if data is None:
            raise self.package.report_bad_file(
                f"it leads to `{link.target}`, which it does not hold"
            )
        try:
            return images.decode_image(data, link.target, self.at, self.limits)
        except Problems:
            return f"a picture that is no PNG or JPEG (`{posixpath.basename(link.target)}`)"


def _is_property_on(parent: Any, tag: str) -> bool:
    found = parent.find(f"{W}{tag}")
    return found is not None and found.get(f"{W}val", "1") not in ("0", "false", "off")
