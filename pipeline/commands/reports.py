"""How a command reports what it found and wrote: to people, to programs, to code hosts."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from pipeline.diagnostics import Diagnostic, Problems
from pipeline.document import characters

if TYPE_CHECKING:
    from pipeline.request import BuildResult, Output, Progress

DONE, ERRORS, USAGE, WAITS, INTERRUPTED = 0, 1, 2, 3, 130

MOST_LINES: Final = 50
"""How many lines show progress where nobody watches."""


@contextmanager
def exit_on_error(reporter: TextReport | JsonReport | SarifReport) -> Iterator[None]:
    """Report what stopped a command, and end it with the exit code for that."""
    try:
        yield
    except Problems as problems:
        from pipeline.request import UsageError

        reporter.print_report(problems.diagnostics)
        sys.exit(USAGE if isinstance(problems, UsageError) else ERRORS)
    except KeyboardInterrupt:
        click.echo("stopped; the briefs that were finished before are in place", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # whoever read the output has gone; click ends quietly
        raise
    except OSError as error:  # nothing can be printed, or the folder has gone
        click.echo(f"error: the command was not finished: {error.strerror}", err=True)
        sys.exit(ERRORS)
    except Exception as error:
        from pipeline.system.internal_error import describe_internal_error

        reporter.print_report([describe_internal_error(error, "the command was not finished")])
        sys.exit(ERRORS)


class TextReport:
    """For people: findings and progress on standard error, the table on standard output."""

    def show_progress(self) -> AbstractContextManager[Progress]:
        """Return what is called after each brief: with its name, how many are done, of how many."""
        is_watched = sys.stderr and sys.stderr.isatty()  # there is none when it was closed
        return _show_bar() if is_watched else _show_lines()

    def print_report(
        self, found: Sequence[Diagnostic], result: BuildResult | None = None, seconds: float = 0.0
    ) -> None:
        """Print findings, the files of a build, and how long it took, in s."""
        for diagnostic in found:
            self.print_finding(diagnostic)
        if result and result.outputs:
            _print_table(result.outputs)
        if result and (result.outputs or result.kept or result.left):
            kept = f", {len(result.kept)} fresh as they were" if result.kept else ""
            left = f", {len(result.left)} left as they were edited" if result.left else ""
            count = format_count(len(result.outputs), "file")
            click.echo(f"{count} in {seconds:.1f} s{kept}{left}")
        if result:
            _print_not_built(result.not_built)
        errors = sum(d.is_error for d in found)
        notes = sum(d.is_note for d in found)
        counts = [(errors, "error"), (len(found) - errors - notes, "warning"), (notes, "note")]
        if found:
            click.echo(", ".join(format_count(n, what) for n, what in counts if n), err=True)

    def print_finding(self, found: Diagnostic) -> None:
        """Print a finding as compilers do: place, severity, sentence, code; then the hint."""
        place = f"{keep_in_line(str(found.at))}: " if found.at else ""
        colour = {"error": "red", "warning": "yellow", "note": "cyan"}[found.severity.value]
        severity = click.style(found.severity.value, fg=colour, bold=True)
        click.echo(f"{place}{severity}: {_strip_controls(found.message)} [{found.code}]", err=True)
        if found.hint:
            click.echo(f"  hint: {_strip_controls(found.hint)}", err=True)


def _print_not_built(names: Sequence[str]) -> None:
    """Print the briefs that errors stopped, a line each; of very many, the first."""
    for name in names[:MOST_LINES]:
        click.echo(f"not built: {keep_in_line(name)}", err=True)
    if len(names) > MOST_LINES:
        click.echo(f"not built: {len(names) - MOST_LINES} more", err=True)


def _strip_controls(text: str) -> str:
    """Take out of what a stranger's file may have said what would command a terminal."""
    return characters.REFUSED.sub("\N{REPLACEMENT CHARACTER}", text)


def keep_in_line(text: str) -> str:
    """Keep a name in its line: what begins one may command a code host."""
    return re.sub("[\r\n]", "\N{REPLACEMENT CHARACTER}", _strip_controls(text))


