"""The command line: options in, diagnostics out. The only file that imports click."""

from __future__ import annotations

import dataclasses
import gc
import io
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import click

from pipeline import __version__, characters
from pipeline.diagnostics import Diagnostic, Problems

if TYPE_CHECKING:
    from pipeline.importers.asking import Query
    from pipeline.order import Order, Output, Result, Split
    from pipeline.workers import Crew

DONE, ERRORS, USAGE, WAITS, INTERRUPTED = 0, 1, 2, 3, 130

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
MOST_LINES: Final = 50
"""How many lines tell of progress where nobody watches."""
FAMILIES: Final = ("content", "layout", "preflight")
SOURCES: Final = ("text", "markdown", "html", "docx")


SETTINGS: Final = {
    "help_option_names": ["-h", "--help"],
    "color": False if os.environ.get("NO_COLOR") else None,
}


@click.group(context_settings=SETTINGS)
@click.version_option(__version__, prog_name="brief")
def main() -> None:
    """Set one article as many printed briefs, in PDF for print and DOCX for editors.

    Run it in the folder that holds content/. `brief build` makes every brief into
    out/; `brief list` shows what there is to build.

    Exit codes: 0 done, 1 the content or a document has errors, 2 wrong usage,
    3 your answer is needed.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # not every terminal knows every character


_ARTICLES: Final = click.argument("articles", metavar="[ARTICLE]...", nargs=-1)
_TEMPLATES: Final = click.option(
    "--template",
    "-t",
    "templates",
    multiple=True,
    metavar="NAME",
    help="A brief template; again for more. All of them if not given.",
)

_EXAMPLES: Final = "\b\n" + "\n".join(
    [
        "Examples:",
        "  brief build",
        "  brief build --template policymaker-summary --format pdf --paper letter",
        "  brief build --template per-expert --split expert",
        "  brief build --template briefing-pack --format pdf --profile print",
        "  brief build --template per-question --question q2 --format docx",
    ]
)


@main.command(epilog=_EXAMPLES)
@_ARTICLES
@_TEMPLATES
@click.option(
    "--format",
    "-f",
    "formats",
    multiple=True,
    type=click.Choice(list(FORMATS)),
    help="A format; again for more. PDF and DOCX if not given.",
)
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
@click.option(
    "--out",
    type=click.Path(path_type=Path, readable=False),
    default=Path("out"),
    show_default=True,
    help="The folder to write into.",
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    metavar="N",
    default=lambda: os.cpu_count() or 1,
    show_default="one a core",
    help="How many briefs to set at a time.",
)
@click.option(
    "--scheduler",
    default="",
    metavar="ADDRESS",
    help="Set briefs on a Dask cluster, such as tcp://host:8786, instead of here.",
)
@click.option("--strict", is_flag=True, help="Take warnings as errors.")
@click.option(
    "--cache",
    type=click.Path(path_type=Path, readable=False),
    metavar="DIR",
    help="A folder that keeps what was built, for CI to carry from run to run.",
)
@click.option(
    "--report",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How to tell what was found and written.",
)
def build(
    articles: tuple[str, ...],
    templates: tuple[str, ...],
    formats: tuple[str, ...],
    profile: str,
    creep: float | None,
    split: str | None,
    questions: tuple[str, ...],
    experts: tuple[str, ...],
    paper: str | None,
    marking: str,
    chatham_house: bool,
    reference_docx: Path | None,
    for_review: bool,
    with_notes: bool,
    out: Path,
    jobs: int,
    scheduler: str,
    strict: bool,
    cache: Path | None,
    report: str,
) -> None:
    """Build the briefs of some articles, or of all: what changed, and no more.

    Files go to out/ARTICLE/ARTICLE-TEMPLATE[-PART][.PROFILE].EXT (no profile for
    screen), with manifest.json and a ledger of the quotes beside them. Each is
    written whole or not at all. Under --chatham-house, ARTICLE-chatham-house
    stands for ARTICLE there.
    """
    if creep is not None and profile != "booklet":
        raise click.UsageError("--creep is for --profile booklet")
    started = time.perf_counter()
    telling = _REPORTS[report]()
    with _ending(telling):
        from pipeline import freshness
        from pipeline.order import Order

        order = Order(
            project=Path.cwd(),
            out=out,
            articles=articles,
            templates=templates,
            formats=formats or ("pdf", "docx"),
            questions=questions,
            experts=experts,
            split=cast("Split | None", split),
            paper=paper,
            profile=profile,
            creep=creep or 0.0,
            marking=marking,
            chatham_house=chatham_house,
            reference_docx=reference_docx,
            for_review=for_review,
            with_notes=with_notes,
            jobs=jobs,
            scheduler=scheduler,
            strict=strict,
            cache=cache,
        ).checked()
        standing = freshness.look(order)
        if order.cache and not standing.is_done:
            from pipeline.cache import Cache

            Cache(order.cache).restore(order, standing)
            standing = freshness.look(order)
        if standing.is_done:
            result = standing.result
        else:
            gc.disable()  # hardly anything of what is imported becomes garbage
            with _crew(order, standing.to_do) as crew, telling.progress() as progress:
                from pipeline import build as building  # imports what reads and prints

                gc.enable()
                result = building.build(order, progress, standing, crew)
        telling.tell(result.diagnostics, result, time.perf_counter() - started)
    warned = strict and bool(result.diagnostics)
    sys.exit(ERRORS if result.failed or warned else DONE)


@contextmanager
def _crew(order: Order, to_do: int) -> Iterator[Crew | None]:
    """Have processes import what sets pages, where that takes long and there are cores for it."""
    if order.jobs == 1 or order.scheduler or not {"pdf", "docx"} & set(order.formats):
        yield None
        return
    from pipeline.workers import Crew

    crew = Crew(order.jobs, order.formats, order.strict)
    try:
        crew.start(to_do)
        yield crew
    finally:
        crew.stop()


@main.command("import")
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
@click.option("--update", is_flag=True, help="Write an article anew that is there.")
@click.option(
    "--report",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to tell what was found.",
)
def import_(
    source: str, slug: str, format_: str | None, yes: bool, update: bool, report: str
) -> None:
    """Import a published roundtable into content/ID/article.md.

    SOURCE is plain text, a saved web page, a Word file or Markdown; - reads
    standard input. Every line is accounted for. What the text leaves open is
    asked here, or else in content/ID/import.yaml; answers are kept there.
    """
    telling = _REPORTS[report]()
    with _ending(telling):
        from pipeline.importers import importing
        from pipeline.importers import telling as told
        from pipeline.importers.source import Format

        asks = report == "text" and source != "-" and sys.stdin.isatty() and sys.stdout.isatty()
        result = importing.run(
            importing.Order(
                project=Path.cwd(),
                source=source,
                slug=slug,
                format=cast("Format | None", format_),
                accept=yes,
                update=update,
            ),
            sys.stdin.buffer if source == "-" else None,
            _asked if asks else None,
        )
        if report == "json":
            click.echo(json.dumps(told.record(result), ensure_ascii=False, indent=1))
        else:
            click.echo(told.text(result))
            telling.tell(result.diagnostics)
            for query in result.decisions.open:
                click.echo(f"? {query.text} [{query.id}]", err=True)
                for line in query.evidence:
                    click.echo(f"    {line}", err=True)
                click.echo(f"  proposal: {query.proposal}", err=True)
    sys.exit(WAITS if result.waits else DONE)


def _asked(query: Query) -> str:
    """Put a question to whoever sits at the terminal."""
    for line in query.evidence:
        click.echo(f"    {line}")
    kind = click.Choice(query.choices) if query.choices else str
    answer: str = click.prompt(query.text, type=kind, default=query.proposal)
    return answer


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, readable=False),
    metavar="DIR",
    help="The folder to restore; of the file's name if not given.",
)
def extract(file: Path, out: Path | None) -> None:
    """Restore the folder that a PDF of the profile archive was made in.

    FILE carries content/ and templates/. In the folder that is restored, `brief
    build` makes the same brief. Nothing that is there is written over.
    """
    telling = _Text()
    with _ending(telling):
        from pipeline import extract as extracting

        made = extracting.extract(file, out)
        what = f"{_count(made.files, 'file')} in {made.folder}/"
        click.echo(what if made.written else f"{what}: all were there")
        click.echo(f"the same brief is made there by: {made.command}")
    sys.exit(DONE)


_PULL_EXAMPLES: Final = "\b\n" + "\n".join(
    [
        "Examples:",
        "  brief pull edited.docx",
        "  brief pull edited.docx --apply",
        "  brief pull from-ann.docx from-bob.docx > changes.patch",
        '  brief pull edited.docx --author "Ann Editor" --keep-suggestions --apply',
    ]
)


@main.command(epilog=_PULL_EXAMPLES)
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
@click.option(
    "--report",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to tell what became of each change.",
)
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
    telling = _REPORTS[report]()
    with _ending(telling):
        from pipeline.review import pulling
        from pipeline.review import telling as told

        order = pulling.Order(
            project=Path.cwd(),
            files=edited,
            author=author,
            revision=base,
            suggest=keep_suggestions,
        )
        result = pulling.pull(order)
        if apply:
            pulling.apply(order, result, force=force)
        if report == "json":
            click.echo(json.dumps(told.record(result), ensure_ascii=False, indent=1))
        else:
            telling.tell(result.diagnostics)
            for line in told.text(result):
                click.echo(line, err=True)
            if apply:
                for name in result.after:
                    click.echo(f"wrote {name}")
            else:
                click.echo(result.diff(), nl=False)
    sys.exit(WAITS if result.waits else DONE)


_REDLINE_EXAMPLES: Final = "\b\n" + "\n".join(
    [
        "Examples:",
        "  brief redline old.docx new.docx --out changes.docx",
        "  brief redline v1:future-of-cyber-diplomacy content/future-of-cyber-diplomacy"
        " -t per-question",
    ]
)


@main.command(epilog=_REDLINE_EXAMPLES)
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
    telling = _Text()
    with _ending(telling):
        from pipeline.review import comparing
        from pipeline.review.redlining import Signed

        made = comparing.run(
            comparing.Order(
                project=Path.cwd(),
                old=old,
                new=new,
                template=template,
                signed=Signed(author, f"{date:%Y-%m-%dT%H:%M:%S}Z"),
                format=format_,
                out=out or Path(f"redline.{format_}"),
            )
        )
        click.echo(f"wrote {made}")
    sys.exit(DONE)


_CHECK_EXAMPLES: Final = "\b\n" + "\n".join(
    [
        "Examples:",
        "  brief check",
        "  brief check future-of-cyber-diplomacy --family content",
        "  brief check brochure.pdf notes.docx --strict",
        "  brief check --report sarif > brief.sarif",
    ]
)


@main.command(epilog=_CHECK_EXAMPLES)
@click.argument("names", metavar="[ARTICLE|FILE]...", nargs=-1)
@click.option(
    "--template",
    "-t",
    "templates",
    multiple=True,
    metavar="NAME",
    help="A template to look at the layout of; again for more. All of them if not given.",
)
@click.option(
    "--family",
    "families",
    multiple=True,
    type=click.Choice(FAMILIES),
    help="A family of checks; again for more. All that apply if not given.",
)
@click.option("--strict", is_flag=True, help="Take warnings as errors.")
@click.option(
    "--report",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="How to tell what was found.",
)
def check(
    names: tuple[str, ...],
    templates: tuple[str, ...],
    families: tuple[str, ...],
    strict: bool,
    report: str,
) -> None:
    """Check articles, or finished PDF and DOCX files; nothing is written.

    Of an article, the content is looked through for slips, and the pages of its
    briefs for what looks bad. A file of any origin gets a preflight. Without
    names, all articles are checked.
    """
    started = time.perf_counter()
    telling = _REPORTS[report]()
    with _ending(telling):
        from pipeline.checks import Family, checking

        result = checking.run(
            checking.Order(
                project=Path.cwd(),
                names=names,
                templates=templates,
                families=cast("tuple[Family, ...]", families),
            )
        )
        telling.tell(result.diagnostics, None, time.perf_counter() - started)
        if report == "text":
            counts = [
                (result.articles, "article"),
                (result.briefs, "brief"),
                (result.files, "file"),
            ]
            checked = ", ".join(_count(n, what) for n, what in counts if n)
            click.echo(f"checked {checked} in {time.perf_counter() - started:.1f} s")
    stops = [d for d in result.diagnostics if d.is_error or (strict and not d.is_note)]
    sys.exit(ERRORS if stops else DONE)


@main.command()
@_ARTICLES
@_TEMPLATES
@click.option(
    "--format",
    "-f",
    "formats",
    multiple=True,
    type=click.Choice(list(FORMATS)),
    help="A format that should be there; again for more. PDF and DOCX if not given.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, readable=False),
    default=Path("out"),
    show_default=True,
    help="The folder that was written into.",
)
@click.option("--check", "checks", is_flag=True, help="Exit 1 if a file is stale or missing.")
@click.option(
    "--report",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to tell how the files stand.",
)
def status(
    articles: tuple[str, ...],
    templates: tuple[str, ...],
    formats: tuple[str, ...],
    out: Path,
    checks: bool,
    report: str,
) -> None:
    """Say which files are fresh, stale, missing or unknown; nothing is built.

    A file is fresh when `brief build` would leave it as it is, whatever options
    it was built with. Unknown is what no content or template of today makes.
    """
    telling = _REPORTS[report]()
    with _ending(telling):
        from pipeline.order import Order
        from pipeline.status import survey

        found = survey(
            Order(
                project=Path.cwd(),
                out=out,
                articles=articles,
                templates=templates,
                formats=formats or ("pdf", "docx"),
            )
        )
        if report == "json":
            rows = [dataclasses.asdict(file) for file in found]
            click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            for file in found:
                why = f": {', '.join(file.why)}" if file.why else ""
                click.echo(f"{file.state:8}{file.file}{why}")
            states = [file.state for file in found]
            counts = [f"{states.count(state)} {state}" for state in dict.fromkeys(sorted(states))]
            click.echo(", ".join(counts) or "nothing is there, and nothing should be")
    waits = any(file.state in ("stale", "missing") for file in found)
    sys.exit(ERRORS if checks and waits else DONE)


@main.command()
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option(
    "--out",
    type=click.Path(path_type=Path, readable=False),
    default=Path("out"),
    show_default=True,
    help="The folder that was written into, if no file is named.",
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    metavar="N",
    default=lambda: os.cpu_count() or 1,
    show_default="one a core",
    help="How many briefs to set at a time.",
)
def verify(files: tuple[str, ...], out: Path, jobs: int) -> None:
    """Prove that files are what the content makes: build them again and compare.

    FILE is a brief in out/; all that the manifests list if none is named. Of one
    that differs it is said what has changed since: an input, a template, a font,
    a package, a library, or the file itself. Nothing is written.
    """
    telling = _Text()
    with _ending(telling):
        from pipeline import verify as verifying
        from pipeline.order import Order

        with telling.progress() as progress:
            order = Order(project=Path.cwd(), out=out, jobs=jobs)
            result = verifying.run(order, files, progress)
        for file in result.files:
            why = f": {', '.join(file.why)}" if file.why else ""
            click.echo(f"{'same' if file.is_same else 'differs':9}{file.file}{why}")
        telling.tell(result.diagnostics)
    sys.exit(DONE if all(file.is_same for file in result.files) else ERRORS)


@main.command("list")
def list_() -> None:
    """List the articles, templates, formats and profiles that there are."""
    found: list[Diagnostic] = []
    telling = _Text()

    def listed(names: Iterable[str], say: Callable[[str], str]) -> Iterator[tuple[str, str]]:
        for name in names:
            try:
                yield name, say(name)
            except Problems as problems:
                found.extend(problems.diagnostics)
                yield name, "has errors"

    with _ending(telling):
        from pipeline import content
        from pipeline.template import TemplateRoom

        project = Path.cwd()
        room = TemplateRoom(project)

        def title(name: str) -> str:
            return content.load(project, name).article.title

        def description(name: str) -> str:
            spec = room.get(name).spec
            parts = f" Has parts by {' and '.join(spec.splits)}." if spec.splits else ""
            return spec.description + parts

        try:
            articles = content.articles(project)
        except Problems as problems:
            found.extend(problems.diagnostics)
            articles = ()
        listing = {
            "articles": list(listed(articles, title)),
            "templates": list(listed(room.names(), description)),
            "formats": list(FORMATS.items()),
            "profiles": list(PROFILES.items()),
        }
        width = max(len(name) for rows in listing.values() for name, _ in rows)
        for group, rows in listing.items():
            if rows:
                click.echo(f"{group}:")
            for name, says in rows:
                click.echo(f"  {name:{width}}  {says}")
        telling.tell(found)
    sys.exit(ERRORS if found else DONE)


@main.command()
def doctor() -> None:
    """Say what is missing on this machine, and how to get it."""
    with _ending(_Text()):
        from pipeline.doctor import examine, report

        findings = examine()
        click.echo(report(findings))
    sys.exit(ERRORS if any(not f.ok and f.need == "required" for f in findings) else DONE)


# --- telling what was found and written ---------------------------------------------------

Progress: TypeAlias = Callable[[str, int, int], None]


@contextmanager
def _ending(telling: _Text | _Json | _Sarif) -> Iterator[None]:
    """Tell what stopped a command, and end it with the exit code for that."""
    try:
        yield
    except Problems as problems:
        from pipeline.order import Usage

        telling.tell(problems.diagnostics)
        sys.exit(USAGE if isinstance(problems, Usage) else ERRORS)
    except KeyboardInterrupt:
        click.echo("stopped; the briefs that were finished before are in place", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # whoever read the output has gone; click ends quietly
        raise
    except OSError as error:  # nothing can be printed, or the folder has gone
        click.echo(f"error: the command was not finished: {error.strerror}", err=True)
        sys.exit(ERRORS)
    except Exception as error:
        from pipeline.faults import fault

        telling.tell([fault(error, "the command was not finished")])
        sys.exit(ERRORS)


class _Text:
    """For people: findings and progress on standard error, the table on standard output."""

    def progress(self) -> AbstractContextManager[Progress]:
        return _bar() if sys.stderr.isatty() else _lines()

    def tell(
        self, found: Sequence[Diagnostic], result: Result | None = None, seconds: float = 0.0
    ) -> None:
        for diagnostic in found:
            self.tell_one(diagnostic)
        if result and result.outputs:
            _table(result.outputs)
        if result and (result.outputs or result.kept):
            kept = f", {len(result.kept)} fresh as they were" if result.kept else ""
            click.echo(f"{_count(len(result.outputs), 'file')} in {seconds:.1f} s{kept}")
        errors = sum(d.is_error for d in found)
        notes = sum(d.is_note for d in found)
        counts = [(errors, "error"), (len(found) - errors - notes, "warning"), (notes, "note")]
        if found:
            click.echo(", ".join(_count(n, what) for n, what in counts if n), err=True)

    def tell_one(self, found: Diagnostic) -> None:
        place = f"{found.at}: " if found.at else ""
        colour = {"error": "red", "warning": "yellow", "note": "cyan"}[found.severity.value]
        severity = click.style(found.severity.value, fg=colour, bold=True)
        click.echo(f"{_tame(place)}{severity}: {_tame(found.message)} [{found.code}]", err=True)
        if found.hint:
            click.echo(f"  hint: {_tame(found.hint)}", err=True)


def _tame(text: str) -> str:
    """Take out of what a stranger's file may have said what would command a terminal."""
    return characters.REFUSED.sub("\N{REPLACEMENT CHARACTER}", text)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _table(outputs: Sequence[Output]) -> None:
    """Print the files that were written, folder by folder."""
    tables: dict[str, list[tuple[str, ...]]] = {}
    for output in outputs:
        folder, name = os.path.split(output.file)
        head = (f"{folder}/", "pages", "size", "time")
        pages, size = str(output.pages or "–"), f"{output.bytes / 1000:,.0f} kB"
        table = tables.setdefault(folder, [head])
        table.append((f"  {name}", pages, size, f"{output.seconds:.2f} s"))
    lines = [line for table in tables.values() for line in table]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for name, *figures in lines:
        cells = (f"{figure:>{width}}" for figure, width in zip(figures, widths[1:], strict=True))
        click.echo("  ".join([f"{name:{widths[0]}}", *cells]))


