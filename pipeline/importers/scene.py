"""What the steps share: the source, what was found so far, and where to tell doubts."""

from __future__ import annotations

import re
from typing import Final

from pipeline.diagnostics import Findings, Location
from pipeline.importers.asking import Decisions
from pipeline.importers.blocks import Block, Kind, Reading
from pipeline.importers.candidates import Form
from pipeline.importers.draft import Draft
from pipeline.importers.furniture import furniture
from pipeline.importers.labels import Speakers

STAGE: Final = re.compile(r"[\[(][^\[\]()]{1,60}[\])]")
"""A stage direction that stands alone: “[Laughter]”."""


class Scene:
    """A source on its way to a draft."""

    speakers: Speakers
    first: int
    """Where the questions and answers begin."""

    def __init__(
        self, reading: Reading, decisions: Decisions, findings: Findings, file: str
    ) -> None:
        """Take what was read; ``file`` is the source's name for messages."""
        self.reading = reading
        self.decisions = decisions
        self.findings = findings
        self.file = file
        self.made = Draft()
        self.presented: dict[int, int] = {}
        """Where a person is presented or listed, by the person's ``id()``."""
        self.quoted = False
        """Whether what is said stands in quotation marks."""
        self.all = reading.blocks
        self.blocks = [b for b in self.all if not b.outside and b.kind is not Kind.NOTE]
        """What is inside the article, without its footnotes."""

    def at(self, block: Block) -> Location:
        """Give a block's place."""
        return Location(self.file, block.line)

    def quote(self, block: Block) -> str:
        """Give the beginning of a block with its line, as evidence."""
        words = block.text.split()
        return f"{block.line}: {' '.join(words[:16])}" + (" …" if len(words) > 16 else "")

    def speech(self, number: int) -> str:
        """Give what is said under a label."""
        label = self.speakers.at[number][0]
        following = self.blocks[number + 1 : self.after_turn(number)]
        return " ".join([self.blocks[number].text[label.end :], *(b.text for b in following)])

    def after_turn(self, number: int) -> int:
        """Give the next label's block, or the end."""
        following = number + 1
        while following < len(self.blocks) and following not in self.speakers.at:
            following += 1
        return following

    def is_furniture(self, index: int) -> bool:
        """Tell whether a block is a known part of the page, or an image."""
        block = self.blocks[index]
        return furniture(block) is not None or block.kind is Kind.IMAGE

    def is_after(self) -> bool:
        """Tell whether speakers are named behind what they say."""
        return {label.form for label, _ in self.speakers.at.values()} == {Form.AFTER}
