"""The steps of ``brief check``: articles by name, and files by path, each for what it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

from pipeline.build import build_briefs
from pipeline.build.typeset import Brief
from pipeline.checks import content_checks, docx_checks, pdf_checks
from pipeline.checks.bounded_process import LimitExceeded, run_bounded
from pipeline.checks.check_table import FAMILIES, Family
from pipeline.checks.finished_file import FinishedFile
from pipeline.content import loader
from pipeline.content.model import Content
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
from pipeline.request import Progress, Request, ignore_progress, make_usage_error
from pipeline.system.limits import DEFAULT_LIMITS, CheckLimits, Limits
from pipeline.templating.catalogue import TemplateCatalogue

Checker = Callable[[FinishedFile], Iterator[Diagnostic]]
_SUFFIXES: Final = {".pdf": pdf_checks.check_pdf, ".docx": docx_checks.check_docx}
_SIGNATURES: Final = {
    b"PK\x03\x04": docx_checks.check_docx,
    b"\xd0\xcf\x11\xe0": docx_checks.check_docx,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """What to check. No names mean all articles, no families all that apply."""

    project: Path
    names: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    families: tuple[Family, ...] = ()
    limits: Limits = DEFAULT_LIMITS

    def has_family(self, family: Family) -> bool:
        """Return whether a family is requested."""
        return family in (self.families or FAMILIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What was checked, and what was found."""

    articles: int
    briefs: int
    files: int
    diagnostics: tuple[Diagnostic, ...]


@dataclass(slots=True)
class _ProgressCount:
    """How many articles and files are done."""

    report: Progress
    total: int
    done: int = 0

    def add(self, name: str) -> None:
        """Report that an article or a file is done."""
        self.done += 1
        self.report(name, self.done, self.total)


def run(request: CheckRequest, progress: Progress = ignore_progress) -> CheckResult:
    """Check what is requested; ``progress`` is called once before, and after each article and file.

    Raises UsageError for a name or a file that does not exist, and for a family that does not
    apply.
    """
    articles, files = _sort_names(request)
    count = _ProgressCount(progress, len(articles) + len(files))
    progress("", 0, count.total)
    findings = Findings()
    briefs = _check_articles(request, articles, findings, count) if articles else 0
    fonts = _list_font_names(request) if files else frozenset()
    for name, check in files:
        file = FinishedFile(request.project / name, name, fonts, request.limits)
        findings.extend(_check_file(file, check))
        count.add(name)
    return CheckResult(
        articles=len(articles), briefs=briefs, files=len(files), diagnostics=tuple(findings)
    )


# --- names --------------------------------------------------------------------------------


def _sort_names(request: CheckRequest) -> tuple[Sequence[str], Sequence[tuple[str, Checker]]]:
    """Divide names into articles and files, each with what checks it. Raises UsageError."""
    names = [name for name in request.names if not _is_path(request.project, name)]
    paths = [name for name in request.names if name not in names]
    files = [(name, _find_checker(request.project, name)) for name in paths]
    _reject_families(request, names, paths)
    if files and not names:
        return (), files
    known = loader.require_articles(request.project)
    for name in names:
        if name not in known:
            raise make_usage_error(
                "unknown-article", f"there is no article `{name}`", suggest_names(name, known)
            )
    return tuple(dict.fromkeys(names)) or known, files


def _reject_families(request: CheckRequest, names: Sequence[str], paths: Sequence[str]) -> None:
    """Raise UsageError for families that check nothing of what is named."""
    if paths and not request.has_family("preflight"):
        raise make_usage_error("bad-family", "files are checked by preflight", "leave --family out")
    of_articles = request.has_family("content") or request.has_family("layout")
    if (names or not paths) and not of_articles:
        raise make_usage_error("bad-family", "preflight is of files", "name a PDF or a DOCX")


def _is_path(project: Path, name: str) -> bool:
    return (
        "/" in name
        or Path(name).suffix.lower() in _SUFFIXES
        or ((project / name).is_file() and not (project / "content" / name).is_dir())
    )