@contextmanager
def _lines() -> Iterator[Progress]:
    """Progress where nobody watches: a line a brief, or one for several of very many."""
    started = time.monotonic()

    def told(name: str, done: int, of: int) -> None:
        every = -(-of // MOST_LINES)
        if done and (done % every == 0 or done == of):
            pace = f" ({_pace(done, of, started)})" if every > 1 else ""
            click.echo(f"[{done}/{of}] {name}{pace}", err=True)

    yield told


def _pace(done: int, of: int, started: float) -> str:
    """Say how fast it goes, and how long it takes from here."""
    seconds = max(time.monotonic() - started, 0.001)
    left = round(seconds / done * (of - done))
    return f"{done / seconds:.1f}/s, {left // 60}:{left % 60:02} left"


@contextmanager
def _bar() -> Iterator[Progress]:
    """Progress on a terminal: a bar, no longer than a narrow window is wide."""
    with ExitStack() as open_until_the_end:
        bar: Any = None
        started = time.monotonic()
        columns = shutil.get_terminal_size().columns
        room = 24 if columns < 60 else 48

        def told(name: str, done: int, of: int) -> None:
            nonlocal bar
            if bar is None:
                bar = open_until_the_end.enter_context(
                    click.progressbar(
                        length=of,
                        label="briefs",
                        width=min(36, columns - room),
                        show_pos=True,
                        show_eta=False,
                        show_percent=False,
                        item_show_func=lambda pace: pace,
                        file=sys.stderr,
                    )
                )
            else:
                bar.update(1, _pace(done, of, started) if room > 24 else None)

        yield told


class _Json:
    """For programs: one JSON object on standard output, and each step on standard error."""

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        started = time.monotonic()

        def told(name: str, done: int, of: int) -> None:
            seconds = round(time.monotonic() - started, 3)
            event = {"brief": name, "done": done, "of": of, "seconds": seconds}
            click.echo(json.dumps(event, ensure_ascii=False), err=True)

        yield told

    def tell(
        self, found: Sequence[Diagnostic], result: Result | None = None, seconds: float = 0.0
    ) -> None:
        from pipeline.manifest import told

        report = {
            "diagnostics": told(found),
            "outputs": [dataclasses.asdict(output) for output in result.outputs] if result else [],
            "kept": list(result.kept) if result else [],
            "seconds": round(seconds, 3),
        }
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))