def format_count(number: int, what: str) -> str:
    """Return a number of things in words: 1 file, 2 files."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _print_table(outputs: Sequence[Output]) -> None:
    """Print the files that were written, folder by folder."""
    tables: dict[str, list[tuple[str, ...]]] = {}
    for output in outputs:
        folder, name = os.path.split(keep_in_line(output.file))
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
def _show_lines() -> Iterator[Progress]:
    """Progress where nobody watches: a line a brief, or one for several of very many."""
    started = time.monotonic()

    def report_progress(name: str, done: int, of: int) -> None:
        every = -(-of // MOST_LINES)
        if done and (done % every == 0 or done == of):
            pace = f" ({_format_pace(done, of, started)})" if every > 1 else ""
            click.echo(f"[{done}/{of}] {keep_in_line(name)}{pace}", err=True)

    yield report_progress


def _format_pace(done: int, of: int, started: float) -> str:
    """Return how fast it goes, and how long it takes from here."""
    seconds = max(time.monotonic() - started, 0.001)
    left = round(seconds / done * (of - done))
    return f"{done / seconds:.1f}/s, {left // 60}:{left % 60:02} left"


@contextmanager
def _show_bar() -> Iterator[Progress]:
    """Progress on a terminal: a bar, no longer than a narrow window is wide."""
    with ExitStack() as open_until_the_end:
        bar: Any = None
        started = time.monotonic()
        columns = shutil.get_terminal_size().columns
        reserved = 24 if columns < 60 else 48

        def report_progress(name: str, done: int, of: int) -> None:
            nonlocal bar
            if bar is None:
                bar = open_until_the_end.enter_context(
                    click.progressbar(
                        length=of,
                        label="briefs",
                        width=min(36, columns - reserved),
                        show_pos=True,
                        show_eta=False,
                        show_percent=False,
                        item_show_func=lambda pace: pace,
                        file=sys.stderr,
                    )
                )
            else:
                bar.update(1, _format_pace(done, of, started) if reserved > 24 else None)

        yield report_progress


class JsonReport:
    """For programs: one JSON object on standard output, and each step on standard error."""

    @contextmanager
    def show_progress(self) -> Iterator[Progress]:
        """Yield what is called after each brief; it prints an event a line."""
        started = time.monotonic()

        def report_progress(name: str, done: int, of: int) -> None:
            seconds = round(time.monotonic() - started, 3)
            event = {"brief": name, "done": done, "of": of, "seconds": seconds}
            click.echo(json.dumps(event, ensure_ascii=False), err=True)

        yield report_progress

    def print_report(
        self, found: Sequence[Diagnostic], result: BuildResult | None = None, seconds: float = 0.0
    ) -> None:
        """Print findings, files written, kept and left, briefs not built, and the seconds."""
        from pipeline.outputs.manifest import dump_findings

        report = {
            "diagnostics": dump_findings(found),
            "outputs": [dataclasses.asdict(output) for output in result.outputs] if result else [],
            "kept": list(result.kept) if result else [],
            "not_built": list(result.not_built) if result else [],
            "left": list(result.left) if result else [],
            "seconds": round(seconds, 3),
        }
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))


class GitHubReport(TextReport):
    """For GitHub's log: workflow commands that annotate the content's own lines."""

    def print_finding(self, found: Diagnostic) -> None:
        """Print a finding as a workflow command."""
        properties = {"title": found.code}
        if found.at:
            line, column = found.at.line or 1, found.at.column or 1
            properties |= {"file": found.at.file, "line": str(line), "col": str(column)}
        written = ",".join(
            f"{name}={_escape_command(value, '%', ':', ',')}" for name, value in properties.items()
        )
        message = found.message + (f" ({found.hint})" if found.hint else "")
        command = "notice" if found.is_note else found.severity.value
        click.echo(f"::{command} {written}::{_escape_command(message, '%')}")


def _escape_command(text: str, *signs: str) -> str:
    """Write signs of GitHub's workflow commands as %XX, the percent sign first."""
    for sign in (*signs, "\r", "\n"):
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


class SarifReport:
    """For code hosts: one SARIF log on standard output."""

    def print_report(self, found: Sequence[Diagnostic], *_: object) -> None:
        """Print findings as a log of SARIF 2.1.0."""
        from pipeline.checks import sarif

        click.echo(json.dumps(sarif.make_sarif_log(found), ensure_ascii=False, indent=1))


REPORTS: Final[dict[str, Any]] = {
    "text": TextReport,
    "json": JsonReport,
    "github": GitHubReport,
    "sarif": SarifReport,
}
