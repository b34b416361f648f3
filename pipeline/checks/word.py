"""Preflight of a DOCX of any origin (ECMA-376): what an editor or a reader would trip over."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from lxml import etree

from pipeline.checks import found
from pipeline.checks.bounded import Boundless
from pipeline.diagnostics import Diagnostic, Location

MOST_UNPACKED: Final = 1_000_000_000
MOST_XML: Final = 100_000_000
"""How many bytes a package may unpack to: all of it, and its text."""
MOST_PARTS: Final = 20_000
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWN: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_TITLE: Final = "{http://purl.org/dc/elements/1.1/}title"
_DECORATIVE: Final = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
_USES: Final = {"pStyle": "paragraph", "rStyle": "character", "tblStyle": "table"}
_CHANGES: Final = ("ins", "del", "moveFrom", "moveTo")


def check(path: Path, name: str, families: frozenset[str]) -> Iterator[Diagnostic]:
    """Check a DOCX; ``families`` are the names of the fonts that are known.

    Raises Boundless for one that unpacks without end.
    """
    at = Location(name)
    with path.open("rb") as file:
        head = file.read(4)
    if head == b"\xd0\xcf\x11\xe0":  # a compound file (MS-CFB §2.2)
        yield found(
            "encrypted-file",
            "the file asks for a password, or is no DOCX but a DOC",
            at,
            "save it as a DOCX without a password",
        )
        return
    try:
        with zipfile.ZipFile(path) as package:
            document = _Document(package, at, families)
        yield from document.faults()
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError, EOFError, OSError,
            NotImplementedError, RuntimeError, zlib.error) as error:  # fmt: skip
        said = str(error).partition("\n")[0].strip("'\"")
        yield found("damaged-file", f"the DOCX cannot be read: {said}", at, "save it anew")


class _Document:
    """One DOCX that opens."""

    def __init__(self, package: zipfile.ZipFile, at: Location, families: frozenset[str]) -> None:
        self.at = at
        self.families = families
        parts = package.infolist()
        size = sum(part.file_size for part in parts)
        xml = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
        if size > MOST_UNPACKED or xml > MOST_XML or len(parts) > MOST_PARTS:
            raise Boundless(f"it unpacks to {size // 1_000_000} MB in {len(parts)} parts")
        if damaged := package.testzip():
            raise zipfile.BadZipFile(f"{damaged} is damaged")
        names = set(package.namelist())
        self.main = etree.fromstring(package.read("word/document.xml"), _PARSER)
        self.styles = self.part(package, names, "word/styles.xml")
        self.properties = self.part(package, names, "docProps/core.xml")
        self.comments = self.part(package, names, "word/comments.xml")
        self.others = [
            self.part(package, names, name)
            for name in sorted(names)
            if re.fullmatch(r"word/(?:header\d*|footer\d*|footnotes|endnotes)\.xml", name)
        ]

    def part(self, package: zipfile.ZipFile, names: set[str], name: str) -> Any:
        return (
            etree.fromstring(package.read(name), _PARSER) if name in names else etree.Element("no")
        )

    def found(self, code: str, message: str, hint: str | None = None) -> Diagnostic:
        return found(code, message, self.at, hint)

    def faults(self) -> Iterator[Diagnostic]:
        """Look for everything."""
        for step in (self.says, self.headings, self.pictures, self.tables, self.defined,
                     self.fonts, self.rests):  # fmt: skip
            yield from step()

    def says(self) -> Iterator[Diagnostic]:
        """Title (ECMA-376-2 §11.1) and language of the text (ECMA-376-1 §17.3.2.20)."""
        if not (self.properties.findtext(_TITLE) or "").strip():
            yield self.found("no-title", "the DOCX has no title", "File, Info, Properties: Title")
        if not any(lang.get(f"{_W}val") for lang in self.styles.iter(f"{_W}lang")):
            yield self.found("no-language", "the DOCX has no language", "Review, Language")

    def headings(self) -> Iterator[Diagnostic]:
        """Headings, by their styles' outline level (ECMA-376-1 §17.3.1.20)."""
        levels = self.levels()
        level = 0
        for paragraph in self.main.iter(f"{_W}p"):
            style = paragraph.find(f"{_W}pPr/{_W}pStyle")
            own = levels.get(style.get(f"{_W}val", "")) if style is not None else None
            text = "".join(part.text or "" for part in paragraph.iter(f"{_W}t"))
            if own is None or not text.strip():
                continue
            before, level = level, own
            if level > before + 1:
                after = f"follows one of level {before}" if before else "is the first"
                yield self.found(
                    "heading-order", f"the heading “{text[:40]}” of level {level} {after}"
                )

    def levels(self) -> Mapping[str, int]:
        """Give the outline level, from 1, of each style that has one or is based on one."""
        own: dict[str, int] = {}
        based: dict[str, str] = {}
        for style in self.styles.iter(f"{_W}style"):
            name = style.get(f"{_W}styleId", "")
            outline = style.find(f"{_W}pPr/{_W}outlineLvl")
            base = style.find(f"{_W}basedOn")
            if outline is not None and outline.get(f"{_W}val", "9") < "9":
                own[name] = int(outline.get(f"{_W}val")) + 1
            elif outline is None and base is not None:
                based[name] = base.get(f"{_W}val", "")
        found = dict(own)
        for style in based:
            name, steps = style, 0
            while name in based and steps < len(based):
                name, steps = based[name], steps + 1
            if name in own:
                found[style] = own[name]
        return found

    def pictures(self) -> Iterator[Diagnostic]:
        """Alternative text (ECMA-376-1 §20.4.2.5)."""
        for number, picture in enumerate(self.main.iter(_DRAWN), 1):
            decorative = any(mark.get("val") == "1" for mark in picture.iter(_DECORATIVE))
            if not (picture.get("descr", "").strip() or decorative):
                yield self.found(
                    "no-alt",
                    f"picture {number}, {picture.get('name', 'without a name')}, "
                    "has no alternative text",
                    "right click: View Alt Text",
                )

    def tables(self) -> Iterator[Diagnostic]:
        """Header rows (ECMA-376-1 §17.4.78); a table of one row is for layout."""
        for number, table in enumerate(self.main.iter(f"{_W}tbl"), 1):
            rows = table.findall(f"{_W}tr")
            if len(rows) > 1 and rows[0].find(f"{_W}trPr/{_W}tblHeader") is None:
                yield self.found(
                    "no-header-row",
                    f"table {number} has no header row",
                    "Layout, Repeat Header Rows",
                )

    def defined(self) -> Iterator[Diagnostic]:
        """Styles that are used are there (ECMA-376-1 §17.7.4.17)."""
        there = {style.get(f"{_W}styleId") for style in self.styles.iter(f"{_W}style")}
        used: dict[str, str] = {}
        for part in (self.main, *self.others):
            for kind, what in _USES.items():
                for use in part.iter(f"{_W}{kind}"):
                    used.setdefault(use.get(f"{_W}val", ""), what)
        for name, what in used.items():
            if name not in there:
                yield self.found("undefined-style", f"there is no {what} style `{name}`")

    def fonts(self) -> Iterator[Diagnostic]:
        """Fonts, as styles and runs ask for them (ECMA-376-1 §17.3.2.26)."""
        asked: dict[str, None] = {}
        for part in (self.styles, self.main, *self.others):
            for fonts in part.iter(f"{_W}rFonts"):
                asked |= {fonts.get(f"{_W}{kind}"): None for kind in ("ascii", "hAnsi")}
        for name in filter(None, asked):
            if name not in self.families:
                yield self.found("unknown-font", f"the font {name} is none of the themes'")

    def rests(self) -> Iterator[Diagnostic]:
        """Tracked changes (ECMA-376-1 §17.13.5) and comments (§17.13.4)."""
        parts = (self.main, *self.others)
        changes = sum(1 for part in parts for kind in _CHANGES for _ in part.iter(f"{_W}{kind}"))
        comments = len(self.comments.findall(f"{_W}comment"))
        for count, what in ((changes, "tracked change"), (comments, "comment")):
            if count:
                more = "" if count == 1 else "s"
                yield self.found("left-over", f"{count} {what}{more} left in the DOCX")
