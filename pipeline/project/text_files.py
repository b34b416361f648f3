"""A project's text files: read within bounds, and refused when they lead elsewhere."""

from __future__ import annotations

import codecs
import hashlib
import re
from pathlib import Path
from typing import Final

from pipeline.diagnostics import Findings, Location, make_problem
from pipeline.document import characters
from pipeline.project.layout import is_inside
from pipeline.records import Pattern
from pipeline.system.limits import DEFAULT_LIMITS

SLUG: Final = Pattern("[a-z0-9][a-z0-9-]*", "call it by lower-case letters a–z, digits, hyphens")

_CONFLICT_MARK: Final = re.compile(r"([<>])\1{6}(?: |$)")
"""The first and the last line of a conflict as git writes it."""
_MISSING_HINTS: Final = {
    "house.yaml": "it says who publishes; the line `name: Our Institute` is enough to begin with"
}


def display_path(path: Path, project: Path) -> str:
    """Write a path as a person at the project's root would."""
    return path.relative_to(project).as_posix() if path.is_relative_to(project) else str(path)


def check_inside(path: Path, folder: Path, name: str) -> None:
    """Raise Problems when links lead a path out of a folder (``file-outside``) or nowhere."""
    if path.is_symlink() and not path.exists():
        raise make_problem("unreadable", f"`{name}` is a link that leads nowhere", Location(name))
    if not is_inside(path, folder):
        raise make_problem(
            "file-outside",
            f"`{name}` is a link, or stands in one, that leads to another place",
            Location(name),
            "put the file itself there",
        )


def read_text(
    path: Path, name: str, most: int = DEFAULT_LIMITS.sources.text_bytes
) -> tuple[str, str]:
    """Read a UTF-8 file of up to so many bytes; return its text, and its sha256.

    The text has line feeds for line ends.

    Raises Problems: ``unreadable``, ``too-large``, ``not-utf8`` with the place of
    the first byte that is none, ``unresolved-conflict`` for each place where git or a pull
    left two texts, or ``bad-character`` for each line with one.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        hint = _MISSING_HINTS.get(path.name) if isinstance(error, FileNotFoundError) else None
        raise make_problem("unreadable", f"`{path.name}`: {reason}", Location(name), hint) from None
    if len(data) > most:
        raise make_problem("too-large", f"the file is over {most // 1_000_000} MB", Location(name))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        read = error.object[: error.start].decode()  # a byte order mark is no longer there
        lines = _normalise_line_ends(read).split("\n")
        raise make_problem(
            "not-utf8",
            f"byte 0x{error.object[error.start]:02x} is not UTF-8 text",
            Location(name, len(lines), len(lines[-1]) + 1),
            "save the file as UTF-8",
        ) from None
    text = _normalise_line_ends(text)
    find_conflicts(text, name).stop_on_errors()
    findings = Findings()
    for number, line in enumerate(text.split("\n"), 1):
        if match := characters.REFUSED.search(line):
            findings.add_error(
                "bad-character",
                f"the text holds {characters.name_character(match.group())}",
                Location(name, number, match.start() + 1),
                "take it out: it cannot be printed in every format",
            )
    findings.stop_on_errors()
    return text, hashlib.sha256(data).hexdigest()


def find_conflicts(text: str, name: str) -> Findings:
    """Find the conflicts that a merge wrote into a text and nobody has resolved.

    What stands between the marks is not to be read as text: it would be said twice.
    """
    findings = Findings()
    is_open = False
    for number, line in enumerate(text.split("\n"), 1):
        mark = _CONFLICT_MARK.match(line)
        if mark and not (is_open and mark[1] == ">"):
            findings.add_error(
                "unresolved-conflict",
                "a conflict is not resolved",
                Location(name, number, 1),
                "between <<<<<<< and ======= stands one text, from there to >>>>>>> the other: "
                "keep what is right, and take the three marks out",
            )
        is_open = mark[1] == "<" if mark else is_open
    return findings


def restore_line_ends(text: str, old: bytes) -> str:
    """Return a text with the line ends and the byte order mark that its file had."""
    if old.count(b"\r\n") * 2 > old.count(b"\n"):
        text = text.replace("\n", "\r\n")
    return ("\ufeff" if old.startswith(codecs.BOM_UTF8) else "") + text


def _normalise_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
