"""What stands before the first question: title, date, byline, topics, cast, introduction."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.importers import bylines, dividing, names, titles
from pipeline.importers.blocks import Block, Kind
from pipeline.importers.candidates import CAST
from pipeline.importers.dates import DATELINE, WEEKDAY, date_in
from pipeline.importers.draft import Use
from pipeline.importers.furniture import furniture, is_link_line
from pipeline.importers.lines import PART_OF, SERIES, topics
from pipeline.importers.people import Person, subject
from pipeline.importers.scene import Scene


def read(scene: Scene) -> None:
    """Give each block before the first question or speech its place in the draft."""
    cast = _cast(scene)
    for block, person in sorted(cast.items()):
        scene.presented.setdefault(id(person), block)
    scene.made.authors += scene.made.moderators
    _Opening(scene, range(scene.first), cast).read()
    if not scene.made.title:
        scene.made.proposals.append("title: the source has none; it is the file’s name")


def _cast(scene: Scene) -> dict[int, Person]:
    """Give the blocks that list a speaker."""
    return scene.speakers.positions | {
        label.block: person
        for label in scene.speakers.unknown
        if label.block < scene.first
        for person in scene.speakers.people
        if names.key(dividing.split(label.text).head) == names.key(person.name)
    }


class _Opening:
    def __init__(self, scene: Scene, numbers: Sequence[int], cast: Mapping[int, Person]) -> None:
        self.scene = scene
        self.draft = scene.made
        self.numbers = numbers
        self.cast = cast
        self.told: dict[str, list[str]] = {}
        for name, value in scene.reading.meta:
            self.told.setdefault(name, []).append(value)
        self.has_byline = False
        self.dateline = ""
        """What stands beside the date."""
        self.title = titles.find(scene.blocks, numbers, self.first_told("title"), cast)

    def first_told(self, name: str) -> str:
        """Give what a page says first of itself outside its text."""
        return next(iter(self.told.get(name, ())), "")

    def read(self) -> None:
        self.take_told()
        links = ""
        for number in self.numbers:
            block = self.scene.blocks[number]
            if number == self.title:
                self.draft.title = block.text
                self.draft.take(block, Use.METADATA, "title")
                links = ""
            elif links and block.kind is not Kind.HEADING and is_link_line(block):
                self.draft.skip(block, f"interstitial: under “{links}”")
            elif what := furniture(block):
                links = block.text if what.opens else ""
                self.draft.leave(block, what)
            else:
                links = ""
                self.place(number, block)
        if not self.has_byline:
            for author in self.told.get("author", ()):
                for name in filter(names.is_name, dividing.joint(author)):
                    self.author(name)
        self.name_series()

    def take_told(self) -> None:
        draft = self.draft
        draft.title = self.first_told("title")
        draft.date = self.first_told("date")
        draft.language = self.first_told("language")
        draft.series = self.first_told("series")
        draft.topics = list(dict.fromkeys(self.told.get("topic", ())))

    def author(self, name: str) -> None:
        """Add an author, who may be somebody who speaks."""
        people = self.scene.speakers.people
        known = next((p for p in people if names.key(p.name) == names.key(name)), None)
        if all(names.key(a.name) != names.key(name) for a in self.draft.authors):
            self.draft.authors.append(known or Person(name))

    # --- one block -------------------------------------------------------------------------

    def place(self, number: int, block: Block) -> None:
        """Put a block where it belongs: a line that says what it is, a note, the introduction."""
        draft, text = self.draft, block.text
        is_above = self.title is not None and number < self.title
        if number in self.cast:
            draft.take(block, Use.METADATA, "experts")
        elif named := bylines.named(text):
            self.read_byline(block, named)
        elif CAST.fullmatch(text):
            draft.take(block, Use.METADATA, "experts")
        elif match := SERIES.fullmatch(text):
            draft.series = (match["name"] or match["part"]).strip()
            draft.take(block, Use.METADATA, "series")
        elif self.is_date(text):
            self.read_date(block)
        elif (found := topics(text)) is not None:
            draft.topics += found
            draft.take(block, Use.METADATA, "topics")
        elif titles.is_topics(text) and (self.title is None or is_above):
            draft.topics.append(text)
            draft.proposals.append("topics: they stand on one line; divide it")
            draft.take(block, Use.METADATA, "topics")
        elif match := PART_OF.match(text):
            draft.series = draft.series or match["name"].strip()
            draft.series_note.append(block)
            draft.take(block, Use.METADATA, "series.note")
        elif person := subject(block, [*draft.authors, *self.scene.speakers.people]):
            draft.note_on(person, block)
        elif is_above:
            draft.skip(block, "a line above the title")
        else:
            draft.introduction.append(block)
            draft.take(block, Use.CONTENT, "introduction")

    def read_byline(self, block: Block, named: str) -> None:
        day, printed = date_in(named)
        if day:
            self.draft.date = self.draft.date or day
            named = named.replace(printed, " ")
        for name in bylines.people(named):
            self.author(name)
        self.has_byline = True
        self.draft.take(block, Use.METADATA, "authors")

    @staticmethod
    def is_date(text: str) -> bool:
        """Tell whether a line says when the article was published; a date in prose does not."""
        is_line = len(text.split()) <= 12 or bool(DATELINE.match(text))
        return is_line and not text.endswith("?") and bool(date_in(text)[0])

    def read_date(self, block: Block) -> None:
        day, printed = date_in(block.text)
        self.draft.date = self.draft.date or day
        self.draft.take(block, Use.METADATA, "date")
        rest = block.text.replace(printed, "").strip(" ,|·•–—-.")
        rest = WEEKDAY.sub("", rest).strip(" ,|·•–—-.")
        if rest and not DATELINE.match(rest) and len(rest.split()) <= 6:
            self.dateline = rest

    # --- the title -------------------------------------------------------------------------

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
