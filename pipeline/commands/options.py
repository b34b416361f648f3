"""What can be chosen on the command line, and the options that commands share."""

from __future__ import annotations

import os
from typing import Final

import click

# Written out here so that `brief --help` imports nothing; a test holds them to the originals.
FORMATS: Final = {
    "pdf": "for print and for reading",
    "docx": "for editors, in Word or LibreOffice",
    "html": "one self-contained file",
    "tree": "the document itself, as JSON",
}
PROFILES: Final = {
    "screen": "for every reader and for the archive: PDF/UA-1 and PDF/A-2a in one file",
    "print": "for the press: PDF/X-4, in inks, with bleed and marks",
    "booklet": "the print pages, two on a sheet, to fold and staple",
    "archive": "for screens, and to be made again: PDF/A-3a with all that it was made from",
}
PAPERS: Final = ("a4", "letter", "a5")
SPLITS: Final = ("question", "expert")
FAMILIES: Final = ("content", "layout", "preflight")
SOURCES: Final = ("text", "markdown", "html", "docx")


ARTICLES: Final = click.argument("articles", metavar="[ARTICLE]...", nargs=-1)
TEMPLATES: Final = click.option(
    "--template",
    "-t",
    "templates",
    multiple=True,
    metavar="NAME",
    help="A brief template; again for more. All of them if not given.",
)
JOBS: Final = click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    metavar="N",
    default=lambda: os.cpu_count() or 1,
    show_default="one a core",
    help="How many briefs to set at a time.",
)
