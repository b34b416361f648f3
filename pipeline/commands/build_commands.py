"""`brief build`, and what makes its files again: `verify` and `extract`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Unpack

import click

from pipeline.commands.options import (
    ARTICLES,
    JOBS,
    PAPERS,
    PROFILES,
    SPLITS,
    TEMPLATES,
    ValueCommand,
    add_formats_option,
    add_out_option,
    add_report_option,
    format_examples,
    keep_chosen_formats,
)
from pipeline.commands.reports import (
    DONE,
    ERRORS,
    REPORTS,
    WAITS,
    TextReport,
    exit_on_error,
    format_count,
    keep_in_line,
)

if TYPE_CHECKING:
    from pipeline.request import BuildOptions

_EXAMPLES: Final = format_examples(
    "brief build",
    "brief build --template policymaker-summary --format pdf --paper letter",
    "brief build --template per-expert --split expert",
    "brief build --template briefing-pack --format pdf --profile print",
    "brief build --template per-question --question q2 --format docx",
)


@click.command(epilog=_EXAMPLES, cls=ValueCommand)
@ARTICLES
@TEMPLATES
@add_formats_option("A format; again for more. PDF and DOCX if not given.")
@click.option(
    "--profile",
    type=click.Choice(list(PROFILES)),
    default="screen",
    show_default=True,
    help="What the PDF is for.",
)
@click.option(
    "--creep",
    type=click.FloatRange(0, 10),
    metavar="MM",
    help="With --profile booklet: how far its innermost pages move to the fold.",
)
@click.option("--split", type=click.Choice(SPLITS), help="One brief a question, or one an expert.")
@click.option(
    "--question",
    "questions",
    multiple=True,
    metavar="ID",
    help="Only this question, such as q1; again for more.",
)
@click.option(
    "--expert",
    "experts",
    multiple=True,
    metavar="ID",
    help="Only this expert, such as ciglic; again for more.",
)
@click.option("--paper", type=click.Choice(PAPERS), help="The paper; the house's if not given.")
@click.option(
    "--marking",
    default="",
    metavar="TEXT",
    help='At the head and foot of every page: "TLP:AMBER", or words such as "CONFIDENTIAL".',
)
@click.option(
    "--chatham-house",
    is_flag=True,
    help="Withhold who the experts are: no names, no affiliations, anywhere.",
)
@click.option(
    "--reference-docx",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Take the DOCX's styles, page, headers and footers from this .dotx or .docx.",
)
@click.option(
    "--for-review",
    is_flag=True,
    help="Have the DOCX open with changes tracked, for an editor who sends it back.",
)
@click.option(
    "--with-notes",
    is_flag=True,
    help="Show the content's editorial notes and comments in the DOCX, as comments.",
)
@add_out_option("The folder to write into.")
@JOBS
@click.option(
    "--scheduler",
    default="",
    metavar="ADDRESS",
    help="Set briefs on a Dask cluster, such as tcp://host:8786, instead of here.",
)
@click.option("--strict", is_flag=True, help="Take warnings as errors.")
@click.option(
    "--force", is_flag=True, help="Write over files that were edited where they stand in out/."
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path, readable=False),
    metavar="DIR",
    help="A folder that keeps what was built, for CI to carry from run to run.",
)
@add_report_option("How to tell what was found and written.", "text", "json", "github")
def build(report: str, **options: Unpack[BuildOptions]) -> None:
    """Build the briefs of some articles, or of all: what changed, and no more.

    Files go to out/ARTICLE/ARTICLE-TEMPLATE[-PART][.OPTION]….EXT, with
    manifest.json and a ledger of the quotes beside them. Options that change what
    a file says or who may read it stand in its name, in this order: paper (unless
    it is the house's), profile, marking, for-review, with-notes, the Word
    template. Under --chatham-house, ARTICLE-chatham-house stands for ARTICLE.

    Each file is written whole or not at all. One that was edited where it stands is
    left and named, the others are built, and the exit code is 3.
    """
    if options["creep"] is not None and options["profile"] != "booklet":
        raise click.UsageError("--creep is for --profile booklet")
    started = time.perf_counter()
    reporter = REPORTS[report]()
    with exit_on_error(reporter):
        from pipeline.api import Project

        with reporter.show_progress() as progress:
            result = Project().build(progress, **keep_chosen_formats(options))
        reporter.print_report(result.diagnostics, result, time.perf_counter() - started)
    if result.failed or (options["strict"] and result.warned):
        sys.exit(ERRORS)
    sys.exit(WAITS if result.left else DONE)


@click.command(cls=ValueCommand)
@click.argument("files", metavar="[FILE]...", nargs=-1)
@add_out_option("The folder that was written into, if no file is named.")
@JOBS
def verify(files: tuple[str, ...], out: Path, jobs: int) -> None:
    """Prove that files are what the content makes: build them again and compare.

    FILE is a brief in out/; all that the manifests list if none is named. Of one
    that differs it is said what has changed since: an input, a template, a font,
    a package, a library, or the file itself. Nothing is written. Where no
    manifest lists a file, the exit code is 2.
    """
    reporter = TextReport()
    with exit_on_error(reporter):
        from pipeline.api import Project

        with reporter.show_progress() as progress:
            result = Project().verify(files, progress, out=out, jobs=jobs)
        for file in result.files:
            why = f": {', '.join(file.why)}" if file.why else ""
            click.echo(f"{'same' if file.is_same else 'differs':9}{keep_in_line(file.file + why)}")
        reporter.print_report(result.diagnostics)
    is_proved = all(file.is_same for file in result.files) and not any(
        found.code == "bad-manifest" for found in result.diagnostics
    )
    sys.exit(DONE if is_proved else ERRORS)


@click.command(cls=ValueCommand)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, readable=False),
    metavar="DIR",
    help="The folder to restore; of the file's name if not given.",
)
def extract(file: Path, out: Path | None) -> None:
    """Restore the folder that a PDF of the profile archive was made in.

    FILE carries content/ and templates/. The command that is printed makes the same
    brief in the folder that is restored; a plain `brief build` makes other files
    there. Nothing that is there is written over.
    """
    reporter = TextReport()
    with exit_on_error(reporter):
        from pipeline.build import unarchive

        restored = unarchive.restore_folder(file, out)
        what = f"{format_count(restored.files, 'file')} in {restored.folder}/"
        click.echo(what if restored.written else f"{what}: all were there")
        click.echo(f"the same brief is made there by: {restored.command}")
        if restored.changes:
            made_with = keep_in_line(", ".join(restored.changes))
            click.echo(f"its bytes may differ, for it was made with {made_with}")
    sys.exit(DONE)