def _find_checker(project: Path, name: str) -> Checker:
    """Find what checks a file: by how it begins, else by its name. Raises UsageError."""
    path = project / name
    if not path.is_file():
        raise make_usage_error(
            "no-file", f"there is no file `{name}`", "name a PDF or a DOCX, or an article"
        )
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        raise make_problem("unreadable", f"{error.strerror}", Location(name)) from None
    if b"%PDF-" in head:
        return pdf_checks.check_pdf
    check = _SIGNATURES.get(head[:4], _SUFFIXES.get(path.suffix.lower()))
    if check is None:
        raise make_usage_error("unknown-format", f"`{name}` is neither a PDF nor a DOCX", None)
    return check


# --- articles -----------------------------------------------------------------------------


def _check_articles(
    request: CheckRequest, articles: Sequence[str], findings: Findings, count: _ProgressCount
) -> int:
    """Check articles, and return how many briefs of them were laid out."""
    build_request = Request(
        project=request.project,
        out=Path(os.devnull),
        articles=tuple(articles) if request.names else (),
        templates=request.templates,
        formats=("pdf",),
        limits=request.limits,
    )
    loaded = build_briefs.load_articles(build_request, findings)
    if request.has_family("content"):
        _check_content(loaded, findings)
    has_layout = request.has_family("layout")
    briefs = _compose_briefs(build_request, loaded, findings) if has_layout else ()
    last_briefs = {brief.article: brief for brief in briefs}
    for name in articles:
        if name not in last_briefs:
            count.add(name)
    for brief in briefs:
        _check_layout(brief, request.limits.checks, findings)
        if brief is last_briefs[brief.article]:
            count.add(brief.article)
    return len(briefs)


def _check_content(loaded: Sequence[Content], findings: Findings) -> None:
    for article in loaded:
        findings.add_new(content_checks.check_article(article))


def _compose_briefs(
    request: Request, loaded: Sequence[Content], findings: Findings
) -> Sequence[Brief]:
    """Compose the briefs of articles, as far as that can be done."""
    composed = Findings()
    briefs = build_briefs.compose_briefs(request, loaded, composed, must_account=True).briefs
    findings.add_new(composed)
    return briefs


def _check_layout(brief: Brief, limits: CheckLimits, findings: Findings) -> None:
    from pipeline.checks import layout_checks  # it imports WeasyPrint: once, for all briefs

    try:
        findings.add_new(run_bounded(layout_checks.check_layout, brief, limits=limits))
    except LimitExceeded as error:
        findings.add_error("too-slow", f"`{brief.name}` was not set: {error}")


# --- files --------------------------------------------------------------------------------


def _check_file(file: FinishedFile, check: Checker) -> Iterable[Diagnostic]:
    most = file.limits.checks.file_bytes
    try:
        if file.path.stat().st_size > most:
            raise LimitExceeded(f"it is over {most // 1_000_000} MB large")
        return run_bounded(check, file, limits=file.limits.checks)
    except LimitExceeded as error:
        return [file.report("boundless-file", f"the file was not checked: {error}")]


def _list_font_names(request: CheckRequest) -> frozenset[str]:
    """Return the names of the fonts of all templates' themes, as PDF and DOCX call them."""
    catalogue = TemplateCatalogue(request.project, request.limits)
    most = request.limits.sources.text_bytes
    faces = set[theme.Face]()
    for name, paper in product(catalogue.list_names(), theme.PAPER):
        try:
            paths = catalogue.get_template(name).find_theme_files(paper)
            labels = [(path, catalogue.format_path(path)) for path in paths]
            texts = [(label, text_files.read_text(path, label, most)[0]) for path, label in labels]
            faces.update(theme.load_theme(texts).faces)
        except Problems:  # `brief build` reports it
            continue
    return frozenset(name for face in faces for name in (face.family, face.css_family))
