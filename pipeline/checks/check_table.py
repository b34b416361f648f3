"""What is checked, of what, and how much it matters: one literal table.

Each family has modules that find things and name them by their code: ``content_checks`` reads an
article, ``layout_checks`` the pages that its briefs come to, ``pdf_checks`` and ``docx_checks``
finished files. README.md has the table for people, and a test keeps it like this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from pipeline.diagnostics import Diagnostic, Location, Severity

Family: TypeAlias = Literal["content", "layout", "preflight"]
FAMILIES: Final[tuple[Family, ...]] = get_args(Family)

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked for."""

    family: Family
    severity: Severity
    summary: str
    """What is wrong where it is found, for people."""


CHECKS: Final[Mapping[str, Check]] = {
    "doubled-word": Check("content", WARNING, "a word stands twice in a row"),
    "double-space": Check("content", WARNING, "two spaces stand in a row"),
    "space-before-punctuation": Check(
        "content", WARNING, "a space stands before a mark, or inside a bracket"
    ),
    "unbalanced-bracket": Check("content", WARNING, "a bracket is not closed, or not opened"),
    "unbalanced-quote": Check(
        "content", WARNING, "a quotation mark in an answer is not closed, or not opened"
    ),
    "mixed-quotes": Check(
        "content", WARNING, "a straight quotation mark or apostrophe among curly ones"
    ),
    "unknown-abbreviation": Check(
        "content", WARNING, "capitals that neither the text nor the glossary explains"
    ),
    "no-position": Check("content", WARNING, "an expert has neither descriptor nor roles"),
    "unanswered": Check("content", WARNING, "an expert has no answer to a question"),
    "link-words": Check("content", WARNING, "a link's words do not say where it leads"),
    "image-words": Check("content", WARNING, "an image's alternative text is none"),
    "overflow": Check("layout", WARNING, "words run out of their box"),
    "stranded-heading": Check(
        "layout", WARNING, "a heading stands at the foot of a page, what it heads on the next"
    ),
    "orphan": Check("layout", WARNING, "a paragraph's first line stands alone at a page's foot"),
    "widow": Check("layout", WARNING, "a paragraph's last line stands alone at a page's head"),
    "short-last-page": Check("layout", WARNING, "the last page is under a quarter full"),
    "split-answer": Check("layout", WARNING, "an answer stands on three pages or more"),
    "far-quote": Check("layout", WARNING, "a pull quote stands on a spread without its answer"),
    "cut-row": Check("layout", WARNING, "a table's row is cut at the end of a page"),
    "damaged-file": Check("preflight", ERROR, "the file is not whole, or not what it claims to be"),
    "encrypted-file": Check("preflight", ERROR, "the file is encrypted"),
    "boundless-file": Check("preflight", ERROR, "the file takes too much time or memory to read"),
    "font-not-embedded": Check("preflight", ERROR, "the PDF does not carry one of its fonts"),
    "unknown-font": Check("preflight", WARNING, "a font is none of the themes'"),
    "no-tags": Check("preflight", ERROR, "the PDF has no structure: nobody can hear it read"),
    "no-alt": Check("preflight", ERROR, "a figure has no alternative text"),
    "heading-order": Check("preflight", ERROR, "a heading's level skips one"),
    "no-title": Check("preflight", ERROR, "the file does not say its title"),
    "no-language": Check("preflight", ERROR, "the file does not say its language"),
    "page-boxes": Check("preflight", ERROR, "a page's boxes do not lie in each other, or lack"),
    "page-sizes": Check("preflight", WARNING, "pages are not all cut to one size"),
    "no-output-intent": Check(
        "preflight", ERROR, "a file that claims PDF/X or PDF/A carries no output intent"
    ),
    "rgb-in-print": Check("preflight", ERROR, "a colour of a file for the press is RGB"),
    "rich-black": Check("preflight", WARNING, "black type of a file for the press is in many inks"),
    "low-resolution": Check(
        "preflight", WARNING, "an image has under 300 pixels an inch in print, 150 on a screen"
    ),
    "page-multiple": Check(
        "preflight", WARNING, "the pages of a file for the press are no multiple of four"
    ),
    "pdf-ua": Check(
        "preflight", ERROR, "a rule of PDF/UA-1 is broken that the file claims to keep"
    ),
    "pdf-a": Check("preflight", ERROR, "a rule of PDF/A is broken that the file claims to keep"),
    "checker-missing": Check(
        "preflight", WARNING, "what checks PDF/UA and PDF/A is not installed: they are not checked"
    ),
    "no-header-row": Check("preflight", WARNING, "a table of a DOCX has no header row"),
    "undefined-style": Check("preflight", WARNING, "a DOCX uses a style that it does not define"),
    "left-over": Check("preflight", NOTE, "tracked changes or comments are left in a DOCX"),
}
"""Every check, by its code. An error stops what follows; a warning does so with ``--strict``."""


def make_finding(
    code: str, message: str, at: Location | None = None, hint: str | None = None
) -> Diagnostic:
    """Return the finding of a check, with its severity."""
    return Diagnostic(code, message, at, hint, CHECKS[code].severity)
