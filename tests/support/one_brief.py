"""A brief of a few words, ready to set."""

from pathlib import Path

from pipeline.build.typeset import Brief, BriefOrigin
from pipeline.document.tree import Document, Meta, Paragraph, Text
from tests.support import specimen

OPTIONS = specimen.make_options()


def make_brief(part: str = "", words: str = "Words.", formats: tuple[str, ...] = ("pdf",)) -> Brief:
    return Brief(
        article="talks",
        template="plain",
        part=part,
        document=Document(Meta(title="T", language="en"), (Paragraph((Text(words),), id="p"),)),
        options=OPTIONS,
        formats=formats,
        origin=BriefOrigin(ledger=b"", edition="", inputs={}),
        folder=Path("out/talks"),
    )
