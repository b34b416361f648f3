"""Every block from the first question on, under its question and its speaker."""

from __future__ import annotations

from typing import Final

from pipeline.importers import questions
from pipeline.importers.blocks import Block, Kind
from pipeline.importers.candidates import STAMP, Form, Label
from pipeline.importers.closing import Closing, is_about
from pipeline.importers.draft import Asked, Turn, Use, first_of
from pipeline.importers.furniture import furniture, is_link_line
from pipeline.importers.marks import PAIRS, unquoted
from pipeline.importers.people import Person
from pipeline.importers.questions import Questions, Style
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


def walk(scene: Scene, asked: Questions) -> None:
    """Give every block from the first question on to its question and speaker."""
    scene.quoted = says_in_quotes(scene)
    _Walk(scene, asked).walk()


class _Walk:
    """Goes through the blocks with what is open: a question, a turn, a list of links."""

    def __init__(self, scene: Scene, asked: Questions) -> None:
        self.scene = scene
        self.draft = scene.made
        self.asked = asked
        self.marks = {mark.block: mark for mark in asked.marks}
        self.closing = Closing(scene.made, scene.blocks, scene.speakers.people)
        self.positions = positions(scene)
        labels = scene.speakers.at
        self.last = max([*labels, *self.marks]) if scene.is_after() else max(labels)
        self.turn: Turn | None = None
        self.pending: Asked | None = None
        """A question that may go on until somebody speaks."""
        self.above: list[int] = []
        """What is said by somebody who is named behind it."""
        self.foreign: list[int] = []
        self.links = ""
        """The heading for links that was read last."""

    def walk(self) -> None:
        scene = self.scene
        number = scene.first
        while number < len(scene.blocks) and not self.is_behind(number):
            number = self.step(number)
        left = self.closing.read(range(number, len(scene.blocks)))
        for index in [*self.above, *self.foreign, *left]:
            scene.findings.warning(
                "unplaced",
                f"no part of the article is found for “{first_of([scene.blocks[index]])}”",
                scene.at(scene.blocks[index]),
                "it is left out; write it where it belongs",
            )

    def is_behind(self, number: int) -> bool:
        """Tell whether a block stands behind the last answer."""
        return (
            number > self.last
            and number not in self.marks
            and not self.above
            and (self.turn is None or bool(self.turn.blocks))
            and self.closing.begins(number, is_closed(self.scene, self.turn))
        )

    def step(self, number: int) -> int:
        """Give a block its place; gives the number of the next."""
        if number in self.marks and self.asked.style is Style.TURN:
            self.turn = moderated(self.scene, number)
            self.pending, self.links = None, ""
            return self.scene.after_turn(number)
        if number in self.marks:
            self.question(number)
        elif number in self.scene.speakers.at:
            self.label(number)
        elif not self.is_of_the_page(number):
            self.words(number)
        return number + 1

    def question(self, number: int) -> None:
        block, mark = self.scene.blocks[number], self.marks[number]
        asked = Asked([block.part(mark.start)], block.line, mark.number)
        self.draft.questions.append(asked)
        self.draft.take(block, Use.MARK, "a question’s number", 0, mark.start)
        where = f"question {len(self.draft.questions)}"
        self.draft.take(block, Use.CONTENT, where, mark.start)
        self.pending, self.turn, self.links, self.above = asked, None, "", []

    def label(self, number: int) -> None:
        block = self.scene.blocks[number]
        label, people = self.scene.speakers.at[number]
        self.turn = begun(self.scene, people, label, block)
        if label.form is Form.AFTER:
            self.turn.blocks = [self.scene.blocks[i] for i in self.above]
            self.draft.take(block, Use.MARK, "a label")
            self.above = []
        else:
            begin(self.scene, self.turn, number, label)
        self.pending, self.links = None, ""

    def is_of_the_page(self, number: int) -> bool:
        """Leave out links, furniture and images; tells whether the block was one."""
        block = self.scene.blocks[number]
        if self.links and is_link_line(block):
            self.draft.skip(block, f"interstitial: under “{self.links}”")
        elif what := furniture(block):
            self.links = block.text if what.opens else ""
            self.draft.leave(block, what.reason, what.use)
        elif block.kind is Kind.IMAGE:
            self.draft.skip(block, _IMAGE)
        else:
            return False
        return True

    def words(self, number: int) -> None:
        """Give words to the question or the speaker that is open."""
        block, turn = self.scene.blocks[number], self.turn
        if turn is None and self.pending and goes_on(self.scene, number):
            self.pending.blocks.append(block)
            self.draft.take(block, Use.CONTENT, f"question {len(self.draft.questions)}")
        elif self.scene.is_after():
            self.above.append(number)
            self.draft.take(block, Use.CONTENT, "an answer")
        elif turn is None and self.pending and not STAGE.fullmatch(block.text):
            self.pending.unlabelled.append(block)
        elif turn is None:
            self.draft.skip(block, why_nobodys(block))
        elif not turn.blocks and number not in self.positions and is_foreign(self.scene, block):
            self.draft.skip(block, "without quotation marks, under a label whose answer is missing")
            self.foreign.append(number)
        elif number in self.positions:
            turn.people[0].descriptor = block.text.strip(" ,;")
            self.draft.take(block, Use.METADATA, "experts")
        elif person := is_about(block, turn.people):
            self.draft.bios.setdefault(id(person), []).append(block)
            self.draft.take(block, Use.METADATA, f"note on {person.name}")
        else:
            self.links = ""
            go_on(self.scene, turn, block)


