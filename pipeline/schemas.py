"""The published JSON Schemas, written from the records.

``python -m pipeline.schemas`` writes them anew into pipeline/schema/.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pipeline.model import FrontMatter, House, Summary
from pipeline.records import schema
from pipeline.template import TemplateSpec
from pipeline.theme import Theme

FOLDER = Path(__file__).parent / "schema"


def schemas() -> Iterator[tuple[str, str]]:
    """Give each schema's file name and text."""
    for name, record in (
        ("article", FrontMatter),
        ("summary", Summary),
        ("house", House),
        ("template", TemplateSpec),
        ("theme", Theme),
    ):
        text = json.dumps(schema(record, f"brief: {name}"), ensure_ascii=False, indent=1)
        yield f"{name}.schema.json", text + "\n"


if __name__ == "__main__":
    for file, text in schemas():
        (FOLDER / file).write_text(text, encoding="utf-8")
