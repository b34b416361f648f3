"""The command line: `brief` and its commands."""

from __future__ import annotations

import io
import os
import sys
from typing import Final

import click

from pipeline import __version__
from pipeline.commands import building, checking, importing, looking, reviewing

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


for _command in (
    building.build,
    building.extract,
    building.verify,
    checking.check,
    importing.import_,
    looking.doctor,
    looking.list_,
    looking.status,
    reviewing.pull,
    reviewing.redline,
):
    main.add_command(_command)

if __name__ == "__main__":
    main()
