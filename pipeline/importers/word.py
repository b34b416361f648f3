"""A Word file (ECMA-376) to blocks: paragraphs with their styles, lists, links and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pipeline.importers.blocks import Block, Kind, Reading, Spaces, Span, joined, tidy
from pipeline.word.ooxml import OFFICE, W
from pipeline.word.opc import Package, open_package

MOST_NESTED: Final = 200
_DC: Final = "{http://purl.org/dc/elements/1.1/}"


def read(data: bytes, name: str) -> Reading:
    """Read a Word file. Raises Problems: those of Package, and ``bad-word-file``."""
    package = open_package(data, name)
    try:
        return _Document(package).reading()
    except ValueError as error:  # a number that is none
        raise package.report_bad_file(str(error)) from None


@dataclass(frozen=True, slots=True)
class _Style:
    """What a paragraph or character style says that matters here."""

    level: int = 0
    """A heading's, from 1."""
    is_quotation: bool = False
    strong: bool | None = None
    emphasis: bool | None = None
    numbering: tuple[str, int] | None = None


class _Document:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.spaces = Spaces()
        self.line = 0
        found = package.read_relations(package.main).items()
        self.links = {id: relation.target for id, relation in found}
        self.styles = dict(self.read_styles())
        self.lists = dict(self.read_lists())
        self.counts: dict[tuple[str, int], int] = {}
        self.notes: list[Block] = []
        self.note_texts = {
            (kind, note.get(f"{W}id")): note
            for kind in ("footnote", "endnote")
            for _, root in package.iterate_related(f"{kind}s")
            for note in root
            if note.get(f"{W}type") not in ("separator", "continuationSeparator")
        }
        self.note_numbers: dict[tuple[str, str], str] = {}

    # --- styles and lists -------------------------------------------------------------------

    def read_styles(self) -> Iterator[tuple[str, _Style]]:
        root = self.package.parse_related("styles")
        based: dict[str, str] = {}
        own: dict[str, _Style] = {}
        for style in root.iter(f"{W}style") if root is not None else ():
            name = style.find(f"{W}name")
            shown = (name.get(f"{W}val", "") if name is not None else "").lower()
            level = 0
            if match := re.fullmatch(r"heading ([1-9])", shown):
                level = int(match[1])
            elif shown == "title":
                level = 1
            elif (outline := style.find(f"{W}pPr/{W}outlineLvl")) is not None:
                level = int(outline.get(f"{W}val", "9")) + 1
            look = self.look(style.find(f"{W}rPr"), _Style())
            own[style.get(f"{W}styleId", "")] = _Style(
                level=level if level <= 6 else 0,
                is_quotation="quote" in shown,
                strong=look.strong or None,
                emphasis=look.emphasis or None,
                numbering=self.numbered(style.find(f"{W}pPr")),
            )
            if (base := style.find(f"{W}basedOn")) is not None:
                based[style.get(f"{W}styleId", "")] = base.get(f"{W}val", "")
        for id, style in own.items():
            held, seen = style, {id}
            above = based.get(id)
            while above in own and above not in seen:
                seen.add(above)
                held = _Style(
                    held.level or own[above].level,
                    held.is_quotation or own[above].is_quotation,
                    held.strong if held.strong is not None else own[above].strong,
                    held.emphasis if held.emphasis is not None else own[above].emphasis,
                    held.numbering or own[above].numbering,
                )
                above = based.get(above)
            yield id, held

    def read_lists(self) -> Iterator[tuple[tuple[str, int], tuple[bool, int]]]:
        """Give of each list and level whether it is counted, and from where."""
        root = self.package.parse_related("numbering")
        if root is None:
            return
        formats: dict[str, dict[int, tuple[bool, int]]] = {}
        for abstract in root.iter(f"{W}abstractNum"):
            levels = formats.setdefault(abstract.get(f"{W}abstractNumId", ""), {})
            for level in abstract.iter(f"{W}lvl"):
                kind = level.find(f"{W}numFmt")
                start = level.find(f"{W}start")
                is_counted = kind is not None and kind.get(f"{W}val") not in ("bullet", "none")
                first = int(start.get(f"{W}val", "1")) if start is not None else 1
                levels[int(level.get(f"{W}ilvl", "0"))] = (is_counted, first)
        for number in root.iter(f"{W}num"):
            base = number.find(f"{W}abstractNumId")
            for level, found in formats.get(
                base.get(f"{W}val", "") if base is not None else "", {}
            ).items():
                yield (number.get(f"{W}numId", ""), level), found

    def numbered(self, properties: Any | None) -> tuple[str, int] | None:
        """Give the list and level that paragraph properties name."""
        found = properties.find(f"{W}numPr") if properties is not None else None
        if found is None:
            return None
        number, level = found.find(f"{W}numId"), found.find(f"{W}ilvl")
        if number is None or number.get(f"{W}val") in (None, "0"):
            return None
        depth = level.get(f"{W}val", "0") if level is not None else "0"
        return number.get(f"{W}val"), int(depth) if depth.isdigit() else 0

    # --- the text -----------------------------------------------------------------------------

    def reading(self) -> Reading:
        body = self.package.parse_document().find(f"{W}body")
        if body is None:
            raise self.package.report_bad_file("it has no text")
        blocks = list(joined(self.blocks(body, 0)))
        return Reading(
            blocks=(*blocks, *self.notes),
            format="docx",
            spaces=self.spaces,
            meta=tuple(self.properties()),
        )

    def properties(self) -> Iterator[tuple[str, str]]:
        core = self.package.parse_related("core-properties", of="")
        if core is None:
            return
        for key, name in (("title", "title"), ("author", "creator"), ("language", "language")):
            found = core.find(f"{_DC}{name}")
            if found is not None and (text := " ".join("".join(found.itertext()).split())):
                yield key, text

    def blocks(self, element: Any, depth: int) -> Iterator[Block]:
        if depth > MOST_NESTED:
            raise self.package.report_bad_file(f"it is nested more than {MOST_NESTED} deep")
        for child in element:
            if child.tag == f"{W}p":
                self.line += 1
                yield from self.paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self.table(child, depth)
            elif child.tag == f"{W}sdt":
                content = child.find(f"{W}sdtContent")
                yield from self.blocks(content, depth + 1) if content is not None else ()
            elif child.tag in (f"{W}ins", f"{W}customXml", f"{W}smartTag", f"{W}moveTo"):
                yield from self.blocks(child, depth + 1)

    def table(self, table: Any, depth: int) -> Iterator[Block]:
        """Give rows of cells; a table of one column only sets its paragraphs."""
        rows = [row.findall(f"{W}tc") for row in table.iter(f"{W}tr")]
        if all(len(row) <= 1 for row in rows):
            for row in rows:
                for cell in row:
                    yield from self.blocks(cell, depth + 1)
            return
        for row in rows:
            spans: list[Span] = []
            first = self.line + 1
            for cell in row:
                spans += [Span(" | ")] if spans else []
                for block in self.blocks(cell, depth + 1):
                    spans += [*block.spans, Span(" ")]
            held = tidy(spans, self.spaces, count_runs=True)
            if any(span.text.strip(" |") for span in held):
                yield Block(kind=Kind.ROW, spans=held, line=first, last_line=max(first, self.line))

    def paragraph(self, paragraph: Any) -> Iterator[Block]:
        properties = paragraph.find(f"{W}pPr")
        named = properties.find(f"{W}pStyle") if properties is not None else None
        style = self.styles.get(named.get(f"{W}val", "") if named is not None else "", _Style())
        direct = properties.find(f"{W}outlineLvl") if properties is not None else None
        level = style.level
        if direct is not None and direct.get(f"{W}val", "9") in "012345":
            level = int(direct.get(f"{W}val")) + 1
        kind, depth, number = Kind.PARAGRAPH, 0, None
        listed = self.numbered(properties) or style.numbering
        if level:
            kind, depth = Kind.HEADING, level
        elif listed:
            kind, depth, number = Kind.ITEM, listed[1] + 1, self.count(listed)
        elif style.is_quotation:
            kind = Kind.QUOTATION
        line = self.line
        held: list[Span] = []
        first = True
        for part in self.parts(paragraph, style, "", 0):
            if isinstance(part, Span):
                held.append(part)
                continue
            for block in self.made(held, kind, depth, number if first else None, line, not first):
                yield block
                first = False
            held = []
            if isinstance(part, Block):
                yield part
        yield from self.made(held, kind, depth, number if first else None, line, not first)

    def made(
        self,
        held: Sequence[Span],
        kind: Kind,
        level: int,
        number: int | None,
        line: int,
        goes_on: bool,
    ) -> Iterator[Block]:
        spans = tidy(held, self.spaces, count_runs=True)
        if spans:
            yield Block(
                kind=kind,
                spans=spans,
                line=line,
                last_line=line,
                level=level,
                number=number,
                goes_on=goes_on and kind is Kind.ITEM,
            )

    def count(self, listed: tuple[str, int]) -> int | None:
        """Give an item's number, and count on; a deeper list begins anew."""
        is_counted, first = self.lists.get(listed, (False, 1))
        if not is_counted:
            return None
        number = self.counts.get(listed, first - 1) + 1
        self.counts[listed] = number
        for other in [k for k in self.counts if k[0] == listed[0] and k[1] > listed[1]]:
            del self.counts[other]
        return number

    def parts(
        self, element: Any, style: _Style, link: str, depth: int
    ) -> Iterator[Span | Block | None]:
        """Give spans, images, and None where a line is broken."""
        if depth > MOST_NESTED:
            return
        for child in element:
            tag = child.tag.removeprefix(W) if isinstance(child.tag, str) else ""
            if tag == "r":
                yield from self.run(child, style, link, depth)
            elif tag == "hyperlink":
                address = self.links.get(child.get(f"{OFFICE}id", ""), "")
                is_link = re.match(r"(?:https?://|mailto:)\S+$", address)
                yield from self.parts(child, style, address if is_link else link, depth + 1)
            elif tag == "sdt":
                content = child.find(f"{W}sdtContent")
                yield from (
                    self.parts(content, style, link, depth + 1) if content is not None else ()
                )
            elif tag in ("ins", "moveTo", "smartTag", "customXml", "fldSimple", "dir", "bdo"):
                yield from self.parts(child, style, link, depth + 1)

    def run(self, run: Any, style: _Style, link: str, depth: int) -> Iterator[Span | Block | None]:
        properties = run.find(f"{W}rPr")
        if properties is not None and _is_on(properties.find(f"{W}vanish")):
            return
        look = self.look(properties, style)
        span = Span("", strong=bool(look.strong), emphasis=bool(look.emphasis), link=link)
        for child in run:
            tag = child.tag.removeprefix(W) if isinstance(child.tag, str) else ""
            if tag == "t":
                yield replace(span, text=child.text or "")
            elif tag == "tab":
                yield replace(span, text=" ")
            elif tag == "noBreakHyphen":
                yield replace(span, text="\N{NON-BREAKING HYPHEN}")
            elif tag in ("br", "cr"):
                if child.get(f"{W}type") not in ("page", "column"):
                    yield None
            elif tag in ("footnoteReference", "endnoteReference"):
                if number := self.note(tag.removesuffix("Reference"), child.get(f"{W}id", "")):
                    yield replace(span, text=f"[{number}]", note=number)
            elif tag in ("drawing", "pict", "AlternateContent") or "}" in str(child.tag):
                yield from self.drawing(child, depth)

    def look(self, properties: Any | None, style: _Style) -> _Style:
        """Give a run's look: its own, its character style's, its paragraph style's."""
        if properties is None:
            return style
        named = properties.find(f"{W}rStyle")
        held = getattr(self, "styles", {}).get(
            named.get(f"{W}val", "") if named is not None else "", _Style()
        )
        strong = held.strong if held.strong is not None else style.strong
        emphasis = held.emphasis if held.emphasis is not None else style.emphasis
        if (bold := properties.find(f"{W}b")) is not None:
            strong = _is_on(bold)
        if (italic := properties.find(f"{W}i")) is not None:
            emphasis = _is_on(italic)
        return replace(style, strong=strong, emphasis=emphasis)

    def drawing(self, drawing: Any, depth: int) -> Iterator[Span | Block | None]:
        """Give the text of text boxes, and the images."""
        texts = list(drawing.iter(f"{W}txbxContent"))
        for text in texts[:1]:  # the same stands there once more for older programs
            yield from self.blocks(text, depth + 1)
        for image in drawing.iter("{*}blip"):
            target = image.get(f"{OFFICE}embed", "") or image.get(f"{OFFICE}link", "")
            shown = next((d.get("descr", "") for d in drawing.iter("{*}docPr")), "")
            spans = tidy([Span(shown)], self.spaces, count_runs=True)
            yield Block(
                kind=Kind.IMAGE,
                spans=spans,
                line=self.line,
                last_line=self.line,
                address=self.links.get(target) or "image",
            )

    def note(self, kind: str, id: str) -> str:
        """Give a note's number, and keep its text as a block."""
        known = self.note_numbers.get((kind, id))
        if known:
            return known
        note = self.note_texts.get((kind, id))
        if note is None:
            return ""
        number = str(len(self.note_numbers) + 1)
        self.note_numbers[kind, id] = number
        line = self.line
        held = [span for block in self.blocks(note, 0) for span in (*block.spans, Span(" "))]
        self.line = line
        spans = tidy(held, self.spaces, count_runs=True)
        self.notes.append(
            Block(kind=Kind.NOTE, spans=spans, line=line, last_line=line, label=number)
        )
        return number


def _is_on(toggle: Any | None) -> bool:
    """Tell whether a property that can be on or off is on (§17.17.4)."""
    return toggle is not None and toggle.get(f"{W}val", "true") not in ("0", "false", "off")
