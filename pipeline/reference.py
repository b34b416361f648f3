"""A house's own Word template: what a DOCX may take from it.

Word templates come from strangers. Of a package's parts only the styles, the theme, the fonts'
names, the page and its headers and footers with their pictures are taken, and nothing in them may
run, reach out of the file or show another file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lxml import etree

from pipeline import images
from pipeline.diagnostics import Location, problem
from pipeline.document import Image
from pipeline.package import OFFICE, Package, Relation, W

FIELDS: Final = frozenset(
    {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "STYLEREF", "TITLE", "SUBJECT", "AUTHOR"}
)
"""The fields that a header or a footer may have: none of them reads anything else."""
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_KNOWN: Final = (
    W,
    _A,
    "{http://schemas.openxmlformats.org/drawingml/2006/picture}",
    "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}",
    "{http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing}",
)
"""The namespaces of what a header may hold: words, tables, pictures."""
_LEFT_OUT: Final = (
    f"{W}bookmarkStart", f"{W}bookmarkEnd", f"{W}proofErr", f"{W}dataBinding",
    f"{_A}extLst", f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}commentReference",
    f"{_A}hlinkClick",
)  # fmt: skip
"""What is taken off: it means something in the file that it is from only."""
_TAKEN: Final = "words, tables and pictures can be taken"
_REFUSED: Final = tuple(f"{W}{name}" for name in ("object", "control", "pict", "altChunk"))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
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


def read(path: Path, name: str) -> Reference:
    """Read a DOCX or DOTX as a template; ``name`` is its path for diagnostics.

    Raises Problems: those of Package, ``reference-macros``, ``reference-external`` or
    ``reference-unsupported``.
    """
    package = Package(path, name)
    if package.has_macros:
        raise problem(
            "reference-macros",
            "the Word template has macros",
            Location(name),
            "save it as .dotx, which has none",
        )
    return _Taking(package).reference()


class _Taking:
    """Takes what may be taken of a package."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.at = Location(package.name)

    def reference(self) -> Reference:
        section = next(reversed(list(self.package.document().iter(f"{W}sectPr"))), None)
        settings = self.package.beside("settings")
        size, margins = (
            {} if section is None else self._measures(section.find(f"{W}{tag}"))
            for tag in ("pgSz", "pgMar")
        )
        return Reference(
            name=self.package.name,
            sha256=self.package.sha256,
            styles=self._styles(),
            theme=self._theme(),
            fonts=self._fonts(),
            size=size,
            margins=margins if size else {},
            parts=() if section is None else tuple(self._parts(section)),
            has_first=section is not None and _is_on(section, "titlePg"),
            has_even=settings is not None and _is_on(settings, "evenAndOddHeaders"),
            mirrored=settings is not None and _is_on(settings, "mirrorMargins"),
        )

    def _styles(self) -> bytes:
        """Take the styles; their numbering stays behind, as lists have the brief's."""
        root = self.package.beside("styles")
        if root is None:
            raise self.package.bad("it has no styles")
        for numbering in list(root.iter(f"{W}numPr")):
            numbering.getparent().remove(numbering)
        return etree.tostring(root)

    def _theme(self) -> bytes:
        root = self.package.beside("theme")
        if root is None:
            return b""
        if any(name.startswith(OFFICE) for element in root.iter() for name in element.attrib):
            self._refuse("its theme shows a picture", "take another theme in Word's Design tab")
        return etree.tostring(root)

    def _fonts(self) -> bytes:
        root = self.package.beside("fontTable")
        if root is None:
            return b""
        for element in list(root.iter()):
            if str(element.tag).startswith(f"{W}embed"):
                element.getparent().remove(element)
        return etree.tostring(root)

    def _measures(self, element: Any | None) -> dict[str, str]:
        """Give a measure's attributes, which must be sensible whole numbers of twips."""
        held = {} if element is None else dict(element.attrib)
        made = {str(name).removeprefix(W): str(value) for name, value in held.items()}
        for name, value in made.items():
            if name != "orient" and not re.fullmatch(r"-?\d{1,5}", value):
                raise self.package.bad(f"the page's {name} is `{value}`")
        return made

    def _parts(self, section: Any) -> Iterator[PagePart]:
        links = self.package.relations(self.package.main)
        for reference in section:
            kind = str(reference.tag).removeprefix(W).removesuffix("Reference")
            if kind in ("header", "footer"):
                link = self._link(links, reference.get(f"{OFFICE}id", ""))
                yield self._part(kind, reference.get(f"{W}type", "default"), link)

    def _link(self, links: Mapping[str, Relation], id: str) -> Relation:
        if id not in links:
            raise self.package.bad(f"it refers to `{id}`, which is nothing")
        return links[id]

    def _part(self, kind: str, pages: str, link: Relation) -> PagePart:
        links, root = self.package.relations(link.target), self.package.follow(link)
        for element in list(root.iter(*_LEFT_OUT)):
            element.getparent().remove(element)
        pictures: dict[str, Image] = {}
        for element in root.iter():
            if not str(element.tag).startswith(_KNOWN) or element.tag in _REFUSED:
                local = etree.QName(element).localname
                self._refuse(f"its {kind} holds a `{local}`", _TAKEN)
            for attribute in element.attrib:
                if str(attribute).startswith(OFFICE):
                    id = element.get(attribute)
                    pictures[id] = self._picture(kind, self._link(links, id))
        self._check_fields(kind, root)
        return PagePart(kind=kind, pages=pages, xml=etree.tostring(root), images=pictures)

    def _picture(self, kind: str, link: Relation) -> Image:
        if link.is_outside:
            raise problem(
                "reference-external",
                f"the {kind} of the Word template leads to `{link.target}`, outside of the file",
                self.at,
                "embed the picture, take the link off",
            )
        if link.kind != "image":
            self._refuse(f"its {kind} holds another file", _TAKEN)
        data = self.package.data(link.target, images.MOST_BYTES)
        if data is None:
            raise self.package.bad(f"it leads to `{link.target}`, which it does not hold")
        return images.check(data, link.target, self.at)

    def _check_fields(self, kind: str, root: Any) -> None:
        """Refuse fields but the plain ones; an instruction may be in several runs."""
        written = [each.get(f"{W}instr", "") for each in root.iter(f"{W}fldSimple")]
        written.append("PAGE")  # what stands outside of a field is none
        for element in root.iter(f"{W}fldChar", f"{W}instrText"):
            if element.tag == f"{W}instrText":
                written[-1] += element.text or ""
            elif element.get(f"{W}fldCharType") == "begin":
                written.append("")
        for instruction in written:
            name = (instruction.split() or ["nothing"])[0].upper()
            if name not in FIELDS:
                known = ", ".join(sorted(FIELDS))
                self._refuse(f"its {kind} has the field `{name}`", f"known are {known}")

    def _refuse(self, what: str, hint: str) -> None:
        raise problem(
            "reference-unsupported", f"the Word template cannot be taken: {what}", self.at, hint
        )


def _is_on(parent: Any, tag: str) -> bool:
    found = parent.find(f"{W}{tag}")
    return found is not None and found.get(f"{W}val", "1") not in ("0", "false", "off")
