"""The runs of an editor's DOCX (ECMA-376-1 §17.3.2): their characters, fields, notes and pictures.

Each element of a run has a reader of its own; one without is listed as unknown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from pipeline.document.characters import PASTED
from pipeline.review.edited_docx.alternatives import iterate_chosen
from pipeline.review.edited_docx.fields import Field
from pipeline.review.edited_docx.pictures import read_pictures
from pipeline.review.edited_docx.revisions import RevisedRun, TrackedFormat
from pipeline.review.edited_docx.run_format import is_look_kept, read_word_style
from pipeline.review.edited_docx.story import MOST_NESTED, ReadContext, Story, strip_namespace
from pipeline.review.edited_docx.style_reader import DocxStyles
from pipeline.review.words.tokens import WordStyle, add_link
from pipeline.word.ooxml import W
from pipeline.word.opc import Package, Relation

MOST_CALLS: Final = 8
"""How often one note may be called: a paragraph that was moved shows its notes twice."""
_SIGNS: Final = {
    "tab": "\t",
    "ptab": "\t",
    "noBreakHyphen": "\N{NON-BREAKING HYPHEN}",
    "br": "\n",
    "cr": "\n",
}
_TYPED: Final = {
    "F04A": "☺",
    "F04B": "😐",
    "F04C": "☹",
    "F0DF": "←",
    "F0E0": "→",
    "F0E7": "⇐",
    "F0E8": "⇒",
    "F0F3": "⇔",
}
"""The signs of Wingdings that Word makes of ``:)`` and ``-->`` as they are typed."""

NoteReader: TypeAlias = Callable[[Any, Story], None]
"""Reads the blocks of a note into a story of its own."""


@dataclass(frozen=True, slots=True)
class NoteCalls:
    """The footnotes and endnotes of a file, and how often each was called."""

    notes: Mapping[tuple[str, str], Any]
    """By kind, ``footnote`` or ``endnote``, and id."""
    relations: Mapping[str, Mapping[str, Relation]]
    """What the part of each kind leads to."""
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def call_note(self, kind: str, id: str) -> Any | None:
        """Count a call of a note and return it; None if it is not there, or called too often."""
        self.counts[kind, id] += 1
        return self.notes.get((kind, id)) if self.counts[kind, id] <= MOST_CALLS else None


@dataclass(frozen=True, slots=True)
class _OpenRun:
    """A run that is read."""

    story: Story
    blank: RevisedRun
    """What all of its characters have in common."""

    @property
    def is_read(self) -> bool:
        """Whether its characters are words, and no field's instruction."""
        return all(open_field.is_result for open_field in self.story.fields)


