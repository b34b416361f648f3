"""Front matter: what a Markdown file says of itself above its text, as YAML."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from pipeline.importers.dates import date_in

MOST_FRONT: Final = 20_000
"""The characters of front matter that are read; what is longer is text."""
MOST_LISTS: Final = 200
_META: Final = {
    "title": "title",
    "series": "series",
    "date": "date",
    "author": "author",
    "authors": "author",
    "topics": "topic",
    "tags": "topic",
    "categories": "topic",
    "language": "language",
    "lang": "language",
    "url": "address",
    "link": "address",
    "canonical": "address",
}
_FRONT: Final = re.compile(r"---[ \t]*\n(?P<yaml>(?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FIELD: Final = re.compile(r"(?P<key>[A-Za-z][\w -]*):(?P<value>[ \t].*)?", re.ASCII)


def front(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Give the text with blank lines for its front matter, and what that says of it.

    The latter is as ``Reading.meta`` holds it.
    """
    match = _FRONT.match(text[: MOST_FRONT + 10])
    fields = _fields(match["yaml"]) if match else None
    if match is None or fields is None:
        return text, ()
    meta = tuple(
        (_META[key.lower()], said)
        for key, value in fields.items()
        if key.lower() in _META
        for said in _said(value, is_date=key.lower() == "date")
    )
    return "\n" * match.group().count("\n") + text[match.end() :], meta


def _fields(text: str) -> dict[str, Any] | None:
    """Read front matter, field by field where all of it is no YAML; None if it is none."""
    held = _loaded(text)
    if isinstance(held, dict):
        return {str(key): value for key, value in held.items()}
    fields: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.split("\n"):
        if match := _FIELD.fullmatch(line):
            lines = fields.setdefault(match["key"], [])
        elif line.strip() and (not fields or line[0] not in " \t-#"):
            return None
        lines.append(line)
    return {key: _field(key, lines) for key, lines in fields.items()} or None


def _field(key: str, lines: list[str]) -> Any:
    """Read a field by itself; the words after a second colon are no YAML, but plain to see."""
    held = _loaded("\n".join(lines))
    return held[key] if isinstance(held, dict) and key in held else lines[0].partition(":")[2]


def _loaded(text: str) -> Any:
    if len(re.findall(r"[\[{]", text)) > MOST_LISTS:  # nested ones take time without measure
        return None
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _said(value: Any, is_date: bool) -> Iterator[str]:
    """Give the plain values of a field; what is nested deeper says nothing."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            item = item.get("name")
        if isinstance(item, datetime.date):  # or a date with its time
            item = item.isoformat()[:10]
        if isinstance(item, (str, int, float)) and not isinstance(item, bool):
            said = " ".join(str(item).split()).strip("'\"")
            said = date_in(said)[0] if is_date else said
            if said:
                yield said
