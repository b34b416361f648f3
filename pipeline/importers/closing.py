"""What stands behind the last answer: notes on persons, the publisher, topics, links, a date."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.importers import names
from pipeline.importers.blocks import Block, Kind
from pipeline.importers.dates import date_in
from pipeline.importers.draft import Use
from pipeline.importers.furniture import ABOUT, ABOUT_THEM, furniture, is_link_line
from pipeline.importers.lines import EDITED, EDITORIAL, INSTITUTE, STATEMENT, topics
from pipeline.importers.people import Person, subject
from pipeline.importers.scene import Scene


class Closing:
    """Reads the blocks behind the last answer into a draft."""

    def __init__(self, scene: Scene) -> None:
        """Take the article when its opening has been read, and nothing else yet."""
        self.draft = scene.made
        self.blocks = scene.blocks
        self.people = scene.speakers.people
        self.head = "\n".join(
            piece.block.text for piece in self.draft.pieces if piece.use is not Use.CONTENT
        )

    def begins(self, number: int, is_closed: bool) -> bool:
        """Tell whether a block behind an answer is no part of it.

        ``is_closed`` says that the answer's quotation marks were closed before it.
        """
        block = self.blocks[number]
        text = block.text
        if (
            block.kind is Kind.HEADING
            or furniture(block)
            or ABOUT.match(text)
            or ABOUT_THEM.match(text)
            or topics(text) is not None
            or STATEMENT.match(text)
            or self.subject(block)
            or self.is_house(text)
            or self.is_headline(block)
            or self.is_editorial(block)
            or (block.italic and len(text.split()) > 6)
        ):
            return True
        return is_closed and text[:1] not in '“"„«‘‹' and block.kind is Kind.PARAGRAPH

    def read(self, numbers: Sequence[int]) -> list[int]:
        """Give each block its place; gives those that belong to no known part."""
        draft = self.draft
        unknown: list[int] = []
        links, about = "", False
        for number in numbers:
            block = self.blocks[number]
            if self.is_about(block):
                links, about = "", True
                draft.skip(block, "a heading of the page")
            elif what := furniture(block):
                links, about = block.text if what.opens else "", False
                draft.leave(block, what)
            elif links and is_link_line(block):
                draft.skip(block, f"interstitial: under “{links}”")
            elif block.kind is Kind.HEADING:
                about = False
                draft.skip(block, "a heading of the page")
            elif not self.place(block, about):
                unknown.append(number)
                draft.skip(block, "behind the last answer: none of the parts that are known")
        return unknown

    def place(self, block: Block, about: bool) -> bool:
        """Put a paragraph where it belongs, if that is known.

        ``about`` says that it stands under a heading over what the publisher says of itself.
        """
        draft, text = self.draft, block.text
        day, _ = date_in(text)
        if person := self.subject(block):
            draft.note_on(person, block)
        elif (found := topics(text)) is not None:
            draft.topics += found
            draft.take(block, Use.METADATA, "topics")
        elif EDITORIAL.match(text) or STATEMENT.match(text):
            draft.skip(block, "an editor’s note behind the last answer")
        elif about or ABOUT_THEM.match(text) or INSTITUTE.match(text) or self.is_house(text):
            draft.about.append(block)
            draft.take(block, Use.METADATA, "about")
        elif day and len(text.split()) <= 8:
            draft.date = draft.date or day
            draft.take(block, Use.METADATA, "date")
        else:
            return False
        return True

    # --- what a block is -------------------------------------------------------------------

    def subject(self, block: Block) -> Person | None:
        """Give whom of the article's people a paragraph tells of, if it does."""
        return subject(block, [*self.draft.authors, *self.people])

    def is_house(self, text: str) -> bool:
        """Tell whether words begin with a name that the head of the page has: its publisher's."""
        match = re.match(
            r"(?:The\s)?(?P<name>(?:[A-Z][\w'’-]*|&|of|for|the|and|\s)+)\s(?=[a-z])", text
        )
        if not match or sum(names.is_capital(word) for word in match["name"].split()) < 2:
            return False
        return match["name"].strip().casefold() in self.head.casefold()

    @staticmethod
    def is_about(block: Block) -> bool:
        """Tell whether a block is a heading over what the publisher says of itself."""
        if block.kind is Kind.HEADING and re.match("about|über|à propos", block.text, re.I):
            return True
        return bool(ABOUT.match(block.text))

    @staticmethod
    def is_headline(block: Block) -> bool:
        """Tell whether a line is set like a heading: a few words, all in capitals, with no end."""
        words = block.text.split()
        return (
            block.kind is Kind.PARAGRAPH
            and 2 <= len(words) <= 8
            and not re.search(r"[.!?…:”\"’»)\]]$", block.text)
            and all(names.is_capital(word) for word in words)
        )

    @staticmethod
    def is_editorial(block: Block) -> bool:
        """Tell whether a paragraph is the editors' and shows it by its look or by what it says."""
        text = block.text
        shows = block.italic or ":" in text[:40] or bool(EDITED.search(text))
        return shows and bool(EDITORIAL.match(text))
