"""Setting Documents in their formats: here, or side by side in processes of their own.

Content and templates come from strangers and renderers stand on large libraries. A brief that
fails, crashes or has no end is told of, and the others are set.
"""

from __future__ import annotations

import dataclasses
import signal
import sys
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.diagnostics import Diagnostic, Findings, Location, Problems
from pipeline.document import Contents, Document, PageNumber, Text, walk
from pipeline.faults import fault
from pipeline.render import FORMATS, Look, renderer

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

MOST_SECONDS: Final = 300.0
"""How long a brief may take, in all its formats. The longest article takes a few seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A composed Document, with what it takes to set it and to name and list its files."""

    article: str
    template: str
    part: str
    document: Document
    look: Look
    formats: tuple[str, ...]
    ledger: bytes
    edition: str
    inputs: Mapping[str, str | None]
    """What it is made from, by name, with the sha256 of each; None for what was not there."""
    folder: Path
    asked: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The options that were given, for each format, as a manifest has them."""
    parts: tuple[str, ...] = ("",)
    """All parts of the article that were asked for with this one."""
    warnings: tuple[Diagnostic, ...] = ()
    """What was found in the words."""

    @property
    def name(self) -> str:
        """The files' name without extension."""
        return name_of(self.article, self.template, self.part)

    @property
    def ledger_file(self) -> Path:
        """The path of the quote ledger."""
        return Path(f"{self.stem}.quotes.json")

    @property
    def stem(self) -> Path:
        """The files' path without extension."""
        return self.folder / self.name

    def file(self, format: str) -> Path:
        """Give the path of the file in a format."""
        infix = f".{self.look.profile}" if self.profile(format) not in ("", "screen") else ""
        return Path(f"{self.stem}{infix}.{FORMATS[format][0]}")

    def profile(self, format: str) -> str:
        """Give the profile of a format: only the PDF has one."""
        return self.look.profile if format == "pdf" else ""


def name_of(article: str, template: str, part: str) -> str:
    """Name a brief's files, without extension."""
    return "-".join(filter(None, [article, template, part]))


@dataclass(frozen=True, slots=True)
class Copy:
    """A brief in one format, not yet written."""

    format: str
    data: bytes
    pages: int | None
    seconds: float
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """A brief's copies, none if it has errors, and what was found."""

    copies: tuple[Copy, ...]
    diagnostics: tuple[Diagnostic, ...]


def set_briefs(
    briefs: Sequence[Brief], jobs: int, strict: bool
) -> Generator[tuple[Brief, Made], None, None]:
    """Set briefs, ``jobs`` at a time, and give each as soon as it is done.

    With ``strict``, warnings count as errors. Raises Problems when a format cannot be set on
    this machine.
    """
    for name in {name for brief in briefs for name in brief.formats}:
        renderer(name)  # imported once, for all processes
    if min(jobs, len(briefs)) > 1:
        yield from _side_by_side(briefs, jobs, strict)
    else:
        for brief in briefs:
            yield brief, set_brief(brief, strict)


def set_brief(brief: Brief, strict: bool) -> Made:
    """Set one brief in all its formats, or in none if one of them has errors."""
    findings = Findings()
    copies: list[Copy] = []
    # A profile is for the PDF alone. Its layout gives the DOCX the page numbers of the contents,
    # so it comes first; where pages are for the press, the DOCX has those of the screen.
    look = dataclasses.replace(brief.look, profile="screen")
    formats = sorted(brief.formats, key=list(FORMATS).index)
    name = formats[0]
    try:
        with _in_time(MOST_SECONDS):
            for name in formats:
                started = time.perf_counter()
                if name == "docx" and not look.pages and _has_page_numbers(brief.document):
                    from pipeline.render import pdf

                    look = dataclasses.replace(look, pages=pdf.layout(brief.document, look))
                rendered = renderer(name)(brief.document, brief.look if name == "pdf" else look)
                if rendered.anchors and not brief.look.for_press:
                    look = dataclasses.replace(look, pages=rendered.anchors)
                seconds = time.perf_counter() - started
                found = tuple(_placed(rendered.diagnostics, brief.file(name)))
                copies.append(Copy(name, rendered.data, rendered.pages, seconds, found))
                findings.extend(found)
    except Problems as problems:
        findings.extend(_placed(problems.diagnostics, brief.file(name)))
    except _Late:
        findings.error(
            "too-slow",
            f"`{brief.name}` is not set after {MOST_SECONDS:g} seconds",
            None,
            "look for a table or a nesting that is far larger than it needs to be",
        )
    except Exception as error:  # the libraries may fail in any way
        findings.extend([fault(error, f"`{brief.name}` was not set")])
    stopped = any(d.is_error or strict for d in findings)
    return Made(() if stopped else tuple(copies), tuple(findings))


def _placed(found: Iterable[Diagnostic], file: Path) -> Iterator[Diagnostic]:
    """Say which file cannot be made. Warnings are of the design, and told once for all files."""
    for d in found:
        yield d if d.at or not d.is_error else dataclasses.replace(d, at=Location(str(file)))


def _has_page_numbers(document: Document) -> bool:
    return any(isinstance(node, PageNumber | Contents) for node in walk(document))


class _Late(BaseException):
    """The time is over. No Exception: a library would catch it and go on."""


@contextmanager
def _in_time(seconds: float) -> Iterator[None]:
    """Raise _Late in the main thread when what is done takes longer."""

    def late(*_: object) -> None:
        raise _Late

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# --- side by side -----------------------------------------------------------------------


def _side_by_side(briefs: Sequence[Brief], jobs: int, strict: bool) -> Iterator[tuple[Brief, Made]]:
    """Set each brief in a process of its own, the longest first: a crash takes one brief only."""
    from multiprocessing import connection, get_context

    # A forked child has the content and the renderers already. Elsewhere than on Linux the
    # system's own libraries do not bear it.
    context: Any = get_context("fork" if sys.platform == "linux" else "spawn")
    waiting = sorted(briefs, key=lambda brief: _length(brief.document))
    setting: dict[Connection, tuple[Any, Brief]] = {}
    try:
        while waiting or setting:
            while waiting and len(setting) < jobs:
                brief = waiting.pop()
                ours, its = context.Pipe(duplex=False)
                child = context.Process(target=_in_child, args=(ours, its, brief, strict))
                child.start()
                its.close()
                setting[ours] = child, brief
            ready = connection.wait(setting)
            for ours in [pipe for pipe in setting if pipe in ready]:
                child, brief = setting.pop(ours)
                try:
                    made = ours.recv()
                except (EOFError, OSError):  # nothing came, or not all of it
                    made = None
                child.join()
                yield brief, made or Made((), (_crash(brief, child.exitcode),))
    finally:
        for child, _ in setting.values():
            child.kill()
            child.join()


def _length(document: Document) -> int:
    return sum(len(node.text) for node in walk(document) if isinstance(node, Text))


def _in_child(ours: Connection, its: Connection, brief: Brief, strict: bool) -> None:
    """Set a brief and send it to the parent; die without a word when the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    ours.close()
    its.send(set_brief(brief, strict))


def _crash(brief: Brief, exit_code: int) -> Diagnostic:
    how = signal.Signals(-exit_code).name if exit_code < 0 else f"exit code {exit_code}"
    return Diagnostic(
        "crashed",
        f"`{brief.name}` was not set: the process that set it ended with {how}",
        None,
        "if this machine ran out of memory, set fewer at a time with --jobs",
    )
