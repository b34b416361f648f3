"""Preflight of a PDF of any origin: what a reader, an archive or a press would trip over.

Our own rules stand on pikepdf and cite what they hold to. Those of PDF/UA-1 and PDF/A are many, and
``page-validation`` keeps them. A file that claims PDF/X is for a press, any other for readers.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pikepdf

from pipeline.checks.bounded_process import LimitExceeded
from pipeline.checks.check_table import make_finding
from pipeline.checks.painted_content import Painting
from pipeline.diagnostics import Diagnostic, Location

TO_INSTALL: Final = "pip install 'briefpack[check]'"
MOST_ELEMENTS: Final = 2_000_000
MOST_REFERENCES: Final = 5_000
"""How many objects may lead from one to the next: bookmarks beside each other do."""
MOST_IN_A_STREAM: Final = 500_000_000
"""How many bytes a stream may unpack to for the standards to be checked: a large photo does."""
LEAST_PPI: Final[Mapping[bool, int]] = {True: 300, False: 150}
"""Pixels an inch: of an image for a press, and of one for readers."""
_SLACK: Final = 0.01
"""How far apart, in pt, the same edge may be written in two boxes."""


def check_pdf(path: Path, name: str, families: frozenset[str]) -> Iterator[Diagnostic]:
    """Check a PDF; ``families`` are the names of the fonts that are known.

    Raises Boundless for one that has no end.
    """
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)  # it tells of metadata that is none
    at = Location(name)

    def opened() -> Iterator[Diagnostic]:
        with pikepdf.open(path) as file:
            for step in _PdfFile(file, at, path, families).list_steps():
                yield from _guard_step(step, at, path)

    yield from _guard_step(opened, at, path)


def _guard_step(
    step: Callable[[], Iterator[Diagnostic]], at: Location, path: Path
) -> Iterator[Diagnostic]:
    """Give what a step finds; where it trips over the file, tell of that."""
    try:
        yield from step()
    except pikepdf.PasswordError:
        yield make_finding(
            "encrypted-file", "the PDF asks for a password", at, "save it without one"
        )
    except (MemoryError, LimitExceeded):
        raise
    except Exception as error:  # a hostile file may be wrong in any way, and pikepdf say so anyhow
        said = _hide_path(str(error).partition("\n")[0], path)
        yield make_finding(
            "damaged-file",
            f"the PDF cannot be read: {said or type(error).__name__}",
            at,
            "make it anew, or have it sent again",
        )


class _PdfFile:
    """One PDF that opens."""

    def __init__(
        self, file: pikepdf.Pdf, at: Location, path: Path, families: frozenset[str]
    ) -> None:
        self.file = file
        self.root: Any = file.Root
        self.at = at
        self.path = path
        self.families = {_fold_font_name(family) for family in families}
        self.metadata = file.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False)
        self.for_press = "pdfxid:GTS_PDFXVersion" in self.metadata or bool(
            file.docinfo.get("/GTS_PDFXVersion")
        )
        self.numbers = {page.objgen: number for number, page in enumerate(file.pages, 1)}

    def report_finding(self, code: str, message: str, hint: str | None = None) -> Diagnostic:
        return make_finding(code, message, self.at, hint)

    def list_steps(self) -> Sequence[Callable[[], Iterator[Diagnostic]]]:
        """Give what is looked for; first of all what makes the rest guesswork."""
        by_use = self.check_page_count if self.for_press else self.check_structure
        own = (
            self.check_damage,
            self.check_metadata,
            self.check_boxes,
            self.check_intents,
            by_use,
            self.check_painting,
        )
        return (*own, self.check_standards)

    def check_damage(self) -> Iterator[Diagnostic]:
        """Objects that cannot be read, and encryption."""
        problems = [] if self.file.is_encrypted else self.file.check_pdf_syntax()
        if problems := problems + [str(said) for said in self.file.get_warnings()]:
            more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
            said = _hide_path(problems[0], self.path)
            yield self.report_finding(
                "damaged-file",
                f"the PDF is damaged: {said}{more}",
                "make it anew, or have it sent again",
            )
        if self.file.is_encrypted:
            yield self.report_finding(
                "encrypted-file",
                "the PDF is encrypted: archives and presses refuse it",
                "save it without protection",
            )

    # --- what it says of itself -----------------------------------------------------------

    def check_metadata(self) -> Iterator[Diagnostic]:
        """Title (ISO 14289-1 §7.1) and language (ISO 32000-1 §14.9.2)."""
        title = self.metadata.get("dc:title") or self.file.docinfo.get("/Title", "")
        if not str(title).strip():
            yield self.report_finding(
                "no-title", "the PDF has no title", "readers show its file name instead"
            )
        if not self.for_press and not str(self.root.get("/Lang", "")).strip():
            yield self.report_finding(
                "no-language", "the PDF has no language", "it is read aloud as if in any other"
            )

    def check_intents(self) -> Iterator[Diagnostic]:
        """An output intent (ISO 15930-7, clause 6; ISO 19005-2 §6.2.3)."""
        asked = {"/GTS_PDFX": "PDF/X"} if self.for_press else {}
        if "pdfaid:part" in self.metadata:
            asked["/GTS_PDFA1"] = "PDF/A"
        given = {str(intent.get("/S")): intent for intent in self.root.get("/OutputIntents", [])}
        for kind, standard in asked.items():
            if "/DestOutputProfile" not in given.get(kind, {}):
                yield self.report_finding(
                    "no-output-intent",
                    f"the PDF claims {standard} and has no output intent for it with a profile",
                    "nobody can tell which colours its colours are",
                )

    # --- pages ----------------------------------------------------------------------------

    def check_boxes(self) -> Iterator[Diagnostic]:
        """Trim in bleed in media, on all pages (ISO 32000-1 §14.11.2; ISO 15930-7, clause 6)."""
        sizes: dict[tuple[int, int], int] = {}
        for number, page in enumerate(self.file.pages, 1):
            media, trim = _read_box(page.mediabox), _read_box(page.trimbox)
            bleed = _read_box(page.bleedbox) if "/BleedBox" in page.obj else media
            if self.for_press and not {"/TrimBox", "/ArtBox"} & set(page.obj.keys()):
                yield self.report_finding(
                    "page-boxes", f"page {number} does not say where it is cut"
                )
            elif not (_is_within(trim, bleed) and _is_within(bleed, media)):
                yield self.report_finding(
                    "page-boxes",
                    f"the boxes of page {number} do not lie in each other",
                    "what is cut lies in what bleeds, and that in the sheet",
                )
            size = round(trim[2] - trim[0]), round(trim[3] - trim[1])
            sizes.setdefault(size, number)
        if len(sizes) > 1:
            (first, _), (other, number) = list(sizes.items())[:2]
            yield self.report_finding(
                "page-sizes",
                f"page {number} is {other[0]} × {other[1]} pt, and page 1 {first[0]} × {first[1]}",
            )

    def check_page_count(self) -> Iterator[Diagnostic]:
        """A multiple of four pages; a side of an imposed sheet has two of them."""
        duplex = self.root.get("/ViewerPreferences", {}).get("/Duplex")
        of = 2 if duplex == "/DuplexFlipShortEdge" else 4
        count = len(self.file.pages)
        if count % of:
            yield self.report_finding(
                "page-multiple",
                f"the PDF has {count} {'sides' if of == 2 else 'pages'}, no multiple of {of}",
                "blank ones would fill it up",
            )

    def check_painting(self) -> Iterator[Diagnostic]:
        """Fonts, colours and images, as the pages paint them."""
        painting = Painting()
        for number, page in enumerate(self.file.pages, 1):
            painting.walk_page(number, page)
        for font, number in painting.fonts.items():
            yield from self.check_font(font, number)
        if self.for_press:
            for number, what in painting.rgb.items():
                yield self.report_finding(
                    "rgb-in-print",
                    f"{what} on page {number} is RGB",
                    "take it through the profile of the printing condition",
                )
            for number, inks in painting.rich_black.items():
                shown = " ".join(f"{100 * ink:.0f}" for ink in inks)
                yield self.report_finding(
                    "rich-black",
                    f"type on page {number} is black in several inks: CMYK {shown}",
                    "black type is black ink alone, or it prints with coloured edges",
                )
        least = LEAST_PPI[self.for_press]
        for ppi, number in painting.images.values():
            if round(ppi) < least:
                yield self.report_finding(
                    "low-resolution",
                    f"an image on page {number} is shown at {ppi:.0f} ppi",
                    f"it needs {least} at this size",
                )

    def check_font(self, font: tuple[str, bool], number: int) -> Iterator[Diagnostic]:
        """Fonts in the file (ISO 14289-1 §7.21.4.1), and of the themes."""
        name, embedded = font
        if not embedded:
            yield self.report_finding(
                "font-not-embedded",
                f"the font {name} on page {number} is not in the PDF",
                "another is taken on each machine",
            )
        if not any(_fold_font_name(name).startswith(family) for family in self.families):
            yield self.report_finding(
                "unknown-font", f"the font {name} on page {number} is none of the themes'"
            )

    # --- structure ------------------------------------------------------------------------

    def check_structure(self) -> Iterator[Diagnostic]:
        """Tags, headings and figures (ISO 14289-1 §7.1, §7.3 and §7.4.2)."""
        root: Any = self.root.get("/StructTreeRoot", {})
        if "/K" not in root or not self.root.get("/MarkInfo", {}).get("/Marked"):
            yield self.report_finding(
                "no-tags", "the PDF is not tagged", "export it as a tagged PDF"
            )
            return
        level = 0
        for kind, element, page in self.list_elements(root):
            where = f" on page {page}" if page else ""
            if kind in ("Figure", "Formula"):
                told = (element.get("/Alt"), element.get("/ActualText"))
                if not any(str(text or "").strip() for text in told):
                    yield self.report_finding(
                        "no-alt",
                        f"a {kind.lower()}{where} has no alternative text",
                        "say what it shows, or make it an artifact",
                    )
            elif heading := re.fullmatch(r"H([1-6])", kind):
                before, level = level, int(heading[1])
                if level > before + 1:
                    after = f"follows one of level {before}" if before else "is the first"
                    yield self.report_finding(
                        "heading-order", f"a heading of level {level}{where} {after}"
                    )

    def list_elements(self, root: Any) -> Iterator[tuple[str, Any, int | None]]:
        """Give the structure's elements in reading order, with their standard kind and page."""
        roles = root.get("/RoleMap", {})
        waiting: list[tuple[Any, int | None]] = [(root, None)]
        seen: set[tuple[int, int]] = set()
        for _ in range(MOST_ELEMENTS):
            if not waiting:
                return
            element, page = waiting.pop()
            if element.objgen != (0, 0):
                if element.objgen in seen:
                    continue
                seen.add(element.objgen)
            page = self.numbers.get(element["/Pg"].objgen, page) if "/Pg" in element else page
            if "/S" in element:
                yield _resolve_role(element["/S"], roles), element, page
            kids = element.get("/K", [])
            kids = [kids] if _is_dictionary(kids) else kids if _is_array(kids) else []
            waiting += [(kid, page) for kid in reversed(list(kids)) if _is_dictionary(kid)]
        raise LimitExceeded(f"its structure has over {MOST_ELEMENTS} elements")

    # --- standards ------------------------------------------------------------------------

    def check_standards(self) -> Iterator[Diagnostic]:
        """Ask ``page-validation`` about what the file claims."""
        claims: dict[str, tuple[str, str]] = {}
        if str(self.metadata.get("pdfuaid:part")) == "1":
            claims["ua1"] = ("pdf-ua", "PDF/UA-1")
        if "pdfaid:part" in self.metadata:
            part = f"{self.metadata['pdfaid:part']}{self.metadata.get('pdfaid:conformance', '')}"
            claims[part.lower()] = ("pdf-a", f"PDF/A-{part.lower()}")
        if not claims:
            return
        try:
            import page
        except ImportError:
            names = " and ".join(name for _, name in claims.values())
            yield self.report_finding(
                "checker-missing",
                f"the claim to {names} is not checked: page-validation is not here",
                TO_INSTALL,
            )
            return
        limits = page.SafetyLimits(
            max_reference_depth=MOST_REFERENCES, max_decoded_stream_size=MOST_IN_A_STREAM
        )
        for profile, (code, name) in claims.items():
            if profile not in {known.value for known in page.ValidationProfile}:
                continue
            try:
                failures = page.validate_pdf(self.path, profile=profile, limits=limits).failures
            except page.SafetyLimitError as error:
                yield self.report_finding("boundless-file", f"{name} is not checked: {error}")
                continue
            except page.PageError as error:
                yield self.report_finding("damaged-file", f"{name} cannot be checked: {error}")
                continue
            rules: dict[str, list[str]] = {}
            for failure in failures:
                rules.setdefault(failure.rule_id, []).append(failure.message)
            for rule, messages in rules.items():
                if rule.endswith(_OF_QPDF):
                    continue
                more = f", and {len(messages) - 1} more" if len(messages) > 1 else ""
                yield self.report_finding(code, f"{name}, {rule}: {messages[0]}{more}")


_OF_QPDF: Final = "STREAM-LENGTH-001"
"""A rule that is qpdf's: page-validation counts a CR that ends a stream's data as a line's end."""


def _hide_path(said: str, path: Path) -> str:
    return said.replace(f"{path}: ", "").replace(str(path), "the file")


def _fold_font_name(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _read_box(sides: Any) -> tuple[float, ...]:
    x, y, other_x, other_y = (float(side) for side in sides)
    return min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)


def _is_within(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    return all(
        (inner[side] - outer[side]) * sign >= -_SLACK for side, sign in enumerate((1, 1, -1, -1))
    )


def _is_dictionary(held: Any) -> bool:
    return getattr(held, "_type_name", "") == "dictionary"


def _is_array(held: Any) -> bool:
    return getattr(held, "_type_name", "") == "array"


def _resolve_role(kind: Any, roles: Any) -> str:
    """Give the standard kind of an element (ISO 32000-1 §14.8.4); a circle in the map ends."""
    for _ in range(20):
        if str(kind) not in roles:
            break
        kind = roles[str(kind)]
    return str(kind).removeprefix("/")
