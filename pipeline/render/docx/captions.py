"""Captions, whose numbers are fields that count (ECMA-376 §17.16.5.56)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from pipeline.document.tree import Inline, Text
from pipeline.render.docx.inlines import RunProperties
from pipeline.render.docx.paragraphs import Flow, ParagraphForm, ParagraphWriter
from pipeline.word.ooxml import XmlElement

_NUMBERED: Final = re.compile(r"([^\W\d_]+) (\d{1,4})(?=[.:]|\s[–—]|$)")
"""How a caption begins that counts: `Figure 2.`"""


@dataclass(frozen=True, slots=True)
class CaptionWriter:
    """Writes captions, and remembers the last number of each label."""

    paragraphs: ParagraphWriter
    last_numbers: dict[str, int] = field(default_factory=dict)

    def write_caption(self, style: str, children: tuple[Inline, ...], flow: Flow) -> XmlElement:
        """Return the paragraph of a caption."""
        match children:
            case (Text(text), *rest) if numbered := _NUMBERED.match(text):
                label, number = numbered.groups()
                words = (Text(text[numbered.end() :]), *rest)
                inlines, letters = self.paragraphs.inlines, RunProperties()
                runs = [
                    *inlines.write_text(f"{label} ", letters),
                    *inlines.write_field(self._count(label, number), number, letters),
                    *inlines.write_inlines(words, flow.part, letters),
                ]
                form = ParagraphForm(style, flow)
                return self.paragraphs.write_run_paragraph(form, runs, children)
            case _:
                return self.paragraphs.write_paragraph(style, children, flow)

    def _count(self, label: str, number: str) -> str:
        """Return the field that counts to a number, from the last one of its label."""
        last = self.last_numbers.get(label, 0)
        self.last_numbers[label] = int(number)
        anew = f" \\r {number}" if int(number) != last + 1 else ""
        return f"SEQ {label} \\* ARABIC{anew}"
