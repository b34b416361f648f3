"""What stands before the first question: title, series, date, byline, topics, introduction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipeline.importers import names
from pipeline.importers.blocks import Block, Kind
from pipeline.importers.candidates import CAST
from pipeline.importers.closing import EDITORIAL, TOPICS, is_about
from pipeline.importers.dates import WEEKDAY, date_in
from pipeline.importers.draft import Draft, Use
from pipeline.importers.furniture import furniture, is_link_line
from pipeline.importers.people import Person

_BYLINE: Final = re.compile(
    r"(?:(?:propos recueillis|text|words|story|interview|questions|compiled|edited|moderated|conducted|interviewed|hosted"
    r"|reported|written|curated|introduced)(?:\sand\s\w+)?\s)?(?:by|von|par|por|di|door)\s(?P<names>\S.*)"
    r"|.{2,40}\b(?:conducted|moderated|compiled|edited|hosted|collected) by\s(?P<told>\S.*)"
    r"|(?:words|text|story|interview|author|moderator|host|interviewer|editor|autor|autorin|auteur)s?\s?:\s(?P<named>\S.*)",
    re.IGNORECASE,
)
DATELINE: Final = re.compile(
    r"(?:published|posted|updated|recorded|first published|date|veröffentlicht|publié|publicado)\b.*",
    re.IGNORECASE,
)
_SERIES: Final = re.compile(
    r"(?:series|serie|reihe|série)\s?:\s*(?P<name>.+)"
    r"|(?:part of|from) (?:the|our) series:?\s(?P<part>.{2,60}?)\.?",
    re.IGNORECASE,
)
_PART_OF: Final = re.compile(
    r"this (?:article|piece|roundtable|interview|post|discussion|feature|installment|edition) is (?:part|one) of"
    r" (?P<name>[^,.]+)",
    re.IGNORECASE,
)


class Opening:
    """Reads the blocks before the first question into a draft."""

    def __init__(
        self,
        draft: Draft,
        blocks: Sequence[Block],
        numbers: Sequence[int],
        meta: Sequence[tuple[str, str]],
        people: Sequence[Person],
        cast: dict[int, Person],
    ) -> None:
        """Take the blocks of ``numbers``; ``cast`` are those that list a speaker."""
        self.draft = draft
        self.blocks = blocks
        self.numbers = list(numbers)
        self.meta = meta
        self.people = people
        self.cast = cast
        self.has_byline = False
        self.told_authors: list[str] = []
        self.dateline = ""
        self.byline_at = next((n for n in self.numbers if self.byline(blocks[n])), None)
        self.title_at = self.title()

    def read(self) -> None:
        """Give each block its place."""
        draft = self.draft
        self.from_meta()
        if self.title_at is not None:
            draft.title = self.blocks[self.title_at].text
        links = ""
        for number in self.numbers:
            block = self.blocks[number]
            if number == self.title_at:
                draft.take(block, Use.METADATA, "title")
                links = ""
            elif links and block.kind is not Kind.HEADING and is_link_line(block):
                draft.skip(block, f"interstitial: under “{links}”")
            elif what := furniture(block):
                links = block.text if what.opens else ""
                draft.leave(block, what.reason, what.use)
            else:
                links = ""
                self.place(number, block)
        if not self.has_byline:
            for name in filter(names.is_name, self.told_authors):
                self.author(name)
        self.name_series()

    def from_meta(self) -> None:
        """Take what a page says of itself outside its text."""
        draft = self.draft
        held: dict[str, list[str]] = {}
        for name, value in self.meta:
            held.setdefault(name, []).append(value)
        draft.title = (held.get("title") or [""])[0]
        draft.date = (held.get("date") or [""])[0]
        draft.language = (held.get("language") or [""])[0]
        draft.series = (held.get("series") or [""])[0]
        draft.topics = list(dict.fromkeys(held.get("topic", [])))
        self.told_authors = [
            name for author in held.get("author", []) for name in names.joint(author)
        ]

    def author(self, name: str) -> None:
        known = next((p for p in self.people if names.key(p.name) == names.key(name)), None)
        if all(names.key(a.name) != names.key(name) for a in self.draft.authors):
            self.draft.authors.append(known or Person(name))

    def title(self) -> int | None:
        """Find the title: a heading above, the line above the byline, or the first that is no prose."""
        told = next((value for name, value in self.meta if name == "title"), "")
        for number in self.numbers:
            text = self.blocks[number].text
            if told and (
                text.casefold() == told.casefold()
                or re.match(rf"{re.escape(text)}\s[|–—-]\s", told, re.IGNORECASE)
            ):
                return number
        for number in self.numbers:
            block = self.blocks[number]
            if block.kind is Kind.HEADING and block.level == 1 and not furniture(block):
                return number
        if told:
            return None
        lines = [n for n in self.numbers if self.could_be_title(n)]
        if self.byline_at is not None:
            above = [n for n in lines if n < self.byline_at]
            return above[-1] if above else None
        prose = next((n for n in self.numbers if self.is_prose(n)), None)
        above = [n for n in lines if prose is None or n < prose]
        return max(above, key=lambda n: len(self.blocks[n].text.split()), default=None)

    def is_prose(self, number: int) -> bool:
        """Tell whether a block is running text, above which alone a title stands."""
        text = self.blocks[number].text
        words = len(text.split())
        return words > 30 or (words > 4 and bool(re.search(r"[.!…][\"”’»)]*$", text)))

    def could_be_title(self, number: int) -> bool:
        block = self.blocks[number]
        text = block.text
        if block.kind not in (Kind.PARAGRAPH, Kind.HEADING) or len(text.split()) > 25:
            return False
        if (
            text[:1].islower()
            or number in self.cast
            or furniture(block)
            or date_in(text)[0]
            or self.is_topics(text)
        ):
            return False
        if (
            self.byline(block)
            or EDITORIAL.match(text)
            or _SERIES.fullmatch(text)
            or re.search(r"\s{3,}|\d\s*-\s*\d+$", text)
        ):
            return False
        return not re.search(r"[.:;,][\"”)]?$", text) or block.kind is Kind.HEADING or block.strong

    def place(self, number: int, block: Block) -> None:
        """Put a block where it belongs."""
        draft, text = self.draft, block.text
        day, printed = date_in(text)
        if number in self.cast:
            draft.take(block, Use.METADATA, "experts")
        elif found := self.byline(block):
            self.read_byline(block, found)
        elif CAST.fullmatch(text):
            draft.take(block, Use.METADATA, "experts")
        elif match := _SERIES.fullmatch(text):
            draft.series = (match["name"] or match["part"]).strip()
            draft.take(block, Use.METADATA, "series")
        elif day and (len(text.split()) <= 12 or DATELINE.match(text)) and not text.endswith("?"):
            self.read_date(block, day, printed)
        elif match := TOPICS.fullmatch(text):
            draft.topics += [
                topic.strip() for topic in re.split(r"[,;|·]", match[1]) if topic.strip()
            ]
            draft.take(block, Use.METADATA, "topics")
        elif self.is_topics(text) and (self.title_at is None or number < self.title_at):
            draft.topics.append(text)
            draft.proposals.append("topics: they stand on one line; divide it")
            draft.take(block, Use.METADATA, "topics")
        elif match := _PART_OF.match(text):
            draft.series = draft.series or match["name"].strip()
            draft.series_note.append(block)
            draft.take(block, Use.METADATA, "series.note")
        elif person := is_about(block, [*draft.authors, *self.people]):
            draft.bios.setdefault(id(person), []).append(block)
            draft.take(block, Use.METADATA, f"note on {person.name}")
        elif self.title_at is not None and number < self.title_at:
            draft.skip(block, "a line above the title")
        else:
            draft.introduction.append(block)
            draft.take(block, Use.CONTENT, "introduction")

    def byline(self, block: Block) -> re.Match[str] | None:
        """Match a line that names the authors or who put the questions."""
        if len(block.text.split()) > 25 or block.text.endswith("?"):
            return None
        match = _BYLINE.match(block.text)
        if not match:
            return None
        found = match["names"] or match["named"] or match["told"]
        _, printed = date_in(found)
        found = found.replace(printed, " ") if printed else found
        first = names.split_label(names.joint(re.split(r"\s[|·•]\s", found)[0])[0]).head
        return match if names.is_name(first) or names.in_capitals(first) else None

    def read_byline(self, block: Block, match: re.Match[str]) -> None:
        found = match["names"] or match["named"] or match["told"]
        day, printed = date_in(found)
        if day:
            self.draft.date = self.draft.date or day
            found = found.replace(printed, " ")
        for part in re.split(r"\s[|·•]\s|;", found):
            for name in names.joint(part.strip(" ,.|·•")):
                head = names.split_label(name).head
                if names.is_name(head):
                    self.author(names.recased(head) if names.in_capitals(head) else head)
        self.has_byline = True
        self.draft.take(block, Use.METADATA, "authors")

    def read_date(self, block: Block, day: str, printed: str) -> None:
        draft, text = self.draft, block.text
        draft.date = draft.date or day
        rest = text.replace(printed, "").strip(" ,|·•–—-.")
        rest = WEEKDAY.sub("", rest).strip(" ,|·•–—-.")
        draft.take(block, Use.METADATA, "date")
        if rest and not DATELINE.match(rest) and len(rest.split()) <= 6:
            self.dateline = rest

    @staticmethod
    def is_topics(text: str) -> bool:
        """Tell whether a line is a row of topics: words in capitals, with nothing between them."""
        words = text.split()
        return (
            len(words) > 7
            and not names.in_capitals(text)
            and not re.search(r"[.,:;?!—–“”\"]", text)
            and sum(names.is_capital(word) or word in ("&", "and", "of") for word in words)
            == len(words)
        )

    def name_series(self) -> None:
        """Tell series and short title from a title such as “The 5×5—The future of locks”."""
        draft = self.draft
        if self.dateline and not draft.series and draft.title.startswith(self.dateline):
            draft.series = self.dateline
        match = re.fullmatch(
            r"(?P<series>.{2,40}?)\s?(?:—|:\s|\s[–|-]\s)\s?(?P<short>.+)", draft.title
        )
        if not match:
            return
        series = match["series"].strip()
        if draft.series and names.slug(draft.series) == names.slug(series):
            draft.series, draft.short_title = series, match["short"].strip()
        elif not draft.series and re.search(r"\d\s?[×x]\s?\d", series):
            draft.series, draft.short_title = series, match["short"].strip()
            draft.proposals.append("series: told from the title")
