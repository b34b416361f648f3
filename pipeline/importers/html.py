"""A saved page to blocks: the article is found, the rest is kept apart with the reason.

Which text is the article is told by resiliparse; the blocks are read off the page itself, within
the smallest element that holds all of that text, so that nothing between two paragraphs is lost.
Nothing is fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urljoin

import lxml.html

from pipeline.diagnostics import Location, problem
from pipeline.importers.blocks import Block, Kind, Reading, Spaces, Span, joined, tidy

MOST_NESTED: Final = 500
_TELLING: Final = 8
"""The words of a block that stands in one place of the page only."""
_SILENT: Final = frozenset(
    ("script", "style", "template", "noscript", "svg", "math", "head", "object", "iframe", "canvas")
)
_APART: Final = {
    "nav": "navigation",
    "footer": "the page’s foot",
    "aside": "beside the article",
    "form": "a form",
    "button": "a button",
    "dialog": "a notice",
    "select": "a form",
    "navigation": "navigation",
    "complementary": "beside the article",
    "search": "a form",
    "banner": "the page’s head",
    "contentinfo": "the page’s foot",
    "figcaption": "an image’s caption",
}
_NAMED: Final = re.compile(
    r"(?:^|[\s_-])(?P<what>cookie|consent|newsletter|subscribe|signup|share|social|sharing|related|recommend|comments?"
    r"|breadcrumbs?|sidebar|promo|advert(?:isement)?|ad-slot|banner|popup|modal|paywall|toolbar|tools|pagination|masthead|topbar|navbar|menu|header|head|footer|foot|colophon"
    r"|caption|wp-caption-text|credit)(?:$|[\s_-])",
    re.IGNORECASE,
)
_REASONS: Final = {
    "cookie": "a notice",
    "consent": "a notice",
    "related": "links to other texts",
    "recommend": "links to other texts",
    "caption": "an image’s caption",
    "wp-caption-text": "an image’s caption",
    "credit": "an image’s credit",
    "comment": "comments",
    "comments": "comments",
}
_LINES: Final = frozenset(
    "p h1 h2 h3 h4 h5 h6 li blockquote div section article main header figure figcaption "
    "dt dd td th tr table tbody thead tfoot caption ul ol dl body details summary pre address "
    "hr center fieldset".split()
)
_BOLD: Final = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_ITALIC: Final = re.compile(r"font-style\s*:\s*italic", re.IGNORECASE)
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NOTE_TARGET: Final = re.compile(
    r"#\D{0,20}(?:fn|note|foot|ftn|cite|ref)\D{0,10}\d+", re.IGNORECASE
)


def read(text: str, name: str) -> Reading:
    """Read a page; raises Problems (``bad-page``) for one that is nested without end."""
    # Entities that a page declares itself are not expanded, and no page needs a declaration.
    text = re.sub(
        r"<!DOCTYPE[^>\[]*\[.*?\]\s*>", "", text, count=1, flags=re.DOTALL | re.IGNORECASE
    )
    parser = lxml.html.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8")
    try:
        root = lxml.html.document_fromstring(text.encode(), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError):
        raise problem("bad-page", "this is no page that can be read", Location(name)) from None
    page = _Page(root, text, name)
    return page.reading()


@dataclass(frozen=True, slots=True)
class _Found:
    """A block with the element that it came from."""

    block: Block
    element: Any


class _Page:
    def __init__(self, root: Any, text: str, name: str) -> None:
        self.root = root
        self.text = text
        self.name = name
        self.spaces = Spaces()
        self.notes: dict[str, str] = {}
        """Ids of footnotes, with their numbers."""
        base = root.find(".//base[@href]")
        self.meta = list(_meta(root, text))
        own = dict(self.meta).get("address", "")
        self.base = base.get("href", "") if base is not None else own

    def reading(self) -> Reading:
        body = self.root.find("body")
        body = self.root if body is None else body
        self.find_notes(body)
        found = list(self.blocks(body, ""))
        container = self.container(body, found)
        inside = self.around(container, found)
        blocks = [
            item.block
            if item.block.outside or id(item.element) in inside
            else replace(item.block, outside="outside the article")
            for item in found
        ]
        return Reading(
            blocks=tuple(joined(blocks)), format="html", spaces=self.spaces, meta=tuple(self.meta)
        )

    # --- which part is the article --------------------------------------------------------

    def container(self, body: Any, found: Sequence[_Found]) -> Any:
        """Give the smallest element that holds all blocks of which resiliparse has the text."""
        from resiliparse.extract.html2text import extract_plain_text

        main = " ".join(
            extract_plain_text(self.text, main_content=True, alt_texts=False, links=False).split()
        )
        matched = [
            item.element
            for item in found
            if not item.block.outside
            and len(item.block.text.split()) >= _TELLING
            and item.block.text in main
        ]
        if not matched:
            return body
        held = list(reversed([matched[0], *matched[0].iterancestors()]))
        for element in matched[1:]:
            line = list(reversed([element, *element.iterancestors()]))
            same = 0
            while same < min(len(held), len(line)) and held[same] is line[same]:
                same += 1
            held = held[:same]
        for element in reversed(held):
            if element.tag in ("article", "main") or element.get("role") == "main":
                return element
        return held[-1] if held else body

    def around(self, container: Any, found: Sequence[_Found]) -> set[int]:
        """Name the elements of the article, with the heading above it and what stands between."""
        within = {id(element) for element in container.iter()}
        first = next((i for i, item in enumerate(found) if id(item.element) in within), 0)
        title = dict(self.meta).get("title", "")
        for index in range(first - 1, -1, -1):
            block = found[index].block
            if block.outside:
                continue
            is_title = block.kind is Kind.HEADING and (block.level == 1 or block.text == title)
            if is_title:
                within |= {id(item.element) for item in found[index:first]}
                break
        return within

    # --- blocks ---------------------------------------------------------------------------

    def blocks(
        self, element: Any, outside: str, depth: int = 0, listed: int = 0
    ) -> Iterator[_Found]:
        """Give the blocks of an element: its own lines, and those of the blocks in it."""
        if depth > MOST_NESTED:
            raise problem(
                "bad-page",
                f"the page’s elements are nested more than {MOST_NESTED} deep",
                Location(self.name, element.sourceline or 0),
                "save the article’s text as a .txt file",
            )
        outside = outside or self.apart(element)
        tag = element.tag
        if tag in ("ul", "ol"):
            yield from self.list(element, outside, depth, listed)
            return
        if tag == "tr":
            yield from self.row(element, outside)
            return
        held: list[Span | Any] = []
        for part in self.parts(element, Span("")):
            if isinstance(part, Span):
                held.append(part)
                continue
            yield from self.lines(element, held, outside)
            held = []
            if part is not None:
                yield from self.blocks(part, outside, depth + 1, listed)
        yield from self.lines(element, held, outside)

    def parts(self, element: Any, look: Span) -> Iterator[Span | Any]:
        """Give an element's spans, elements that are blocks, and None where a line ends."""
        if element.text:
            yield replace(look, text=element.text)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in _SILENT:
                yield from self.part(child, look)
            if child.tail:
                yield replace(look, text=child.tail)

    def part(self, child: Any, look: Span) -> Iterator[Span | Any]:
        tag = child.tag
        if tag == "br":
            yield None
        elif tag == "img" or any(e.tag in _LINES for e in child.iter() if isinstance(e.tag, str)):
            yield child
        elif number := self.reference(child):
            shown = " ".join(child.text_content().split())
            yield replace(look, text=shown or f"[{number}]", note=number)
        else:
            yield from self.parts(child, self.looked(child, look))

    def looked(self, element: Any, look: Span) -> Span:
        tag, style = element.tag, element.get("style", "")
        if tag in ("strong", "b") or _BOLD.search(style):
            look = replace(look, strong=True)
        if tag in ("em", "i", "cite") or _ITALIC.search(style):
            look = replace(look, emphasis=True)
        if tag == "a" and (address := self.address(element.get("href", ""))):
            look = replace(look, link=address)
        return look

    def address(self, reference: str) -> str:
        reference = reference.strip()
        if not reference or reference.startswith("#"):
            return ""
        try:
            made = urljoin(self.base, reference) if self.base else reference
        except ValueError:
            return ""
        return (
            made if re.match(r"https?://\S|mailto:\S", made) and not re.search(r"\s", made) else ""
        )

    def lines(self, element: Any, held: Sequence[Span], outside: str) -> Iterator[_Found]:
        spans = tidy(held, self.spaces, count_runs=False)
        if not spans:
            return
        if element.tag == "img":
            return
        tag = element.tag
        kind, level, label = Kind.PARAGRAPH, 0, ""
        if re.fullmatch("h[1-6]", tag):
            kind, level = Kind.HEADING, int(tag[1])
        elif tag == "blockquote" or any(e.tag == "blockquote" for e in element.iterancestors()):
            kind = Kind.QUOTATION
        for holder in (element, *element.iterancestors()):
            if holder.get("id") in self.notes:
                kind, label = Kind.NOTE, self.notes[holder.get("id")]
        if kind is Kind.NOTE:
            spans = _without_arrow(spans)
        strong = tag in ("th", "dt") or bool(_BOLD.search(element.get("style", "")))
        if strong:
            spans = tuple(replace(span, strong=True) for span in spans)
        block = Block(
            kind=kind,
            spans=spans,
            line=element.sourceline or 1,
            last_line=element.sourceline or 1,
            level=level,
            label=label,
            outside=outside,
        )
        yield _Found(block, element)

    def list(self, element: Any, outside: str, depth: int, listed: int) -> Iterator[_Found]:
        number = _number(element.get("start"), 1) if element.tag == "ol" else None
        for child in element:
            if not isinstance(child.tag, str) or child.tag in _SILENT:
                continue
            first = True
            for item in self.blocks(child, outside, depth + 1, listed + 1):
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
                yield _Found(block, item.element)
            number = None if number is None else number + 1

    def row(self, element: Any, outside: str) -> Iterator[_Found]:
        """Give a table's row as one, unless its cells hold paragraphs: then it only sets these."""
        cells = [c for c in element if isinstance(c.tag, str)]
        nested = any(
            isinstance(e.tag, str) and e.tag in _LINES
            for cell in cells
            for e in cell.iterdescendants()
        )
        if nested or len(cells) == 1:
            for cell in cells:
                yield from self.blocks(cell, outside, 1)
            return
        spans: list[Span] = []
        for cell in cells:
            held = [part for part in self.parts(cell, Span("")) if isinstance(part, Span)]
            spans += [Span(" | ")] if spans else []
            spans += tidy(held, self.spaces, count_runs=False)
        if any(span.text.strip(" |") for span in spans):
            line = element.sourceline or 1
            block = Block(
                kind=Kind.ROW, spans=tuple(spans), line=line, last_line=line, outside=outside
            )
            yield _Found(block, element)

    def apart(self, element: Any) -> str:
        """Tell why an element is no part of an article, if it says so itself."""
        if element.tag in ("body", "html", "article", "main"):
            return ""
        style = element.get("style", "")
        if element.get("hidden") is not None or _HIDDEN.search(style):
            return "hidden"
        if element.get("aria-hidden") == "true":
            return "hidden"
        for name in (element.tag, element.get("role", "")):
            if name in _APART:
                return _APART[name]
        named = f"{element.get('class', '')} {element.get('id', '')}"
        if (match := _NAMED.search(named)) and not element.xpath("descendant-or-self::h1"):
            words = len(element.text_content().split())
            if words < 200 or match["what"].lower().startswith("comment"):
                return _REASONS.get(match["what"].lower(), "a part of the page, not of the article")
        return ""

    # --- footnotes -------------------------------------------------------------------------

    def find_notes(self, body: Any) -> None:
        """Find the elements that links with small numbers lead to."""
        ids = {element.get("id") for element in body.iter() if isinstance(element.tag, str)}
        for link in body.iter("a"):
            target = link.get("href", "").partition("#")
            shown = link.text_content().strip(" []()\u00a0")
            if target[0] or target[2] not in ids or not shown.isdigit():
                continue
            raised = any(
                e.tag == "sup" for e in (link, *link.iterancestors(), *link.iterdescendants())
            )
            if raised or _NOTE_TARGET.match(link.get("href", "")):
                self.notes.setdefault(target[2], shown)

    def reference(self, element: Any) -> str:
        """Give the number of the footnote that an element refers to."""
        for link in [element] if element.tag == "a" else element.iter("a"):
            number = self.notes.get(link.get("href", "").lstrip("#"))
            if number and len(element.text_content().strip()) <= 6:
                return number
        return ""


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else otherwise


