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
from typing import Any, Final, assert_never
from urllib.parse import quote

from pipeline.diagnostics import make_problem
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
    Meta,
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
    name_kind,
)
from pipeline.look import page_marking, theme, theme_css
from pipeline.look.css_rules import drop_rectos
from pipeline.look.theme import Font
from pipeline.render.contract import BLEED, Rendered, RenderOptions
from pipeline.render.fonts import write_font_faces

_PAGE_NUMBER_CSS: Final = (
    "span.page-number::after { content: target-counter(attr(data-target), page) }"
)
"""How a page number gets there where no layout is known (CSS GCPM 3 §4)."""

_FOOTNOTE_LIST_CSS: Final = """\
span.footnote span.item::before { content: "–\\2002" }
span.footnote span.ordered > span.item { counter-increment: list-item }
span.footnote span.ordered > span.item::before { content: counter(list-item) ".\\2002" }
"""
"""The bullets and numbers of lists in footnotes, which are spans."""

_SCREEN_CSS: Final = """\
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
"""How a browser shows a brief: in one column, notes in their places, no headers and footers."""


_MARKING_CSS: Final = """\
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


def render(document: Document, options: RenderOptions) -> Rendered:
    """Write one HTML file that has its fonts and images in it and asks for nothing else."""
    html = serialise_html(
        document,
        replace(options, css=options.css + _SCREEN_CSS, pages={}, profile="screen"),
        font=lambda font: _make_data_url("font/ttf", font.path.read_bytes()),
        image=lambda image: _make_data_url(image.media_type, image.data),
    )
    return Rendered(html.encode())


def _make_data_url(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def serialise_html(
    document: Document,
    options: RenderOptions,
    *,
    font: Callable[[Font], str],
    image: Callable[[Image], str],
) -> str:
    """Write a Document as an HTML page; ``font`` and ``image`` give the addresses of files.

    Page numbers are those of ``options.pages``; where it is empty, CSS counts them.
    Raises Problems (``footnote-content``) for a footnote that a line of HTML cannot hold.
    """
    meta = document.meta
    css = _collect_css(meta.marking, options, font)
    body = _HtmlWriter(document, image, options.pages).write_blocks(document.children, meta.title)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f"<html{_write_attributes(lang=meta.language)}>",
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(meta.title)}</title>",
            *_write_meta_tags(meta),
            f"<style>\n{css}\n</style>",
            "</head>",
            f"<body{_write_attributes(data_verso=meta.running_head, data_recto=meta.title)}>",
            *_write_marking(meta.marking),
            f"<main>\n{body}</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _collect_css(marking: str, options: RenderOptions, font: Callable[[Font], str]) -> str:
    """Return all style sheets in one.

    Ours stand before the template's: what is not closed there must take nothing of ours with it.
    """
    sheets = [
        write_font_faces(options.theme, font),
        theme_css.to_css(options.theme, options.paper, BLEED if options.for_press else 0),
        _FOOTNOTE_LIST_CSS,
        "" if options.pages else _PAGE_NUMBER_CSS,
        options.css if options.for_press else drop_rectos(options.css),
        _write_marking_css(marking, options) if marking else "",
    ]
    return "\n".join(sheets).replace("</", "<\\/")  # the same to CSS, and no end tag to HTML


def _write_meta_tags(meta: Meta) -> Iterator[str]:
    named = [
        *(("author", author) for author in meta.authors),
        ("description", meta.subject),
        ("keywords", ", ".join(meta.keywords)),
        ("dcterms.publisher", meta.publisher),
        ("dcterms.created", meta.date),
        ("dcterms.modified", meta.date),
    ]
    for name, value in named:
        if value:
            yield f"<meta{_write_attributes(name=name, content=value)}>"


def _write_marking_css(text: str, options: RenderOptions) -> str:
    """Write the rules for a marking."""
    colour = page_marking.COLOURS.get(text)
    letters = f"color: {page_marking.BLACK} !important; background: {page_marking.WHITE} !important"
    if colour:
        letters = f"color: {colour} !important; background: {page_marking.BLACK} !important"
        letters += "; padding: 1pt 4pt !important"
    page = options.theme.page
    width = theme.PAPER[options.paper][0] - page.inner - page.outer
    corners = {
        side: " ".join(
            f"@{corner}-right-corner {{ margin: 0 {edge:g}mm 0 {-width:g}mm !important }}"
            for corner in ("top", "bottom")
        )
        for side, edge in (("right", page.outer), ("left", page.inner))
    }
    away = "padding: {} !important; text-align: right !important; vertical-align: {} !important"
    return _MARKING_CSS.format(
        size=page_marking.SIZE,
        letters=letters,
        top=away.format(f"{_measure_marking_edge(page.top):g}mm 0 0", "top"),
        bottom=away.format(f"0 0 {_measure_marking_edge(page.bottom):g}mm", "bottom"),
        **corners,
    )


