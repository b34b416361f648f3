"""What went wrong, where, and what to do about it.

Every package reports through these records; only the command line prints them.
This module imports nothing of ours.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType


class Severity(StrEnum):
    """How much it matters: an error stops the output, a warning does not, a note never counts."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file. Lines and columns count from 1; 0 means not known."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Write the place as editors and terminals read it: ``file:line:column``."""
        known = [str(number) for number in (self.line, self.column) if number]
        return ":".join([self.file, *known])


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: a stable code, a sentence for a person, a place and a way out."""

    code: str
    message: str
    at: Location | None = None
    hint: str | None = None
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        """Whether this finding stops the output."""
        return self.severity is Severity.ERROR

    @property
    def is_note(self) -> bool:
        """Whether it is worth knowing and nothing is wrong."""
        return self.severity is Severity.NOTE


class Problems(Exception):
    """Findings that stop a step, all of them at once."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Keep the findings in their order."""
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__("; ".join(d.message for d in self.diagnostics))

    def __reduce__(self) -> tuple[type[Problems], tuple[tuple[Diagnostic, ...]]]:
        """Travel whole between processes; an exception's default is its message alone."""
        return (type(self), (self.diagnostics,))


def make_problem(
    code: str, message: str, at: Location | None = None, hint: str | None = None
) -> Problems:
    """Make the exception for a single error."""
    return Problems([Diagnostic(code, message, at, hint)])


@dataclass(slots=True)
class Findings:
    """Collects diagnostics, so that one run reports all of them."""

    found: list[Diagnostic] = field(default_factory=list)

    def __iter__(self) -> Iterator[Diagnostic]:
        """Yield the findings in order."""
        return iter(self.found)

    def add_error(
        self, code: str, message: str, at: Location | None = None, hint: str | None = None
    ) -> None:
        """Add an error."""
        self.found.append(Diagnostic(code, message, at, hint))

    def add_warning(
        self, code: str, message: str, at: Location | None = None, hint: str | None = None
    ) -> None:
        """Add a warning."""
        self.found.append(Diagnostic(code, message, at, hint, Severity.WARNING))

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add findings of another step."""
        self.found.extend(diagnostics)

    def add_new(self, found: Iterable[Diagnostic]) -> None:
        """Add those findings of another step that were not here before it, each once."""
        self.found += [d for d in dict.fromkeys(found) if d not in self.found]

    def collecting(self) -> AbstractContextManager[None, bool]:
        """Return a context that ends at the first Problems within it, and adds what they hold."""
        return _ProblemCollector(self)

    def stop_on_errors(self) -> None:
        """Raise Problems with every finding so far if one of them is an error."""
        if any(d.is_error for d in self.found):
            raise Problems(self.found)


@dataclass(frozen=True, slots=True)
class _ProblemCollector:
    """Catches Problems, and puts what they hold into findings."""

    findings: Findings

    def __enter__(self) -> None:
        """Begin; there is nothing to prepare."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        """Collect Problems, each finding once; any other exception goes on."""
        if isinstance(error, Problems):
            self.findings.add_new(error.diagnostics)
        return isinstance(error, Problems)


def find_nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like the one written, or None if nothing is close."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def suggest_names(name: str, known: Iterable[str]) -> str:
    """Write a hint: the nearest known name, or all of them when none is near."""
    names = list(known)
    close = find_nearest_name(name, names)
    if close is not None:
        return f"did you mean `{close}`?"
    return "known: " + ", ".join(f"`{n}`" for n in names) if names else "none is known here"