@dataclass(frozen=True, slots=True)
class RunReader:
    """Reads runs, and the notes that are called in them."""

    package: Package
    styles: DocxStyles
    notes: NoteCalls
    read_note_blocks: NoteReader

    def read_run(self, run: Any, story: Story, around: ReadContext) -> Iterator[RevisedRun]:
        """Return the pieces of a run."""
        opened = _OpenRun(story, self._read_blank(run, story, around))
        for child in iterate_chosen(run):
            read_child = _READERS.get(strip_namespace(child))
            if read_child is None:
                story.read_other(child)
            else:
                yield from read_child(self, child, opened)

    def _read_blank(self, run: Any, story: Story, around: ReadContext) -> RevisedRun:
        """Return a run without its characters."""
        results = [open_field for open_field in story.fields if open_field.is_result]
        is_head = story.where == "running head"
        return RevisedRun(
            "",
            self._read_style(run.find(f"{W}rPr"), story, around),
            inside=around.inside or story.list_bare_moves(),
            anchors=story.anchors,
            comments=story.comments,
            fields=tuple(results),
            is_computed=is_head and bool(results),
        )

    def _read_style(
        self, properties: Any, story: Story, around: ReadContext
    ) -> TrackedFormat[WordStyle]:
        """Return how words are set, and were before a tracked change of that."""
        now = self._read_word_style(properties, story, around)
        change = properties.find(f"{W}rPrChange") if properties is not None else None
        if change is None:
            return TrackedFormat(now, now)
        old = change.find(f"{W}rPr")
        is_kept = is_look_kept(properties, old, self.styles, around.style)
        revision = story.add_revision(change, "written out" if is_kept else "reset")
        before = self._read_word_style(old, story, around)
        return TrackedFormat(now, before, revision)

    def _read_word_style(self, properties: Any, story: Story, around: ReadContext) -> WordStyle:
        # How a link looks is the theme's, in a state of the file where it is none as well.
        codes = (own.find_code() for own in story.fields if own.is_result)
        is_linked = bool(around.link) or any(code and code.link is not None for code in codes)
        style = read_word_style(properties, self.styles, around.style, is_linked=is_linked)
        return add_link(style, around.link)

    # --- the elements of a run ------------------------------------------------------------

    def read_field_char(self, char: Any, opened: _OpenRun) -> Iterator[RevisedRun]:
        """Open or close a field (§17.16.18)."""
        fields, kind = opened.story.fields, char.get(f"{W}fldCharType", "")
        if kind == "begin":
            fields.append(Field(opened.blank.inside))
            if len(fields) > MOST_NESTED:
                raise self.package.report_bad_file(
                    f"fields are nested more than {MOST_NESTED} deep"
                )
        elif kind == "separate" and fields:
            fields[-1].is_result = True
        elif kind == "end" and fields:
            fields.pop()
        if kind != "end":
            # What a field says is read by its own look, in the runs that follow.
            yield replace(opened.blank, is_computed=True)

    def read_instruction(self, instruction: Any, opened: _OpenRun) -> Iterator[RevisedRun]:
        """Add to the instruction of the innermost field."""
        if opened.story.fields:
            own = opened.story.fields[-1]
            own.parts.append((instruction.text or "", opened.blank.inside))
        yield from ()

    def read_text(self, text: Any, opened: _OpenRun) -> Iterator[RevisedRun]:
        """Return the characters of a text, but for those that come with pasting unseen."""
        if opened.is_read:
            yield replace(opened.blank, text=(text.text or "").translate(_NOT_READ))

    def read_sign(self, sign: Any, opened: _OpenRun) -> Iterator[RevisedRun]:
        """Return the character of a tab, a line break and the like; none of a page's break."""
        if opened.is_read and sign.get(f"{W}type") not in ("page", "column"):
            yield replace(opened.blank, text=_SIGNS[strip_namespace(sign)])

    def read_symbol(self, symbol: Any, opened: _OpenRun) -> Iterator[RevisedRun]:
        """Return a sign by its code, or what one of Wingdings was typed as (§17.3.3.30)."""
        font, code = symbol.get(f"{W}font", ""), symbol.get(f"{W}char", "").upper()
        text = _TYPED.get(code, "") if font == "Wingdings" else _read_code(code)
        if not text:
            opened.story.add_unknown(symbol)
        elif opened.is_read:
            yield replace(opened.blank, text=text)

    def read_comment_reference(self, reference: Any, opened: _OpenRun) -> Iterator[RevisedRun]:
        """Return the place of a comment."""
        # Where nothing was marked, this alone says what a comment is on.
        comments = opened.story.comments | {reference.get(f"{W}id", "")}
        yield replace(opened.blank, comments=comments)

    def read_note(self, reference: Any, opened: _OpenRun) -> Iterator[RevisedRun]:
        """Return a note, where it is called."""
        story = opened.story
        kind = strip_namespace(reference).removesuffix("Reference")
        note = self.notes.call_note(kind, reference.get(f"{W}id", ""))
        if note is None or story.where == "footnote":
            story.add_unknown(reference)
            return
        inner = Story(story.log, self.notes.relations[kind], "footnote")
        self.read_note_blocks(note, inner)
        story.fields = [open_field for open_field in story.fields if open_field.is_result]
        yield replace(opened.blank, note=tuple(inner.paragraphs))

    def read_picture(self, picture: Any, opened: _OpenRun) -> Iterator[RevisedRun]:
        """Return a picture; one with words in it, which an editor could change, is unknown."""
        if next(picture.iter(f"{W}txbxContent"), None) is None:
            found = read_pictures(picture, self.package, opened.story.relations)
            yield replace(opened.blank, pictures=found)
        else:
            opened.story.add_unknown(picture)


def _read_code(code: str) -> str:
    """Return the character of a code in hexadecimal; none for those that each font has its own."""
    number = int(code, 16) if re.fullmatch("[0-9A-F]{2,5}", code) else 0
    is_private = 0xD800 <= number < 0xF900
    return "" if is_private or number < ord(" ") else chr(number)


_NOT_READ: Final = dict.fromkeys(map(ord, PASTED))
_READERS: Final[Mapping[str, Callable[[RunReader, Any, _OpenRun], Iterator[RevisedRun]]]] = {
    "fldChar": RunReader.read_field_char,
    "instrText": RunReader.read_instruction,
    "delInstrText": RunReader.read_instruction,
    "t": RunReader.read_text,
    "delText": RunReader.read_text,
    **dict.fromkeys(_SIGNS, RunReader.read_sign),
    "sym": RunReader.read_symbol,
    "commentReference": RunReader.read_comment_reference,
    "footnoteReference": RunReader.read_note,
    "endnoteReference": RunReader.read_note,
    "drawing": RunReader.read_picture,
    "pict": RunReader.read_picture,
}