def _measure_marking_edge(margin: float) -> float:
    """Return how far a marking is from the paper's edge, in mm: it and two lines need 17."""
    return max(3.0, min(6.0, margin - 17))


def _write_marking(text: str) -> Iterator[str]:
    """Write the elements that a marking is."""
    for place in ("head", "foot") if text else ():
        yield f'<div class="marking {place}"><span>{escape(text)}</span></div>'


def _write_attributes(**values: str) -> str:
    """Write attributes; those without a value are left out."""
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in values.items()
        if value
    )


def _mark_changed(
    node: Heading | Paragraph | Quote | Table | Cell | Figure | Definition | Footnote,
    **values: str,
) -> str:
    """Write attributes with the one that a redline's bars are drawn by (``change_bars``)."""
    return _write_attributes(**values, data_redline="yes" if node.is_changed else "")


def _write_counter_reset(node: List) -> str:
    return f"counter-reset: list-item {node.start - 1}"


def _make_fragment(target: str) -> str:
    return f"#{quote(target)}"


class _HtmlWriter:
    """Writes nodes as elements, one method or case for each kind."""

    def __init__(
        self, document: Document, image: Callable[[Image], str], pages: Mapping[str, int]
    ) -> None:
        self.document = document
        self.image = image
        self.pages = pages

    def write_blocks(self, nodes: Iterable[Block], running: str) -> str:
        """Write blocks; ``running`` is the running head of the section they stand in."""
        return "".join(self.write_block(node, running) + "\n" for node in nodes)

    def write_block(self, node: Block, running: str) -> str:
        write = _BLOCK_WRITERS.get(type(node))
        if write is None:
            raise TypeError(f"HTML has no element for a {name_kind(node)}")
        return write(self, node, running)

    def write_section(self, node: Section, running: str) -> str:
        running = node.running or running
        attributes = _write_attributes(class_=node.role, id=node.id, data_recto=running)
        return f"<section{attributes}>\n{self.write_blocks(node.children, running)}</section>"

    def write_heading(self, node: Heading, running: str) -> str:
        # Bookmarks know no breaks: a space keeps their words apart. Elsewhere it would make
        # WeasyPrint end a line that is nearly full after its first word.
        words = self.write_inlines(node.children).replace("<br>", " <br>")
        attributes = _mark_changed(node, id=node.id)
        return f"<h{node.level}{attributes}>{words}</h{node.level}>"

    def write_paragraph(self, node: Paragraph, running: str) -> str:
        attributes = _mark_changed(node, class_=node.role, id=node.id)
        return f"<p{attributes}>{self.write_inlines(node.children)}</p>"

    def write_quote(self, node: Quote, running: str) -> str:
        footer = ""
        if node.attribution:
            footer = (
                f"<footer{_mark_changed(node)}>{self.write_inlines(node.attribution)}</footer>\n"
            )
        inside = f"\n{self.write_blocks(node.children, running)}{footer}"
        return f"<blockquote{_write_attributes(class_=node.role)}>{inside}</blockquote>"

    def write_box(self, node: Box, running: str) -> str:
        inside = self.write_blocks(node.children, running)
        return f"<aside{_write_attributes(class_=node.role)}>\n{inside}</aside>"

    def write_definitions(self, node: Definitions, running: str) -> str:
        inside = "".join(self.write_definition(entry, running) for entry in node.children)
        return f"<dl>\n{inside}</dl>"

    def write_contents(self, node: Contents, running: str) -> str:
        inside = "".join(self.write_entry(entry) for entry in node.children)
        return f'<nav class="contents">\n<ol>\n{inside}</ol>\n</nav>'

    def write_page_break(self, node: PageBreak, running: str) -> str:
        return '<div class="page-break"></div>'

    def write_list(self, node: List, running: str) -> str:
        tag = "ol" if node.ordered else "ul"
        start = str(node.start) if node.ordered and node.start != 1 else ""
        # WeasyPrint does not read `start`; the counter is the same to a browser.
        attributes = _write_attributes(
            class_=node.role, start=start, style=start and _write_counter_reset(node)
        )
        inside = "".join(self.write_item(item, running) for item in node.children)
        return f"<{tag}{attributes}>\n{inside}</{tag}>"

    def write_item(self, node: Item, running: str) -> str:
        inside = self.write_blocks(node.children, running).removesuffix("\n")
        return f"<li{_write_attributes(id=node.id)}>{inside}</li>\n"

    def write_definition(self, node: Definition, running: str) -> str:
        # A row: side by side, the longer of the two decides where the next one begins.
        meaning = self.write_blocks(node.children, running).removesuffix("\n")
        term = self.write_inlines(node.term)
        return f"<div><dt{_mark_changed(node)}>{term}</dt>\n<dd>{meaning}</dd></div>\n"

    def write_entry(self, node: Entry) -> str:
        # The leader and the number stand outside the link: each dot would be a link of its own.
        target = _make_fragment(node.target)
        words = f"<a{_write_attributes(href=target)}>{self.write_inlines(node.children)}</a>"
        return (
            f'<li class="contents-{node.level}">{words}{self.write_page_number(node.target)}</li>\n'
        )

    def write_table(self, node: Table, running: str) -> str:
        caption = ""
        if node.caption:
            words = self.write_inlines(node.caption)
            caption = f"<caption{_mark_changed(node)}>{words}</caption>\n"
        head = f"<thead>\n{self.write_rows(node.head)}</thead>\n" if node.head else ""
        body = f"<tbody>\n{self.write_rows(node.children)}</tbody>\n"
        return f"<table{_write_attributes(class_=node.role)}>\n{caption}{head}{body}</table>"

    def write_rows(self, rows: Iterable[Row]) -> str:
        return "".join(f"<tr>{''.join(map(self.write_cell, row.children))}</tr>\n" for row in rows)

    def write_cell(self, node: Cell) -> str:
        tag = "th" if node.scope else "td"
        attributes = _mark_changed(node, scope=node.scope)
        return f"<{tag}{attributes}>{self.write_inlines(node.children)}</{tag}>"

    def write_figure(self, node: Figure, running: str) -> str:
        image = self.document.images[node.image]
        caption = ""
        if node.caption:
            caption = f"<figcaption>{self.write_inlines(node.caption)}</figcaption>\n"
        source = _write_attributes(src=self.image(image), alt=node.alt)
        size = _write_attributes(width=str(image.width), height=str(image.height))
        attributes = _mark_changed(node, class_=node.role)
        return f"<figure{attributes}>\n<img{source}{size}>\n{caption}</figure>"

    def write_inlines(self, nodes: Iterable[Inline]) -> str:
        return "".join(map(self.write_inline, nodes))

    def write_inline(self, node: Inline) -> str:
        match node:
            case Text(text):
                return escape(text, quote=False)
            case PageNumber(target):
                return self.write_page_number(target)
            case LineBreak():
                return "<br>"
            case Comment():
                return ""
            case Footnote(children):
                attributes = _mark_changed(node, class_="footnote")
                return f"<span{attributes}> {self.write_footnote_blocks(children)} </span>"
            case Emphasis() | Strong() | Span() | Link() | Reference():
                return self._wrap_inlines(node)
            case _:
                assert_never(node)

    def _wrap_inlines(self, node: Emphasis | Strong | Span | Link | Reference) -> str:
        inside = self.write_inlines(node.children)
        match node:
            case Emphasis():
                return f"<em>{inside}</em>"
            case Strong():
                return f"<strong>{inside}</strong>"
            case Span(role):
                return f"<span{_write_attributes(class_=role)}>{inside}</span>"
            case Link(href):
                return f"<a{_write_attributes(href=href)}>{inside}</a>"
            case Reference(target):
                return f"<a{_write_attributes(href=_make_fragment(target))}>{inside}</a>"
            case _:
                assert_never(node)

    def write_footnote_blocks(self, nodes: Iterable[Block | Item]) -> str:
        """Write a footnote's blocks as spans: a paragraph of HTML holds no paragraphs."""
        return " ".join(map(self._write_footnote_block, nodes))

    def _write_footnote_block(self, node: Node) -> str:
        match node:
            case Paragraph(children):
                return f'<span class="paragraph">{self.write_inlines(children)}</span>'
            case List(children, ordered=True):
                attributes = _write_attributes(
                    class_="list ordered", style=_write_counter_reset(node)
                )
                return f"<span{attributes}>{self.write_footnote_blocks(children)}</span>"
            case List(children) | Item(children) | Quote(children, ()):
                return (
                    f'<span class="{name_kind(node)}">{self.write_footnote_blocks(children)}</span>'
                )
            case _:
                raise make_problem(
                    "footnote-content",
                    f"a footnote cannot hold a {name_kind(node)}",
                    None,
                    "paragraphs, lists and quotes can stand in a footnote",
                )

    def write_page_number(self, target: str) -> str:
        if self.pages:
            return f'<span class="page-number">{self.pages[target]}</span>'
        return f'<span class="page-number"{_write_attributes(data_target="#" + target)}></span>'


_BLOCK_WRITERS: Final[Mapping[type[Block], Callable[[_HtmlWriter, Any, str], str]]] = {
    Section: _HtmlWriter.write_section,
    Heading: _HtmlWriter.write_heading,
    Paragraph: _HtmlWriter.write_paragraph,
    List: _HtmlWriter.write_list,
    Quote: _HtmlWriter.write_quote,
    Table: _HtmlWriter.write_table,
    Figure: _HtmlWriter.write_figure,
    Box: _HtmlWriter.write_box,
    Definitions: _HtmlWriter.write_definitions,
    Contents: _HtmlWriter.write_contents,
    PageBreak: _HtmlWriter.write_page_break,
}
"""What writes each kind of block, with the running head of the section that it stands in."""
