"""The elements of a page to blocks: lines, lists, rows, images and footnotes, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urljoin

from pipeline.document.markdown_nodes import is_outside_link
from pipeline.importers.apart import apart, apart_in_line
from pipeline.importers.blocks import Block, Kind, Spaces, Span, tidy

_SILENT: Final = frozenset(
    ("script", "style", "template", "noscript", "svg", "math", "head", "object", "iframe", "canvas")
)
_LINES: Final = frozenset(
    "p h1 h2 h3 h4 h5 h6 li blockquote div section article main header figure figcaption "
    "dt dd td th tr table tbody thead tfoot caption ul ol dl body details summary pre address "
    "hr center fieldset nav aside footer form dialog".split()
)
_BOLD: Final = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_ITALIC: Final = re.compile(r"font-style\s*:\s*italic", re.IGNORECASE)
_ICON: Final = re.compile(r"\s*[\ue000-\uf8ff]+\s*")
"""A picture that a font shows in place of a letter."""
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NOTE_TARGET: Final = re.compile(r"\D{0,20}(?:fn|note|foot|ftn|cite|ref)\D{0,10}\d+", re.IGNORECASE)
_MARK: Final = re.compile(r"\s*\[?[\d⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}[\].):]?\s+")
"""A footnote's number before its text."""
_BACK: Final = re.compile(
    r"(?:\s*[↩↑^\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}])+\s*$|^\s*\^\s+"
)
"""The arrow that leads back from a footnote."""


@dataclass(frozen=True, slots=True)
class Found:
    """A block with the element that it came from."""

    block: Block
    element: Any


