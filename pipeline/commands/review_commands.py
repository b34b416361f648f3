"""`brief pull` and `brief redline`: what an editor, or an edition, changed."""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from pipeline.commands.options import ValueCommand, add_report_option, format_examples
from pipeline.commands.reports import DONE, REPORTS, WAITS, TextReport, exit_on_error

_PULL: Final = format_examples(
    "brief pull edited.docx",
    "brief pull edited.docx --apply",
    "brief pull from-ann.docx from-bob.docx > changes.patch",
    'brief pull edited.docx --author "Ann Editor" --keep-suggestions --apply',
)


@click.command(epilog=_PULL, cls=ValueCommand)
@click.argument(
    "edited", metavar="EDITED.docx...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--apply", is_flag=True, help="Write the changes, instead of showing them.")
@click.option("--force", is_flag=True, help="With --apply: over changes that git does not have.")
@click.option(
    "--keep-suggestions",
    is_flag=True,
    help="Write changes as suggestions, {++new++} and {--old--}, for you to take or leave.",
)
@click.option("--author", metavar="NAME", default="", help="Take one author's tracked changes.")
@click.option(
    "--base",
    metavar="REV",
    default="",
    help="The git revision that the brief was built from, for a file that does not say it.",
)
@add_report_option("How to tell what became of each change.", "text", "json")
def pull(
    edited: tuple[Path, ...],
    apply: bool,
    force: bool,
    keep_suggestions: bool,
    author: str,
    base: str,
    report: str,
) -> None:
    """Bring what an editor changed in a brief's DOCX back into content/.

    Shows the difference on standard output, as `git apply` reads it, and on
    standard error what became of every change. Changes of content/ since the
    brief was built are kept; where both changed the same words, both are written
    as a conflict. Comments go to content/ARTICLE/reviews/. Ends with exit code 3
    when something is left for you.
    """
    if force and not apply:
        raise click.UsageError("--force is for --apply")
    reporter = REPORTS[report]()
    with exit_on_error(reporter):
        from pipeline.api import Project
        from pipeline.review.pull import pull_report

        project = Project()
        result = project.pull(edited, author=author, revision=base, suggest=keep_suggestions)
        if apply:
            project.apply(result, force=force)
        if report == "json":
            click.echo(json.dumps(pull_report.pull_to_json(result), ensure_ascii=False, indent=1))
        else:
            reporter.print_report(result.diagnostics)
            for line in pull_report.describe_pull(result):
                click.echo(line, err=True)
            if apply:
                for name in result.after:
                    click.echo(f"wrote {name}")
            else:
                click.echo(result.format_diff(), nl=False)
    sys.exit(WAITS if result.waits else DONE)


_REDLINE: Final = format_examples(
    "brief redline old.docx new.docx --out changes.docx",
    "brief redline v1:future-of-cyber-diplomacy content/future-of-cyber-diplomacy -t per-question",
)


@click.command(epilog=_REDLINE, cls=ValueCommand)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--template", "-t", default="", metavar="NAME", help="The brief to make of what is content."
)
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(["docx", "pdf"]),
    default="docx",
    show_default=True,
    help="Tracked changes; or, of content, bars and a first page that says what changed.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write; redline.docx or redline.pdf if not given.",
)
@click.option(
    "--author", default="brief", show_default=True, metavar="NAME", help="Who made the changes."
)
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    default=lambda: time.strftime("%Y-%m-%d"),
    show_default="today",
    help="When they were made.",
)
def redline(
    old: str,
    new: str,
    template: str,
    format_: str,
    out: Path | None,
    author: str,
    date: datetime,
) -> None:
    """Write the changes between two editions into the newer one, as tracked changes.

    OLD and NEW are each a DOCX, a git revision with an article (v1:ARTICLE), or a
    folder of content (content/ARTICLE). Accepting all changes gives NEW, rejecting
    them OLD; a file that would not is not written.
    """
    reporter = TextReport()
    with exit_on_error(reporter):
        from pipeline.api import Project
        from pipeline.diagnostics import Findings
        from pipeline.review.redline.block_writer import Signature

        findings = Findings()
        written = Project().redline(
            old,
            new,
            out or Path(f"redline.{format_}"),
            Signature(author, f"{date:%Y-%m-%dT%H:%M:%S}Z"),
            template=template,
            format=format_,
            findings=findings,
        )
        reporter.print_report(tuple(findings))
        click.echo(f"wrote {written}")
    sys.exit(DONE)