def positions(scene: Scene) -> set[int]:
    """Find the lines under names that say who these are: in italics, or under two names or more."""
    found: dict[int, bool] = {}
    for number, (label, people) in scene.speakers.at.items():
        below = scene.blocks[number + 1 : number + 2]
        if not label.alone or label.form is Form.AFTER or len(people) != 1 or not below:
            continue
        block = below[0]
        text = block.text
        is_line = (
            number + 1 not in scene.speakers.at
            and number + 2 < len(scene.blocks)
            and number + 2 not in scene.speakers.at
            and block.kind is Kind.PARAGRAPH
            and len(text.split()) <= 20
            and not text.endswith((".", "!", "?", ":", "…"))
            and text[:1] not in PAIRS
        )
        italic = all(s.emphasis for s in block.spans if s.text.strip())
        if is_line and not people[0].descriptor and (italic or not text.endswith(("”", '"'))):
            found[number + 1] = italic
    return {n for n, italic in found.items() if italic or len(found) > 1}


def is_foreign(scene: Scene, block: Block) -> bool:
    """Tell whether a paragraph under a label is not what was said: all others say it in quotes."""
    return (
        scene.quoted
        and block.kind is Kind.PARAGRAPH
        and block.text[:1] not in PAIRS
        and len(block.text.split()) > 5
    )


def goes_on(scene: Scene, number: int) -> bool:
    """Tell whether a block between a question and the first label is a word on the question."""
    block = scene.blocks[number]
    following = next((i for i in range(number, number + 3) if i in scene.speakers.at), None)
    return (
        not scene.is_after()
        and following is not None
        and len(block.text.split()) <= questions.MOST_WORDS
        and block.text[:1] not in PAIRS
    )


def begun(scene: Scene, people: tuple[Person, ...], label: Label, block: Block) -> Turn:
    """Begin a turn under the question that is open; without one, under an implied prompt."""
    draft = scene.made
    if not draft.questions:
        draft.questions.append(Asked([], block.line, implied=True))
    made = Turn(people, label.text, block.line)
    draft.questions[-1].turns.append(made)
    return made


def begin(scene: Scene, turn: Turn, number: int, label: Label) -> None:
    """Take a label off its block; the rest is the beginning of the speech."""
    block = scene.blocks[number]
    scene.made.take(block, Use.MARK, "a label", 0, label.end)
    if block.text[label.end :].strip():
        turn.blocks.append(block.part(label.end))
        scene.made.take(block, Use.CONTENT, "an answer", label.end)


def go_on(scene: Scene, turn: Turn, block: Block) -> None:
    """Add a paragraph to a turn, without the time at which it was said."""
    stamp = STAMP.match(block.text)
    start = stamp.end() if stamp else 0
    turn.blocks.append(block.part(start))
    scene.made.take(block, Use.MARK, "a time", 0, start)
    scene.made.take(block, Use.CONTENT, "an answer", start)


def moderated(scene: Scene, number: int) -> Turn:
    """Make a question of a moderator's turn: the paragraph that asks; the rest stays speech.

    What the moderator says before it belongs to the question before, what comes after it opens
    the answers.
    """
    draft = scene.made
    label, people = scene.speakers.at[number]
    block = scene.blocks[number]
    parts = [(number, block.part(label.end))] if block.text[label.end :].strip() else []
    draft.take(block, Use.MARK, "a label", 0, label.end)
    for following in range(number + 1, scene.after_turn(number)):
        if scene.is_furniture(following) or STAGE.fullmatch(scene.blocks[following].text):
            draft.skip(scene.blocks[following], "a stage direction or part of the page")
        else:
            parts.append((following, scene.blocks[following]))
    asking = max(i for i, (_, part) in enumerate(parts) if "?" in part.text)
    if sum(len(part.text.split()) for _, part in parts) <= MOST_ASKED:
        question = Asked([part for _, part in parts], block.line)
        draft.questions.append(question)
        for index, part in parts:
            take_part(scene, index, part, f"question {len(draft.questions)}")
        return Turn(people, label.text, block.line)
    for index, part in parts[:asking]:
        take_part(scene, index, part, "what the moderator says first")
    if asking and (draft.questions or draft.introduction is not None):
        if draft.questions:
            first = Turn(people, label.text, block.line)
            first.blocks = [part for _, part in parts[:asking]]
            draft.questions[-1].turns.append(first)
        else:
            draft.introduction += [part for _, part in parts[:asking]]
    index, part = parts[asking]
    draft.questions.append(Asked([part], part.line))
    take_part(scene, index, part, f"question {len(draft.questions)}")
    turn = Turn(people, label.text, block.line)
    if rest := parts[asking + 1 :]:
        turn.blocks = [part for _, part in rest]
        draft.questions[-1].turns.append(turn)
        for index, part in rest:
            take_part(scene, index, part, "an answer")
    return turn


def take_part(scene: Scene, index: int, part: Block, where: str) -> None:
    block = scene.blocks[index]
    scene.made.take(block, Use.CONTENT, where, len(block.text) - len(part.text))


def is_closed(scene: Scene, turn: Turn | None) -> bool:
    """Tell whether an answer opened a quotation and closed it at its present end."""
    if not scene.quoted or not turn or not turn.blocks:
        return False
    if turn.blocks[0].text[:1] not in PAIRS:
        return False
    return unquoted(turn.blocks).quotes == "both"


def why_nobodys(block: Block) -> str:
    if STAGE.fullmatch(block.text):
        return "a stage direction outside an answer"
    return "between a question and the first speaker"
