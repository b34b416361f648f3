"""What stands beside the briefs: the manifest of an article's files, and the quote ledgers."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from pipeline.document import Document, Text, walk
from pipeline.model import Quotation

SCHEMA: Final = 1
NAME: Final = "manifest.json"


def written(folder: Path, article: str, entries: Iterable[Mapping[str, Any]]) -> bytes:
    """Write the manifest: these entries, and the earlier ones whose files are still there."""
    listed = {
        str(entry["file"]): entry
        for entry in _earlier(folder / NAME)
        if (folder / str(entry["file"])).is_file()
    }
    for entry in entries:
        told = {key: value for key, value in entry.items() if value not in ("", None)}
        listed[entry["file"]] = told
    return _json(
        {
            "schema": SCHEMA,
            "article": article,
            "outputs": [listed[file] for file in sorted(listed)],
        }
    )


def _earlier(path: Path) -> list[Mapping[str, Any]]:
    try:
        held = json.loads(path.read_bytes())
        entries = held["outputs"] if held["schema"] == SCHEMA else []
        return [entry for entry in entries if isinstance(entry, dict) and "file" in entry]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return []  # a manifest that cannot be read is made anew


def ledger(document: Document, quotations: Iterable[Quotation]) -> bytes:
    """Write the quotes that a brief rests on: those printed, and those behind its statements."""
    sources = {str(node.source) for node in walk(document) if isinstance(node, Text)}
    statements = {_statement(source) for source in sources}
    return _json(
        [dataclasses.asdict(entry) for entry in quotations if _statement(entry.used) in statements]
    )


def _statement(address: str) -> str:
    """Give the address of the statement that a quote in the summary bears out."""
    keys = address.split(".")
    for key in ("evidence", "quote", "text", "term", "definition"):
        if key in keys[1:]:
            return ".".join(keys[: keys.index(key, 1)])
    return address


def sha256(data: bytes) -> str:
    """Give the fingerprint of a file's bytes."""
    return hashlib.sha256(data).hexdigest()


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
