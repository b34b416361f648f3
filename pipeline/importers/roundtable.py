"""The structural reader: from blocks of any source to a roundtable's parts.

The steps in order: who speaks, who puts the questions, where the questions stand; then the opening,
the answers, each under its own speaker, and what stands behind them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from pipeline.diagnostics import Findings, Location, Problems, problem
from pipeline.importers import labels, names, questions
from pipeline.importers.asking import Decisions
from pipeline.importers.blocks import Block, Kind, Reading
from pipeline.importers.candidates import ANSWERER, NUMBERED, QUESTIONER, STAMP, Form, Label
from pipeline.importers.draft import Asked, Draft, Turn, Use, first_of
from pipeline.importers.furniture import furniture, is_link_line
from pipeline.importers.labels import Person, Speakers
from pipeline.importers.marks import PAIRS, unquoted
from pipeline.importers.matter import Closing, Opening, is_about, leave
from pipeline.importers.questions import Questions, Style

MOST_ASKED: Final = 120
"""The words of a moderator's turn that are a question as a whole; a longer one leads up to it."""
_STAGE: Final = re.compile(r"[\[(][^\[\]()]{1,60}[\])]")
_MODERATED: Final = (
    r"{name}[^.\n]{{0,60}}\b(?:moderated|moderates|hosted|asked|interviewed|spoke (?:to|with)|sat down with)\b",
    r"\b(?:moderated|hosted|chaired|led|conducted|interviewed) by\b[^.\n]{{0,40}}{name}",
    r"\bmoderat(?:ors?|ó|or):?\s[^.\n]{{0,40}}{name}",
)
_NUMBERS: Final = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), 1
    )
}
_COUNT: Final = re.compile(
    r"\b(?P<number>\d{1,2}|" + "|".join(_NUMBERS) + r")\s(?:(?!or\b|of\b)[\w-]+\s){0,2}?"
    r"(?P<what>experts?|specialists?|practitioners?|scholars?|panell?ists?|contributors?|analysts?|researchers?"
    r"|authors|voices|thinkers|questions?)\b",
    re.IGNORECASE,
)
_ASKED_OF: Final = re.compile(
    r"\b(?:asked|invited|wrote to|spoke (?:to|with)|talked (?:to|with)|heard from)\s(?:\w+\s){0,2}?"
    r"(?P<number>" + "|".join(_NUMBERS) + r")\b"
    r"|\b(?P<some>" + "|".join(_NUMBERS) + r")\s(?:[\w-]+\s){0,5}?"
    r"(?:talked|answer(?:ed)?|replied|responded|told us|wrote back)\b",
    re.IGNORECASE,
)


def read(reading: Reading, decisions: Decisions, findings: Findings, file: str) -> Draft:
    """Find the roundtable in a source.

    ``file`` is the source's name for messages. Raises Problems (``not-a-roundtable``) with the
    evidence where there is none; doubts go to ``findings``, what only a person can tell to
    ``decisions``.
    """
    return _Roundtable(reading, decisions, findings, file).draft()


