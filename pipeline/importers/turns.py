"""Every block from the first question on, under its question and its speaker."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pipeline.importers.blocks import Block, Kind
from pipeline.importers.candidates import STAMP, Form
from pipeline.importers.closing import Closing
from pipeline.importers.draft import Asked, Turn, Use, first_of
from pipeline.importers.furniture import furniture, is_link_line
from pipeline.importers.marks import PAIRS, unquoted
from pipeline.importers.people import subject
from pipeline.importers.questions import MOST_WORDS, Questions, Style
from pipeline.importers.scene import STAGE, Scene

_IMAGE: Final = (
    "an image: put it into images/ and write ![what it shows](images/…) where it belongs"
)
MOST_ASKED: Final = 120
"""The words of a moderator's turn that are a question as a whole; a longer one leads up to it."""


def says_in_quotes(scene: Scene) -> bool:
    """Tell whether nearly all that is said stands in quotation marks."""
    said = [text for i in scene.speakers.at if (text := scene.speech(i).strip())]
    quoted = sum(text[:1] in PAIRS for text in said)
    return quoted > 1 and quoted * 5 >= len(said) * 4


def read(scene: Scene, asked: Questions) -> None:
    """Give every block from the first question on to its question and speaker."""
    scene.quoted = says_in_quotes(scene)
    _Turns(scene, asked).read()


class _Turns:
    """Goes through the blocks with what is open: a question, a turn, a heading for links."""

    def __init__(self, scene: Scene, asked: Questions) -> None:
        self.scene = scene
        self.draft = scene.made
        self.style = asked.style
        self.marks = {mark.block: mark for mark in asked.marks}
        self.closing = Closing(scene)
        self.positions = _positions(scene)
        self.is_after = scene.is_after()
        labels = scene.speakers.at
        self.last = max([*labels, *self.marks]) if self.is_after else max(labels)
        self.turn: Turn | None = None
        self.pending: Asked | None = None
        """A question that may go on until somebody speaks."""
        self.above: list[int] = []
        """What is said by somebody who is named behind it."""
        self.foreign: list[int] = []
        """What stands under a label and is not what was said."""
        self.links = ""
        """The heading for links that was read last."""

    def read(self) -> None:
        blocks = self.scene.blocks
        number = self.scene.first
        while number < len(blocks) and not self.ends(number):
            number = self.place(number)
        left = self.closing.read(range(number, len(blocks)))
        for index in [*self.above, *self.foreign, *left]:
            self.scene.findings.add_warning(
                "unplaced",
                f"no part of the article is found for “{first_of([blocks[index]])}”",
                self.scene.at(blocks[index]),
                "it is left out; write it where it belongs",
            )

    def ends(self, number: int) -> bool:
        """Tell whether a block stands behind the last answer."""
        return (
            number > self.last
            and number not in self.marks
            and not self.above
            and (self.turn is None or bool(self.turn.blocks))
            and self.closing.begins(number, self.is_closed())
        )

    def is_closed(self) -> bool:
        """Tell whether an answer opened a quotation and closed it at its present end."""
        said = self.turn.blocks if self.turn else []
        if not self.scene.quoted or not said or said[0].text[:1] not in PAIRS:
            return False
        return unquoted(said).quotes == "both"

    def place(self, number: int) -> int:
        """Give a block its place; gives the number of the next."""
        if number in self.marks and self.style is Style.TURN:
            moderated(self.scene, number)
            self.turn, self.pending, self.links = None, None, ""
            return self.scene.after_turn(number)
        if number in self.marks:
            self.ask(number)
        elif number in self.scene.speakers.at:
            self.begin(number)
        elif not self.leave(number):
            self.go_on(number)
        return number + 1

    def ask(self, number: int) -> None:
        """Begin a question."""
        block, mark = self.scene.blocks[number], self.marks[number]
        asked = Asked([block.part(mark.start)], block.line, mark.number)
        self.draft.questions.append(asked)
        self.draft.take(block, Use.MARK, "a question’s number", 0, mark.start)
        self.draft.take(block, Use.CONTENT, self.draft.last_question, mark.start)
        self.pending, self.turn, self.links, self.above = asked, None, "", []

    def begin(self, number: int) -> None:
        """Begin a turn under the question that is open; without one, under an implied prompt."""
        block = self.scene.blocks[number]
        label, people = self.scene.speakers.at[number]
        if not self.draft.questions:
            self.draft.questions.append(Asked([], block.line, implied=True))
        self.turn = Turn(people, label.text, block.line)
        self.draft.questions[-1].turns.append(self.turn)
        self.pending, self.links = None, ""
        if label.form is Form.AFTER:
            self.turn.blocks = [self.scene.blocks[i] for i in self.above]
            self.above = []
            self.draft.take(block, Use.MARK, "a label")
            return
        self.draft.take(block, Use.MARK, "a label", 0, label.end)
        if block.text[label.end :].strip():
            self.turn.blocks.append(block.part(label.end))
            self.draft.take(block, Use.CONTENT, "an answer", label.end)

    def leave(self, number: int) -> bool:
        """Leave links, furniture and images out; tells whether a block was one."""
        block = self.scene.blocks[number]
        if self.links and is_link_line(block):
            self.draft.skip(block, f"interstitial: under “{self.links}”")
        elif what := furniture(block):
            self.links = block.text if what.opens else ""
            self.draft.leave(block, what)
        elif block.kind is Kind.IMAGE:
            self.draft.skip(block, _IMAGE)
        else:
            return False
        return True

    def go_on(self, number: int) -> None:
        """Give words to the question or the turn that is open."""
        block = self.scene.blocks[number]
        if self.turn is None and self.pending and self.is_of_question(number):
            self.pending.blocks.append(block)
            self.draft.take(block, Use.CONTENT, self.draft.last_question)
        elif self.is_after:
            self.above.append(number)
            self.draft.take(block, Use.CONTENT, "an answer")
        elif self.turn:
            self.say(self.turn, number)
        elif STAGE.fullmatch(block.text):
            self.draft.skip(block, "a stage direction outside an answer")
        elif self.pending:
            self.pending.unlabelled.append(block)
        else:
            self.draft.skip(block, "between a question and the first speaker")

    def is_of_question(self, number: int) -> bool:
        """Tell whether a block between a question and the first label is a word on the question."""
        block = self.scene.blocks[number]
        is_near = any(i in self.scene.speakers.at for i in range(number, number + 3))
        return (
            not self.is_after
            and is_near
            and len(block.text.split()) <= MOST_WORDS
            and block.text[:1] not in PAIRS
        )

    def say(self, turn: Turn, number: int) -> None:
        """Add a paragraph to a turn, if it is what was said."""
        block = self.scene.blocks[number]
        if number in self.positions:
            turn.people[0].descriptor = block.text.strip(" ,;")
            self.draft.take(block, Use.METADATA, "experts")
        elif not turn.blocks and self.is_foreign(block):
            self.draft.skip(block, "without quotation marks, under a label whose answer is missing")
            self.foreign.append(number)
        elif person := subject(block, turn.people):
            self.draft.note_on(person, block)
        else:
            self.links = ""
            stamp = STAMP.match(block.text)
            start = stamp.end() if stamp else 0
            turn.blocks.append(block.part(start))
            self.draft.take(block, Use.MARK, "a time", 0, start)
            self.draft.take(block, Use.CONTENT, "an answer", start)

    def is_foreign(self, block: Block) -> bool:
        """Tell whether a paragraph is not what was said, as all others say it in quotes."""
        return (
            self.scene.quoted
            and block.kind is Kind.PARAGRAPH
            and block.text[:1] not in PAIRS
            and len(block.text.split()) > 5
        )


