"""The Document as PDF, set by WeasyPrint: for screens or for the press, reproducible.

WeasyPrint is given our own HTML and nothing else: the fetcher has this
Document's images and the theme's fonts under addresses that are the same on
every machine, and refuses all others. What WeasyPrint says in its log becomes
diagnostics, and its pages are measured before they are believed. What becomes of
its PDF before it is written is in ``finish``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from typing import Any, Final
from urllib.parse import quote

from pipeline.diagnostics import Findings, make_problem
from pipeline.document.tree import Contents, Document, Footnote, Image, PageNumber, walk
from pipeline.look.theme import Font
from pipeline.render import page_checks
from pipeline.render.change_bars import draw_change_bars
from pipeline.render.contract import PROFILES, Rendered, RenderOptions
from pipeline.render.engine import (
    HTML,
    FontConfiguration,
    URLFetcher,
    URLFetcherResponse,
    boxes,
)
from pipeline.render.fonts import find_foreign_fonts, find_missing_glyphs
from pipeline.render.html import serialise_html
from pipeline.render.weasyprint_log import capture_log

BASE: Final = "https://pack.invalid/"
"""Where the HTML seems to come from: image names in a PDF depend on it (RFC 2606 §2)."""


def render(document: Document, options: RenderOptions) -> Rendered:
    """Set a Document as a PDF of the profile that its options name.

    Raises Problems: what ``page_checks`` finds on the pages, ``no-glyph`` and ``foreign-font``
    for characters that the theme's fonts lack, what WeasyPrint reports of words or images
    that it lost, and what the profile's module raises.
    """
    findings = Findings()
    findings.extend(find_missing_glyphs(document, options))
    findings.stop_on_errors()
    with lay_out_pages(document, options, findings) as laid:
        draw_change_bars(laid)
        found = read_anchor_pages(laid)
        findings.extend(page_checks.check_pages(laid, found, document, options))
        findings.stop_on_errors()
        for page in laid.pages:
            page.links[:] = _fit_links(page)
        finished: Rendered = import_module(PROFILES[options.profile]).finish(
            laid, document, options
        )
        findings.extend(finished.diagnostics)
        findings.extend(find_foreign_fonts(laid, options))
    findings.stop_on_errors()
    return replace(finished, anchors=found, diagnostics=tuple(findings))


def find_anchor_pages(document: Document, options: RenderOptions) -> Mapping[str, int]:
    """Return the page, from 1, on which each id of a Document stands in its PDF."""
    findings = Findings()
    with lay_out_pages(document, options, findings) as laid:
        found = read_anchor_pages(laid)
    findings.stop_on_errors()
    return found


@contextmanager
def lay_out_pages(document: Document, options: RenderOptions, findings: Findings) -> Iterator[Any]:
    """Set the pages, and return them as a weasyprint.document.Document.

    What is logged until they are left goes into ``findings``.
    """
    with capture_log(findings), _open_fonts() as fonts:
        try:
            yield _settle_page_numbers(document, options, fonts)
        except RecursionError:
            raise make_problem("too-deep", "the elements are nested too deep to be set") from None


@contextmanager
def _open_fonts() -> Iterator[FontConfiguration]:
    """Return a font configuration, whose copies of the fonts are deleted at the end.

    WeasyPrint deletes them when it is collected, which never happens in a killed process.
    """
    fonts = FontConfiguration()
    try:
        yield fonts
    finally:
        fonts.__del__()


def _settle_page_numbers(document: Document, options: RenderOptions, fonts: Any) -> Any:
    """Set the pages until the numbers printed on them are right.

    WeasyPrint counts pages by itself, and sets those anew on which a number changed. On the way
    it may print a footnote twice that was carried over to the next page. So where there are
    notes, it is given the numbers of the layout before.
    """
    kinds = {type(node) for node in walk(document)}
    counts_itself = Footnote not in kinds or not kinds & {Contents, PageNumber}
    for _ in range(options.most_layouts):
        laid = _lay_out_once(document, options, fonts)
        pages = read_anchor_pages(laid)
        if counts_itself or pages == options.pages:
            return laid
        options = replace(options, pages=pages)
    raise make_problem(
        "page-numbers", f"the page numbers still change after {options.most_layouts} layouts"
    )


def _lay_out_once(document: Document, options: RenderOptions, fonts: Any) -> Any:
    fetcher = _Fetcher()
    html = serialise_html(document, options, font=fetcher.add_font, image=fetcher.add_image)
    page = HTML(string=html, base_url=BASE, url_fetcher=fetcher)
    try:
        return page.render(font_config=fonts)
    except (
        AssertionError,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    ) as e:
        raise make_problem(
            "weasyprint",
            f"WeasyPrint fails on these pages: {type(e).__name__} {e}".strip(),
            None,
            "a rule of print.css is the likeliest cause: leave out one after the other to find it",
        ) from e


def read_anchor_pages(laid: Any) -> Mapping[str, int]:
    """Return the page, from 1, of each id on the pages of a weasyprint.document.Document."""
    pages: dict[str, int] = {}
    for number, page in enumerate(laid.pages, 1):
        for name in page.anchors:
            pages.setdefault(name, number)
    return pages


def _fit_links(page: Any) -> Iterator[tuple[Any, ...]]:
    """Return a page's links as high as their words, and only the links.

    WeasyPrint makes links of all boxes within a link as well, and they are as high as the line,
    which raised numerals have none of.
    """
    for kind, target, (left, top, right, bottom), box in page.links:
        texts = [part for part in box.descendants() if isinstance(part, boxes.TextBox)]
        if box.element_tag == "a" and texts:
            top = min(top, *(part.position_y for part in texts))
            bottom = max(bottom, *(part.position_y + part.height for part in texts))
            yield kind, target, (left, top, right, bottom), box


class _Fetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Serves the fonts and images that it has given addresses to; refuses everything else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._files: dict[str, tuple[str, Callable[[], bytes]]] = {}

    def add_font(self, font: Font) -> str:
        name = quote(f"fonts/{font.css_family}/{font.path.name}")
        return self._serve(name, "font/ttf", font.path.read_bytes)

    def add_image(self, image: Image) -> str:
        name = f"images/{image.sha256}.{image.media_type.rpartition('/')[2]}"
        return self._serve(name, image.media_type, lambda: image.data)

    def _serve(self, name: str, media_type: str, read: Callable[[], bytes]) -> str:
        self._files[BASE + name] = (media_type, read)
        return BASE + name

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if url not in self._files:
            raise ValueError("only the document's own images and the theme's fonts are read")
        media_type, read = self._files[url]
        return URLFetcherResponse(url, read(), {"Content-Type": media_type})
