"""Preflight of a DOCX of any origin (ECMA-376): what an editor or a reader would trip over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from pipeline.checks.check_table import make_finding
from pipeline.checks.finished_file import FinishedFile, describe_level_skip
from pipeline.diagnostics import Diagnostic, Problems
from pipeline.word.ooxml import W
from pipeline.word.opc import Package, open_package

_DRAWN: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_TITLE: Final = "{http://purl.org/dc/elements/1.1/}title"
_DECORATIVE: Final = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_REFUSED: Final = {"encrypted-file": "encrypted-file", "too-large": "boundless-file"}
_NOTHING: Final = etree.Element("nothing")
_NOTES_AND_MARGINS: Final = ("header", "footer", "footnotes", "endnotes")
_USES: Final = {"pStyle": "paragraph", "rStyle": "character", "tblStyle": "table"}
_CHANGES: Final = ("ins", "del", "moveFrom", "moveTo")


@dataclass(frozen=True, slots=True)
class _DocxParts:
    """The parts of a DOCX that are looked at; a part that is missing is an empty element."""

    source: FinishedFile
    main: Any
    styles: Any
    properties: Any
    comments: Any
    texts: Sequence[Any]
    """The main part, and headers, footers and notes."""


def check_docx(file: FinishedFile) -> Iterator[Diagnostic]:
    """Check a DOCX."""
    try:
        docx = _read_parts(file)
        for check in (
            _check_metadata,
            _check_headings,
            _check_pictures,
            _check_tables,
            _check_styles,
            _check_fonts,
            _check_leftovers,
        ):
            yield from check(docx)
    except Problems as problems:
        for d in problems.diagnostics:
            yield make_finding(_REFUSED.get(d.code, "damaged-file"), d.message, d.at, d.hint)


def _read_parts(file: FinishedFile) -> _DocxParts:
    """Read the parts of a package. Raises Problems."""
    package = open_package(file.path, file.name, file.limits.packages)
    main = package.parse_document()
    return _DocxParts(
        source=file,
        main=main,
        styles=_read_part(package, "styles"),
        properties=_read_part(package, "core-properties", of=""),
        comments=_read_part(package, "comments"),
        texts=(main, *(root for _, root in package.iterate_related(*_NOTES_AND_MARGINS))),
    )


def _read_part(package: Package, kind: str, of: str | None = None) -> Any:
    root = package.parse_related(kind, of)
    return _NOTHING if root is None else root


def _check_metadata(docx: _DocxParts) -> Iterator[Diagnostic]:
    """Title (ECMA-376-2 §11.1) and language of the text (ECMA-376-1 §17.3.2.20)."""
    if not (docx.properties.findtext(_TITLE) or "").strip():
        yield docx.source.report(
            "no-title", "the DOCX has no title", "File, Info, Properties: Title"
        )
    if not any(lang.get(f"{W}val") for lang in docx.styles.iter(f"{W}lang")):
        yield docx.source.report("no-language", "the DOCX has no language", "Review, Language")


def _check_headings(docx: _DocxParts) -> Iterator[Diagnostic]:
    """Headings, by their styles' outline level (ECMA-376-1 §17.3.1.20)."""
    levels = _read_outline_levels(docx.styles)
    before = 0
    for paragraph in docx.main.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        level = levels.get(style.get(f"{W}val", "")) if style is not None else None
        text = "".join(part.text or "" for part in paragraph.iter(f"{W}t"))
        if level is None or not text.strip():
            continue
        if skip := describe_level_skip(level, before):
            yield docx.source.report(
                "heading-order", f"the heading “{text[:40]}” of level {level} {skip}"
            )
        before = level


def _read_outline_levels(styles: Any) -> Mapping[str, int]:
    """Return the outline level, from 1, of each style that has one or is based on one."""
    own: dict[str, int] = {}
    bases: dict[str, str] = {}
    for style in styles.iter(f"{W}style"):
        name = style.get(f"{W}styleId", "")
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        base = style.find(f"{W}basedOn")
        if outline is not None and outline.get(f"{W}val", "9") < "9":
            own[name] = int(outline.get(f"{W}val")) + 1
        elif outline is None and base is not None:
            bases[name] = base.get(f"{W}val", "")
    inherited = {style: _follow_bases(style, bases) for style in bases}
    return own | {style: own[base] for style, base in inherited.items() if base in own}


def _follow_bases(style: str, bases: Mapping[str, str]) -> str:
    """Return the style that a style is based on in the end; styles in a circle have no end."""
    for _ in bases:
        if style not in bases:
            break
        style = bases[style]
    return style


def _check_pictures(docx: _DocxParts) -> Iterator[Diagnostic]:
    """Alternative text (ECMA-376-1 §20.4.2.5)."""
    for number, picture in enumerate(docx.main.iter(_DRAWN), 1):
        decorative = any(mark.get("val") == "1" for mark in picture.iter(_DECORATIVE))
        if not (picture.get("descr", "").strip() or decorative):
            yield docx.source.report(
                "no-alt",
                f"picture {number}, {picture.get('name', 'without a name')}, "
                "has no alternative text",
                "right click: View Alt Text",
            )


def _check_tables(docx: _DocxParts) -> Iterator[Diagnostic]:
    """Header rows (ECMA-376-1 §17.4.78); a table of one row is for layout."""
    for number, table in enumerate(docx.main.iter(f"{W}tbl"), 1):
        rows = table.findall(f"{W}tr")
        if len(rows) > 1 and rows[0].find(f"{W}trPr/{W}tblHeader") is None:
            yield docx.source.report(
                "no-header-row", f"table {number} has no header row", "Layout, Repeat Header Rows"
            )


def _check_styles(docx: _DocxParts) -> Iterator[Diagnostic]:
    """Styles that are used are there (ECMA-376-1 §17.7.4.17)."""
    defined = {style.get(f"{W}styleId") for style in docx.styles.iter(f"{W}style")}
    used: dict[str, str] = {}
    for part in docx.texts:
        for element, kind in _USES.items():
            for use in part.iter(f"{W}{element}"):
                used.setdefault(use.get(f"{W}val", ""), kind)
    for name, kind in used.items():
        if name not in defined:
            yield docx.source.report("undefined-style", f"there is no {kind} style `{name}`")


def _check_fonts(docx: _DocxParts) -> Iterator[Diagnostic]:
    """Fonts, as styles and runs name them (ECMA-376-1 §17.3.2.26)."""
    named: dict[str, None] = {}
    for part in (docx.styles, *docx.texts):
        for fonts in part.iter(f"{W}rFonts"):
            named |= {fonts.get(f"{W}{kind}"): None for kind in ("ascii", "hAnsi")}
    for name in filter(None, named):
        if name not in docx.source.fonts:
            yield docx.source.report("unknown-font", f"the font {name} is none of the themes'")


def _check_leftovers(docx: _DocxParts) -> Iterator[Diagnostic]:
    """Tracked changes (ECMA-376-1 §17.13.5) and comments (§17.13.4)."""
    changes = sum(1 for part in docx.texts for kind in _CHANGES for _ in part.iter(f"{W}{kind}"))
    comments = len(docx.comments.findall(f"{W}comment"))
    for count, what in ((changes, "tracked change"), (comments, "comment")):
        if count:
            more = "" if count == 1 else "s"
            yield docx.source.report("left-over", f"{count} {what}{more} left in the DOCX")
