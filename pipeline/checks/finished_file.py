"""A finished file that is checked, and what checks of every format report in the same words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.checks.check_table import make_finding
from pipeline.diagnostics import Diagnostic, Location
from pipeline.system.limits import DEFAULT_LIMITS, Limits


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """A file of any origin."""

    path: Path
    name: str
    """The path as it was written on the command line."""
    fonts: frozenset[str] = frozenset()
    """The names of the fonts that are known."""
    limits: Limits = DEFAULT_LIMITS

    def report(self, code: str, message: str, hint: str | None = None) -> Diagnostic:
        """Return the finding of a check."""
        return make_finding(code, message, Location(self.name), hint)


def describe_level_skip(level: int, before: int) -> str:
    """Return how a heading skips a level, or nothing; ``before`` is 0 for the first heading."""
    if level <= before + 1:
        return ""
    return f"follows one of level {before}" if before else "is the first"
