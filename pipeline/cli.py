"""The command line: options in, diagnostics out. The only file that imports click."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, cast

import click

from pipeline import __version__
from pipeline.diagnostics import Diagnostic, Problems

DONE, ERRORS, USAGE = 0, 1, 2

# Written out here so that `brief --help` imports nothing; a test holds them to the originals.
FORMATS: Final = ("pdf", "docx", "html", "tree")
PAPERS: Final = ("a4", "letter")
SPLITS: Final = ("question", "expert")
PROFILES: Final = ("screen",)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="brief")
def main() -> None:
    """Set one article as many printed briefs, in PDF for print and DOCX for editors.

    Run it in the folder that holds content/. `brief build` makes every brief into
    out/; `brief list` shows what there is to build.

    Exit codes: 0 done, 1 the content or a document has errors, 2 wrong usage.
    """


_EXAMPLES: Final = "\b\n" + "\n".join(
    [
        "Examples:",
        "  brief build",
        "  brief build --template policymaker-summary --format pdf --paper letter",
        "  brief build --template per-expert --split expert",
        "  brief build --template per-question --question q2 --format docx",
    ]
)


@main.command(epilog=_EXAMPLES)
@click.argument("articles", metavar="[ARTICLE]...", nargs=-1)
@click.option(
    "--template",
    "-t",
    "templates",
    multiple=True,
    metavar="NAME",
    help="A brief template; again for more. All of them if not given.",
)
@click.option(
    "--format",
    "-f",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="A format; again for more. PDF and DOCX if not given.",
)
@click.option(
    "--profile",
    type=click.Choice(PROFILES),
    default="screen",
    show_default=True,
    help="What the PDF is for.",
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
    "--out",
    type=click.Path(path_type=Path),
    default=Path("out"),
    show_default=True,
    help="The folder to write into.",
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 64),
    default=lambda: os.cpu_count() or 1,
    show_default="one a core",
    help="How many briefs to set at a time.",
)
@click.option("--strict", is_flag=True, help="Take warnings as errors.")
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
    split: str | None,
    questions: tuple[str, ...],
    experts: tuple[str, ...],
    paper: str | None,
    out: Path,
    jobs: int,
    strict: bool,
    report: str,
) -> None:
    """Build the briefs of some articles, or of all.

    Files go to out/ARTICLE/ARTICLE-TEMPLATE[-PART].EXT, with manifest.json and a
    ledger of the quotes beside them. Each is written whole or not at all.
    """
    started = time.perf_counter()
    telling = _REPORTS[report]()
    from pipeline import build as building
    from pipeline.selection import Split, Unknown

    order = building.Order(
        project=Path.cwd(),
        out=out,
        articles=articles,
        templates=templates,
        formats=formats or ("pdf", "docx"),
        questions=questions,
        experts=experts,
        split=cast("Split | None", split),
        paper=paper,
        jobs=jobs,
        strict=strict,
    )
    try:
        with telling.progress() as progress:
            result = building.build(order, progress)
    except (building.Usage, Unknown) as problems:
        telling.tell(problems.diagnostics)
        sys.exit(USAGE)
    except Problems as problems:
        telling.tell(problems.diagnostics)
        sys.exit(ERRORS)
    telling.tell(result.diagnostics, result.outputs, time.perf_counter() - started)
    warned = strict and bool(result.diagnostics)
    sys.exit(ERRORS if result.failed or warned else DONE)


@main.command("list")
def list_() -> None:
    """List the articles, templates, formats and profiles that there are."""
    from pipeline import content
    from pipeline.template import TemplateRoom

    project = Path.cwd()
    room = TemplateRoom(project)
    found: list[Diagnostic] = []
    rows: list[tuple[str, str, str]] = []
    try:
        for name in content.articles(project):
            try:
                rows.append(("articles", name, content.load(project, name).article.title))
            except Problems as problems:
                rows.append(("articles", name, "has errors"))
                found.extend(problems.diagnostics)
    except Problems as problems:
        found.extend(problems.diagnostics)
    for name in room.names():
        try:
            spec = room.get(name).spec
            rows.append(("templates", name, spec.description))
        except Problems as problems:
            rows.append(("templates", name, "has errors"))
            found.extend(problems.diagnostics)
    rows += [("formats", name, _FORMAT_USES[name]) for name in FORMATS]
    rows += [("profiles", name, _PROFILE_USES[name]) for name in PROFILES]
    width = max(len(name) for _, name, _ in rows)
    heading = ""
    for group, name, says in rows:
        if group != heading:
            click.echo(f"{group}:")
            heading = group
        click.echo(f"  {name:{width}}  {says}")
    _Text().tell(found)
    sys.exit(ERRORS if found else DONE)


@main.command()
def doctor() -> None:
    """Say what is missing on this machine, and how to get it."""
    from pipeline.doctor import examine, report

    findings = examine()
    click.echo(report(findings))
    sys.exit(ERRORS if any(not f.ok and f.need == "required" for f in findings) else DONE)


_FORMAT_USES: Final = {
    "pdf": "for print and for reading",
    "docx": "for editors, in Word or LibreOffice",
    "html": "one self-contained file",
    "tree": "the document itself, as JSON",
}
_PROFILE_USES: Final = {"screen": "tagged, with links and bookmarks"}


# --- telling what was found and written ---------------------------------------------------


class _Text:
    """For people: findings and progress on standard error, the table on standard output."""

    def progress(self) -> Any:
        return _Bar() if sys.stderr.isatty() else _Lines()

    def tell(
        self, diagnostics: Iterable[Diagnostic], outputs: Iterable[Any] = (), seconds: float = 0.0
    ) -> None:
        found = list(diagnostics)
        for d in found:
            colour = "red" if d.is_error else "yellow"
            place = f"{d.at}: " if d.at else ""
            severity = click.style(d.severity.value, fg=colour, bold=True)
            click.echo(f"{place}{severity}: {d.message} [{d.code}]", err=True)
            if d.hint:
                click.echo(f"  hint: {d.hint}", err=True)
        if errors := sum(d.is_error for d in found):
            click.echo(f"{errors} error{'s' if errors > 1 else ''}", err=True)
        rows = [
            (
                f"{output.article}/{output.file}",
                str(output.pages or "–"),
                f"{output.bytes / 1000:,.0f} kB",
                f"{output.seconds:.2f} s",
            )
            for output in outputs
        ]
        if not rows:
            return
        table = [("file", "pages", "size", "time"), *rows]
        widths = [max(len(row[column]) for row in table) for column in range(4)]
        for row in table:
            cells = [
                row[0].ljust(widths[0]),
                *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
            ]
            click.echo("  ".join(cells))
        click.echo(f"{len(rows)} file{'s' if len(rows) > 1 else ''} in {seconds:.1f} s")


class _Lines:
    """Progress where nobody watches: a line a brief."""

    def __enter__(self) -> Callable[[str, int, int], None]:
        return lambda name, done, of: click.echo(f"[{done}/{of}] {name}", err=True)

    def __exit__(self, *exception: object) -> None:
        return None


class _Bar:
    """Progress on a terminal: a bar with the brief that was last finished."""

    def __enter__(self) -> Callable[[str, int, int], None]:
        self.bar: Any = None
        return self._step

    def _step(self, name: str, done: int, of: int) -> None:
        if self.bar is None:
            self.bar = click.progressbar(
                length=of, label="briefs", file=sys.stderr, item_show_func=lambda item: item
            )
            self.bar.__enter__()
        self.bar.update(1, name)

    def __exit__(self, *exception: object) -> None:
        if self.bar is not None:
            self.bar.__exit__(None, None, None)


class _Silent:
    """No progress: a program reads the output."""

    def __enter__(self) -> Callable[[str, int, int], None]:
        return lambda name, done, of: None

    def __exit__(self, *exception: object) -> None:
        return None


class _Json:
    """For programs: one JSON object on standard output."""

    def progress(self) -> Any:
        return _Silent()

    def tell(
        self, diagnostics: Iterable[Diagnostic], outputs: Iterable[Any] = (), seconds: float = 0.0
    ) -> None:
        found = [
            {
                "code": d.code,
                "severity": d.severity.value,
                "message": d.message,
                "file": d.at.file if d.at else None,
                "line": (d.at.line or None) if d.at else None,
                "column": (d.at.column or None) if d.at else None,
                "hint": d.hint,
            }
            for d in diagnostics
        ]
        made = [dataclasses.asdict(output) for output in outputs]
        report = {"diagnostics": found, "outputs": made, "seconds": round(seconds, 3)}
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))


class _GitHub(_Text):
    """For GitHub's log: workflow commands that annotate the content's own lines."""

    def tell(
        self, diagnostics: Iterable[Diagnostic], outputs: Iterable[Any] = (), seconds: float = 0.0
    ) -> None:
        found = list(diagnostics)
        for d in found:
            place = (
                f"file={d.at.file},line={d.at.line or 1},col={d.at.column or 1}," if d.at else ""
            )
            message = d.message + (f" ({d.hint})" if d.hint else "")
            for raw, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
                message = message.replace(raw, code)
            click.echo(f"::{d.severity.value} {place}title={d.code}::{message}")
        super().tell((), outputs, seconds)


_REPORTS: Final[dict[str, Any]] = {"text": _Text, "json": _Json, "github": _GitHub}

if __name__ == "__main__":
    main()
