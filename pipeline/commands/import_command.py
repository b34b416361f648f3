"""`brief import`: a published text in, an article out, and questions in between."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from pipeline.commands.options import SOURCES, ValueCommand, add_report_option
from pipeline.commands.reports import DONE, REPORTS, WAITS, exit_on_error

if TYPE_CHECKING:
    from pipeline.importers.asking import Query
    from pipeline.importers.source import Format


@click.command("import", cls=ValueCommand)
@click.argument("source", metavar="SOURCE")
@click.option(
    "--as", "slug", metavar="ID", default="", help="The article's id; of its title if not given."
)
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(SOURCES),
    help="The source's format, where its content does not show it.",
)
@click.option("--yes", is_flag=True, help="Take the proposals, and mark them in the article.")
@click.option("--update", is_flag=True, help="Merge what is new into an article that is there.")
@add_report_option("How to tell what was found.", "text", "json")
def import_(
    source: str, slug: str, format_: Format | None, yes: bool, update: bool, report: str
) -> None:
    """Import a published roundtable into content/ID/article.md.

    SOURCE is plain text, a saved web page, a Word file or Markdown; - reads
    standard input. Every line is accounted for. What the text leaves open is
    asked here, or else in content/ID/import.yaml; answers are kept there.
    """
    reporter = REPORTS[report]()
    with exit_on_error(reporter):
        from pipeline.api import Project
        from pipeline.importers import telling

        asks = report == "text" and source != "-" and sys.stdin.isatty() and sys.stdout.isatty()
        result = Project().import_article(
            source,
            sys.stdin.buffer if source == "-" else None,
            _ask_question if asks else None,
            slug=slug,
            format=format_,
            accept=yes,
            update=update,
        )
        if report == "json":
            click.echo(json.dumps(telling.record(result), ensure_ascii=False, indent=1))
        else:
            click.echo(telling.text(result))
            reporter.print_report((*result.diagnostics, *result.conflicts))
            for query in result.decisions.open:
                click.echo(f"? {query.text} [{query.id}]", err=True)
                for line in query.evidence:
                    click.echo(f"    {line}", err=True)
                click.echo(f"  proposal: {query.proposal}", err=True)
    sys.exit(WAITS if result.waits else DONE)


def _ask_question(query: Query) -> str:
    """Put a question to whoever sits at the terminal."""
    for line in query.evidence:
        click.echo(f"    {line}")
    kind = click.Choice(query.choices) if query.choices else str
    answer: str = click.prompt(query.text, type=kind, default=query.proposal)
    return answer
