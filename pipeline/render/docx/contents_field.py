"""The contents, as a field with its entries filled in (ECMA-376 §17.16.5.68)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.document.tree import Entry, PageNumber, Text
from pipeline.render.docx.docx_parts import DocxParts
from pipeline.render.docx.inlines import RunProperties
from pipeline.render.docx.paragraphs import AFTER_TABLE, Flow, ParagraphForm, ParagraphWriter
from pipeline.word.ooxml import XmlElement, w


@dataclass(frozen=True, slots=True)
class ContentsWriter:
    """Writes the contents, and remembers what they look through, to the end of the body."""

    parts: DocxParts
    paragraphs: ParagraphWriter
    ranges: list[int] = field(default_factory=list)
    """The numbers of the bookmarks that end where the body does."""

    def write_contents(
        self, entries: Sequence[Entry], flow: Flow, *, has_heading_before: bool
    ) -> Iterator[XmlElement]:
        """Return the paragraphs of the contents.

        Where headings stand before, which are not in the contents, Word is to look from here on.
        """
        inlines, letters = self.paragraphs.inlines, RunProperties()
        deepest = max((entry.level for entry in entries), default=1)
        instruction = f'TOC \\o "1-{deepest}" \\h \\z \\u'
        begins: list[XmlElement] = []
        if has_heading_before:
            number = self.parts.bookmarks.take_number()
            self.ranges.append(number)
            begins = [w("bookmarkStart", id=number, name=f"_contents_{number}")]
            instruction += f" \\b _contents_{number}"
        for index, entry in enumerate(entries):
            line = [self._write_entry_link(entry, flow)]
            if index == 0:
                line = [*inlines.open_field(instruction, letters), *line]
            if index == len(entries) - 1:
                line.append(inlines.close_field(letters))
            shown = (*entry.children, Text("\t"), PageNumber(entry.target))
            form = ParagraphForm(f"TOC{entry.level}", flow, is_copy=True)
            yield self.paragraphs.write_run_paragraph(form, line, shown)
        # Word writes the entries anew: the end of a section must not stand in one of them.
        after = self.paragraphs.write_paragraph(AFTER_TABLE, (), flow)
        for begin in begins:
            after[-1].addprevious(begin)  # the anchor stands round all that the paragraph holds
        yield after

    def close_ranges(self, paragraph: XmlElement) -> None:
        """End in the body's last paragraph what the contents look through."""
        for number in self.ranges:
            paragraph[-1].addprevious(w("bookmarkEnd", id=number))

    def _write_entry_link(self, entry: Entry, flow: Flow) -> XmlElement:
        inlines, letters = self.paragraphs.inlines, RunProperties()
        return inlines.write_link(
            entry.target,
            *inlines.write_inlines(entry.children, flow.part, letters),
            w("r", w("tab")),
            *inlines.write_page_field(entry.target, letters),
        )