def _positions(scene: Scene) -> set[int]:
    """Find the lines under names that say who these are: in italics, or under two names or more."""
    found: dict[int, bool] = {}
    for number, (label, people) in scene.speakers.at.items():
        if not label.alone or label.form is Form.AFTER or len(people) != 1:
            continue
        if not people[0].descriptor and _could_be_position(scene, number + 1):
            below = scene.blocks[number + 1]
            found[number + 1] = below.italic or not below.text
    return {number for number, italic in found.items() if italic or len(found) > 1}


def _could_be_position(scene: Scene, number: int) -> bool:
    """Tell whether a line is short and without an end, and speech follows it."""
    at, blocks = scene.speakers.at, scene.blocks
    if number + 1 >= len(blocks) or number in at or number + 1 in at:
        return False
    block = blocks[number]
    return (
        block.kind is Kind.PARAGRAPH
        and len(block.text.split()) <= 20
        and not block.text.endswith((".", "!", "?", ":", "…"))
        and block.text[:1] not in PAIRS
        and (block.italic or not block.text.endswith(("”", '"')))
    )


def moderated(scene: Scene, number: int) -> None:
    """Make a question of a moderator's turn: all of it, or the paragraph that asks.

    What the moderator says before that belongs to the question before, what comes after it opens
    the answers.
    """
    draft = scene.made
    label, people = scene.speakers.at[number]
    line = scene.blocks[number].line
    parts = _parts(scene, number)
    if sum(len(part.text.split()) for _, part in parts) <= MOST_ASKED:
        draft.questions.append(Asked([part for _, part in parts], line))
        _take(scene, parts, draft.last_question)
        return
    # The only one that asks may be a stage direction: “[Is this on?]”.
    asking = max((i for i, (_, part) in enumerate(parts) if "?" in part.text), default=0)
    before, (index, part), after = parts[:asking], parts[asking], parts[asking + 1 :]
    _take(scene, before, "what the moderator says first")
    if before and draft.questions:
        said = Turn(people, label.text, line, [part for _, part in before])
        draft.questions[-1].turns.append(said)
    else:
        draft.introduction += [part for _, part in before]
    draft.questions.append(Asked([part], part.line))
    _take(scene, [(index, part)], draft.last_question)
    if after:
        said = Turn(people, label.text, line, [part for _, part in after])
        draft.questions[-1].turns.append(said)
        _take(scene, after, "an answer")


def _parts(scene: Scene, number: int) -> list[tuple[int, Block]]:
    """Take the label off a turn and leave out what is not said; gives the rest with its blocks."""
    label, _ = scene.speakers.at[number]
    block = scene.blocks[number]
    scene.made.take(block, Use.MARK, "a label", 0, label.end)
    parts = [(number, block.part(label.end))] if block.text[label.end :].strip() else []
    for following in range(number + 1, scene.after_turn(number)):
        block = scene.blocks[following]
        if scene.is_furniture(following) or STAGE.fullmatch(block.text):
            scene.made.skip(block, "a stage direction or part of the page")
        else:
            parts.append((following, block))
    return parts


def _take(scene: Scene, parts: Iterable[tuple[int, Block]], where: str) -> None:
    for index, part in parts:
        block = scene.blocks[index]
        scene.made.take(block, Use.CONTENT, where, len(block.text) - len(part.text))
