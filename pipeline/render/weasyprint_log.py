"""What WeasyPrint and fontTools log, as diagnostics that say what is lost and what to do."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pipeline.diagnostics import Diagnostic, Findings, Severity

_TRANSLATIONS: Final[tuple[tuple[str, str, str | None, Severity], ...]] = (
    (
        r"\.notdef glyph rendered .*: (?P<what>.*)",
        "no font has the character {what}: an empty box is printed",
        "write it another way, or name a face in theme.yaml that has it",
        Severity.ERROR,
    ),
    (
        r"Failed to load image at (?P<what>.*?): .*",
        "the image {what} cannot be read",
        "use a PNG or JPEG image of the project, as a figure of the template",
        Severity.ERROR,
    ),
    (
        r"Font-face (?P<what>.*) cannot be loaded",
        "the font file of {what} cannot be read",
        "`brief doctor` says what is missing",
        Severity.ERROR,
    ),
    (
        r"Ignored `(?P<what>.*?) *` at \d+:\d+, (?P<why>.*?)\.?",
        "the stylesheet's `{what}` has no effect: {why}",
        None,
        Severity.WARNING,
    ),
)
"""A log message's pattern, what it means for the page, the way out, and how much it matters."""


def translate_log_record(record: logging.LogRecord) -> Diagnostic:
    """Make the diagnostic of a log record: an error where words or images could be lost."""
    logged = record.getMessage().strip()
    for pattern, message, hint, severity in _TRANSLATIONS:
        if match := re.fullmatch(pattern, logged, re.DOTALL):
            return Diagnostic(
                "weasyprint", message.format(**match.groupdict()), None, hint, severity
            )
    severity = Severity.ERROR if record.levelno >= logging.ERROR else Severity.WARNING
    return Diagnostic("weasyprint", f"while setting pages: {logged}", None, None, severity)


@contextmanager
def capture_log(findings: Findings) -> Iterator[None]:
    """Add what is logged within, at WARNING or above, to ``findings``: each thing once."""
    handler = _LogHandler(findings)
    loggers = [logging.getLogger(name) for name in ("weasyprint", "fontTools")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


class _LogHandler(logging.Handler):
    def __init__(self, findings: Findings) -> None:
        super().__init__(logging.WARNING)
        self.findings = findings

    def emit(self, record: logging.LogRecord) -> None:
        found = translate_log_record(record)
        if found not in self.findings.found:
            self.findings.extend([found])
