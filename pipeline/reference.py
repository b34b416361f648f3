"""A house's own Word template: what a DOCX may take from it.

Word templates come from strangers. The package is read part by part within bounds; of its parts
only the styles, the theme, the fonts' names, the page and its headers and footers with their
pictures are taken, and nothing in them may run, reach out of the file or show another file.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from lxml import etree

from pipeline import images
from pipeline.diagnostics import Location, Problems, problem
from pipeline.document import Image

MOST_BYTES: Final = 40_000_000
MOST_UNPACKED: Final = 100_000_000
MOST_PART: Final = 20_000_000
"""How many bytes the file may have, all parts of it, and one of them."""
MOST_PARTS: Final = 2_000

FIELDS: Final = frozenset(
    {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "STYLEREF", "TITLE", "SUBJECT", "AUTHOR"}
)
"""The fields that a header or a footer may have: none of them reads anything else."""
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_KNOWN: Final = (
    _W,
    _A,
    "{http://schemas.openxmlformats.org/drawingml/2006/picture}",
    "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}",
    "{http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing}",
)
"""The namespaces of what a header may hold: words, tables, pictures."""
_LEFT_OUT: Final = (
    f"{_W}bookmarkStart", f"{_W}bookmarkEnd", f"{_W}proofErr", f"{_W}dataBinding",
    f"{_A}extLst", f"{_W}commentRangeStart", f"{_W}commentRangeEnd", f"{_W}commentReference",
    f"{_A}hlinkClick",
)  # fmt: skip
"""What is taken off: it means something in the file that it is from only."""
_TAKEN: Final = "words, tables and pictures can be taken"
_REFUSED: Final = tuple(f"{_W}{name}" for name in ("object", "control", "pict", "altChunk"))
_PARSER: Final = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
)
_MAIN: Final = re.compile(
    r"application/vnd\.openxmlformats-officedocument\.wordprocessingml\.(document|template)"
    r"\.main\+xml"
)


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

    Raises Problems: ``unreadable``, ``too-large``, ``bad-word-file``, ``reference-macros``,
    ``reference-external`` or ``reference-unsupported``.
    """
    at = Location(name)
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise problem("unreadable", f"`{name}`: {reason}", at) from None
    if len(data) > MOST_BYTES:
        raise problem("too-large", f"the file is over {MOST_BYTES // 1_000_000} MB", at)
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            return _Package(package, at).reference(hashlib.sha256(data).hexdigest())
    except Problems:
        raise
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError, EOFError, OSError,
            NotImplementedError, RuntimeError) as error:  # fmt: skip
        said = str(error).partition("\n")[0].strip("'\"")
        raise problem(
            "bad-word-file", f"the Word file cannot be read: {said}", at, "save it anew"
        ) from None


@dataclass(frozen=True, slots=True)
class _Link:
    """A relation of a part (OPC §6.5): its type without the address before it."""

    kind: str
    target: str
    is_outside: bool


_Links = Mapping[str, _Link]


