"""A saved page to blocks: the article is found, the rest is kept apart with the reason.

Which text is the article is told by resiliparse; the blocks are read off the page itself, within
the smallest element that holds all of that text, so that nothing between two paragraphs is lost.
Nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import lxml.html

from pipeline.diagnostics import Location, Problems, make_problem
from pipeline.importers.blocks import Block, Kind, Reading, Spaces, joined
from pipeline.importers.imprint import imprint
from pipeline.importers.markup import Markup

MOST_ATTRIBUTES: Final = 1_000
MOST_LOOKED_FOR: Final = 300_000_000
"""The characters that are gone through for blocks that resiliparse does not give as they are."""
_TELLING: Final = 8
"""The words of a block that stands in one place of the page only."""
_DOCTYPE: Final = re.compile(r"<!DOCTYPE[^>\[]*\[.*?\]\s*>", re.DOTALL | re.IGNORECASE)
_LONG_TAG: Final = re.compile(r"<[a-zA-Z][^<>]{2000,}")
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")


def read(text: str, name: str) -> Reading:
    """Read a page; raises Problems (``bad-page``) for one that is nested without end."""
    root = _parsed(text, name)
    return _Page(root, text).reading()


def fragment(text: str, first_line: int, name: str) -> tuple[tuple[Block, ...], Spaces]:
    """Read a piece of a page that stands in another text, and begins on one of its lines.

    Raises Problems (``bad-page``).
    """
    markup = Markup(_parsed(f"<body>{text}", name), "")
    blocks = [item.block for item in markup.found()]
    above = first_line - 1
    return tuple(
        replace(block, line=block.line + above, last_line=block.last_line + above)
        for block in blocks
    ), markup.spaces


def _parsed(text: str, name: str) -> Any:
    """Parse a page, once it is known that this and all that follows comes to an end soon."""
    # Entities that a page declares itself are not expanded, and no page needs a declaration.
    text = _DOCTYPE.sub(lambda match: "\n" * match.group().count("\n"), text, count=1)
    for tag in _LONG_TAG.finditer(text):
        if len(_QUOTED.sub("", tag.group()).split()) > MOST_ATTRIBUTES:
            line = text.count("\n", 0, tag.start()) + 1
            raise _bad_page(f"a tag has over {MOST_ATTRIBUTES} attributes", name, line)
    # libxml2 reads 256 elements in each other, and leaves out all that stands deeper.
    parser = lxml.html.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8")
    try:
        root = lxml.html.document_fromstring(text.encode(), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError):
        raise _bad_page("this is no page that can be read", name, 0) from None
    for said in parser.error_log:
        if said.type_name == "ERR_RESOURCE_LIMIT":
            raise _bad_page("the page’s elements are nested too deep", name, said.line)
    return root


def _bad_page(message: str, name: str, line: int) -> Problems:
    hint = "copy the article’s text into a .txt file"
    return make_problem("bad-page", message, Location(name, line), hint)


class _Page:
    def __init__(self, root: Any, text: str) -> None:
        self.text = text
        body = root.find("body")
        self.body = root if body is None else body
        base = root.find(".//base[@href]")
        self.meta = tuple(imprint(root))
        own = dict(self.meta).get("address", "")
        self.markup = Markup(self.body, base.get("href", "") if base is not None else own)
        self.found = self.markup.found()

    def reading(self) -> Reading:
        inside = self.around(self.container())
        blocks = [
            item.block
            if item.block.outside or id(item.element) in inside
            else replace(item.block, outside="outside the article")
            for item in self.found
        ]
        # Where a footnote stands does not matter: it belongs to what refers to it.
        referred = {span.note for block in blocks if not block.outside for span in block.spans}
        blocks = [
            replace(block, outside="")
            if block.kind is Kind.NOTE and block.label in referred
            else block
            for block in blocks
        ]
        return Reading(
            blocks=tuple(joined(blocks)),
            format="html",
            spaces=self.markup.spaces,
            meta=self.meta,
        )

    # --- which part is the article --------------------------------------------------------

    def container(self) -> Any:
        """Give the smallest element that holds all blocks of which resiliparse has the text."""
        matched = list(self.matched())
        if not matched:
            return self.named()
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
        return held[-1]

    def named(self) -> Any:
        """Give the element that is named the article and holds most text, or the whole page."""
        sizes = {
            element: len(element.text_content()) for element in self.body.iter("article", "main")
        }
        whole = sum(len(item.block.text) for item in self.found if not item.block.outside)
        largest = max(sizes, key=lambda element: sizes[element], default=self.body)
        return largest if sizes.get(largest, 0) > whole / 2 else self.body

    def matched(self) -> Iterator[Any]:
        """Give the elements of longer blocks that resiliparse holds for the article's."""
        from resiliparse.extract.html2text import extract_plain_text

        extracted = extract_plain_text(self.text, main_content=True, alt_texts=False, links=False)
        lines = {" ".join(line.split()) for line in extracted.split("\n")}
        main = " ".join(extracted.split())
        looks = MOST_LOOKED_FOR // (len(main) + 1)
        for item in self.found:
            text = item.block.text
            if item.block.outside or len(text.split()) < _TELLING:
                continue
            if text in lines:
                yield item.element
            elif looks > 0:
                looks -= 1
                if text in main:
                    yield item.element

    def around(self, container: Any) -> set[int]:
        """Name the elements of the article, with the heading above it and what stands between."""
        within = {id(element) for element in container.iter()}
        first = next((i for i, item in enumerate(self.found) if id(item.element) in within), 0)
        if next(container.iter("h1"), None) is not None:
            return within
        title = dict(self.meta).get("title", "")
        for index in range(first - 1, -1, -1):
            block = self.found[index].block
            if block.outside:
                continue
            if block.kind is Kind.HEADING and (block.level == 1 or block.text == title):
                within |= {id(item.element) for item in self.found[index:first]}
                break
        return within
