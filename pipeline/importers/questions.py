"""The questions of a source: how they are marked, and which blocks are some.

A source marks its questions in one way. The ways are tried from the plainest to the faintest, and
the faint ones count only where a speaker's label follows: a question that a speaker asks is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from pipeline.importers.blocks import Block, Kind
from pipeline.importers.labels import Speakers
from pipeline.importers.people import Person


class Style(StrEnum):
    """How a source marks its questions."""

    NUMBERED_SIGN = "#1"
    NAMED = "Q1"
    LETTER = "Q:"
    NUMBER = "1."
    HEADING = "a heading"
    BOLD = "a bold line"
    PLAIN = "a line that ends in a question mark"
    TURN = "the questioner's turns"
    NONE = "no mark"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a question begins."""

    block: int
    start: int
    """Where its words begin in the block's text."""
    number: str = ""


@dataclass(slots=True)
class Questions:
    """The questions that were found."""

    style: Style = Style.NONE
    marks: list[Mark] = field(default_factory=list)
    sections: bool = False
    """Whether they are headings that ask nothing: the user is to say whether they are questions."""


_ASKS: Final = re.compile(r"[?？؟;][\"”’»)\]*]*$")
_SIGN: Final = re.compile(r"[#№]\s?(?P<number>\d{1,3})\s*[.:)–—-]?\s+")
_NAMED: Final = re.compile(
    r"(?:Q(?:uestion)?|Frage|Pregunta|Domanda|Vraag)\s?(?:no\.?\s*|#\s?)?(?P<number>\d{1,3})"
    r"\s*(?:[.:)–—-]\s*|\s+|$)",
    re.IGNORECASE,
)
_LETTER: Final = re.compile(r"(?:Q|Question|Frage|F|Pregunta|P)\s?[:.]\s+")
_NUMBER: Final = re.compile(r"(?P<number>\d{1,2})\s?[.)]\s+")
_BARE_NUMBER: Final = re.compile(r"(\d{1,2})\s+")
MOST_WORDS: Final = 45
"""A plain paragraph that asks; what is longer is prose with a question in it."""


def asks(text: str) -> bool:
    """Tell whether words end in a question mark."""
    return bool(_ASKS.search(text.strip())) and not text.strip().endswith(";")


def find(
    blocks: Sequence[Block],
    speakers: Speakers,
    moderators: Collection[Person],
    left_out: Callable[[int], bool],
) -> Questions:
    """Find how the questions are marked, and where they stand.

    ``left_out`` tells of a block whether it is known to be no part of the text.
    """
    return _Finding(blocks, speakers, moderators, left_out).found()


