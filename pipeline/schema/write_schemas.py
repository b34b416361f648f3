"""The published JSON Schemas, written from the records for editors to complete and check by.

``python -m pipeline.schema.write_schemas`` writes them anew into pipeline/schema/.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    Unfinished,
    Verbatim,
    WordLimit,
    find_extra,
    get_field_hints,
    list_required_fields,
    unwrap_hint,
)
from pipeline.templating.catalogue import TemplateSpec

FOLDER = Path(__file__).parent


def list_schemas() -> Iterator[tuple[str, str]]:
    """Yield each schema's file name and text."""
    for name, record in (
        ("article", FrontMatter),
        ("summary", Summary),
        ("house", House),
        ("template", TemplateSpec),
        ("theme", Theme),
    ):
        schema = make_schema(record, f"brief: {name}")
        if record is Theme:  # a template's own writes only what it changes
            schema = _make_optional(schema)
        text = json.dumps(schema, ensure_ascii=False, indent=1)
        yield f"{name}.schema.json", text + "\n"


def make_schema(record: type, title: str) -> dict[str, Any]:
    """Write a record's JSON Schema (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **_describe_record(record),
    }


def _make_optional(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _make_optional(value) if isinstance(value, dict) else value
        for key, value in schema.items()
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
    described = _describe_type(kind, extras)
    for extra in extras:
        described |= _EXTRAS[type(extra)](extra, described)
    return described


def _describe_type(kind: Any, extras: Sequence[Any]) -> dict[str, Any]:
    if keyed := find_extra(extras, KeyField):
        record = _describe_record(typing.get_args(kind)[0], leave_out=keyed.by)
        return {"type": "object", "additionalProperties": record}
    if find_extra(extras, MarkdownText):
        return {"type": "string"}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _describe_record(kind)
    origin = typing.get_origin(kind)
    if origin is None:
        return dict(_SCALARS[kind])
    return _ORIGINS[origin](typing.get_args(kind))


_ORIGINS: Final[Mapping[Any, Callable[[Sequence[Any]], dict[str, Any]]]] = {
    tuple: lambda args: {"type": "array", "items": _describe_value(args[0])},
    typing.Literal: lambda args: {"enum": list(args)},
    Mapping: lambda args: {"type": "object", "additionalProperties": _describe_value(args[1])},
}
"""What describes each kind of type that takes arguments."""


def _describe_count(count: Count, described: Mapping[str, Any]) -> dict[str, Any]:
    what = "Properties" if described["type"] == "object" else "Items"
    return {f"min{what}": count.least, f"max{what}": count.most}


def _describe_limit(limit: WordLimit, described: Mapping[str, Any]) -> dict[str, Any]:
    before = described.get("description", "")
    return {"description": f"{before} At most {limit.most} words.".strip()}


_EXTRAS: Final[Mapping[type, Callable[[Any, Mapping[str, Any]], dict[str, Any]]]] = {
    str: lambda description, _: {"description": description},
    Pattern: lambda pattern, _: {"pattern": f"^(?:{pattern.regex})$"},
    Count: _describe_count,
    Range: lambda range, _: {"minimum": range.low, "maximum": range.high},
    WordLimit: _describe_limit,
    KeyField: lambda *_: {},  # these two are the type's own
    MarkdownText: lambda *_: {},
    Unfinished: lambda *_: {},  # which a schema cannot say
    Verbatim: lambda *_: {},
}
"""What describes each kind of annotation; an unknown one is an error."""

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
