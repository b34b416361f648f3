"""What there is and how it stands: `brief list`, `status` and `doctor`."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from pipeline.commands.options import (
    ARTICLES,
    FORMATS,
    PROFILES,
    TEMPLATES,
    add_formats_option,
    add_out_option,
    add_report_option,
    keep_chosen_formats,
)
from pipeline.commands.reports import DONE, ERRORS, REPORTS, TextReport, exit_on_error, keep_in_line
from pipeline.diagnostics import Diagnostic, Problems

if TYPE_CHECKING:
    from pipeline.request import BuildOptions


@click.command()
@ARTICLES
@TEMPLATES
@add_formats_option("A format that should be there; again for more. PDF and DOCX if not given.")
@add_out_option("The folder that was written into.")
@click.option("--check", "checks", is_flag=True, help="Exit 1 if a file is stale or missing.")
@add_report_option("How to tell how the files stand.", "text", "json")
def status(checks: bool, report: str, **options: Unpack[BuildOptions]) -> None:
    """Say which files are fresh, stale, missing or unknown; nothing is built.

    A file is fresh when `brief build` would leave it as it is, whatever options
    it was built with. Unknown is what no content or template of today makes.
    """
    reporter = REPORTS[report]()
    with exit_on_error(reporter):
        from pipeline.api import Project

        found = Project().survey(**keep_chosen_formats(options))
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
    waits = any(file.state in ("stale", "missing") for file in found)
    sys.exit(ERRORS if checks and waits else DONE)


@click.command("list")
def list_() -> None:
    """List the articles, templates, formats and profiles that there are."""
    found: list[Diagnostic] = []
    reporter = TextReport()

    def listed(names: Iterable[str], say: Callable[[str], str]) -> Iterator[tuple[str, str]]:
        for name in names:
            try:
                yield name, say(name)
            except Problems as problems:
                found.extend(problems.diagnostics)
                yield name, "has errors"

    with exit_on_error(reporter):
        from pipeline.content import loader
        from pipeline.templating.catalogue import TemplateCatalogue

        project = Path.cwd()
        catalogue = TemplateCatalogue(project)

        def title(name: str) -> str:
            return loader.load_content(project, name).article.title

        def description(name: str) -> str:
            spec = catalogue.get_template(name).spec
            parts = f" Has parts by {' and '.join(spec.splits)}." if spec.splits else ""
            return spec.description + parts

        try:
            articles = loader.require_articles(project)
        except Problems as problems:
            found.extend(problems.diagnostics)
            articles = ()
        listing = {
            "articles": list(listed(articles, title)),
            "templates": list(listed(catalogue.list_names(), description)),
            "formats": list(FORMATS.items()),
            "profiles": list(PROFILES.items()),
        }
        width = max(len(name) for rows in listing.values() for name, _ in rows)
        for group, rows in listing.items():
            if rows:
                click.echo(f"{group}:")
            for name, line in rows:
                click.echo(f"  {name:{width}}  {line}")
        reporter.print_report(found)
    sys.exit(ERRORS if found else DONE)


@click.command()
def doctor() -> None:
    """Say what is missing on this machine, and how to get it."""
    with exit_on_error(TextReport()):
        from pipeline.system.doctor import examine_machine, format_requirements

        findings = examine_machine()
        click.echo(format_requirements(findings))
    sys.exit(ERRORS if any(not f.ok and f.need == "required" for f in findings) else DONE)
