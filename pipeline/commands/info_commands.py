"""What there is and how it stands: `brief list`, `status` and `doctor`."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Unpack

import click

from pipeline.commands.options import (
    ARTICLES,
    FORMATS,
    PROFILES,
    TEMPLATES,
    ValueCommand,
    add_formats_option,
    add_out_option,
    add_report_option,
    keep_chosen_formats,
)
from pipeline.commands.reports import DONE, ERRORS, REPORTS, TextReport, exit_on_error, keep_in_line

if TYPE_CHECKING:
    from pipeline.request import BuildOptions


@click.command(cls=ValueCommand)
@ARTICLES
@TEMPLATES
@add_formats_option("A format that should be there; again for more. PDF and DOCX if not given.")
@add_out_option("The folder that was written into.")
@click.option(
    "--check",
    "checks",
    is_flag=True,
    help="Exit 1 if a file is stale, edited or missing, 2 if none was built.",
)
@add_report_option("How to tell how the files stand.", "text", "json")
def status(checks: bool, report: str, **options: Unpack[BuildOptions]) -> None:
    """Say which files are fresh, stale, edited, missing or unknown; nothing is built.

    A file is fresh when it is what `brief build` would make, whatever options it
    was built with. One that was edited since is left by a build. Unknown is what
    no content or template of today makes.

    With --check, the exit code is 1 if a file is stale, edited or missing, and 2 if
    nothing was built that could be judged.
    """
    reporter = REPORTS[report]()
    with exit_on_error(reporter):
        from pipeline.api import Project

        found = Project().survey(required=checks, **keep_chosen_formats(options))
        if report == "json":
            rows = [dataclasses.asdict(file) for file in found]
            click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            for file in found:
                why = f": {', '.join(file.why)}" if file.why else ""
                click.echo(f"{file.state:8}{keep_in_line(file.file + why)}")
            states = [file.state for file in found]
            counts = [f"{states.count(state)} {state}" for state in dict.fromkeys(sorted(states))]
            click.echo(", ".join(counts) or "nothing is there, and nothing should be")
    waits = any(file.state in ("stale", "edited", "missing") for file in found)
    sys.exit(ERRORS if checks and waits else DONE)


@click.command("list", cls=ValueCommand)
def list_() -> None:
    """List the articles, templates, formats and profiles that there are."""
    reporter = TextReport()
    with exit_on_error(reporter):
        from pipeline.api import Project

        found = Project().list()
        listing: dict[str, Mapping[str, str | None]] = {
            "articles": found.articles,
            "templates": found.templates,
            "formats": FORMATS,
            "profiles": PROFILES,
        }
        width = max(len(name) for rows in listing.values() for name in rows)
        for group, rows in listing.items():
            if rows:
                click.echo(f"{group}:")
            for name, description in rows.items():
                click.echo(f"  {name:{width}}  {description or 'has errors'}")
        reporter.print_report(found.diagnostics)
    sys.exit(ERRORS if found.diagnostics else DONE)


@click.command(cls=ValueCommand)
def doctor() -> None:
    """Say what is missing on this machine, and how to get it."""
    with exit_on_error(TextReport()):
        from pipeline.system.doctor import examine_machine, format_requirements

        findings = examine_machine()
        click.echo(format_requirements(findings))
    sys.exit(ERRORS if any(not f.ok and f.need == "required" for f in findings) else DONE)
