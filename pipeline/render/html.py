"""The Document as HTML: one self-contained file to read and print, and what the PDF is set from.

Every node becomes the element that means it; roles go into classes unchanged.
No words are added: a page number, where no layout is known, and a list's number are
the stylesheet's to fill in.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from html import escape
from typing import Final
from urllib.parse import quote

from pipeline.diagnostics import problem
from pipeline.document.tree import (
    Block,
    Box,
    Cell,
    Comment,
    Contents,
    Definition,
    Definitions,
    Document,
    Emphasis,
    Entry,
    Figure,
    Footnote,
    Heading,
    Image,
    Inline,
    Item,
    LineBreak,
    Link,
    List,
    Node,
    PageBreak,
    PageNumber,
    Paragraph,
    Quote,
    Reference,
    Row,
    Section,
    Span,
    Strong,
    Table,
    Text,
    kind,
)
from pipeline.look import page_marking, theme
from pipeline.look.css_rules import without_rectos
from pipeline.look.theme import Font
from pipeline.render.contract import BLEED, Look, Rendered
from pipeline.render.fonts import font_faces

_COUNTED: Final = "span.page-number::after { content: target-counter(attr(data-target), page) }"
"""How a page number gets there where no layout is known (CSS GCPM 3 §4)."""

_MARKED: Final = """\
span.footnote span.item::before { content: "–\\2002" }
span.footnote span.ordered > span.item { counter-increment: list-item }
span.footnote span.ordered > span.item::before { content: counter(list-item) ".\\2002" }
"""
"""The bullets and numbers of lists in footnotes, which are spans."""

_SCREEN: Final = """\
@media screen {
  html { background: var(--colour-paper) }
  body { max-width: 46em; margin: 2em auto; padding: 0 1.25em }
  main { overflow-x: auto }
  div.page-break { margin: 2em 0; border-top: 0.5pt solid var(--colour-rule) }
  span.footnote, span.footnote span { display: inline; margin: 0 }
  span.footnote::before { content: " [" }
  span.footnote::after { content: "]" }
}
@media screen and (max-width: 46em) {
  :root { --rail: 0mm; --rail-width: 100% }
}
"""
"""How a browser shows a brief: in one column, notes in their places, no page furniture."""


_MARKING: Final = """\
div.marking {{ position: fixed; right: 0; margin: 0 !important; text-align: right }}
div.marking, div.marking > span {{
  font: bold {size:g}pt/16pt var(--face-display) !important;
}}
div.marking.head {{ top: 0; position: running(marking-head) !important }}
div.marking.foot {{ bottom: 0; position: running(marking-foot) !important }}
div.marking > span {{ {letters} }}
@media screen {{ div.marking.head {{ position: sticky !important }} }}
@page {{
  @top-right-corner {{ content: element(marking-head) !important; {top} }}
  @bottom-right-corner {{ content: element(marking-foot) !important; {bottom} }}
}}
@page :right {{ {right} }}
@page :left {{ {left} }}
"""
"""A marking, on paper: a running element (CSS GCPM 3 §2) at the right edge of the text. Its
boxes are the corners of the page, which reach back over the text's width, so that what else
stands at the head and the foot stays there. It comes last and is important: no template's
stylesheet takes its place."""


def render(document: Document, look: Look) -> Rendered:
    """Write one HTML file that has its fonts and images in it and asks for nothing else."""
    html = serialise(
        document,
        replace(look, css=look.css + _SCREEN, pages={}, profile="screen"),
        font=lambda font: _data("font/ttf", font.path.read_bytes()),
        image=lambda image: _data(image.media_type, image.data),
    )
    return Rendered(html.encode())


def _data(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def serialise(
    document: Document, look: Look, *, font: Callable[[Font], str], image: Callable[[Image], str]
) -> str:
    """Write a Document as an HTML page; ``font`` and ``image`` give the addresses of files.

    Page numbers are those of ``look.pages``; where it is empty, CSS counts them.
    Raises Problems (``footnote-content``) for a footnote that a line of HTML cannot hold.
    """
    meta = document.meta
    # Ours stand before the template's: what is not closed there must take nothing of ours with it.
    counted = "" if look.pages else _COUNTED
    tokens = theme.css(look.theme, look.paper, BLEED if look.for_press else 0)
    placed = look.css if look.for_press else without_rectos(look.css)
    marked = _marking(document.meta.marking, look) if document.meta.marking else ""
    sheets = [font_faces(look.theme, font), tokens, _MARKED, counted, placed, marked]
    css = "\n".join(sheets).replace("</", "<\\/")  # the same to CSS, and no end tag to HTML
    named = [
        *(("author", author) for author in meta.authors),
        ("description", meta.subject),
        ("keywords", ", ".join(meta.keywords)),
        ("dcterms.publisher", meta.publisher),
        ("dcterms.created", meta.date),
        ("dcterms.modified", meta.date),
    ]
    body = _Writer(document, image, look.pages).blocks(document.children, meta.title)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f"<html{_attributes(lang=meta.language)}>",
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(meta.title)}</title>",
            *(f"<meta{_attributes(name=name, content=value)}>" for name, value in named if value),
            f"<style>\n{css}\n</style>",
            "</head>",
            f"<body{_attributes(data_verso=meta.running_head, data_recto=meta.title)}>",
            *_marked(document.meta.marking),
            f"<main>\n{body}</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _marking(text: str, look: Look) -> str:
    """Write the rules for a marking."""
    colour = page_marking.COLOURS.get(text)
    letters = f"color: {page_marking.BLACK} !important; background: {page_marking.WHITE} !important"
    if colour:
        letters = f"color: {colour} !important; background: {page_marking.BLACK} !important"
        letters += "; padding: 1pt 4pt !important"
    page = look.theme.page
    width = theme.PAPER[look.paper][0] - page.inner - page.outer
    corners = {
        side: " ".join(
            f"@{corner}-right-corner {{ margin: 0 {edge:g}mm 0 {-width:g}mm !important }}"
            for corner in ("top", "bottom")
        )
        for side, edge in (("right", page.outer), ("left", page.inner))
    }
    away = "padding: {} !important; text-align: right !important; vertical-align: {} !important"
    return _MARKING.format(
        size=page_marking.SIZE,
        letters=letters,
        top=away.format(f"{_from_edge(page.top):g}mm 0 0", "top"),
        bottom=away.format(f"0 0 {_from_edge(page.bottom):g}mm", "bottom"),
        **corners,
    )


def _from_edge(margin: float) -> float:
    """Give how far a marking is from the paper's edge, in mm: 17 hold it and two lines."""
    return max(3.0, min(6.0, margin - 17))


