"""At the end: what is missing, miscounted or only proposed, and what has to be asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pipeline.diagnostics import Location, problem
from pipeline.importers import names, refusals
from pipeline.importers.blocks import Kind
from pipeline.importers.draft import Turn, Use
from pipeline.importers.marks import unquoted
from pipeline.importers.people import Person
from pipeline.importers.questions import Questions
from pipeline.importers.scene import STAGE, Scene

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


def check(scene: Scene, asked: Questions) -> None:
    draft = scene.made
    quotation_marks(scene)
    drop_empty_turns(scene)
    footnotes(scene)
    draft.experts = [person for person in scene.speakers.people if person not in draft.moderators]
    ask_about_unlabelled(scene)
    refusals.refuse_programme(scene)
    order_experts(scene)
    imply_question(scene)
    ask_about_unanswered(scene)
    check_numbers(scene, asked)
    check_counts(scene)
    check_stage_directions(scene)
    propose(scene)


def quotation_marks(scene: Scene) -> None:
    for turn in scene.made.turns:
        found = unquoted(turn.blocks)
        turn.blocks, turn.quotes = found.blocks, found.quotes
        if found.quotes == "unclosed":
            scene.findings.warning(
                "quotes-unclosed",
                f"the answer of {who(turn.people)} opens a quotation mark and does not close it",
                Location(scene.file, turn.line),
                "the answer is kept with {quotes=unclosed}; nothing is added",
            )


def who(people: Iterable[Person]) -> str:
    return " and ".join(person.name for person in people)


def drop_empty_turns(scene: Scene) -> None:
    """Report labels with nothing said under them: what was there is lost."""
    for number, question in enumerate(scene.made.questions, 1):
        for turn in question.turns:
            if not turn.blocks:
                question.missing.append(turn.people)
                scene.findings.warning(
                    "answer-missing",
                    f"nothing stands under the label of {who(turn.people)} at question {number}",
                    Location(scene.file, turn.line),
                    "look at the published text whether an answer was lost",
                )
        question.turns = [turn for turn in question.turns if turn.blocks]


def footnotes(scene: Scene) -> None:
    for block in scene.all:
        if block.kind is Kind.NOTE and not block.outside:
            scene.made.notes.append(block)
            scene.made.take(block, Use.CONTENT, "a footnote")


def order_experts(scene: Scene) -> None:
    first = dict(scene.presented)
    for at in sorted(scene.speakers.at):
        for person in scene.speakers.of(at):
            first.setdefault(id(person), at)
    scene.made.experts.sort(key=lambda person: first.get(id(person), len(scene.blocks)))


def imply_question(scene: Scene) -> None:
    """Say where a prompt is implied, and ask where the text tells of several."""
    draft = scene.made
    for question in draft.questions:
        if not question.implied:
            continue
        scene.findings.warning(
            "question-implied",
            "the source marks no question: its answers stand under one prompt, the title",
            Location(scene.file, question.line),
            "write the question in article.md if there was one",
        )
        draft.proposals.append("q1: the source marks no question; this is the title")
        stated = number_told(scene, "question")
        if stated and stated > 1:
            answer = scene.decisions.of(
                "questions stated",
                f"The text tells of {stated} questions and marks none, so that each answer covers "
                "all of them. Are the answers kept under one prompt?",
                ("yes", "no"),
                "yes",
                [scene.quote(b) for b in draft.introduction if "question" in b.text.lower()],
            )
            if answer == "no":
                raise problem(
                    "declined",
                    "the questions are not marked, and the answers are not kept under one prompt",
                    Location(scene.file, question.line),
                    "mark the questions in a copy of the source, such as #1 …, and import that",
                )


def ask_about_unlabelled(scene: Scene) -> None:
    """Ask who says what stands under a question with nobody's label over it."""
    for number, question in enumerate(scene.made.questions, 1):
        if not question.unlabelled:
            continue
        names_of = [person.name for person in scene.made.experts]
        answer = scene.decisions.of(
            f"unlabelled {number}",
            f"Nobody is named over {len(question.unlabelled)} paragraphs under question {number}. "
            "Who says them?",
            (*names_of, "nobody: leave them out"),
            "nobody: leave them out",
            [scene.quote(block) for block in question.unlabelled],
        )
        said = next((p for p in scene.made.experts if p.name == answer), None)
        if said:
            turn = Turn((said,), "", question.unlabelled[0].line, list(question.unlabelled))
            question.turns.insert(0, turn)
        for block in question.unlabelled:
            if said:
                scene.made.take(block, Use.CONTENT, "an answer")
            else:
                scene.made.skip(block, f"nobody is named over it, under question {number}")