class Markup:
    """A page's body on its way to blocks."""

    def __init__(self, body: Any, base: str) -> None:
        """Take the body, and the address that relative links start from, if it is known."""
        self._body = body
        self._base = base
        self._size = len(body.text_content())
        self.spaces = Spaces()
        self._line = 1
        """The line of the source that was read last."""
        self._beside: list[Found] = []
        """Blocks that stand within a line, such as buttons: they follow what they stand in."""
        self._targets: dict[str, str] = {}
        """The ids of footnotes, with their numbers."""
        self._notes: dict[Any, str] = {}
        """The elements that are footnotes, with their numbers."""
        self._find_notes()

    def found(self) -> list[Found]:
        """Give all blocks of the page."""
        return list(self._blocks(self._body, ""))

    def _blocks(self, element: Any, outside: str, listed: int = 0) -> Iterator[Found]:
        """Give the blocks of an element: its own lines, and those of the blocks in it."""
        outside = outside or apart(element, self._size)
        tag = element.tag
        if tag in ("ul", "ol"):
            yield from self._list(element, outside, listed)
            return
        if tag == "tr":
            yield from self._row(element, outside)
            return
        if tag == "img":
            yield from self._image(element, outside)
            return
        held: list[Span] = []
        first = last = 0
        for part in self._parts(element, Span("")):
            if isinstance(part, Span):
                if part.text.strip():
                    first = first or self._line + _blank_lines(part.text)
                    last = self._line + part.text.rstrip().count("\n")
                held.append(part)
                continue
            yield from self._lines(element, held, outside, first, last)
            held, first, last = [], 0, 0
            if part is not None:
                yield from self._blocks(part, outside, listed)
        yield from self._lines(element, held, outside, first, last)

    def _parts(self, element: Any, look: Span) -> Iterator[Span | Any]:
        """Give an element's spans in order, the blocks in it, and None where a line ends."""
        self._line = element.sourceline or self._line
        if element.text:
            yield from self._span(look, element.text)
        for child in element:
            if not isinstance(child.tag, str) or child.tag in _SILENT:
                self._line = (child.sourceline or self._line) + _lines_within(child)
            elif not _ICON.fullmatch(child.text or "") or len(child):
                yield from self._part(child, look)
            if child.tail:
                yield from self._span(look, child.tail)

    def _span(self, look: Span, text: str) -> Iterator[Span]:
        """Give a text, while ``line`` is the one that it begins on."""
        yield Span(text, look.strong, look.emphasis, look.link)
        self._line += text.count("\n")

    def _part(self, child: Any, look: Span) -> Iterator[Span | Any]:
        tag = child.tag
        if tag == "br":
            self._line = child.sourceline or self._line
            yield None
        elif (
            tag == "img"
            or tag in _LINES
            or any(
                isinstance(e.tag, str) and (e.tag in _LINES or e.tag == "img") for e in child.iter()
            )
        ):
            yield child
        elif reason := apart_in_line(child):
            waiting, self._beside = self._beside, []
            self._beside = [*waiting, *self._blocks(child, reason)]
        elif number := self._reference(child):
            shown = " ".join(child.text_content().split())
            yield replace(look, text=shown or f"[{number}]", note=number)
        elif tag == "sup" and re.fullmatch(r"\d+", child.text_content()):
            # A plain 2 at the end of a number would be a part of it.
            yield replace(look, text=child.text_content().translate(_RAISED))
        else:
            yield from self._parts(child, self._looked(child, look))

    def _looked(self, element: Any, look: Span) -> Span:
        tag, style = element.tag, element.get("style", "")
        if tag in ("strong", "b") or _BOLD.search(style):
            look = replace(look, strong=True)
        if tag in ("em", "i", "cite") or _ITALIC.search(style):
            look = replace(look, emphasis=True)
        if tag == "a" and (address := self._address(element.get("href", ""))):
            look = replace(look, link=address)
        return look

    def _address(self, reference: str) -> str:
        reference = reference.strip()
        if not reference or reference.startswith("#"):
            return ""
        try:
            made = urljoin(self._base, reference) if self._base else reference
        except ValueError:
            return ""
        return made if is_outside_link(made) and not re.search(r"\s", made) else ""

    def _lines(
        self, element: Any, held: Sequence[Span], outside: str, first: int, last: int
    ) -> Iterator[Found]:
        """Give what stands between two breaks as a block, and behind it what is no part of it."""
        spans = tidy(held, self.spaces, count_runs=False)
        if spans:
            first = first or element.sourceline or self._line
            yield Found(self._block(element, spans, outside, first, max(first, last)), element)
        yield from self._beside
        self._beside = []

    def _block(
        self, element: Any, spans: tuple[Span, ...], outside: str, first: int, last: int
    ) -> Block:
        tag = element.tag
        kind, level, label = Kind.PARAGRAPH, 0, ""
        if re.fullmatch("h[1-6]", tag):
            kind, level = Kind.HEADING, int(tag[1])
        elif tag == "blockquote" or any(e.tag == "blockquote" for e in element.iterancestors()):
            kind = Kind.QUOTATION
        for holder in (element, *element.iterancestors()) if self._notes else ():
            if holder in self._notes:
                kind, label = Kind.NOTE, self._notes[holder]
                spans = _note_words(spans)
                break
        strong = tag in ("th", "dt") or bool(_BOLD.search(element.get("style", "")))
        if strong:
            spans = tuple(replace(span, strong=True) for span in spans)
        return Block(
            kind=kind,
            spans=spans,
            line=first,
            last_line=last,
            level=level,
            label=label,
            outside=outside,
        )

    def _image(self, element: Any, outside: str) -> Iterator[Found]:
        """Give an image, but for the dots that count a page's readers."""
        address = element.get("src", "").strip()
        if not address or address.startswith("data:"):  # the image is put in its place later
            address = element.get("data-src", "").strip()
        spans = tidy([Span(element.get("alt", ""))], self.spaces, count_runs=False)
        if not (spans or address) or "1" in (element.get("width"), element.get("height")):
            return
        self._line = line = element.sourceline or self._line
        block = Block(
            kind=Kind.IMAGE,
            spans=spans,
            line=line,
            last_line=line,
            address=self._address(address) or address,
            outside=outside,
        )
        yield Found(block, element)

    def _list(self, element: Any, outside: str, listed: int) -> Iterator[Found]:
        number = _number(element.get("start"), 1) if element.tag == "ol" else None
        yield from self._loose(element, element.text, outside)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in _SILENT:
                first = True
                for item in self._blocks(child, outside, listed + 1):
                    block = item.block
                    if block.kind is Kind.PARAGRAPH:
                        block = replace(
                            block,
                            kind=Kind.ITEM,
                            level=listed + 1,
                            number=number if first else None,
                            goes_on=not first,
                        )
                        first = False
                    yield Found(block, item.element)
                number = None if number is None else number + 1
            yield from self._loose(element, child.tail, outside)

    def _loose(self, element: Any, text: str | None, outside: str) -> Iterator[Found]:
        """Give text that stands where none is allowed, such as between a list's items."""
        if text and text.strip():
            line = self._line
            yield from self._lines(element, list(self._span(Span(""), text)), outside, line, line)

    def _row(self, element: Any, outside: str) -> Iterator[Found]:
        """Give a table's row as one, unless its cells hold paragraphs: then it only sets these."""
        cells = [c for c in element if isinstance(c.tag, str) and c.tag not in _SILENT]
        yield from self._loose(element, element.text, outside)
        nested = any(
            isinstance(e.tag, str) and e.tag in _LINES
            for cell in cells
            for e in cell.iterdescendants()
        )
        if nested or len(cells) == 1:
            for cell in cells:
                yield from self._blocks(cell, outside)
                yield from self._loose(element, cell.tail, outside)
            return
        spans: list[Span] = []
        apart: list[Any] = []
        first = element.sourceline or self._line
        for cell in cells:
            held: list[Span] = []
            for part in self._parts(cell, Span("")):
                if isinstance(part, Span):
                    held.append(part)
                elif part is None:
                    held.append(Span(" "))
                else:
                    apart.append(part)
            spans += [Span(" | ")] if spans else []
            spans += tidy([*held, Span(f" {cell.tail or ''}")], self.spaces, count_runs=False)
        if any(span.text.strip(" |") for span in spans):
            block = Block(
                kind=Kind.ROW,
                spans=tidy(spans, Spaces(), count_runs=False),
                line=first,
                last_line=max(first, self._line),
                outside=outside,
            )
            yield Found(block, element)
        yield from self._beside
        self._beside = []
        for part in apart:
            yield from self._blocks(part, outside)

    # --- footnotes -------------------------------------------------------------------------

    def _find_notes(self) -> None:
        """Find what links with small numbers lead to, further down the page."""
        elements = [element for element in self._body.iter() if isinstance(element.tag, str)]
        places = {
            key: place
            for place, element in reversed(list(enumerate(elements)))
            for key in (element.get("id"), element.get("name"))
            if key
        }
        for place, link in enumerate(elements):
            path, _, target = (
                link.get("href", "").partition("#") if link.tag == "a" else ("", "", "")
            )
            if path or places.get(target, -1) < place:
                continue
            shown = link.text_content().strip(" []()\u00a0")
            around = (link, *link.iterancestors(), *link.iterdescendants("sup"))
            is_raised = any(element.tag == "sup" for element in around)
            if shown.isdigit() and (is_raised or _NOTE_TARGET.match(target)):
                self._targets.setdefault(target, shown)
                note = elements[places[target]]
                while note.tag not in _LINES:
                    note = note.getparent()
                if link not in note.iterdescendants("a"):
                    self._notes.setdefault(note, shown)

    def _reference(self, element: Any) -> str:
        """Give the number of the footnote that an element refers to."""
        for link in element.iter("a"):
            number = self._targets.get(link.get("href", "").removeprefix("#"))
            if number and len(element.text_content().strip()) <= 6:
                return number
        return ""


def _note_words(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Take a footnote's number and the arrow that leads back from its words."""
    block = Block(spans=tuple(spans), line=1, last_line=1)
    for pattern in (_BACK, _MARK, _BACK):
        if match := pattern.search(block.text) if pattern is _BACK else pattern.match(block.text):
            block = block.part(match.end()) if match.start() == 0 else block.part(0, match.start())
    return block.spans


def _blank_lines(text: str) -> int:
    """Count the ends of lines before a text's first word."""
    return text.count("\n", 0, len(text) - len(text.lstrip()))


def _lines_within(element: Any) -> int:
    """Count the ends of lines in what is never shown; a comment's line is its last."""
    return sum(map(_line_ends, element.itertext())) if isinstance(element.tag, str) else 0


def _line_ends(text: str) -> int:
    return text.count("\n")


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else otherwise
