"""`brief check`: articles, and finished files of any origin."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

import click

from pipeline.commands.options import (
    FAMILIES,
    ValueCommand,
    add_report_option,
    add_templates_option,
    format_examples,
)
from pipeline.commands.reports import DONE, ERRORS, REPORTS, exit_on_error, format_count

if TYPE_CHECKING:
    from pipeline.checks.check_table import Family


_EXAMPLES: Final = format_examples(
    "brief check",
    "brief check future-of-cyber-diplomacy --family content",
    "brief check brochure.pdf notes.docx --strict",
    "brief check --report sarif > brief.sarif",
)


@click.command(epilog=_EXAMPLES, cls=ValueCommand)
@click.argument("names", metavar="[ARTICLE|FILE]...", nargs=-1)
@add_templates_option(
    "A template to look at the layout of; again for more. All of them if not given."
)
@click.option(
    "--family",
    "families",
    multiple=True,
    type=click.Choice(FAMILIES),
    help="A family of checks; again for more. All that apply if not given.",
)
@click.option("--strict", is_flag=True, help="Take warnings as errors.")
@add_report_option("How to tell what was found.", "text", "json", "github", "sarif")
def check(
    names: tuple[str, ...],
    templates: tuple[str, ...],
    families: tuple[Family, ...],
    strict: bool,
    report: str,
) -> None:
    """Check articles, or finished PDF and DOCX files; nothing is written.

    Of an article, the content is looked through for slips, and the pages of its
    briefs for what looks bad. A file of any origin gets a preflight. Without
    names, all articles are checked.
    """
    started = time.perf_counter()
    reporter = REPORTS[report]()
    with exit_on_error(reporter):
        from pipeline.api import Project

        result = Project().check(names, templates=templates, families=families)
        reporter.print_report(result.diagnostics, None, time.perf_counter() - started)
        if report == "text":
            counts = [
                (result.articles, "article"),
                (result.briefs, "brief"),
                (result.files, "file"),
            ]
            checked = ", ".join(format_count(n, what) for n, what in counts if n)
            click.echo(f"checked {checked} in {time.perf_counter() - started:.1f} s")
    stops = [d for d in result.diagnostics if d.is_error or (strict and not d.is_note)]
    sys.exit(ERRORS if stops else DONE)