class _Package:
    """A package that opens, read within bounds."""

    def __init__(self, package: zipfile.ZipFile, at: Location) -> None:
        self.package = package
        self.at = at
        listed = package.infolist()
        size = sum(part.file_size for part in listed)
        if len(listed) > MOST_PARTS or size > MOST_UNPACKED:
            raise problem(
                "too-large",
                f"it unpacks to {size // 1_000_000} MB in {len(listed)} parts",
                at,
                f"at most {MOST_UNPACKED // 1_000_000} MB in {MOST_PARTS:,} parts are read",
            )
        self.names = {part.filename for part in listed}

    def reference(self, sha256: str) -> Reference:
        main = self._main()
        links = self._links(main)
        document = self._xml(main)
        section = next(reversed(list(document.iter(f"{_W}sectPr"))), None)
        settings = self._linked(links, "settings")
        size, margins = (
            {} if section is None else self._measures(section.find(f"{_W}{tag}"))
            for tag in ("pgSz", "pgMar")
        )
        return Reference(
            name=self.at.file,
            sha256=sha256,
            styles=self._styles(links),
            theme=self._theme(links),
            fonts=self._fonts(links),
            size=size,
            margins=margins if size else {},
            parts=() if section is None else tuple(self._parts(section, links)),
            has_first=section is not None and _is_on(section, "titlePg"),
            has_even=settings is not None and _is_on(settings, "evenAndOddHeaders"),
            mirrored=settings is not None and _is_on(settings, "mirrorMargins"),
        )

    # --- the package ------------------------------------------------------------------------

    def _main(self) -> str:
        """Find the main part of a file that has no macros."""
        types = self._xml("[Content_Types].xml")
        by_part = {t.get("PartName", "").lstrip("/"): t.get("ContentType", "") for t in types}
        links = self._links("").values()
        main = next((link.target for link in links if link.kind == "officeDocument"), "")
        declared = by_part.get(main, "")
        if "macroEnabled" in declared or any(n.endswith("vbaProject.bin") for n in self.names):
            raise problem(
                "reference-macros",
                "the Word template has macros",
                self.at,
                "save it as .dotx, which has none",
            )
        if not _MAIN.fullmatch(declared):
            what = "the file is no Word document or template"
            raise problem("bad-word-file", what, self.at, "save it as .dotx")
        return main

    def _xml(self, name: str) -> Any:
        with self.package.open(name) as file:
            data = file.read(MOST_PART + 1)
        if len(data) > MOST_PART:
            most = MOST_PART // 1_000_000
            raise problem("too-large", f"`{name}` in it is over {most} MB", self.at)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise ValueError(f"`{name}` declares entities")
        return etree.fromstring(data, _PARSER)

    def _links(self, part: str) -> dict[str, _Link]:
        """Give a part's relations by their id, with the names of the parts they lead to."""
        folder, _, file = part.rpartition("/")
        name = posixpath.join(folder, "_rels", f"{file}.rels")
        made: dict[str, _Link] = {}
        for link in self._xml(name) if name in self.names else ():
            target, is_outside = link.get("Target", ""), link.get("TargetMode") == "External"
            if not is_outside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = link.get("Type", "").rpartition("/")[2]
            made[link.get("Id", "")] = _Link(kind, target, is_outside)
        return made

    def _linked(self, links: _Links, kind: str) -> Any | None:
        """Read the part of a kind, if there is one."""
        for link in links.values():
            if link.kind == kind and not link.is_outside:
                return self._xml(link.target)
        return None

    # --- what is taken -----------------------------------------------------------------------

    def _styles(self, links: _Links) -> bytes:
        """Take the styles; their numbering stays behind, as lists have the brief's."""
        root = self._linked(links, "styles")
        if root is None:
            raise problem("bad-word-file", "the Word template has no styles", self.at)
        for numbering in list(root.iter(f"{_W}numPr")):
            numbering.getparent().remove(numbering)
        return etree.tostring(root)

    def _theme(self, links: _Links) -> bytes:
        root = self._linked(links, "theme")
        if root is None:
            return b""
        if any(name.startswith(_R) for element in root.iter() for name in element.attrib):
            self._refuse("its theme shows a picture", "take another theme in Word's Design tab")
        return etree.tostring(root)

    def _fonts(self, links: _Links) -> bytes:
        root = self._linked(links, "fontTable")
        if root is None:
            return b""
        for element in list(root.iter()):
            if str(element.tag).startswith(f"{_W}embed"):
                element.getparent().remove(element)
        return etree.tostring(root)

    def _measures(self, element: Any | None) -> dict[str, str]:
        """Give a measure's attributes, which must be sensible whole numbers of twips."""
        held = {} if element is None else dict(element.attrib)
        made = {str(name).removeprefix(_W): str(value) for name, value in held.items()}
        for name, value in made.items():
            if name != "orient" and not re.fullmatch(r"-?\d{1,5}", value):
                raise ValueError(f"the page's {name} is `{value}`")
        return made

    def _parts(self, section: Any, links: _Links) -> Iterator[PagePart]:
        for reference in section:
            kind = str(reference.tag).removeprefix(_W).removesuffix("Reference")
            if kind in ("header", "footer"):
                part = links[reference.get(f"{_R}id", "")].target
                yield self._part(kind, reference.get(f"{_W}type", "default"), part)

    def _part(self, kind: str, pages: str, name: str) -> PagePart:
        links, root = self._links(name), self._xml(name)
        for element in list(root.iter(*_LEFT_OUT)):
            element.getparent().remove(element)
        pictures: dict[str, Image] = {}
        for element in root.iter():
            if not str(element.tag).startswith(_KNOWN) or element.tag in _REFUSED:
                local = etree.QName(element).localname
                self._refuse(f"its {kind} holds a `{local}`", _TAKEN)
            for attribute in element.attrib:
                if str(attribute).startswith(_R):
                    id = element.get(attribute)
                    pictures[id] = self._picture(kind, name, links.get(id))
        self._check_fields(kind, root)
        return PagePart(kind=kind, pages=pages, xml=etree.tostring(root), images=pictures)

    def _picture(self, kind: str, part: str, link: _Link | None) -> Image:
        if link is None:
            raise KeyError(f"`{part}` refers to nothing")
        if link.is_outside:
            raise problem(
                "reference-external",
                f"the {kind} of the Word template leads to `{link.target}`, outside of the file",
                self.at,
                "embed the picture, take the link off",
            )
        if link.kind != "image":
            self._refuse(f"its {kind} holds another file", _TAKEN)
        with self.package.open(link.target) as file:
            data = file.read(MOST_PART + 1)
        if len(data) > MOST_PART:
            raise problem("too-large", f"`{link.target}` in it is too large", self.at)
        return images.check(data, link.target, self.at)

    def _check_fields(self, kind: str, root: Any) -> None:
        """Refuse fields but the plain ones; an instruction may be in several runs."""
        written = [each.get(f"{_W}instr", "") for each in root.iter(f"{_W}fldSimple")]
        written.append("PAGE")  # what stands outside of a field is none
        for element in root.iter(f"{_W}fldChar", f"{_W}instrText"):
            if element.tag == f"{_W}instrText":
                written[-1] += element.text or ""
            elif element.get(f"{_W}fldCharType") == "begin":
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
    found = parent.find(f"{_W}{tag}")
    return found is not None and found.get(f"{_W}val", "1") not in ("0", "false", "off")
