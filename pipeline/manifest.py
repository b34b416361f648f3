"""What stands beside the briefs: the manifest of an article's files, and the quote ledgers."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from pipeline import __version__
from pipeline.document import Document, Text, walk
from pipeline.model import Content, Quotation

SCHEMA: Final = 1
PACKAGES: Final = ("jinja2", "python-docx", "weasyprint")


def ledger(document: Document, quotations: Iterable[Quotation]) -> bytes:
    """Write the quotes that a brief rests on: those printed, and those behind its statements."""
    sources = {str(node.source) for node in walk(document) if isinstance(node, Text)}
    statements = {_statement(source) for source in sources}
    entries = [
        dataclasses.asdict(entry) for entry in quotations if _statement(entry.used) in statements
    ]
    return _json(entries)


def _statement(address: str) -> str:
    """Give the address of the statement that a quote in the summary bears out."""
    keys = address.split(".")
    for key in ("evidence", "quote", "text", "term", "definition"):
        if key in keys[1:]:
            return ".".join(keys[: keys.index(key, 1)])
    return address


def written(path: Path, content: Content, outputs: Iterable[Mapping[str, Any]]) -> bytes:
    """Write the manifest: this run's outputs, and the earlier ones whose files are still there."""
    entries = {str(entry["file"]): dict(entry) for entry in outputs}
    for entry in _earlier(path):
        name = str(entry.get("file", ""))
        if name not in entries and (path.parent / name).is_file():
            entries[name] = dict(entry)
    return _json(
        {
            "schema": SCHEMA,
            "article": content.article.slug,
            "edition": {"date": content.article.date.isoformat(), "sha256": content.sha256},
            "inputs": dict(content.inputs),
            "packages": {
                "briefpack": __version__,
                **{name: metadata.version(name) for name in PACKAGES},
            },
            "outputs": [entries[name] for name in sorted(entries)],
        }
    )


def _earlier(path: Path) -> list[Mapping[str, Any]]:
    try:
        held = json.loads(path.read_text("utf-8"))
        entries = held["outputs"] if held["schema"] == SCHEMA else []
        return [entry for entry in entries if isinstance(entry, dict)]
    except (OSError, ValueError, LookupError, TypeError):
        return []  # a manifest that cannot be read is made anew


def sha256(data: bytes) -> str:
    """Give the fingerprint of a file's bytes."""
    return hashlib.sha256(data).hexdigest()


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
