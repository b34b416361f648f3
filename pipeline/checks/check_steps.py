"""The steps of ``brief check``: articles by name, and files by path, each for what it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

from pipeline.build import build_steps
from pipeline.checks import content_checks, docx_checks, pdf_checks
from pipeline.checks.bounded_process import Boundless, bounded
from pipeline.checks.check_table import FAMILIES, Family, found
from pipeline.content import loader
from pipeline.diagnostics import Diagnostic, Findings, Location, Problems, known_names, problem
from pipeline.look import theme
from pipeline.project import text_files
from pipeline.request import Order, Usage
from pipeline.templating.catalogue import TemplateRoom

MOST_BYTES: Final = 1_000_000_000
"""How large a file may be: a printed book with pictures is a tenth of it."""
_SUFFIXES: Final = {".pdf": pdf_checks.check, ".docx": docx_checks.check}
_SIGNATURES: Final = {b"PK\x03\x04": docx_checks.check, b"\xd0\xcf\x11\xe0": docx_checks.check}
Checker = Callable[[Path, str, frozenset[str]], Iterator[Diagnostic]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """What to check. No names mean all articles, no families all that apply."""

    project: Path
    names: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    families: tuple[Family, ...] = ()

    def wants(self, family: Family) -> bool:
        """Tell whether a family is asked for."""
        return family in (self.families or FAMILIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was checked, and what was found."""

    articles: int
    briefs: int
    files: int
    diagnostics: tuple[Diagnostic, ...]


def run(order: CheckRequest) -> Result:
    """Check what was ordered.

    Raises Usage for a name or a file that does not exist, and for a family that does not apply.
    """
    articles, files = _sorted(order)
    findings = Findings()
    briefs = _check_articles(order, articles, findings) if articles else 0
    families = _families(order.project) if files else frozenset()
    for path, name, check in files:
        findings.extend(_preflight(path, name, check, families))
    return Result(
        articles=len(articles), briefs=briefs, files=len(files), diagnostics=tuple(findings)
    )


def _sorted(order: CheckRequest) -> tuple[Sequence[str], Sequence[tuple[Path, str, Checker]]]:
    """Tell articles from files. Raises Usage."""
    names = [name for name in order.names if not _is_path(order.project, name)]
    files = [_file(order.project, name) for name in order.names if name not in names]
    if files and not order.wants("preflight"):
        raise _usage("bad-family", "files are checked by preflight", "leave --family out")
    if (names or not files) and not (order.wants("content") or order.wants("layout")):
        raise _usage("bad-family", "preflight is of files", "name a PDF or a DOCX")
    if files and not names:
        return (), files
    known = loader.articles(order.project)
    for name in names:
        if name not in known:
            raise _usage(
                "unknown-article", f"there is no article `{name}`", known_names(name, known)
            )
    return tuple(dict.fromkeys(names)) or known, files


def _is_path(project: Path, name: str) -> bool:
    return (
        "/" in name
        or Path(name).suffix.lower() in _SUFFIXES
        or ((project / name).is_file() and not (project / "content" / name).is_dir())
    )


def _file(project: Path, name: str) -> tuple[Path, str, Checker]:
    """Find a file and what checks it: by how it begins, else by its name. Raises Usage."""
    path = project / name
    if not path.is_file():
        raise _usage("no-file", f"there is no file `{name}`", "name a PDF or a DOCX, or an article")
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        raise problem("unreadable", f"{error.strerror}", Location(name)) from None
    check: Checker | None = _SIGNATURES.get(head[:4], _SUFFIXES.get(path.suffix.lower()))
    check = pdf_checks.check if b"%PDF-" in head else check
    if check is None:
        raise _usage("unknown-format", f"`{name}` is neither a PDF nor a DOCX", None)
    return path, name, check


def _usage(code: str, message: str, hint: str | None) -> Usage:
    return Usage(problem(code, message, None, hint).diagnostics)


# --- articles -----------------------------------------------------------------------------


def _check_articles(order: CheckRequest, articles: Sequence[str], findings: Findings) -> int:
    """Check articles, and give how many briefs of them were set."""
    ordered = Order(
        project=order.project,
        out=Path(os.devnull),
        articles=tuple(articles) if order.names else (),
        templates=order.templates,
        formats=("pdf",),
    )
    loaded = build_steps.load(ordered, findings)
    if order.wants("content"):
        for article in loaded:
            _gather(findings, content_checks.check(article))
    if not order.wants("layout") or any(d.is_error for d in findings):
        return 0
    composed = Findings()
    try:
        briefs = build_steps.compose_briefs(ordered, loaded, composed).briefs
    except Usage:
        raise
    except Problems as problems:
        _gather(findings, problems.diagnostics)
        return 0
    _gather(findings, composed)
    from pipeline.checks import layout_checks  # it imports WeasyPrint: once, for all briefs

    for brief in briefs:
        try:
            _gather(findings, bounded(layout_checks.check, brief))
        except Boundless as boundless:
            findings.error("too-slow", f"`{brief.name}` was not set: {boundless}")
    return len(briefs)


def _gather(findings: Findings, found: Iterable[Diagnostic]) -> None:
    findings.extend([d for d in found if d not in findings.found])


# --- files --------------------------------------------------------------------------------


def _preflight(
    path: Path, name: str, check: Checker, families: frozenset[str]
) -> Iterable[Diagnostic]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Boundless(f"it is over {MOST_BYTES // 1_000_000} MB large")
        return bounded(check, path, name, families)
    except Boundless as boundless:
        return [found("boundless-file", f"the file was not checked: {boundless}", Location(name))]


def _families(project: Path) -> frozenset[str]:
    """Name the fonts of all templates' themes, as PDF and DOCX call them."""
    room = TemplateRoom(project)
    faces = set[theme.Face]()
    for name, paper in product(room.names(), theme.PAPER):
        try:
            paths = room.get(name).tokens(paper)
            texts = [
                (room.shown(path), text_files.read_text(path, room.shown(path))[0])
                for path in paths
            ]
            faces.update(theme.load(texts).faces)
        except Problems:  # `brief build` tells of it
            continue
    return frozenset(name for face in faces for name in (face.family, face.css_family))