class _GitHub(_Text):
    """For GitHub's log: workflow commands that annotate the content's own lines."""

    def tell_one(self, found: Diagnostic) -> None:
        properties = {"title": found.code}
        if found.at:
            line, column = found.at.line or 1, found.at.column or 1
            properties |= {"file": found.at.file, "line": str(line), "col": str(column)}
        written = ",".join(
            f"{name}={_escaped(value, '%', ':', ',')}" for name, value in properties.items()
        )
        message = found.message + (f" ({found.hint})" if found.hint else "")
        command = "notice" if found.is_note else found.severity.value
        click.echo(f"::{command} {written}::{_escaped(message, '%')}")


def _escaped(text: str, *signs: str) -> str:
    """Write signs of GitHub's workflow commands as %XX, the percent sign first."""
    for sign in (*signs, "\r", "\n"):
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


class _Sarif:
    """For code hosts: one SARIF log on standard output."""

    def tell(self, found: Sequence[Diagnostic], *_: object) -> None:
        from pipeline.checks import sarif

        click.echo(json.dumps(sarif.log(found), ensure_ascii=False, indent=1))


_REPORTS: Final[dict[str, Any]] = {
    "text": _Text,
    "json": _Json,
    "github": _GitHub,
    "sarif": _Sarif,
}

if __name__ == "__main__":
    main()
