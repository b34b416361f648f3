"""What WeasyPrint says becomes what a person can act on."""

import logging

import pytest

from pipeline.diagnostics import Findings, Severity
from pipeline.render.weasyprint_log import capture_log


def list_findings(log):
    findings = Findings()
    with capture_log(findings):
        log(logging.getLogger("weasyprint"))
    return findings.found


@pytest.mark.parametrize(
    ("log", "message", "severity"),
    [
        (
            lambda logger: logger.warning(
                '.notdef glyph rendered for Unicode string unsupported by fonts: "%s" (U+%04X)',
                "漢",
                0x6F22,
            ),
            'no font has the character "漢" (U+6F22): an empty box is printed',
            Severity.ERROR,
        ),
        (
            lambda logger: logger.error(
                "Failed to load image at %r: %s", "x.svg", ValueError("no\nimage")
            ),
            "the image 'x.svg' cannot be read",
            Severity.ERROR,
        ),
        (
            lambda logger: logger.warning("Font-face %r cannot be loaded", "Brief Own"),
            "the font file of 'Brief Own' cannot be read",
            Severity.ERROR,
        ),
        (
            lambda logger: logger.warning(
                "Ignored `%s: %s` at %d:%d, %s.", "widows", "many ", 4, 7, "invalid value"
            ),
            "the stylesheet's `widows: many` has no effect: invalid value",
            Severity.WARNING,
        ),
        (
            lambda logger: logger.error("Something new: %s", 7),
            "while setting pages: Something new: 7",
            Severity.ERROR,
        ),
        (
            lambda logger: logger.warning("Something new"),
            "while setting pages: Something new",
            Severity.WARNING,
        ),
        (
            lambda _: logging.getLogger("fontTools.ttLib").warning("a bad table"),
            "while setting pages: a bad table",
            Severity.WARNING,
        ),
    ],
)
def test_a_record_becomes_a_diagnostic(log, message, severity):
    (found,) = list_findings(log)
    assert (found.code, found.message, found.severity) == ("weasyprint", message, severity)


def test_progress_is_no_finding():
    assert list_findings(lambda logger: logger.info("Step 5")) == []


def test_the_same_thing_is_told_once():
    def twice(logger):
        logger.warning("a")
        logger.warning("a")
        logger.warning("b")

    assert len(list_findings(twice)) == 2


def test_what_is_logged_later_is_not_ours():
    findings = Findings()
    with pytest.raises(ZeroDivisionError), capture_log(findings):
        raise ZeroDivisionError
    logging.getLogger("weasyprint").warning("late")
    assert findings.found == []
