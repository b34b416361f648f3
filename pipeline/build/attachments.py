"""What an archive PDF carries: every file that its brief was made from, and how it was made.

The files stand as in a project: content/ as it is, the project's own templates in templates/,
those that brief ships in templates/shipped/, which a project that has them takes in place of
the installed ones. ``brief.json`` lists them with their sha256 and says which options were given.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from pipeline.diagnostics import Findings, Location, make_problem
from pipeline.project.editions import SCHEMAS
from pipeline.render.contract import Attachment
from pipeline.system.limits import DEFAULT_LIMITS, ArchiveLimits

SCHEMA: Final = SCHEMAS["archive"]
FIRST_EDITION: Final = 1
RECORD: Final = "brief.json"
LEDGER: Final = "quotes.json"

_MEDIA_TYPES: Final = {
    ".css": "text/css",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".j2": "text/plain",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".txt": "text/plain",
    ".yaml": "application/yaml",
}
"""RFC 6838; PDF/A-3 asks for one with each file (ISO 19005-3 §6.8)."""

_KINDS: Final = {
    "content": ("Source", "Content that the brief is made from"),
    "templates": ("Data", "A template that the brief is set with"),
    RECORD: ("Data", "The files and the options that the brief is made with"),
    LEDGER: ("Supplement", "The quotes that the brief rests on, and where they stand"),
}
"""How a file relates to the pages (ISO 19005-3 §6.8), and what it is, by where it stands."""

_MOST_RECORD_BYTES: Final = 10_000_000

_PART: Final = re.compile(r"[^./\\\x00-\x1f\x7f][^/\\\x00-\x1f\x7f]*")


def is_safe_name(name: str) -> bool:
    """Return whether a name stays inside a project: no way up, nothing hidden or elsewhere."""
    parts = name.split("/")
    is_known = name in (RECORD, LEDGER) or (parts[0] in ("content", "templates") and len(parts) > 1)
    return is_known and all(map(_PART.fullmatch, parts))


def find_clashes(names: Iterable[str]) -> Iterator[str]:
    """Yield names that not every disk could hold beside those before them.

    Two differ in case only, or one is a file where another has a folder.
    """
    folded = [name.casefold() for name in names]
    above = {str(folder) for name in folded for folder in PurePosixPath(name).parents}
    seen: set[str] = set()
    for name in folded:
        if name in seen or name in above:
            yield name
        seen.add(name)


def list_restored_files(project: Path) -> Mapping[str, str]:
    """Return the files that an archive of the first edition held, if the project was one.

    Each name is with the sha256 that the file had. The first edition's templates could not say
    what they leave out.
    """
    try:
        path = project / RECORD
        if not path.is_file() or path.stat().st_size > _MOST_RECORD_BYTES:
            return {}
        record = json.loads(path.read_bytes())
        is_first = record["schema"] == FIRST_EDITION
        return {str(name): str(digest) for name, digest in record["files"].items() if is_first}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}  # it is somebody's file of the same name


def collect_attachments(
    files: Mapping[str, tuple[Path, str]],
    ledger: bytes,
    options: Mapping[str, Any],
    limits: ArchiveLimits = DEFAULT_LIMITS.archives,
) -> tuple[Attachment, ...]:
    """Read files by the names that they are embedded under, each with the sha256 it was read with.

    ``options`` are the brief's. Raises Problems: ``bad-name``, ``too-large``, or ``file-changed``
    when a file is no longer what the brief was made from.
    """
    findings = Findings()
    contents: dict[str, bytes] = {}
    clashes = set(find_clashes(sorted(files)))
    for name, (path, digest) in sorted(files.items()):
        at = Location(name)
        if not is_safe_name(name) or name.casefold() in clashes:
            findings.add_error(
                "bad-name",
                f"`{name}` cannot be carried: an archive or a disk could not hold it",
                at,
                "take a name in content/ or templates/ that does not begin with a dot "
                "and is no other's in capitals",
            )
        contents[name] = path.read_bytes()
        if hashlib.sha256(contents[name]).hexdigest() != digest:
            findings.add_error(
                "file-changed", f"`{name}` changed while it was read", at, "build again"
            )
    findings.stop_on_errors()
    most = limits.embedded_bytes
    if len(contents) > limits.files or sum(map(len, contents.values())) > most:
        raise make_problem(
            "too-large",
            f"an archive carries {limits.files:,} files and {most // 1_000_000} MB at most",
        )
    contents[LEDGER] = ledger
    listed = {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}
    record = {"schema": SCHEMA, "command": format_command(options), **options, "files": listed}
    contents[RECORD] = (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()
    return tuple(_make_attachment(name, data) for name, data in sorted(contents.items()))


def format_command(options: Mapping[str, Any]) -> str:
    """Write the command that makes a brief with these options."""
    words = ["brief", "build", options["article"], "--template", options["template"]]
    words += ["--profile", "archive", "--paper", options["paper"]]
    for option, key in (("--question", "questions"), ("--expert", "experts")):
        for name in options[key]:
            words += [option, name]
    for option in ("split", "marking"):
        if options[option]:
            words += [f"--{option}", options[option]]
    return shlex.join(words)


def _make_attachment(name: str, data: bytes) -> Attachment:
    relationship, description = _KINDS[name.partition("/")[0]]
    media_type = _MEDIA_TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")
    return Attachment(name, data, media_type, relationship, description)