def ask_about_unanswered(scene: Scene) -> None:
    """Ask where the answers to a question belong that has none, as the next one stands below it."""
    for number, question in enumerate(scene.made.questions, 1):
        if question.turns or question.missing or question.unlabelled:
            continue
        if number == len(scene.made.questions):
            continue
        following = scene.made.questions[number]
        answer = scene.decisions.of(
            f"question {number}",
            f"No answer stands under question {number}. "
            f"Do those under question {number + 1} answer both?",
            ("both", f"question {number + 1} only"),
            f"question {number + 1} only",
            [scene.quote(block) for block in (*question.blocks, *following.blocks)],
        )
        if answer == "both":
            following.blocks = question.blocks + following.blocks
            question.blocks = []
    scene.made.questions = [q for q in scene.made.questions if q.blocks or q.implied]


def number_told(scene: Scene, what: str) -> int | None:
    """Give how many experts or questions the opening tells of."""
    text = " ".join(
        [
            scene.made.title,
            *(b.text for b in scene.made.series_note),
            *(b.text for b in scene.made.introduction),
        ]
    )
    for match in _COUNT.finditer(text):
        if match["what"].lower().startswith("question") == (what == "question"):
            number = match["number"].lower()
            return _NUMBERS.get(number) or int(number)
    if what == "expert" and (asked := _ASKED_OF.search(text)):
        return _NUMBERS[(asked["number"] or asked["some"]).lower()]
    return None


def check_numbers(scene: Scene, asked: Questions) -> None:
    printed = [question.number for question in scene.made.questions]
    if any(printed) and printed != [str(n) for n in range(1, len(printed) + 1)]:
        scene.findings.warning(
            "renumbered",
            f"the source counts its questions {', '.join(n or '–' for n in printed)}; "
            f"they are counted 1 to {len(printed)}",
            Location(scene.file, scene.made.questions[0].line),
        )


def check_counts(scene: Scene) -> None:
    draft = scene.made
    found = {
        "question": sum(not q.implied for q in draft.questions),
        "expert": len(draft.experts),
    }
    for what, number in found.items():
        stated = number_told(scene, what)
        if stated and number and stated != number:
            scene.findings.warning(
                "count-differs",
                f"the text tells of {stated} {what}s, {number} were found",
                Location(scene.file),
                "look whether one was missed",
            )


def check_stage_directions(scene: Scene) -> None:
    directions = [
        block for turn in scene.made.turns for block in turn.blocks if STAGE.fullmatch(block.text)
    ]
    if directions:
        scene.findings.warning(
            "stage-direction",
            f"{len(directions)} paragraphs are stage directions such as “{directions[0].text}”",
            scene.at(directions[0]),
            "they stay in the answer under which they stand",
        )


def propose(scene: Scene) -> None:
    """Note what was read out of the words."""
    draft = scene.made
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


def confirm_sections(scene: Scene, asked: Questions) -> Questions:
    """Ask whether headings that ask nothing are the questions."""
    if not asked.sections:
        return asked
    heads = [scene.blocks[mark.block].text for mark in asked.marks]
    answer = scene.decisions.of(
        "sections",
        "The text has headings and no questions. What are the headings?",
        ("questions", "no questions"),
        "questions",
        [scene.quote(scene.blocks[mark.block]) for mark in asked.marks[:5]],
    )
    if answer == "questions":
        scene.made.proposals.append(f"questions: the headings {', '.join(heads[:4])} ask nothing")
        return asked
    return Questions()
