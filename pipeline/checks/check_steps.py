"""The steps of ``brief check``: articles by name, and files by path, each for what it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

from pipeline.build import build_briefs
from pipeline.checks import content_checks, docx_checks, pdf_checks
from pipeline.checks.bounded_process import LimitExceeded, run_bounded
from pipeline.checks.check_table import FAMILIES, Family, make_finding
from pipeline.content import loader
from pipeline.diagnostics import (
    Diagnostic,
    Findings,
    Location,
    Problems,
    make_problem,
    suggest_names,
)
from pipeline.look import theme
from pipeline.project import text_files
from pipeline.request import Request, UsageError
from pipeline.templating.catalogue import TemplateCatalogue

MOST_BYTES: Final = 1_000_000_000
"""How large a file may be: a printed book with pictures is a tenth of it."""
_SUFFIXES: Final = {".pdf": pdf_checks.check_pdf, ".docx": docx_checks.check_docx}
_SIGNATURES: Final = {
    b"PK\x03\x04": docx_checks.check_docx,
    b"\xd0\xcf\x11\xe0": docx_checks.check_docx,
}
Checker = Callable[[Path, str, frozenset[str]], Iterator[Diagnostic]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """What to check. No names mean all articles, no families all that apply."""

    project: Path
    names: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    families: tuple[Family, ...] = ()

    def has_family(self, family: Family) -> bool:
        """Tell whether a family is asked for."""
        return family in (self.families or FAMILIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What was checked, and what was found."""

    articles: int
    briefs: int
    files: int
    diagnostics: tuple[Diagnostic, ...]


def run(order: CheckRequest) -> CheckResult:
    """Check what was ordered.

    Raises Usage for a name or a file that does not exist, and for a family that does not apply.
    """
    articles, files = _sort_names(order)
    findings = Findings()
    briefs = _check_articles(order, articles, findings) if articles else 0
    families = _list_font_names(order.project) if files else frozenset()
    for path, name, check in files:
        findings.extend(_check_file(path, name, check, families))
    return CheckResult(
        articles=len(articles), briefs=briefs, files=len(files), diagnostics=tuple(findings)
    )


def _sort_names(order: CheckRequest) -> tuple[Sequence[str], Sequence[tuple[Path, str, Checker]]]:
    """Tell articles from files. Raises Usage."""
    names = [name for name in order.names if not _is_path(order.project, name)]
    files = [_find_checker(order.project, name) for name in order.names if name not in names]
    if files and not order.has_family("preflight"):
        raise _make_usage_error(
            "bad-family", "files are checked by preflight", "leave --family out"
        )
    if (names or not files) and not (order.has_family("content") or order.has_family("layout")):
        raise _make_usage_error("bad-family", "preflight is of files", "name a PDF or a DOCX")
    if files and not names:
        return (), files
    known = loader.require_articles(order.project)
    for name in names:
        if name not in known:
            raise _make_usage_error(
                "unknown-article", f"there is no article `{name}`", suggest_names(name, known)
            )
    return tuple(dict.fromkeys(names)) or known, files


def _is_path(project: Path, name: str) -> bool:
    return (
        "/" in name
        or Path(name).suffix.lower() in _SUFFIXES
        or ((project / name).is_file() and not (project / "content" / name).is_dir())
    )


def _find_checker(project: Path, name: str) -> tuple[Path, str, Checker]:
    """Find a file and what checks it: by how it begins, else by its name. Raises Usage."""
    path = project / name
    if not path.is_file():
        raise _make_usage_error(
            "no-file", f"there is no file `{name}`", "name a PDF or a DOCX, or an article"
        )
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        raise make_problem("unreadable", f"{error.strerror}", Location(name)) from None
    check: Checker | None = _SIGNATURES.get(head[:4], _SUFFIXES.get(path.suffix.lower()))
    check = pdf_checks.check_pdf if b"%PDF-" in head else check
    if check is None:
        raise _make_usage_error("unknown-format", f"`{name}` is neither a PDF nor a DOCX", None)
    return path, name, check


def _make_usage_error(code: str, message: str, hint: str | None) -> UsageError:
    return UsageError(make_problem(code, message, None, hint).diagnostics)


# --- articles -----------------------------------------------------------------------------


def _check_articles(order: CheckRequest, articles: Sequence[str], findings: Findings) -> int:
    """Check articles, and give how many briefs of them were set."""
    ordered = Request(
        project=order.project,
        out=Path(os.devnull),
        articles=tuple(articles) if order.names else (),
        templates=order.templates,
        formats=("pdf",),
    )
    loaded = build_briefs.load_articles(ordered, findings)
    if order.has_family("content"):
        for article in loaded:
            _add_new_findings(findings, content_checks.check_article(article))
    if not order.has_family("layout") or any(d.is_error for d in findings):
        return 0
    composed = Findings()
    try:
        briefs = build_briefs.compose_briefs(ordered, loaded, composed).briefs
    except UsageError:
        raise
    except Problems as problems:
        _add_new_findings(findings, problems.diagnostics)
        return 0
    _add_new_findings(findings, composed)
    from pipeline.checks import layout_checks  # it imports WeasyPrint: once, for all briefs

    for brief in briefs:
        try:
            _add_new_findings(findings, run_bounded(layout_checks.check_layout, brief))
        except LimitExceeded as boundless:
            findings.add_error("too-slow", f"`{brief.name}` was not set: {boundless}")
    return len(briefs)


def _add_new_findings(findings: Findings, found: Iterable[Diagnostic]) -> None:
    findings.extend([d for d in found if d not in findings.found])


# --- files --------------------------------------------------------------------------------


def _check_file(
    path: Path, name: str, check: Checker, families: frozenset[str]
) -> Iterable[Diagnostic]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LimitExceeded(f"it is over {MOST_BYTES // 1_000_000} MB large")
        return run_bounded(check, path, name, families)
    except LimitExceeded as boundless:
        return [
            make_finding("boundless-file", f"the file was not checked: {boundless}", Location(name))
        ]


def _list_font_names(project: Path) -> frozenset[str]:
    """Name the fonts of all templates' themes, as PDF and DOCX call them."""
    room = TemplateCatalogue(project)
    faces = set[theme.Face]()
    for name, paper in product(room.list_names(), theme.PAPER):
        try:
            paths = room.get_template(name).find_theme_files(paper)
            texts = [
                (room.format_path(path), text_files.read_text(path, room.format_path(path))[0])
                for path in paths
            ]
            faces.update(theme.load_theme(texts).faces)
        except Problems:  # `brief build` tells of it
            continue
    return frozenset(name for face in faces for name in (face.family, face.css_family))
