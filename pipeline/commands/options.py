"""What can be chosen on the command line, and the options that commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args

import click

from pipeline.project.choices import Paper, Split

if TYPE_CHECKING:
    from pipeline.request import BuildOptions

Command = TypeVar("Command", bound=Callable[..., Any])

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
PAPERS: Final = get_args(Paper)
SPLITS: Final = get_args(Split)
FAMILIES: Final = ("content", "layout", "preflight")
SOURCES: Final = ("text", "markdown", "html", "docx")


class ValueCommand(click.Command):
    """A command that refuses an option without a value, as an empty variable in CI gives it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read arguments as click does. Raises UsageError for an empty one of an option."""
        given, _, _ = self.make_parser(ctx).parse_args([*args])
        for param in [] if ctx.resilient_parsing else self.get_params(ctx):
            value: object = given.get(param.name or "")
            values = value if isinstance(value, list) else [value]
            if isinstance(param, click.Option) and "" in values:
                message = f"{param.opts[0]} is given, and empty: say what, or leave it out"
                raise click.UsageError(message, ctx)
        return super().parse_args(ctx, args)


def format_examples(*commands: str) -> str:
    """Write commands for the end of a help text, a line each as they are."""
    return "\b\n" + "\n".join(["Examples:", *(f"  {command}" for command in commands)])


def add_templates_option(description: str) -> Callable[[Command], Command]:
    """Add `--template`, which may come again."""
    return click.option(
        "--template", "-t", "templates", multiple=True, metavar="NAME", help=description
    )


def add_formats_option(description: str) -> Callable[[Command], Command]:
    """Add `--format`, which may come again."""
    kinds = click.Choice(list(FORMATS))
    return click.option("--format", "-f", "formats", multiple=True, type=kinds, help=description)


def keep_chosen_formats(options: BuildOptions) -> BuildOptions:
    """Return options without formats if none was chosen: the usual ones are taken then."""
    if not options["formats"]:
        del options["formats"]
    return options


def add_out_option(description: str) -> Callable[[Command], Command]:
    """Add `--out`: the folder of the briefs, out/ if it is not given."""
    folder = click.Path(path_type=Path, readable=False)
    return click.option(
        "--out", type=folder, default=Path("out"), show_default=True, help=description
    )


def add_report_option(description: str, *ways: str) -> Callable[[Command], Command]:
    """Add `--report`: the forms in which a command can report, text if none is given."""
    kinds = click.Choice(ways)
    return click.option("--report", type=kinds, default="text", show_default=True, help=description)


ARTICLES: Final = click.argument("articles", metavar="[ARTICLE]...", nargs=-1)
TEMPLATES: Final = add_templates_option(
    "A brief template; again for more. All of them if not given."
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