def _without_arrow(spans: Sequence[Span]) -> tuple[Span, ...]:
    kept = [span for span in spans if not re.fullmatch(r"\s*[↩︎↑^]+\s*", span.text)]
    if kept and (match := re.match(r"\s*\[?\d{1,3}[\].)]?\s+", kept[0].text)):
        kept[0] = replace(kept[0], text=kept[0].text[match.end() :])
    if kept:
        kept[-1] = replace(kept[-1], text=re.sub(r"\s*[↩︎↑^]+\s*$", "", kept[-1].text).rstrip())
    return tuple(kept)


# --- what the page says of itself -------------------------------------------------------------


def _meta(root: Any, text: str) -> Iterator[tuple[str, str]]:
    named: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        key = (
            element.get("property") or element.get("name") or element.get("itemprop") or ""
        ).lower()
        content = " ".join((element.get("content") or "").split())
        if key and content:
            named.setdefault(key, []).append(content)
    data = list(_linked_data(root))

    def first(*keys: str) -> str:
        return next((named[key][0] for key in keys if key in named), "")

    heading = next((" ".join(h.text_content().split()) for h in root.iter("h1")), "")
    shown = next((" ".join(t.text_content().split()) for t in root.iter("title")), "")
    title = first("og:title", "twitter:title") or _of(data, "headline") or heading
    if heading and (heading == title or title.startswith(heading)):
        title = heading
    if title or shown:
        yield "title", title or shown
    date = (
        first(
            "article:published_time",
            "date",
            "dc.date",
            "dcterms.created",
            "datepublished",
            "pubdate",
        )
        or _of(data, "datePublished")
        or next((t.get("datetime", "") for t in root.iter("time")), "")
    )
    if match := re.match(r"\d{4}-\d{2}-\d{2}", date):
        yield "date", match.group()
    authors = [a for a in named.get("author", []) if "/" not in a] or list(_authors(data))
    yield from (("author", author) for author in dict.fromkeys(authors))
    if language := root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"):
        yield "language", language
    canonical = next(
        (e.get("href", "") for e in root.iter("link") if e.get("rel") == "canonical"), ""
    )
    address = canonical or first("og:url")
    if re.match(r"https?://\S+$", address):
        yield "address", address
    topics = named.get("article:tag") or re.split(r"\s*,\s*", first("keywords", "news_keywords"))
    yield from (("topic", topic) for topic in dict.fromkeys(topics) if topic)


def _linked_data(root: Any) -> Iterator[dict[str, Any]]:
    for script in root.iter("script"):
        if script.get("type") != "application/ld+json":
            continue
        try:
            held = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for item in held if isinstance(held, list) else [held]:
            if isinstance(item, dict):
                graph = item.get("@graph")
                yield from (
                    (g for g in graph if isinstance(g, dict)) if isinstance(graph, list) else [item]
                )


def _of(data: Iterable[dict[str, Any]], key: str) -> str:
    return next((str(item[key]) for item in data if isinstance(item.get(key), str)), "")


def _authors(data: Iterable[dict[str, Any]]) -> Iterator[str]:
    for item in data:
        held = item.get("author")
        for author in held if isinstance(held, list) else [held]:
            name = author.get("name") if isinstance(author, dict) else author
            if isinstance(name, str) and "/" not in name:
                yield name