def _marked(text: str) -> Iterator[str]:
    """Write the elements that a marking is."""
    for place in ("head", "foot") if text else ():
        yield f'<div class="marking {place}"><span>{escape(text)}</span></div>'


def _attributes(**values: str) -> str:
    """Write attributes; those without a value are left out."""
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in values.items()
        if value
    )


def _counted(node: List) -> str:
    return f"counter-reset: list-item {node.start - 1}"


def _fragment(target: str) -> str:
    return f"#{quote(target)}"


class _Writer:
    """Writes nodes as elements, one method or case for each kind."""

    def __init__(
        self, document: Document, image: Callable[[Image], str], pages: Mapping[str, int]
    ) -> None:
        self.document = document
        self.image = image
        self.pages = pages

    def blocks(self, nodes: Iterable[Block], running: str) -> str:
        """Write blocks; ``running`` is the running head of the section they stand in."""
        return "".join(self.block(node, running) + "\n" for node in nodes)

    def block(self, node: Block, running: str) -> str:
        match node:
            case Section(children, role, id_, own):
                running = own or running
                attributes = _attributes(class_=role, id=id_, data_recto=running)
                return f"<section{attributes}>\n{self.blocks(children, running)}</section>"
            case Heading(level, children, id_, is_changed):
                # Bookmarks know no breaks: a space keeps their words apart. Elsewhere it would make
                # WeasyPrint end a line that is nearly full after its first word.
                words = self.inlines(children).replace("<br>", " <br>")
                attributes = _attributes(id=id_, data_changed="yes" if is_changed else "")
                return f"<h{level}{attributes}>{words}</h{level}>"
            case Paragraph(children, role, id_, is_changed):
                changed = "yes" if is_changed else ""
                attributes = _attributes(class_=role, id=id_, data_changed=changed)
                return f"<p{attributes}>{self.inlines(children)}</p>"
            case List():
                return self.list(node, running)
            case Quote(children, attribution, role):
                footer = f"<footer>{self.inlines(attribution)}</footer>\n" if attribution else ""
                inside = f"\n{self.blocks(children, running)}{footer}"
                return f"<blockquote{_attributes(class_=role)}>{inside}</blockquote>"
            case Table():
                return self.table(node)
            case Figure():
                return self.figure(node)
            case Box(children, role):
                inside = self.blocks(children, running)
                return f"<aside{_attributes(class_=role)}>\n{inside}</aside>"
            case Definitions(children):
                inside = "".join(self.definition(entry, running) for entry in children)
                return f"<dl>\n{inside}</dl>"
            case Contents(children):
                inside = "".join(self.entry(entry) for entry in children)
                return f'<nav class="contents">\n<ol>\n{inside}</ol>\n</nav>'
            case PageBreak():
                return '<div class="page-break"></div>'

    def list(self, node: List, running: str) -> str:
        tag = "ol" if node.ordered else "ul"
        start = str(node.start) if node.ordered and node.start != 1 else ""
        # WeasyPrint does not read `start`; the counter is the same to a browser.
        attributes = _attributes(class_=node.role, start=start, style=start and _counted(node))
        inside = "".join(self.item(item, running) for item in node.children)
        return f"<{tag}{attributes}>\n{inside}</{tag}>"

    def item(self, node: Item, running: str) -> str:
        inside = self.blocks(node.children, running).removesuffix("\n")
        return f"<li{_attributes(id=node.id)}>{inside}</li>\n"

    def definition(self, node: Definition, running: str) -> str:
        meaning = self.blocks(node.children, running).removesuffix("\n")
        return f"<dt>{self.inlines(node.term)}</dt>\n<dd>{meaning}</dd>\n"

    def entry(self, node: Entry) -> str:
        # The leader and the number stand outside the link: each dot would be a link of its own.
        target = _fragment(node.target)
        words = f"<a{_attributes(href=target)}>{self.inlines(node.children)}</a>"
        return f'<li class="contents-{node.level}">{words}{self.page_number(node.target)}</li>\n'

    def table(self, node: Table) -> str:
        caption = f"<caption>{self.inlines(node.caption)}</caption>\n" if node.caption else ""
        head = f"<thead>\n{self.rows(node.head)}</thead>\n" if node.head else ""
        body = f"<tbody>\n{self.rows(node.children)}</tbody>\n"
        return f"<table{_attributes(class_=node.role)}>\n{caption}{head}{body}</table>"

    def rows(self, rows: Iterable[Row]) -> str:
        return "".join(f"<tr>{''.join(map(self.cell, row.children))}</tr>\n" for row in rows)

    def cell(self, node: Cell) -> str:
        tag = "th" if node.scope else "td"
        return f"<{tag}{_attributes(scope=node.scope)}>{self.inlines(node.children)}</{tag}>"

    def figure(self, node: Figure) -> str:
        image = self.document.images[node.image]
        caption = ""
        if node.caption:
            caption = f"<figcaption>{self.inlines(node.caption)}</figcaption>\n"
        source = _attributes(src=self.image(image), alt=node.alt)
        size = _attributes(width=str(image.width), height=str(image.height))
        return f"<figure>\n<img{source}{size}>\n{caption}</figure>"

    def inlines(self, nodes: Iterable[Inline]) -> str:
        return "".join(map(self.inline, nodes))

    def inline(self, node: Inline) -> str:
        match node:
            case Text(text):
                return escape(text, quote=False)
            case Emphasis(children):
                return f"<em>{self.inlines(children)}</em>"
            case Strong(children):
                return f"<strong>{self.inlines(children)}</strong>"
            case Span(role, children):
                return f"<span{_attributes(class_=role)}>{self.inlines(children)}</span>"
            case Link(href, children):
                return f"<a{_attributes(href=href)}>{self.inlines(children)}</a>"
            case Reference(target, children):
                return f"<a{_attributes(href=_fragment(target))}>{self.inlines(children)}</a>"
            case PageNumber(target):
                return self.page_number(target)
            case LineBreak():
                return "<br>"
            case Comment():
                return ""
            case Footnote(children):
                return f'<span class="footnote"> {self.in_line(children)} </span>'

    def in_line(self, nodes: Iterable[Block | Item]) -> str:
        """Write a footnote's blocks as spans: a paragraph of HTML holds no paragraphs."""
        return " ".join(map(self._in_line, nodes))

    def _in_line(self, node: Node) -> str:
        match node:
            case Paragraph(children):
                return f'<span class="paragraph">{self.inlines(children)}</span>'
            case List(children, ordered=True):
                attributes = _attributes(class_="list ordered", style=_counted(node))
                return f"<span{attributes}>{self.in_line(children)}</span>"
            case List(children) | Item(children) | Quote(children, ()):
                return f'<span class="{kind(node)}">{self.in_line(children)}</span>'
            case _:
                raise problem(
                    "footnote-content",
                    f"a footnote cannot hold a {kind(node)}",
                    None,
                    "paragraphs, lists and quotes can stand in a footnote",
                )

    def page_number(self, target: str) -> str:
        if self.pages:
            return f'<span class="page-number">{self.pages[target]}</span>'
        return f'<span class="page-number"{_attributes(data_target="#" + target)}></span>'
