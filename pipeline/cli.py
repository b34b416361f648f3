"""The command line: `brief` and its commands."""

from __future__ import annotations

import io
import os
import sys
from typing import Final

import click

from pipeline import __version__
from pipeline.commands import (
    build_commands,
    check_command,
    import_command,
    info_commands,
    review_commands,
)

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
    3 your answer is needed: an import or a pull has questions, or a file in out/
    was edited and is left as it is, 130 stopped by Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # not every terminal knows every character


for _command in (
    build_commands.build,
    build_commands.extract,
    build_commands.verify,
    check_command.check,
    import_command.import_,
    info_commands.doctor,
    info_commands.list_,
    info_commands.status,
    review_commands.pull,
    review_commands.redline,
):
    main.add_command(_command)

if __name__ == "__main__":
    main()