class _Finding:
    def __init__(
        self,
        blocks: Sequence[Block],
        speakers: Speakers,
        moderators: Collection[Person],
        left_out: Callable[[int], bool],
    ) -> None:
        self.blocks = blocks
        self.speakers = speakers
        self.moderators = moderators
        self.free = [i for i in range(len(blocks)) if i not in speakers.at and not left_out(i)]
        self.left_out = left_out
        self.after = {label.form.value for label, _ in speakers.at.values()} == {"after"}

    def found(self) -> Questions:
        for style, pattern in (
            (Style.NUMBERED_SIGN, _SIGN),
            (Style.NAMED, _NAMED),
            (Style.LETTER, _LETTER),
        ):
            marks = self.matching(pattern)
            if any(self.before_label(mark.block) for mark in marks):
                return Questions(style, self.with_stragglers(marks))
        headings = self.headings()
        if any(asks(self.blocks[mark.block].text) for mark in headings):
            return Questions(Style.HEADING, headings)
        numbers = self.numbers()
        if numbers:
            return Questions(Style.NUMBER, numbers)
        bold = [
            Mark(i, 0)
            for i in self.free
            if self.blocks[i].strong
            and self.blocks[i].kind is not Kind.HEADING
            and (self.before_label(i) if asks(self.blocks[i].text) else self.label_below(i))
        ]
        if any(asks(self.blocks[mark.block].text) for mark in bold):
            return Questions(Style.BOLD, bold)
        plain = self.plain()
        if plain:
            return Questions(Style.PLAIN, plain)
        turns = self.turns()
        sections = headings or [m for m in bold if len(bold) > 1] or self.short_lines()
        if len(sections) > 0 and not (turns and not headings and not bold):
            return Questions(Style.HEADING, sections, sections=True)
        if turns:
            return Questions(Style.TURN, turns)
        return Questions()

    def with_stragglers(self, marks: list[Mark]) -> list[Mark]:
        """Add the questions that lost their number: lines that ask, where speakers begin anew."""
        known = {mark.block for mark in marks}
        spoken: set[Person] = set()
        found = list(marks)
        for index, block in enumerate(self.blocks):
            if index in known:
                spoken = set()
            elif index in self.speakers.at:
                spoken.update(self.speakers.of(index))
            elif (
                index > min(known)
                and not self.left_out(index)
                and asks(block.text)
                and block.text[:1] not in '“"„«‘'
                and set(self.label_below(index)) & spoken
                and len(block.text.split()) <= MOST_WORDS
            ):
                match = _BARE_NUMBER.match(block.text)
                found.append(Mark(index, match.end() if match else 0, match[1] if match else ""))
                spoken = set()
        return sorted(found, key=lambda mark: mark.block)

    def matching(self, pattern: re.Pattern[str]) -> list[Mark]:
        found: list[Mark] = []
        for index in self.free:
            block = self.blocks[index]
            if block.kind is not Kind.ITEM and (match := pattern.match(block.text)):
                found.append(Mark(index, match.end(), match.groupdict().get("number") or ""))
        return found

    def numbers(self) -> list[Mark]:
        """Give the numbered lines that ask, and those that go on with their count.

        A numbered list in an answer has its own count, or is set in another way.
        """
        found: list[Mark] = []
        for index in self.free:
            block = self.blocks[index]
            if block.kind is Kind.ITEM and block.number is not None and block.level <= 1:
                found.append(Mark(index, 0, str(block.number)))
            elif match := _NUMBER.match(block.text):
                found.append(Mark(index, match.end(), match["number"]))
        marks: list[Mark] = []
        for mark in found:
            block = self.blocks[mark.block]
            alike = not marks or self.blocks[marks[-1].block].kind is block.kind
            goes_on = bool(marks) and alike and int(mark.number) == len(marks) + 1
            if self.before_label(mark.block) and (asks(block.text) or goes_on):
                marks.append(mark)
        return marks

    def headings(self) -> list[Mark]:
        """Give the headings over answers, all of one level."""
        over = [
            i for i in self.free if self.blocks[i].kind is Kind.HEADING and self.before_label(i)
        ]
        highest = [b for b in self.blocks if b.kind is Kind.HEADING and b.level == 1]
        if len(highest) == 1:
            over = [i for i in over if self.blocks[i] is not highest[0]]  # the title
        levels = {self.blocks[i].level for i in over if asks(self.blocks[i].text)}
        marks: list[Mark] = []
        for index in over:
            block = self.blocks[index]
            if levels and block.level not in levels:
                continue
            match = _SIGN.match(block.text) or _NAMED.match(block.text) or _NUMBER.match(block.text)
            if match and match.end() < len(block.text):
                marks.append(Mark(index, match.end(), match["number"]))
            else:
                marks.append(Mark(index, 0))
        return marks

    def plain(self) -> list[Mark]:
        """Give the lines that ask and stand over answers, where speakers begin anew.

        A speaker may end on a question of his own. So the first one stands before any speech, and
        each further one before somebody who has answered the last.
        """
        marks: list[Mark] = []
        spoken: set[Person] = set()
        for index, block in enumerate(self.blocks):
            if index in self.speakers.at:
                spoken.update(self.speakers.of(index))
                continue
            if self.left_out(index) or block.kind is not Kind.PARAGRAPH or not asks(block.text):
                continue
            if len(block.text.split()) > MOST_WORDS or block.text[:1] in '“"„«‘':
                continue
            following = self.label_below(index)
            if not following and not self.after:
                continue
            if not marks and not spoken:
                marks.append(Mark(index, 0))
            elif marks and (set(following) & spoken or (self.after and spoken)):
                marks.append(Mark(index, 0))
                spoken = set()
        return marks

    def short_lines(self) -> list[Mark]:
        """Give the short lines without an end that stand over labels: titles of sections."""
        return [Mark(i, 0) for i in self.free if i and self.is_short_line(i)]

    def is_short_line(self, index: int) -> bool:
        block = self.blocks[index]
        return (
            block.kind is Kind.PARAGRAPH
            and len(block.text.split()) <= 8
            and not block.text.rstrip('”"’»)').endswith((".", "!", "?", ":", ",", "]", ")"))
            and index + 1 in self.speakers.at
            and not any(person.name in block.text for person in self.speakers.people)
            and (index > min(self.speakers.at) or self.is_introduction(index))
        )

    def is_introduction(self, index: int) -> bool:
        return self.blocks[index].text.lower().strip() in ("introduction", "einleitung", "welcome")

    def turns(self) -> list[Mark]:
        return [
            Mark(i, self.speakers.at[i][0].end)
            for i in sorted(self.speakers.at)
            if set(self.speakers.of(i)) & set(self.moderators) and self.turn_asks(i)
        ]

    def turn_asks(self, index: int) -> bool:
        """Tell whether there is a question anywhere in a turn."""
        if "?" in self.blocks[index].text:
            return True
        for following in range(index + 1, len(self.blocks)):
            if following in self.speakers.at:
                return False
            if "?" in self.blocks[following].text and not self.left_out(following):
                return True
        return False

    def before_label(self, index: int) -> bool:
        """Tell whether a label follows, at once or after a few lines on the question."""
        if self.after:
            return self.before_speech(index)
        return bool(self.label_after(index))

    def before_speech(self, index: int) -> bool:
        """Tell whether a label stands before the next heading, where labels follow the speech."""
        for following in range(index + 1, len(self.blocks)):
            if following in self.speakers.at:
                return True
            if self.blocks[following].kind is Kind.HEADING:
                return False
        return False

    def label_below(self, index: int) -> tuple[Person, ...]:
        """Give who speaks right below a block, whatever of the page stands between."""
        for following in range(index + 1, len(self.blocks)):
            if not self.left_out(following):
                return self.speakers.of(following)
        return ()

    def label_after(self, index: int) -> tuple[Person, ...]:
        between = 0
        for following in range(index + 1, len(self.blocks)):
            if self.left_out(following):
                continue
            if following in self.speakers.at:
                return self.speakers.of(following)
            between += 1
            if between > 2 or self.blocks[following].kind is Kind.HEADING:
                return ()
        return ()
