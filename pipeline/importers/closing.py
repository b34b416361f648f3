"""What stands behind the last answer: notes on persons and the publisher, credits, links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from pipeline.importers import names
from pipeline.importers.blocks import Block, Kind
from pipeline.importers.dates import date_in
from pipeline.importers.draft import Draft, Use
from pipeline.importers.furniture import ABOUT, ABOUT_THEM, furniture, is_link_line
from pipeline.importers.people import Person

TOPICS: Final = re.compile(
    r"(?:(?:tags?|topics?|filed under|categor(?:y|ies)|keywords|themen|schlagwörter|thèmes|temas)\s?:"
    r"|tagged(?: as| with)?:?\s)\s*(.+)",
    re.IGNORECASE,
)
_INSTITUTE: Final = re.compile(
    r"(?:The\s)?[A-Z].{0,160}?\b(?:is (?:a|an|the)|works? (?:at|to|on)|aims? to|brings together|was founded"
    r"|promotes|publishes|seeks to|convenes)\b"
)
EDITORIAL: Final = re.compile(
    r"[\[(]?(?:editors?['’]?s?['’]? note|correction|clarification|update|note|disclaimer|this (?:article|interview"
    r"|conversation|transcript|discussion|text|roundtable)\b|this is an? \w+ transcript|the views|views expressed|opinions expressed"
    r"|(?:diese|dieser|dieses) (?:artikel|text|gespräch|interview)|cet (?:article|entretien))\b",
    re.IGNORECASE,
)
_STATEMENT: Final = re.compile(
    r"(?:disclosures?|correspondence|conflicts? of interest|funding|acknowledge?ments?|contact|sources?)\s?:\s",
    re.IGNORECASE,
)


def is_about(block: Block, people: Iterable[Person]) -> Person | None:
    """Give whom a paragraph tells of in the third person, if it begins with a name and does."""
    for person in people:
        for name in dict.fromkeys((person.name, names.bare(person.name))):
            start = re.match(rf"(?:[A-Z][a-z]+\.?\s)?{re.escape(name)}", block.text)
            if (
                start
                and names.THIRD_PERSON.match(block.text[start.end() :])
                and len(block.text) > 25
            ):
                return person
    return None


class Closing:
    """Reads the blocks behind the last answer into a draft."""

    def __init__(self, draft: Draft, blocks: Sequence[Block], people: Sequence[Person]) -> None:
        self.draft = draft
        self.blocks = blocks
        self.people = people
        self.head = "\n".join(
            piece.block.text for piece in draft.pieces if piece.use is not Use.CONTENT
        )

    def begins(self, number: int, is_closed: bool) -> bool:
        """Tell whether a block behind an answer is no part of it.

        ``is_closed`` says that the answer's quotation marks were closed before it.
        """
        block = self.blocks[number]
        if block.kind is Kind.HEADING or furniture(block) or ABOUT.match(block.text):
            return True
        if ABOUT_THEM.match(block.text) or TOPICS.fullmatch(block.text):
            return True
        if _STATEMENT.match(block.text):
            return True
        if is_about(block, [*self.draft.authors, *self.people]):
            return True
        if self.is_house(block.text) or self.is_headline(block):
            return True
        if EDITORIAL.match(block.text) and (
            self.is_italic(block)
            or ":" in block.text[:40]
            or re.search(
                r"\b(?:has been|was|were|is an?) (?:\w+ )?(?:edited|condensed|shortened|translated)",
                block.text,
            )
        ):
            return True
        if self.is_italic(block) and len(block.text.split()) > 6:
            return True
        return is_closed and block.text[:1] not in '“"„«‘‹' and block.kind is Kind.PARAGRAPH

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

    def is_house(self, text: str) -> bool:
        """Tell whether words begin with a name that the head of the page has: its publisher's."""
        match = re.match(
            r"(?:The\s)?(?P<name>(?:[A-Z][\w'’-]*|&|of|for|the|and|\s)+)\s(?=[a-z])", text
        )
        if not match or sum(names.is_capital(word) for word in match["name"].split()) < 2:
            return False
        return match["name"].strip().casefold() in self.head.casefold()

    @staticmethod
    def is_italic(block: Block) -> bool:
        return bool(block.text) and all(s.emphasis for s in block.spans if s.text.strip())

    def read(self, numbers: Sequence[int]) -> list[int]:
        """Give each block its place; gives those that belong to no known part."""
        draft = self.draft
        unknown: list[int] = []
        links, about = "", False
        for number in numbers:
            block = self.blocks[number]
            text = block.text
            if ABOUT.match(text) or (
                block.kind is Kind.HEADING and re.match(r"about|über|à propos", text, re.IGNORECASE)
            ):
                about, links = True, ""
                draft.skip(block, "a heading of the page")
            elif what := furniture(block):
                links, about = block.text if what.opens else "", False
                draft.leave(block, what.reason, what.use)
            elif links and is_link_line(block):
                draft.skip(block, f"interstitial: under “{links}”")
            elif block.kind is Kind.HEADING:
                about = False
                draft.skip(block, "a heading of the page")
            elif person := is_about(block, [*draft.authors, *self.people]):
                draft.bios.setdefault(id(person), []).append(block)
                draft.take(block, Use.METADATA, f"note on {person.name}")
            elif match := TOPICS.fullmatch(text):
                draft.topics += [t.strip() for t in re.split(r"[,;|·]", match[1]) if t.strip()]
                draft.take(block, Use.METADATA, "topics")
            elif EDITORIAL.match(text) or _STATEMENT.match(text):
                draft.skip(block, "an editor’s note behind the last answer")
            elif about or ABOUT_THEM.match(text) or _INSTITUTE.match(text) or self.is_house(text):
                draft.about.append(block)
                draft.take(block, Use.METADATA, "about")
            elif date_in(text)[0] and len(text.split()) <= 8:
                draft.date = draft.date or date_in(text)[0]
                draft.take(block, Use.METADATA, "date")
            else:
                unknown.append(number)
                draft.skip(block, "behind the last answer: none of the parts that are known")
        return unknown
