"""The published JSON Schemas, written from the records for editors to complete and check by.

``python -m pipeline.schema.write_schemas`` writes them anew into pipeline/schema/.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pipeline.content.model import FrontMatter, House, Summary
from pipeline.look.theme import Theme
from pipeline.records import (
    Count,
    KeyField,
    MarkdownText,
    Pattern,
    Range,
    WordLimit,
    get_field_hints,
    list_required_fields,
    unwrap_hint,
)
from pipeline.templating.catalogue import TemplateSpec

FOLDER = Path(__file__).parent


def list_schemas() -> Iterator[tuple[str, str]]:
    """Give each schema's file name and text."""
    for name, record in (
        ("article", FrontMatter),
        ("summary", Summary),
        ("house", House),
        ("template", TemplateSpec),
        ("theme", Theme),
    ):
        made = make_schema(record, f"brief: {name}")
        if record is Theme:  # a template's own writes only what it changes
            made = _make_optional(made)
        text = json.dumps(made, ensure_ascii=False, indent=1)
        yield f"{name}.schema.json", text + "\n"


def make_schema(record: type, title: str) -> dict[str, Any]:
    """Write a record's JSON Schema (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **_describe_record(record),
    }


def _make_optional(made: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _make_optional(value) if isinstance(value, dict) else value
        for key, value in made.items()
        if not (key == "required" and isinstance(value, list))
    }


def _describe_record(record: type, leave_out: str = "") -> dict[str, Any]:
    names = [field.name for field in dataclasses.fields(record) if field.name != leave_out]
    return {
        "type": "object",
        "description": (record.__doc__ or "").split("\n")[0],
        "properties": {name: _describe_value(get_field_hints(record)[name]) for name in names},
        "required": [name for name in names if name in list_required_fields(record)],
        "additionalProperties": False,
    }


def _describe_value(hint: Any) -> dict[str, Any]:
    kind, extras = unwrap_hint(hint)
    keyed = next((extra for extra in extras if isinstance(extra, KeyField)), None)
    origin = typing.get_origin(kind)
    made: dict[str, Any]
    if keyed:
        item = typing.get_args(kind)[0]
        made = {
            "type": "object",
            "additionalProperties": _describe_record(item, leave_out=keyed.by),
        }
    elif any(isinstance(extra, MarkdownText) for extra in extras):
        made = {"type": "string"}
    elif dataclasses.is_dataclass(kind) and isinstance(kind, type):
        made = _describe_record(kind)
    elif origin is tuple:
        made = {"type": "array", "items": _describe_value(typing.get_args(kind)[0])}
    elif origin is typing.Literal:
        made = {"enum": list(typing.get_args(kind))}
    elif origin is Mapping:
        made = {"type": "object", "additionalProperties": _describe_value(typing.get_args(kind)[1])}
    else:
        made = dict(_SCALARS[kind])
    for extra in extras:
        match extra:
            case str():
                made["description"] = extra
            case Pattern(regex):
                made["pattern"] = f"^(?:{regex})$"
            case Count(least, most) if keyed:
                made |= {"minProperties": least, "maxProperties": most}
            case Count(least, most):
                made |= {"minItems": least, "maxItems": most}
            case Range(low, high):
                made |= {"minimum": low, "maximum": high}
            case WordLimit(most):
                made["description"] = f"{made.get('description', '')} At most {most} words.".strip()
    return made


_SCALARS: Final[Mapping[Any, Mapping[str, str]]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime.date: {"type": "string", "format": "date"},
}


if __name__ == "__main__":
    for file, text in list_schemas():
        (FOLDER / file).write_text(text, encoding="utf-8")
