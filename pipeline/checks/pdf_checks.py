"""Preflight of a PDF of any origin: what a reader, an archive or a press would trip over.

Our own rules stand on pikepdf and cite what they hold to; ``pdf_standards`` has those of PDF/UA-1
and PDF/A, which are many. A file that claims PDF/X is for a press, any other for readers.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import pikepdf

from pipeline.checks.bounded_process import LimitExceeded
from pipeline.checks.finished_file import FinishedFile, describe_level_skip
from pipeline.checks.painted_content import Painting, read_painting
from pipeline.checks.pdf_standards import check_standards
from pipeline.checks.pdf_structure import StructureElement, iterate_elements
from pipeline.diagnostics import Diagnostic

LEAST_PPI: Final[Mapping[bool, int]] = {True: 300, False: 150}
"""Pixels an inch: of an image for a press, and of one for readers."""
_SLACK: Final = 0.01
"""How far apart, in pt, the same edge may be written in two boxes."""


@dataclass(frozen=True, slots=True)
class _OpenPdf:
    """A PDF that opens."""

    source: FinishedFile
    file: pikepdf.Pdf
    root: Any
    metadata: Mapping[str, Any]
    for_press: bool


def check_pdf(file: FinishedFile) -> Iterator[Diagnostic]:
    """Check a PDF. Raises LimitExceeded for one that has no end."""
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)  # it warns of broken metadata
    yield from _guard_step(partial(_check_opened, file), file)


def _check_opened(source: FinishedFile) -> Iterator[Diagnostic]:
    """Check for everything; first of all for what makes the rest guesswork."""
    with pikepdf.open(source.path) as file:
        pdf = _read_pdf(source, file)
        for check in (
            _check_damage,
            _check_metadata,
            _check_boxes,
            _check_intents,
            _check_page_count,
            _check_structure,
            _check_painting,
            _check_claims,
        ):
            yield from _guard_step(partial(check, pdf), source)


def _read_pdf(source: FinishedFile, file: pikepdf.Pdf) -> _OpenPdf:
    metadata = file.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False)
    for_press = "pdfxid:GTS_PDFXVersion" in metadata or bool(file.docinfo.get("/GTS_PDFXVersion"))
    return _OpenPdf(source, file, file.Root, metadata, for_press)


def _guard_step(
    step: Callable[[], Iterator[Diagnostic]], source: FinishedFile
) -> Iterator[Diagnostic]:
    """Yield what a step finds; where it trips over the file, report that."""
    try:
        yield from step()
    except pikepdf.PasswordError:
        yield source.report("encrypted-file", "the PDF asks for a password", "save it without one")
    except (MemoryError, LimitExceeded):
        raise
    except Exception as error:  # a hostile file may be wrong in any way, and pikepdf say so anyhow
        reason = _hide_path(str(error).partition("\n")[0], source.path)
        yield source.report(
            "damaged-file",
            f"the PDF cannot be read: {reason or type(error).__name__}",
            "make it anew, or have it sent again",
        )


def _check_damage(pdf: _OpenPdf) -> Iterator[Diagnostic]:
    """Objects that cannot be read, and encryption."""
    problems = [] if pdf.file.is_encrypted else pdf.file.check_pdf_syntax()
    if problems := problems + [str(warning) for warning in pdf.file.get_warnings()]:
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        yield pdf.source.report(
            "damaged-file",
            f"the PDF is damaged: {_hide_path(problems[0], pdf.source.path)}{more}",
            "make it anew, or have it sent again",
        )
    if pdf.file.is_encrypted:
        yield pdf.source.report(
            "encrypted-file",
            "the PDF is encrypted: archives and presses refuse it",
            "save it without protection",
        )


def _hide_path(message: str, path: Path) -> str:
    return message.replace(f"{path}: ", "").replace(str(path), "the file")


# --- what it says of itself ---------------------------------------------------------------


def _check_metadata(pdf: _OpenPdf) -> Iterator[Diagnostic]:
    """Title (ISO 14289-1 §7.1) and language (ISO 32000-1 §14.9.2)."""
    title = pdf.metadata.get("dc:title") or pdf.file.docinfo.get("/Title", "")
    if not str(title).strip():
        yield pdf.source.report(
            "no-title", "the PDF has no title", "readers show its file name instead"
        )
    if not pdf.for_press and not str(pdf.root.get("/Lang", "")).strip():
        yield pdf.source.report(
            "no-language", "the PDF has no language", "it is read aloud as if in any other"
        )


def _check_intents(pdf: _OpenPdf) -> Iterator[Diagnostic]:
    """An output intent (ISO 15930-7, clause 6; ISO 19005-2 §6.2.3)."""
    required = {"/GTS_PDFX": "PDF/X"} if pdf.for_press else {}
    if "pdfaid:part" in pdf.metadata:
        required["/GTS_PDFA1"] = "PDF/A"
    intents = {str(intent.get("/S")): intent for intent in pdf.root.get("/OutputIntents", [])}
    for kind, standard in required.items():
        if "/DestOutputProfile" not in intents.get(kind, {}):
            yield pdf.source.report(
                "no-output-intent",
                f"the PDF claims {standard} and has no output intent for it with a profile",
                "nobody can tell which colours its colours are",
            )


def _check_claims(pdf: _OpenPdf) -> Iterator[Diagnostic]:
    yield from check_standards(pdf.source, pdf.metadata)


# --- pages --------------------------------------------------------------------------------


def _check_boxes(pdf: _OpenPdf) -> Iterator[Diagnostic]:
    """Trim in bleed in media, on all pages (ISO 32000-1 §14.11.2; ISO 15930-7, clause 6)."""
    sizes: dict[tuple[int, int], int] = {}
    for number, page in enumerate(pdf.file.pages, 1):
        media, trim = _read_box(page.mediabox), _read_box(page.trimbox)
        bleed = _read_box(page.bleedbox) if "/BleedBox" in page.obj else media
        if pdf.for_press and not {"/TrimBox", "/ArtBox"} & set(page.obj.keys()):
            yield pdf.source.report("page-boxes", f"page {number} does not say where it is cut")
        elif not (_is_within(trim, bleed) and _is_within(bleed, media)):
            yield pdf.source.report(
                "page-boxes",
                f"the boxes of page {number} do not lie in each other",
                "what is cut lies in what bleeds, and that in the sheet",
            )
        size = round(trim[2] - trim[0]), round(trim[3] - trim[1])
        sizes.setdefault(size, number)
    if len(sizes) > 1:
        (first, _), (other, number) = list(sizes.items())[:2]
        yield pdf.source.report(
            "page-sizes",
            f"page {number} is {other[0]} × {other[1]} pt, and page 1 {first[0]} × {first[1]}",
        )


def _read_box(sides: Any) -> tuple[float, ...]:
    x, y, other_x, other_y = (float(side) for side in sides)
    return min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)


def _is_within(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    return all(
        (inner[side] - outer[side]) * sign >= -_SLACK for side, sign in enumerate((1, 1, -1, -1))
    )


def _check_page_count(pdf: _OpenPdf) -> Iterator[Diagnostic]:
    """A multiple of four pages for a press; a side of an imposed sheet has two of them."""
    if not pdf.for_press:
        return
    duplex = pdf.root.get("/ViewerPreferences", {}).get("/Duplex")
    of = 2 if duplex == "/DuplexFlipShortEdge" else 4
    count = len(pdf.file.pages)
    if count % of:
        yield pdf.source.report(
            "page-multiple",
            f"the PDF has {count} {'sides' if of == 2 else 'pages'}, no multiple of {of}",
            "blank ones would fill it up",
        )


# --- structure ----------------------------------------------------------------------------


def _check_structure(pdf: _OpenPdf) -> Iterator[Diagnostic]:
    """Tags, headings and figures (ISO 14289-1 §7.1, §7.3 and §7.4.2), for readers."""
    if pdf.for_press:
        return
    root: Any = pdf.root.get("/StructTreeRoot", {})
    if "/K" not in root or not pdf.root.get("/MarkInfo", {}).get("/Marked"):
        yield pdf.source.report("no-tags", "the PDF is not tagged", "export it as a tagged PDF")
        return
    before = 0
    for element in iterate_elements(pdf.file, pdf.source.limits.checks.structure_elements):
        where = f" on page {element.page}" if element.page else ""
        if element.kind in ("Figure", "Formula") and not _has_alternative(element):
            yield pdf.source.report(
                "no-alt",
                f"a {element.kind.lower()}{where} has no alternative text",
                "say what it shows, or make it an artifact",
            )
        if heading := re.fullmatch(r"H([1-6])", element.kind):
            level = int(heading[1])
            if skip := describe_level_skip(level, before):
                yield pdf.source.report(
                    "heading-order", f"a heading of level {level}{where} {skip}"
                )
            before = level


def _has_alternative(figure: StructureElement) -> bool:
    texts = figure.element.get("/Alt"), figure.element.get("/ActualText")
    return any(str(text or "").strip() for text in texts)


# --- what is painted ----------------------------------------------------------------------


def _check_painting(pdf: _OpenPdf) -> Iterator[Diagnostic]:
    """Fonts, colours and images, as the pages paint them."""
    painting = read_painting(pdf.file.pages)
    for check in (_check_fonts, _check_colours, _check_resolution):
        yield from check(pdf, painting)


def _check_fonts(pdf: _OpenPdf, painting: Painting) -> Iterator[Diagnostic]:
    """Fonts in the file (ISO 14289-1 §7.21.4.1), and of the themes."""
    known = tuple(_fold_font_name(name) for name in pdf.source.fonts)
    for (name, embedded), number in painting.fonts.items():
        if not embedded:
            yield pdf.source.report(
                "font-not-embedded",
                f"the font {name} on page {number} is not in the PDF",
                "another is taken on each machine",
            )
        if not _fold_font_name(name).startswith(known):
            yield pdf.source.report(
                "unknown-font", f"the font {name} on page {number} is none of the themes'"
            )


def _fold_font_name(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _check_colours(pdf: _OpenPdf, painting: Painting) -> Iterator[Diagnostic]:
    """Colours for a press: inks, and black in one of them."""
    if not pdf.for_press:
        return
    for number, what in painting.rgb.items():
        yield pdf.source.report(
            "rgb-in-print",
            f"{what} on page {number} is RGB",
            "take it through the profile of the printing condition",
        )
    for number, inks in painting.rich_black.items():
        shown = " ".join(f"{100 * ink:.0f}" for ink in inks)
        yield pdf.source.report(
            "rich-black",
            f"type on page {number} is black in several inks: CMYK {shown}",
            "black type is black ink alone, or it prints with coloured edges",
        )


def _check_resolution(pdf: _OpenPdf, painting: Painting) -> Iterator[Diagnostic]:
    """Images at the size that they are shown at."""
    least = LEAST_PPI[pdf.for_press]
    for ppi, number in painting.images.values():
        if round(ppi) < least:
            yield pdf.source.report(
                "low-resolution",
                f"an image on page {number} is shown at {ppi:.0f} ppi",
                f"it needs {least} at this size",
            )
