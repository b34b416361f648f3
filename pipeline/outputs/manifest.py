"""What stands beside the briefs: the manifest of an article's files, and the quote ledgers.

The manifest says of each file all that it was made from. So it is from there that the next
build knows which files are still what they should be.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.diagnostics import Diagnostic, Location, Severity
from pipeline.project.editions import SCHEMAS, find_edition

if TYPE_CHECKING:
    from pipeline.content.model import Quotation
    from pipeline.document.tree import Document

NAME: Final = "manifest.json"
_MOST_BYTES: Final = 100_000_000
"""How large a manifest may be. One of a hundred files takes half a million."""
FILES: Final = (("file", "sha256"), ("ledger", "ledger_sha256"))
"""The keys of an entry that name a file, each with that of its hash."""

ManifestEntry = Mapping[str, Any]
"""A file, or with no file what was asked for and left out, with all that it was made from."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest lists."""

    outputs: Sequence[ManifestEntry] = ()
    left_out: Sequence[ManifestEntry] = ()
    """Templates that an article cannot be set with, and why."""
    is_broken: bool = False
    """Whether there is one that cannot be read, so that it lists nothing."""


def read_manifest(folder: Path) -> Manifest:
    """Read a folder's manifest; nothing is listed in one that is not there or makes no sense.

    The entries of an earlier edition say so: their files are known, and stale.
    """
    broken = Manifest(is_broken=True)
    try:
        path = folder / NAME
        if not os.path.lexists(path):
            return Manifest()
        if not (path.is_file() and path.stat().st_size <= _MOST_BYTES):  # a device has no end
            return broken
        stored = json.loads(path.read_bytes())
        edition = find_edition("manifest", stored["schema"])
        if edition == "unknown":
            return broken
        outputs = [entry for entry in stored["outputs"] if is_entry(entry) and "file" in entry]
        if edition == "earlier":
            return Manifest([{**entry, "schema": stored["schema"]} for entry in outputs])
        return Manifest(outputs, list(filter(is_entry, stored.get("left_out", ()))))
    except (OSError, ValueError, LookupError, TypeError, RecursionError, AttributeError):
        return broken


def report_broken(folder: Path) -> Diagnostic:
    """Return the finding that a folder's manifest cannot be read, with the way out."""
    return Diagnostic(
        "bad-manifest",
        f"{NAME} cannot be read: nothing says how the files beside it were made",
        Location(str(folder / NAME)),
        "`brief build` writes it anew; delete it with its files if they are not wanted",
    )


def is_entry(entry: Any) -> bool:
    """Return whether something is an entry, of files of its own folder and not of another."""
    if not isinstance(entry, dict) or "template" not in entry:
        return False
    if not all(isinstance(entry.get(key, kind()), kind) for key, kind in _KINDS.items()):
        return False
    names = [entry[key] for key in ("template", "file", "ledger") if key in entry]
    hashed = ("file" not in entry) or all(key in entry for pair in FILES for key in pair)
    return (
        hashed
        and all(isinstance(part, str) for part in entry.get("parts", ()))
        and all(map(_is_name, names))
    )


def _is_name(name: str) -> bool:
    """Return whether a file of the folder, other than the manifest, can be called so."""
    try:
        is_short = 0 < len(os.fsencode(name)) <= _LONGEST_NAME
    except UnicodeEncodeError:
        return False
    return is_short and name == Path(name).name not in ("..", NAME) and "\0" not in name


_LONGEST_NAME: Final = 255
"""How many bytes the file systems in use let a name have."""
_KINDS: Final = {
    "template": str,
    "file": str,
    "sha256": str,
    "ledger": str,
    "ledger_sha256": str,
    "format": str,
    "part": str,
    "parts": list,
    "asked": dict,
}
"""What an entry is found by, and what the values of each are."""


