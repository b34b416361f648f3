"""The body of the main part, divided into sections (ECMA-376 §17.6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.document.tree import Heading, Section, to_plain_text
from pipeline.render.docx.blocks import BlockWriter
from pipeline.render.docx.docx_parts import DocxParts
from pipeline.render.docx.paragraphs import AFTER_TABLE, Flow
from pipeline.word.ooxml import XmlElement


@dataclass(slots=True)
class _RunningHeads:
    """The words at the head of right-hand pages, in the section that is being written."""

    title: str
    """What stands there where the parts of a section have different words."""
    found: list[str] = field(default_factory=list)
    are_headings: bool = True
    """Whether a field can follow the headings instead."""

    @property
    def words(self) -> str:
        return self.found[0] if len(set(self.found)) == 1 else self.title

    def is_other(self, part: Section) -> bool:
        return {*self.found} != {part.running or self.title}

    def add_part(self, part: Section, *, is_beside_box: bool) -> None:
        running = part.running or self.title
        if part.running or not self.found:
            self.found.append(running)
            # Beside a box, a heading has a style that the field does not look for.
            follows = _find_first_heading(part) == running and not is_beside_box
            self.are_headings = self.are_headings and follows


def write_body(
    parts: DocxParts, blocks: BlockWriter, end_section: Callable[[str, bool], XmlElement]
) -> list[XmlElement]:
    """Return the paragraphs and tables of the document's body, and its last section.

    ``end_section`` ends a section that has some words at the head of its right-hand pages; they
    may be those of its headings. A part of the brief that starts a page and has other such
    words is a section of its own.
    """
    page, title = parts.styles.page, parts.document.meta.title
    flow = Flow(parts.main, page.column, page.text)
    pending = blocks.paragraphs.pending
    body: list[XmlElement] = []
    heads = _RunningHeads(title)
    for block in parts.document.children:
        if isinstance(block, Section):
            if body and pending.breaks and heads.is_other(block):
                body[-1][0].append(end_section(heads.words, heads.are_headings))
                pending.breaks, heads = "section", _RunningHeads(title)
            heads.add_part(block, is_beside_box=blocks.preceding.is_beside_box)
        body.extend(blocks.write_block(block, flow))
    if pending.ids:
        pending.breaks = ""
        body.append(blocks.paragraphs.write_paragraph(AFTER_TABLE, (), flow))
    if body:
        blocks.contents.close_ranges(body[-1])
    return [*body, end_section(heads.words, heads.are_headings)]


def _find_first_heading(section: Section) -> str:
    found = (b.children for b in section.children if isinstance(b, Heading) and b.level == 2)
    return to_plain_text(next(found, ()))