class _Roundtable:
    def __init__(
        self, reading: Reading, decisions: Decisions, findings: Findings, file: str
    ) -> None:
        self.reading = reading
        self.decisions = decisions
        self.findings = findings
        self.file = file
        self.made = Draft()
        self.presented: dict[int, int] = {}
        """Where a person is presented or listed, by the person’s ``id()``."""
        self.quoted = False
        """Whether what is said stands in quotation marks."""
        self.all = reading.blocks
        self.blocks = [b for b in self.all if not b.outside and b.kind is not Kind.NOTE]
        """What is inside the article, without its footnotes."""

    def at(self, block: Block) -> Location:
        return Location(self.file, block.line)

    def draft(self) -> Draft:
        draft = self.made
        for block in self.all:
            if block.outside:
                draft.skip(block, block.outside)
        self.refuse_jumble()
        meta_authors = ", ".join(value for name, value in self.reading.meta if name == "author")
        speakers = labels.speakers(self.blocks, meta_authors, self.told())
        speakers = self.settled(speakers)
        self.name_answerer(speakers)
        if not speakers.at:
            raise self.refusal(speakers)
        asked = questions.find(self.blocks, speakers, (), self.is_furniture)
        draft.moderators = self.moderators(speakers, asked)
        self.read_presented(speakers)
        if draft.moderators:
            asked = questions.find(self.blocks, speakers, draft.moderators, self.is_furniture)
        asked = self.confirm_sections(asked)
        self.open(speakers, asked)
        self.walk(speakers, asked)
        self.finish(speakers, asked)
        return draft

    # --- what is no roundtable -------------------------------------------------------------

    def refuse_jumble(self) -> None:
        """Raise Problems for two columns that were copied side by side."""
        raw = [line for line in self.reading.raw if line.strip()]
        gaps = [match.start() for line in raw if (match := re.search(r"(?<=\S)\s{4,}(?=\S)", line))]
        if len(gaps) >= 4 and len(gaps) * 3 > len(raw):
            share = f"{len(gaps)} of {len(raw)} lines"
            raise problem(
                "not-a-roundtable",
                f"this looks like two columns side by side: {share} have a wide gap within",
                Location(self.file),
                "copy the text column by column, or import the page as HTML or Word",
            )

    def refusal(self, speakers: Speakers) -> Problems:
        """Say why nobody is found who speaks."""
        rows = sum(block.kind is Kind.ROW for block in self.blocks)
        seen = [
            f"“{label.text[:40]}” ({self.blocks[label.block].line})" for label in speakers.unknown
        ]
        evidence = [
            "no speaker’s label recurs, names somebody of the text or stands alone before speech",
            f"looked at: {', '.join(seen[:5])}" if seen else "no line has the shape of a label",
        ]
        if rows:
            evidence.append(f"{rows} lines are rows of a table")
        return problem(
            "not-a-roundtable",
            f"nobody is found who speaks: {'; '.join(evidence)}",
            Location(self.file, self.blocks[0].line if self.blocks else 0),
            "a speaker’s name stands before what is said, such as “Ana Ruiz, director:” and then “Ruiz:”",
        )

    # --- who speaks ---------------------------------------------------------------------------

    def told(self) -> dict[str, str]:
        """Give what the user said of labels: the person’s name, or “no”."""
        return {
            id.removeprefix("label "): answer
            for id, answer in self.decisions.known.items()
            if id.startswith("label ") and answer not in ("yes",)
        }

    def settled(self, speakers: Speakers) -> Speakers:
        """Ask about labels that could be several persons', and about those with little evidence."""
        for text in dict.fromkeys(label.text for label, _ in speakers.ambiguous):
            found = [(label, people) for label, people in speakers.ambiguous if label.text == text]
            people = found[0][1]
            choices = [person.name for person in people]
            chosen = self.decisions.of(
                f"label {text}",
                f"Who is “{text}”? {len(people)} persons have that name.",
                choices,
                choices[0],
                [self.quote(self.blocks[label.block]) for label, _ in found[:3]],
            )
            person = next(person for person in people if person.name == chosen)
            for label, _ in found:
                if label.block in speakers.at:
                    self.relabel(speakers, label, person)
        if speakers.doubtful:
            texts = ", ".join(f"“{label.text}”" for label, _ in speakers.doubtful)
            self.findings.warning(
                "label-once",
                f"taken for speakers by their place alone, as the names do not come again: {texts}",
                self.at(self.blocks[speakers.doubtful[0][0].block]),
                "look whether each is one",
            )
        return speakers

    @staticmethod
    def relabel(speakers: Speakers, label: Label, person: Person) -> None:
        for other in speakers.at[label.block][1]:
            other.labels[label.text] -= 1
            other.labels += type(other.labels)()
        person.labels[label.text] += 1
        person.speaks = True
        speakers.at[label.block] = (label, (person,))
        if person not in speakers.people:
            speakers.people.append(person)
        speakers.people[:] = [
            p for p in speakers.people if p.labels or "introduced" in p.proposed or p is person
        ]

    def name_answerer(self, speakers: Speakers) -> None:
        """Give “A:” the name of the only person that the opening tells of; ask if there are more."""
        unnamed = [
            p for p in speakers.people if p.name.lower() in ANSWERER or NUMBERED.fullmatch(p.name)
        ]
        for person in unnamed:
            first = min(i for i in speakers.at if person in speakers.of(i))
            text = "\n".join(
                b.text
                for b in self.blocks[:first]
                if not re.match(r"(?:\w+ )?by\s|Q\s?[:.]", b.text, re.IGNORECASE)
            )
            choices = names.names_in(text.split("\n"))
            often = [name for name in choices if text.count(name) > 1]
            choices = often if len(often) == 1 else choices
            if len(choices) == 1 and len(unnamed) == 1:
                person.name = choices[0]
                person.proposed["name"] = "found before the first question"
                continue
            name = self.decisions.of(
                f"label {person.name}",
                f"Who is “{person.name}:”?",
                (),
                person.name if NUMBERED.fullmatch(person.name) or not choices else choices[0],
                [self.quote(self.blocks[first])],
            )
            person.proposed["name"] = "found before the first question"
            person.name = name

    def moderators(self, speakers: Speakers, asked: Questions) -> list[Person]:
        """Find who puts the questions rather than answering them."""
        opening = "\n".join(
            block.text for i, block in enumerate(self.blocks) if i not in speakers.at
        )
        found: list[Person] = []
        for person in speakers.people:
            name = re.escape(names.bare(person.name))
            told = any(re.search(p.format(name=name), opening, re.IGNORECASE) for p in _MODERATED)
            role = re.search(
                r"\b(?:moderat|interviewer|host\b|questioner)",
                f"{person.descriptor} {person.name}",
                re.IGNORECASE,
            )
            named = person.name.lower() in QUESTIONER
            if (told or role or named) and person.speaks:
                found.append(person)
        authors = {names.key(value) for name, value in self.reading.meta if name == "author"}
        authors |= {
            names.key(names.split_label(part).head)
            for block in self.blocks[:12]
            if (match := re.match(r"(?:\w+\s)?by\s(.+)", block.text, re.IGNORECASE))
            for part in names.joint(match[1])
        }
        found += [
            p
            for p in speakers.people
            if names.key(p.name) in authors and p not in found and p.speaks
        ]
        if not found and (asked.sections or not asked.marks):
            found = self.likely_moderator(speakers)
        if {p for p in speakers.people if p.speaks} <= set(found):
            return []
        return found

    def likely_moderator(self, speakers: Speakers) -> list[Person]:
        """Take the first to speak for the moderator, if that one asks or presents the others."""
        order = sorted(speakers.at)
        first = speakers.of(order[0])
        if len(first) != 1:
            return []
        person = first[0]
        turns = [i for i in order if person in speakers.of(i)]
        if len(turns) < 2 or any(speakers.at[i][0].form is not Form.COLON for i in turns):
            return []
        others = [p for p in speakers.people if p is not person]
        asking = [i for i in turns if "?" in self.speech(speakers, i)]
        asked_back = [
            i
            for i in order
            if person not in speakers.of(i) and questions.asks(self.speech(speakers, i))
        ]
        presents = any(other.name in self.speech(speakers, turns[0]) for other in others)
        if presents or (asking and len(asking) >= len(asked_back) and turns[0] in asking):
            person.proposed["moderator"] = "speaks first, and asks or presents the others"
            return [person]
        return []

    def read_presented(self, speakers: Speakers) -> None:
        """Read whom a moderator presents in the first turn: “Ana Ruiz, director of locks.”

        Somebody else of that row is one of them, too, with or without a word later.
        """
        turns = [i for i in sorted(speakers.at) if set(speakers.of(i)) & set(self.made.moderators)]
        if not turns:
            return
        row: list[tuple[int, str, str]] = []
        for number in range(turns[0] + 1, self.after_turn(speakers, turns[0])):
            match = re.match(
                r"(?P<name>[^,.:;–—]{4,50}?)(?P<sign>,|\s[–—-])\s(?P<rest>.+)",
                self.blocks[number].text,
            )
            if match and names.is_name(match["name"]):
                row.append((number, match["name"], match["rest"] if match["sign"] == "," else ""))
        known = {names.key(person.name): person for person in speakers.people}
        if not any(names.key(name) in known for _, name, _ in row):
            return
        for number, name, rest in row:
            person = known.get(names.key(name))
            if person is None:
                person = Person(name)
                speakers.people.append(person)
            if rest and not person.descriptor and len(rest.split()) <= 20:
                person.descriptor = rest.rstrip(".")
            person.proposed["introduced"] = f"line {self.blocks[number].line}"
            self.presented[id(person)] = number
        self.read_said_position(speakers)

    def read_said_position(self, speakers: Speakers) -> None:
        """Read a position that the moderator gives somebody who has just spoken: “as head of …”."""
        order = sorted(speakers.at)
        for before, after in pairwise(order):
            spoke, says = speakers.of(before), speakers.of(after)
            if len(spoke) != 1 or spoke[0].descriptor or not set(says) & set(self.made.moderators):
                continue
            said = self.speech(speakers, after).strip()
            match = re.match(
                r"(?:She|He|They)\s[^.?!–—]*?\bas (?P<what>(?:the )?(?P<role>[\w-]+)\b[^,.;–—]*)",
                said,
            )
            if match and match["role"].lower() in names.ROLES:
                spoke[0].descriptor = match["what"].strip()
                spoke[0].proposed["descriptor"] = "said by the moderator"

    def speech(self, speakers: Speakers, number: int) -> str:
        """Give what is said under a label."""
        label = speakers.at[number][0]
        said = [self.blocks[number].text[label.end :]]
        for following in range(number + 1, len(self.blocks)):
            if following in speakers.at:
                break
            said.append(self.blocks[following].text)
        return " ".join(said)

    # --- questions ------------------------------------------------------------------------------

    def confirm_sections(self, asked: Questions) -> Questions:
        """Ask whether headings that ask nothing are the questions."""
        if not asked.sections:
            return asked
        heads = [self.blocks[mark.block].text for mark in asked.marks]
        answer = self.decisions.of(
            "sections",
            "The text has headings and no questions. What are the headings?",
            ("questions", "no questions"),
            "questions",
            [self.quote(self.blocks[mark.block]) for mark in asked.marks[:5]],
        )
        if answer == "questions":
            self.made.proposals.append(
                f"questions: the headings {', '.join(heads[:4])} ask nothing"
            )
            return asked
        return Questions()

    def quote(self, block: Block) -> str:
        words = block.text.split()
        return f"{block.line}: {' '.join(words[:16])}" + (" …" if len(words) > 16 else "")

    def is_furniture(self, index: int) -> bool:
        block = self.blocks[index]
        return furniture(block) is not None or block.kind is Kind.IMAGE

    # --- the parts --------------------------------------------------------------------------------

    def open(self, speakers: Speakers, asked: Questions) -> None:
        """Read what stands before the first question or speech."""
        begins = [mark.block for mark in asked.marks] + list(speakers.at)
        first = min(begins)
        if self.is_after(speakers) and not asked.marks:
            first = self.first_speech(speakers, first)
        self.first = first
        cast = speakers.positions | {
            label.block: person
            for label in speakers.unknown
            if label.block < first
            for person in speakers.people
            if names.key(names.split_label(label.text).head) == names.key(person.name)
        }
        for block, person in sorted(cast.items()):
            self.presented.setdefault(id(person), block)
        opening = Opening(
            self.made, self.blocks, range(first), self.reading.meta, speakers.people, cast
        )
        for person in self.made.moderators:
            self.made.authors.append(person)
        opening.read()
        if not self.made.title:
            self.made.proposals.append("title: the source has none; it is the file’s name")

    @staticmethod
    def is_after(speakers: Speakers) -> bool:
        return {label.form for label, _ in speakers.at.values()} == {Form.AFTER}

    def first_speech(self, speakers: Speakers, label: int) -> int:
        """Give where the speech above a label that stands behind it begins: the paragraph before."""
        return max(0, label - 1)

    def says_in_quotes(self, speakers: Speakers) -> bool:
        """Tell whether nearly all that is said stands in quotation marks."""
        said = [text for i in speakers.at if (text := self.speech(speakers, i).strip())]
        quoted = sum(text[:1] in PAIRS for text in said)
        return quoted > 1 and quoted * 5 >= len(said) * 4

    def walk(self, speakers: Speakers, asked: Questions) -> None:
        """Give every block from the first question on to its question and speaker."""
        draft = self.made
        self.quoted = self.says_in_quotes(speakers)
        marks = {mark.block: mark for mark in asked.marks}
        closing = Closing(draft, self.blocks, speakers.people)
        last = max([*speakers.at, *marks]) if self.is_after(speakers) else max(speakers.at)
        turn: Turn | None = None
        above: list[int] = []  # of a speaker who is named behind the speech
        above_missing: list[int] = []
        pending: Asked | None = None  # its question may go on until somebody speaks
        links = ""
        positions = self.positions(speakers)
        number = self.first
        while number < len(self.blocks):
            block = self.blocks[number]
            if mark := marks.get(number):
                if asked.style is Style.TURN:
                    turn = self.moderated(speakers, number, turn)
                    number = self.after_turn(speakers, number)
                    pending, links = None, ""
                    continue
                question = Asked([block.part(mark.start)], block.line, mark.number)
                draft.questions.append(question)
                draft.take(block, Use.MARK, "a question’s number", 0, mark.start)
                draft.take(block, Use.CONTENT, f"question {len(draft.questions)}", mark.start)
                pending, turn, links, above = question, None, "", []
            elif number in speakers.at:
                label, people = speakers.at[number]
                if label.form is Form.AFTER:
                    turn = self.turn(people, label, block)
                    turn.blocks = [self.blocks[i] for i in above]
                    draft.take(block, Use.MARK, "a label")
                    above = []
                else:
                    turn = self.turn(people, label, block)
                    self.begin(turn, number, label)
                pending, links = None, ""
            elif (
                number > last
                and not above
                and closing.begins(number, self.is_closed(turn))
                and (turn is None or turn.blocks)
            ):
                break
            elif links and is_link_line(block):
                draft.skip(block, f"interstitial: under “{links}”")
            elif what := furniture(block):
                links = block.text if what.opens else ""
                leave(draft, block, what.reason, what.use)
            elif block.kind is Kind.IMAGE:
                draft.skip(block, _IMAGE)
            elif turn is None and pending and self.goes_on(number, speakers):
                pending.blocks.append(block)
                draft.take(block, Use.CONTENT, f"question {len(draft.questions)}")
            elif self.is_after(speakers):
                above.append(number)
                draft.take(block, Use.CONTENT, "an answer")
            elif turn is None and pending and not _STAGE.fullmatch(block.text):
                pending.unlabelled.append(block)
            elif turn is None:
                draft.skip(block, self.why_nobodys(block))
            elif not turn.blocks and self.is_foreign(block):
                draft.skip(block, "without quotation marks, under a label whose answer is missing")
                above_missing.append(number)
            elif number in positions:
                turn.people[0].descriptor = block.text.strip(" ,;")
                draft.take(block, Use.METADATA, "experts")
            elif person := is_about(block, turn.people):
                draft.bios.setdefault(id(person), []).append(block)
                draft.take(block, Use.METADATA, f"note on {person.name}")
            else:
                links = ""
                self.go_on(turn, block)
            number += 1
        left = closing.read(range(number, len(self.blocks)))
        for index in [*above, *above_missing, *left]:
            self.findings.warning(
                "unplaced",
                f"no part of the article is found for “{first_of([self.blocks[index]])}”",
                self.at(self.blocks[index]),
                "it is left out; write it where it belongs",
            )

    def positions(self, speakers: Speakers) -> set[int]:
        """Find the lines under names that say who these are: in italics, or under two names or more."""
        found: dict[int, bool] = {}
        for number, (label, people) in speakers.at.items():
            below = self.blocks[number + 1 : number + 2]
            if not label.alone or label.form is Form.AFTER or len(people) != 1 or not below:
                continue
            block = below[0]
            text = block.text
            is_line = (
                number + 1 not in speakers.at
                and number + 2 < len(self.blocks)
                and number + 2 not in speakers.at
                and block.kind is Kind.PARAGRAPH
                and len(text.split()) <= 20
                and not text.endswith((".", "!", "?", ":", "…"))
                and text[:1] not in PAIRS
            )
            italic = all(s.emphasis for s in block.spans if s.text.strip())
            if is_line and not people[0].descriptor and (italic or not text.endswith(("”", '"'))):
                found[number + 1] = italic
        return {n for n, italic in found.items() if italic or len(found) > 1}

    def is_foreign(self, block: Block) -> bool:
        """Tell whether a paragraph under a label is not what was said: all others say it in quotes."""
        return (
            self.quoted
            and block.kind is Kind.PARAGRAPH
            and block.text[:1] not in PAIRS
            and len(block.text.split()) > 5
        )

    def goes_on(self, number: int, speakers: Speakers) -> bool:
        """Tell whether a block between a question and the first label is a word on the question."""
        block = self.blocks[number]
        following = next((i for i in range(number, number + 3) if i in speakers.at), None)
        return (
            not self.is_after(speakers)
            and following is not None
            and len(block.text.split()) <= questions.MOST_WORDS
            and block.text[:1] not in PAIRS
        )

    def turn(self, people: tuple[Person, ...], label: Label, block: Block) -> Turn:
        """Begin a turn under the question that is open; without one, under an implied prompt."""
        draft = self.made
        if not draft.questions:
            draft.questions.append(Asked([], block.line, implied=True))
        made = Turn(people, label.text, block.line)
        draft.questions[-1].turns.append(made)
        return made

    def begin(self, turn: Turn, number: int, label: Label) -> None:
        """Take a label off its block; the rest is the beginning of the speech."""
        block = self.blocks[number]
        self.made.take(block, Use.MARK, "a label", 0, label.end)
        if block.text[label.end :].strip():
            turn.blocks.append(block.part(label.end))
            self.made.take(block, Use.CONTENT, "an answer", label.end)

    def go_on(self, turn: Turn, block: Block) -> None:
        """Add a paragraph to a turn, without the time at which it was said."""
        stamp = STAMP.match(block.text)
        start = stamp.end() if stamp else 0
        turn.blocks.append(block.part(start))
        self.made.take(block, Use.MARK, "a time", 0, start)
        self.made.take(block, Use.CONTENT, "an answer", start)

    def moderated(self, speakers: Speakers, number: int, before: Turn | None) -> Turn:
        """Make a question of a moderator's turn: the paragraph that asks; the rest stays speech.

        What the moderator says before it belongs to the question before, what comes after it opens
        the answers.
        """
        draft = self.made
        label, people = speakers.at[number]
        block = self.blocks[number]
        parts = [(number, block.part(label.end))] if block.text[label.end :].strip() else []
        draft.take(block, Use.MARK, "a label", 0, label.end)
        for following in range(number + 1, self.after_turn(speakers, number)):
            if self.is_furniture(following) or _STAGE.fullmatch(self.blocks[following].text):
                draft.skip(self.blocks[following], "a stage direction or part of the page")
            else:
                parts.append((following, self.blocks[following]))
        asking = max(i for i, (_, part) in enumerate(parts) if "?" in part.text)
        if sum(len(part.text.split()) for _, part in parts) <= MOST_ASKED:
            question = Asked([part for _, part in parts], block.line)
            draft.questions.append(question)
            for index, part in parts:
                self.take_part(index, part, f"question {len(draft.questions)}")
            return Turn(people, label.text, block.line)
        for index, part in parts[:asking]:
            self.take_part(index, part, "what the moderator says first")
        if asking and (draft.questions or draft.introduction is not None):
            if draft.questions:
                first = Turn(people, label.text, block.line)
                first.blocks = [part for _, part in parts[:asking]]
                draft.questions[-1].turns.append(first)
            else:
                draft.introduction += [part for _, part in parts[:asking]]
        index, part = parts[asking]
        draft.questions.append(Asked([part], part.line))
        self.take_part(index, part, f"question {len(draft.questions)}")
        turn = Turn(people, label.text, block.line)
        if rest := parts[asking + 1 :]:
            turn.blocks = [part for _, part in rest]
            draft.questions[-1].turns.append(turn)
            for index, part in rest:
                self.take_part(index, part, "an answer")
        return turn

    def take_part(self, index: int, part: Block, where: str) -> None:
        block = self.blocks[index]
        self.made.take(block, Use.CONTENT, where, len(block.text) - len(part.text))

    def after_turn(self, speakers: Speakers, number: int) -> int:
        following = number + 1
        while following < len(self.blocks) and following not in speakers.at:
            following += 1
        return following

    def is_closed(self, turn: Turn | None) -> bool:
        """Tell whether an answer opened a quotation and closed it at its present end."""
        if not self.quoted or not turn or not turn.blocks:
            return False
        if turn.blocks[0].text[:1] not in PAIRS:
            return False
        return unquoted(turn.blocks).quotes == "both"

    @staticmethod
    def why_nobodys(block: Block) -> str:
        if _STAGE.fullmatch(block.text):
            return "a stage direction outside an answer"
        return "between a question and the first speaker"

    # --- at the end ---------------------------------------------------------------------------------

    def finish(self, speakers: Speakers, asked: Questions) -> None:
        draft = self.made
        self.quotation_marks()
        self.drop_empty_turns()
        self.footnotes()
        draft.experts = [person for person in speakers.people if person not in draft.moderators]
        self.ask_about_unlabelled()
        self.refuse_programme()
        self.order_experts(speakers)
        self.imply_question()
        self.ask_about_unanswered()
        self.check_numbers(asked)
        self.check_counts()
        self.check_stage_directions()
        self.propose()

    def quotation_marks(self) -> None:
        for turn in self.made.turns:
            found = unquoted(turn.blocks)
            turn.blocks, turn.quotes = found.blocks, found.quotes
            if found.quotes == "unclosed":
                self.findings.warning(
                    "quotes-unclosed",
                    f"the answer of {self.who(turn.people)} opens a quotation mark and does not close it",
                    Location(self.file, turn.line),
                    "the answer is kept with {quotes=unclosed}; nothing is added",
                )

    @staticmethod
    def who(people: Iterable[Person]) -> str:
        return " and ".join(person.name for person in people)

    def drop_empty_turns(self) -> None:
        """Report labels with nothing said under them: what was there is lost."""
        for number, question in enumerate(self.made.questions, 1):
            for turn in question.turns:
                if not turn.blocks:
                    question.missing.append(turn.people)
                    self.findings.warning(
                        "answer-missing",
                        f"nothing stands under the label of {self.who(turn.people)} at question {number}",
                        Location(self.file, turn.line),
                        "look at the published text whether an answer was lost",
                    )
            question.turns = [turn for turn in question.turns if turn.blocks]

    def footnotes(self) -> None:
        for block in self.all:
            if block.kind is Kind.NOTE and not block.outside:
                self.made.notes.append(block)
                self.made.take(block, Use.CONTENT, "a footnote")

    def order_experts(self, speakers: Speakers) -> None:
        first = dict(self.presented)
        for at in sorted(speakers.at):
            for person in speakers.of(at):
                first.setdefault(id(person), at)
        self.made.experts.sort(key=lambda person: first.get(id(person), len(self.blocks)))

    def imply_question(self) -> None:
        """Say where a prompt is implied, and ask where the text tells of several."""
        draft = self.made
        for question in draft.questions:
            if not question.implied:
                continue
            self.findings.warning(
                "question-implied",
                "the source marks no question: its answers stand under one prompt, the title",
                Location(self.file, question.line),
                "write the question in article.md if there was one",
            )
            draft.proposals.append("q1: the source marks no question; this is the title")
            stated = self.stated("question")
            if stated and stated > 1:
                answer = self.decisions.of(
                    "questions stated",
                    f"The text tells of {stated} questions and marks none, so that each answer covers "
                    "all of them. Are the answers kept under one prompt?",
                    ("yes", "no"),
                    "yes",
                    [self.quote(b) for b in draft.introduction if "question" in b.text.lower()],
                )
                if answer == "no":
                    raise problem(
                        "declined",
                        "the questions are not marked, and the answers are not kept under one prompt",
                        Location(self.file, question.line),
                        "mark the questions in a copy of the source, such as #1 …, and import that",
                    )

    def ask_about_unlabelled(self) -> None:
        """Ask who says what stands under a question with nobody's label over it."""
        for number, question in enumerate(self.made.questions, 1):
            if not question.unlabelled:
                continue
            names_of = [person.name for person in self.made.experts]
            answer = self.decisions.of(
                f"unlabelled {number}",
                f"Nobody is named over {len(question.unlabelled)} paragraphs under question {number}. "
                "Who says them?",
                (*names_of, "nobody: leave them out"),
                "nobody: leave them out",
                [self.quote(block) for block in question.unlabelled],
            )
            said = next((p for p in self.made.experts if p.name == answer), None)
            if said:
                turn = Turn((said,), "", question.unlabelled[0].line, list(question.unlabelled))
                question.turns.insert(0, turn)
            for block in question.unlabelled:
                if said:
                    self.made.take(block, Use.CONTENT, "an answer")
                else:
                    self.made.skip(block, f"nobody is named over it, under question {number}")

    def refuse_programme(self) -> None:
        """Raise Problems for names with titles of talks behind them: nobody says anything."""
        said = [" ".join(block.text for block in turn.blocks) for turn in self.made.turns]
        sentences = [text for text in said if re.search(r"[.!?…—-][\"”’»)\]]*$", text)]
        if len(said) > 2 and len(sentences) * 3 < len(said):
            raise problem(
                "not-a-roundtable",
                "names are found, but nobody says a sentence: this looks like a programme",
                Location(self.file),
                f"the first one: “{said[0][:60]}”",
            )

    def ask_about_unanswered(self) -> None:
        """Ask where the answers to a question belong that has none, as the next one stands below it."""
        for number, question in enumerate(self.made.questions, 1):
            if question.turns or question.missing or question.unlabelled:
                continue
            if number == len(self.made.questions):
                continue
            following = self.made.questions[number]
            answer = self.decisions.of(
                f"question {number}",
                f"No answer stands under question {number}. "
                f"Do those under question {number + 1} answer both?",
                ("both", f"question {number + 1} only"),
                f"question {number + 1} only",
                [self.quote(block) for block in (*question.blocks, *following.blocks)],
            )
            if answer == "both":
                following.blocks = question.blocks + following.blocks
                question.blocks = []
        self.made.questions = [q for q in self.made.questions if q.blocks or q.implied]

    def stated(self, what: str) -> int | None:
        """Give how many experts or questions the opening tells of."""
        text = " ".join(
            [
                self.made.title,
                *(b.text for b in self.made.series_note),
                *(b.text for b in self.made.introduction),
            ]
        )
        for match in _COUNT.finditer(text):
            if match["what"].lower().startswith("question") == (what == "question"):
                number = match["number"].lower()
                return _NUMBERS.get(number) or int(number)
        if what == "expert" and (match := _ASKED_OF.search(text)):
            return _NUMBERS[(match["number"] or match["some"]).lower()]
        return None

    def check_numbers(self, asked: Questions) -> None:
        printed = [question.number for question in self.made.questions]
        if any(printed) and printed != [str(n) for n in range(1, len(printed) + 1)]:
            self.findings.warning(
                "renumbered",
                f"the source counts its questions {', '.join(n or '–' for n in printed)}; "
                f"they are counted 1 to {len(printed)}",
                Location(self.file, self.made.questions[0].line),
            )

    def check_counts(self) -> None:
        draft = self.made
        found = {
            "question": sum(not q.implied for q in draft.questions),
            "expert": len(draft.experts),
        }
        for what, number in found.items():
            stated = self.stated(what)
            if stated and number and stated != number:
                self.findings.warning(
                    "count-differs",
                    f"the text tells of {stated} {what}s, {number} were found",
                    Location(self.file),
                    "look whether one was missed",
                )

    def check_stage_directions(self) -> None:
        directions = [
            block
            for turn in self.made.turns
            for block in turn.blocks
            if _STAGE.fullmatch(block.text)
        ]
        if directions:
            self.findings.warning(
                "stage-direction",
                f"{len(directions)} paragraphs are stage directions such as “{directions[0].text}”",
                self.at(directions[0]),
                "they stay in the answer under which they stand",
            )

    def propose(self) -> None:
        """Note what was read out of the words."""
        draft = self.made
        for person in draft.experts:
            if person.organisation:
                person.affiliation = person.descriptor
            else:
                person.roles, person.affiliation = names.divided(person.descriptor)
        notes: dict[str, list[str]] = {}
        for person in [*draft.experts, *draft.moderators]:
            for what, how in person.proposed.items():
                if what != "introduced":
                    notes.setdefault(f"{what} {how}", []).append(person.name)
            if person.roles or person.affiliation:
                notes.setdefault("roles and affiliation divided from the descriptor", []).append(
                    person.name
                )
        draft.proposals += [f"{what}: {', '.join(people)}" for what, people in notes.items()]


_IMAGE: Final = (
    "an image: put it into images/ and write ![what it shows](images/…) where it belongs"
)
