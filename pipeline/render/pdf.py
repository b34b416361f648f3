"""The Document as PDF, set by WeasyPrint: tagged (PDF/UA-1, ISO 14289-1), reproducible.

WeasyPrint is given our own HTML and nothing else: the fetcher has this
Document's images and the theme's fonts under addresses that are the same on
every machine, and refuses all others. What WeasyPrint says in its log becomes
diagnostics.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from pipeline.diagnostics import Diagnostic, Findings, problem
from pipeline.document import Document, Image
from pipeline.render import Look, Rendered
from pipeline.render.fonts import missing_glyphs
from pipeline.render.html import serialise
from pipeline.render.weasyprint_log import diagnostic
from pipeline.theme import Font

try:
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
except OSError as error:
    raise problem(
        "system-library",
        f"a system library that sets pages cannot be loaded: {error}",
        None,
        "`brief doctor` says what is missing and how to get it",
    ) from None

BASE: Final = "https://pack.invalid/"
"""Where the HTML seems to come from: image names in a PDF depend on it (RFC 2606 §2)."""


def render(document: Document, look: Look) -> Rendered:
    """Set a Document as a tagged PDF.

    Raises Problems: ``no-glyph`` for characters that no font has, ``foreign-font`` when a
    font of the machine got in, and what WeasyPrint reports of words or images that it lost.
    """
    findings = Findings()
    findings.extend(missing_glyphs(document, look))
    findings.stop_on_errors()
    with _reporting(findings):
        laid = _lay_out(document, look)
        data = laid.write_pdf(pdf_variant="pdf/ua-1")
    findings.extend(_foreign_fonts(laid, look))
    findings.stop_on_errors()
    return Rendered(data, len(laid.pages), _anchors(laid), tuple(findings))


def layout(document: Document, look: Look) -> Mapping[str, int]:
    """Give the page, from 1, on which each id of a Document stands in its PDF."""
    findings = Findings()
    with _reporting(findings):
        laid = _lay_out(document, look)
    findings.stop_on_errors()
    return _anchors(laid)


def _lay_out(document: Document, look: Look) -> Any:
    """Set the pages; what comes back is a weasyprint.document.Document."""
    fetcher = _Fetcher()
    html = serialise(document, look, font=fetcher.font, image=fetcher.image)
    try:
        return HTML(string=html, base_url=BASE, url_fetcher=fetcher).render(
            font_config=FontConfiguration()
        )
    except FatalURLFetchingError as error:  # no Exception: it would end the program
        raise problem("weasyprint", str(error)) from None
    except RecursionError:
        raise problem("too-deep", "the elements are nested too deep to be set") from None


def _anchors(laid: Any) -> Mapping[str, int]:
    pages: dict[str, int] = {}
    for number, page in enumerate(laid.pages, 1):
        for name in page.anchors:
            pages.setdefault(name, number)
    return pages


class _Fetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Serves the fonts and images that it has given addresses to; refuses everything else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._files: dict[str, tuple[str, Callable[[], bytes]]] = {}

    def font(self, font: Font) -> str:
        return self._serve(f"fonts/{font.path.name}", "font/ttf", font.path.read_bytes)

    def image(self, image: Image) -> str:
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


# --- what went wrong while setting -------------------------------------------------------


class _Records(logging.Handler):
    """Keeps what is logged at WARNING or above."""

    def __init__(self, findings: Findings) -> None:
        super().__init__(logging.WARNING)
        self.findings = findings

    def emit(self, record: logging.LogRecord) -> None:
        found = diagnostic(record)
        if found not in self.findings.found:
            self.findings.extend([found])


@contextmanager
def _reporting(findings: Findings) -> Iterator[None]:
    """Turn the log of WeasyPrint and fontTools into diagnostics."""
    handler = _Records(findings)
    loggers = [logging.getLogger(name) for name in ("weasyprint", "fontTools")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


def _foreign_fonts(laid: Any, look: Look) -> Iterator[Diagnostic]:
    """Report fonts in the PDF that are none of the theme's."""
    ours = {face.css_family for face in look.theme.faces}
    foreign: dict[str, str] = {}
    for font in laid.fonts.values():
        families = {name.strip() for name in font.family.split(",")}
        if not families & ours:
            foreign.setdefault(font.family, "".join(font.to_unicode.values()))
    for family, characters in sorted(foreign.items()):
        yield Diagnostic(
            "foreign-font",
            f"the font {family} of this machine got into the PDF, for: {characters}",
            None,
            "style what prints these characters with a face of the theme that has them",
        )
