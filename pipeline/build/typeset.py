"""Setting a Document in its formats, within bounds.

Content and templates come from strangers and renderers stand on large libraries. A brief that
fails or has no end is reported, and the others are set.
"""

from __future__ import annotations

import dataclasses
import signal
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.diagnostics import Diagnostic, Findings, Location, Problems
from pipeline.document.tree import Contents, Document, PageNumber, Text, walk
from pipeline.project import file_names
from pipeline.render.contract import FORMATS, RenderOptions, load_renderer
from pipeline.system.internal_error import describe_internal_error
from pipeline.system.limits import DEFAULT_LIMITS, TypesetLimits
from pipeline.system.memory_limit import limit_memory


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefOrigin:
    """What a brief was made from, as manifest and ledger say it beside its files."""

    ledger: bytes
    """The quote ledger, as it is written."""
    edition: str
    """The hash of the content."""
    inputs: Mapping[str, str | None]
    """The files, by name, with the sha256 of each; None for what was looked for in vain."""
    requested: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The options that were given, for each format, as a manifest has them."""
    parts: tuple[str, ...] = ("",)
    """All parts of the article that were asked for with this one."""
    shown: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The ids of the ``questions`` and the ``experts`` that the part is of; none for the whole."""
    warnings: tuple[Diagnostic, ...] = ()
    """What was found in the words, as far as a manifest may say it."""
    read_again: bool = False
    """Whether more was found, so that the words are read again to report it."""
    without_summary: bool = False
    """Whether the article's summary has errors, and the brief does without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A composed Document, with what it takes to set it and to name and list its files."""

    article: str
    template: str
    part: str
    document: Document
    options: RenderOptions
    formats: tuple[str, ...]
    folder: Path
    origin: BriefOrigin
    lacking: tuple[Diagnostic, ...] = ()
    """What it should print and does not."""

    @property
    def name(self) -> str:
        """What the names of its files begin with."""
        return file_names.name_brief(self.article, self.template, self.part)

    @property
    def length(self) -> int:
        """How many characters it has: the longer it is, the longer it takes."""
        return sum(len(node.text) for node in walk(self.document) if isinstance(node, Text))

    @property
    def ledger_file(self) -> Path:
        """The path of the quote ledger."""
        return self.folder / file_names.name_ledger(self.name)

    @property
    def stem(self) -> Path:
        """What the paths of its files begin with."""
        return self.folder / self.name

    def get_path(self, format: str) -> Path:
        """Return the path of the file in a format."""
        options, extension = self.origin.requested.get(format, {}), FORMATS[format][0]
        return self.folder / file_names.name_file(self.name, options, extension)

    def get_profile(self, format: str) -> str:
        """Return the profile of a format: only the PDF has one."""
        return self.options.profile if format == "pdf" else ""


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """A brief in one format, not yet written."""

    format: str
    data: bytes
    pages: int | None
    seconds: float
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class TypesetResult:
    """A brief's copies, none if it has errors, and what was found."""

    copies: tuple[RenderedFile, ...]
    diagnostics: tuple[Diagnostic, ...]


def import_renderers(formats: Iterable[str]) -> tuple[Diagnostic, ...]:
    """Import what sets some formats, and return what is missing on this machine."""
    findings = Findings()
    for name in formats:
        try:
            load_renderer(name)
        except Problems as problems:
            findings.extend(problems.diagnostics)
    return tuple(findings)


def typeset_brief(
    brief: Brief, strict: bool, limits: TypesetLimits = DEFAULT_LIMITS.typesetting
) -> TypesetResult:
    """Set one brief in all its formats, or in none if one of them has errors."""
    findings = Findings()
    copies: list[RenderedFile] = []
    # A profile is for the PDF alone. Its layout gives the DOCX the page numbers of the contents,
    # so it comes first; where pages are for the press, the DOCX has those of the screen.
    options = dataclasses.replace(brief.options, profile="screen")
    formats = sorted(brief.formats, key=list(FORMATS).index)
    name = formats[0]
    try:
        with _limit_resources(limits):
            for name in formats:
                started = time.perf_counter()
                if name == "docx" and not options.pages and _has_page_numbers(brief.document):
                    from pipeline.render import pdf

                    options = dataclasses.replace(
                        options, pages=pdf.find_anchor_pages(brief.document, options)
                    )
                rendered = load_renderer(name)(
                    brief.document, brief.options if name == "pdf" else options
                )
                if rendered.anchors and not brief.options.for_press:
                    options = dataclasses.replace(options, pages=rendered.anchors)
                seconds = time.perf_counter() - started
                found = tuple(_add_file_places(rendered.diagnostics, brief.get_path(name)))
                copies.append(RenderedFile(name, rendered.data, rendered.pages, seconds, found))
                findings.extend(found)
    except Problems as problems:
        findings.extend(_add_file_places(problems.diagnostics, brief.get_path(name)))
    except _TimeExceeded:
        findings.add_error(
            "too-slow",
            f"`{brief.name}` is not set after {limits.seconds:g} seconds",
            None,
            "look for a table or a nesting that is far larger than it needs to be",
        )
    except MemoryError:
        findings.add_error(
            "too-large",
            f"`{brief.name}` takes over {limits.memory // 1_000_000} MB of memory to set",
            None,
            "look for a table or an image that is far larger than it needs to be",
        )
    except Exception as error:  # the libraries may fail in any way
        findings.extend([describe_internal_error(error, f"`{brief.name}` was not set")])
    stopped = any(d.is_error or strict for d in findings)
    return TypesetResult(() if stopped else tuple(copies), tuple(findings))


def _add_file_places(found: Iterable[Diagnostic], file: Path) -> Iterator[Diagnostic]:
    """Yield findings; an error without a place gets that of the file that cannot be made."""
    for d in found:
        yield d if d.at or not d.is_error else dataclasses.replace(d, at=Location(str(file)))


def _has_page_numbers(document: Document) -> bool:
    return any(isinstance(node, PageNumber | Contents) for node in walk(document))


@contextmanager
def _limit_resources(limits: TypesetLimits) -> Iterator[None]:
    """Bound time and memory, where the process is ours: not on a cluster's worker."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with _limit_time(limits.seconds), limit_memory(limits.memory):
        yield


class _TimeExceeded(BaseException):
    """The time is over. No Exception: a library would catch it and go on."""


@contextmanager
def _limit_time(seconds: float) -> Iterator[None]:
    """Raise _TimeExceeded in the main thread when what is done takes longer."""

    def late(*_: object) -> None:
        raise _TimeExceeded

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def report_crash(brief: Brief, how: str) -> TypesetResult:
    """Report that the process that set a brief has died, and how."""
    found = Diagnostic(
        "crashed",
        f"`{brief.name}` was not set: the process that set it ended {how}",
        None,
        "if this machine ran out of memory, set fewer at a time with --jobs",
    )
    return TypesetResult((), (found,))