def build_manifest(
    folder: Path,
    article: str,
    entries: Iterable[ManifestEntry],
    left_out: Iterable[ManifestEntry] = (),
) -> bytes:
    """Write the manifest: these entries, and the earlier ones that still say what is there."""
    earlier = read_manifest(folder)
    listed = {e["file"]: e for e in earlier.outputs if (folder / e["file"]).is_file()}
    listed |= {entry["file"]: entry for entry in entries}
    omitted = {_get_request_key(entry): entry for entry in (*earlier.left_out, *left_out)}
    built = {_get_request_key(entry) for entry in listed.values()}
    record = {
        "schema": SCHEMAS["manifest"],
        "article": article,
        "outputs": [listed[file] for file in sorted(listed)],
        "left_out": [omitted[key] for key in sorted(omitted) if key not in built],
    }
    return _dump_json({key: value for key, value in record.items() if value or key != "left_out"})


def make_entry(fields: ManifestEntry) -> ManifestEntry:
    """Make an entry of what there is to say; what is empty is left out."""
    return {key: value for key, value in fields.items() if value not in ("", None, [], {})}


def is_current(entry: ManifestEntry) -> bool:
    """Return whether an entry is of this edition, and not one that a manifest has kept."""
    return find_edition("manifest", entry.get("schema", SCHEMAS["manifest"])) == "own"


def has_summary(entry: ManifestEntry) -> bool:
    """Return whether a file was made with the article's summary, and not without a broken one."""
    inputs = entry.get("inputs")
    return (
        isinstance(inputs, dict)
        and not entry.get("without_summary")
        and any(digest and name.endswith("/summary.yaml") for name, digest in inputs.items())
    )


def is_requested(entry: ManifestEntry, format: str, requested: Mapping[str, Any]) -> bool:
    """Return whether a file is in a format and was built with these options.

    Who names the house's paper asks for the file that has it anyway.
    """
    built_with = entry.get("asked", {})
    if "paper" not in built_with and requested.get("paper") == entry.get("paper"):
        requested = {name: value for name, value in requested.items() if name != "paper"}
    return (entry.get("format", ""), built_with) == (format, requested)


def _get_request_key(entry: ManifestEntry) -> tuple[str, str]:
    return str(entry.get("template")), json.dumps(entry.get("asked", {}), sort_keys=True)


# --- findings, so that they can be reported again -----------------------------------------


def dump_findings(found: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Write findings as JSON has them."""
    return [
        {
            "code": d.code,
            "severity": d.severity.value,
            "message": d.message,
            "file": d.at.file if d.at else None,
            "line": (d.at.line or None) if d.at else None,
            "column": (d.at.column or None) if d.at else None,
            "hint": d.hint,
        }
        for d in found
    ]


def load_findings(entry: ManifestEntry) -> list[Diagnostic]:
    """Read the findings of an entry. Raises an error of its own for what makes no sense."""
    return [
        Diagnostic(
            d["code"],
            d["message"],
            Location(d["file"], d["line"] or 0, d["column"] or 0) if d["file"] else None,
            d["hint"],
            Severity(d["severity"]),
        )
        for d in entry.get("warnings", ())
    ]


# --- the ledger ---------------------------------------------------------------------------


def dump_quote_ledger(document: Document, quotations: Iterable[Quotation]) -> bytes:
    """Write the quotes that a brief rests on: those printed, and those behind its statements."""
    from pipeline.document.tree import Text, walk

    sources = {str(node.source) for node in walk(document) if isinstance(node, Text)}
    statements = {_find_statement(source) for source in sources}
    return _dump_json(
        [
            dataclasses.asdict(entry)
            for entry in quotations
            if _find_statement(entry.used) in statements
        ]
    )


def _find_statement(address: str) -> str:
    """Return the address of the statement that a quote in the summary bears out."""
    keys = address.split(".")
    for key in ("evidence", "quote", "text", "term", "definition"):
        if key in keys[1:]:
            return ".".join(keys[: keys.index(key, 1)])
    return address


def _dump_json(data: Any) -> bytes:
    # A file's name may have bytes that are no text; what Python holds them as, JSON can escape.
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode(
        "utf-8", "backslashreplace"
    )
