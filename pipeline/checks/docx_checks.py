"""Preflight of a DOCX of any origin (ECMA-376): what an editor or a reader would trip over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from lxml import etree

from pipeline.checks.check_table import make_finding
from pipeline.diagnostics import Diagnostic, Location, Problems
from pipeline.word.ooxml import W
from pipeline.word.opc import Package, open_package

_DRAWN: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_TITLE: Final = "{http://purl.org/dc/elements/1.1/}title"
_DECORATIVE: Final = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_REFUSED: Final = {"encrypted-file": "encrypted-file", "too-large": "boundless-file"}
_NOTHING: Final = etree.Element("nothing")
_OTHERS: Final = ("header", "footer", "footnotes", "endnotes")
_USES: Final = {"pStyle": "paragraph", "rStyle": "character", "tblStyle": "table"}
_CHANGES: Final = ("ins", "del", "moveFrom", "moveTo")


def check_docx(path: Path, name: str, families: frozenset[str]) -> Iterator[Diagnostic]:
    """Check a DOCX; ``families`` are the names of the fonts that are known."""
    try:
        yield from _DocxFile(open_package(path, name), families).find_faults()
    except Problems as problems:
        for d in problems.diagnostics:
            yield make_finding(_REFUSED.get(d.code, "damaged-file"), d.message, d.at, d.hint)


class _DocxFile:
    """One DOCX that opens."""

    def __init__(self, package: Package, families: frozenset[str]) -> None:
        self.package = package
        self.families = families
        self.main = package.parse_document()
        self.styles = self.read_part("styles")
        self.properties = self.read_part("core-properties", of="")
        self.comments = self.read_part("comments")
        self.others = [root for _, root in package.iterate_related(*_OTHERS)]

    def read_part(self, kind: str, of: str | None = None) -> Any:
        root = self.package.parse_related(kind, of)
        return _NOTHING if root is None else root

    def report_finding(self, code: str, message: str, hint: str | None = None) -> Diagnostic:
        return make_finding(code, message, Location(self.package.name), hint)

    def find_faults(self) -> Iterator[Diagnostic]:
        """Look for everything."""
        for step in (
            self.check_metadata,
            self.check_headings,
            self.check_pictures,
            self.check_tables,
            self.check_styles,
            self.check_fonts,
            self.check_leftovers,
        ):
            yield from step()

    def check_metadata(self) -> Iterator[Diagnostic]:
        """Title (ECMA-376-2 §11.1) and language of the text (ECMA-376-1 §17.3.2.20)."""
        if not (self.properties.findtext(_TITLE) or "").strip():
            yield self.report_finding(
                "no-title", "the DOCX has no title", "File, Info, Properties: Title"
            )
        if not any(lang.get(f"{W}val") for lang in self.styles.iter(f"{W}lang")):
            yield self.report_finding("no-language", "the DOCX has no language", "Review, Language")

    def check_headings(self) -> Iterator[Diagnostic]:
        """Headings, by their styles' outline level (ECMA-376-1 §17.3.1.20)."""
        levels = self.read_outline_levels()
        level = 0
        for paragraph in self.main.iter(f"{W}p"):
            style = paragraph.find(f"{W}pPr/{W}pStyle")
            own = levels.get(style.get(f"{W}val", "")) if style is not None else None
            text = "".join(part.text or "" for part in paragraph.iter(f"{W}t"))
            if own is None or not text.strip():
                continue
            before, level = level, own
            if level > before + 1:
                after = f"follows one of level {before}" if before else "is the first"
                yield self.report_finding(
                    "heading-order", f"the heading “{text[:40]}” of level {level} {after}"
                )

    def read_outline_levels(self) -> Mapping[str, int]:
        """Give the outline level, from 1, of each style that has one or is based on one."""
        own: dict[str, int] = {}
        based: dict[str, str] = {}
        for style in self.styles.iter(f"{W}style"):
            name = style.get(f"{W}styleId", "")
            outline = style.find(f"{W}pPr/{W}outlineLvl")
            base = style.find(f"{W}basedOn")
            if outline is not None and outline.get(f"{W}val", "9") < "9":
                own[name] = int(outline.get(f"{W}val")) + 1
            elif outline is None and base is not None:
                based[name] = base.get(f"{W}val", "")
        found = dict(own)
        for style in based:
            name, steps = style, 0
            while name in based and steps < len(based):
                name, steps = based[name], steps + 1
            if name in own:
                found[style] = own[name]
        return found

    def check_pictures(self) -> Iterator[Diagnostic]:
        """Alternative text (ECMA-376-1 §20.4.2.5)."""
        for number, picture in enumerate(self.main.iter(_DRAWN), 1):
            decorative = any(mark.get("val") == "1" for mark in picture.iter(_DECORATIVE))
            if not (picture.get("descr", "").strip() or decorative):
                yield self.report_finding(
                    "no-alt",
                    f"picture {number}, {picture.get('name', 'without a name')}, "
                    "has no alternative text",
                    "right click: View Alt Text",
                )

    def check_tables(self) -> Iterator[Diagnostic]:
        """Header rows (ECMA-376-1 §17.4.78); a table of one row is for layout."""
        for number, table in enumerate(self.main.iter(f"{W}tbl"), 1):
            rows = table.findall(f"{W}tr")
            if len(rows) > 1 and rows[0].find(f"{W}trPr/{W}tblHeader") is None:
                yield self.report_finding(
                    "no-header-row",
                    f"table {number} has no header row",
                    "Layout, Repeat Header Rows",
                )

    def check_styles(self) -> Iterator[Diagnostic]:
        """Styles that are used are there (ECMA-376-1 §17.7.4.17)."""
        there = {style.get(f"{W}styleId") for style in self.styles.iter(f"{W}style")}
        used: dict[str, str] = {}
        for part in (self.main, *self.others):
            for kind, what in _USES.items():
                for use in part.iter(f"{W}{kind}"):
                    used.setdefault(use.get(f"{W}val", ""), what)
        for name, what in used.items():
            if name not in there:
                yield self.report_finding("undefined-style", f"there is no {what} style `{name}`")

    def check_fonts(self) -> Iterator[Diagnostic]:
        """Fonts, as styles and runs ask for them (ECMA-376-1 §17.3.2.26)."""
        asked: dict[str, None] = {}
        for part in (self.styles, self.main, *self.others):
            for fonts in part.iter(f"{W}rFonts"):
                asked |= {fonts.get(f"{W}{kind}"): None for kind in ("ascii", "hAnsi")}
        for name in filter(None, asked):
            if name not in self.families:
                yield self.report_finding("unknown-font", f"the font {name} is none of the themes'")

    def check_leftovers(self) -> Iterator[Diagnostic]:
        """Tracked changes (ECMA-376-1 §17.13.5) and comments (§17.13.4)."""
        parts = (self.main, *self.others)
        changes = sum(1 for part in parts for kind in _CHANGES for _ in part.iter(f"{W}{kind}"))
        comments = len(self.comments.findall(f"{W}comment"))
        for count, what in ((changes, "tracked change"), (comments, "comment")):
            if count:
                more = "" if count == 1 else "s"
                yield self.report_finding("left-over", f"{count} {what}{more} left in the DOCX")
