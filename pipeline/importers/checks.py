"""At the end: marks taken off, what is missing or odd, and what is only proposed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pipeline.diagnostics import Location
from pipeline.importers import counts, doubts, positions, refusals
from pipeline.importers.blocks import Kind
from pipeline.importers.draft import Use
from pipeline.importers.marks import unquoted
from pipeline.importers.people import Person
from pipeline.importers.scene import STAGE, Scene


def check(scene: Scene) -> None:
    """Finish the draft; raises Problems where it is no roundtable after all."""
    draft = scene.made
    take_quotation_marks_off(scene)
    drop_empty_turns(scene)
    take_footnotes(scene)
    draft.experts = [person for person in scene.speakers.people if person not in draft.moderators]
    doubts.ask_about_unlabelled(scene)
    refusals.refuse_programme(scene)
    order_experts(scene)
    doubts.imply_question(scene)
    doubts.ask_about_unanswered(scene)
    counts.check_numbers(scene)
    counts.check_told(scene)
    check_stage_directions(scene)
    propose(scene)


def take_quotation_marks_off(scene: Scene) -> None:
    """Take the marks round each answer off, and tell of those that do not close."""
    for turn in scene.made.turns:
        found = unquoted(turn.blocks)
        turn.blocks, turn.quotes = found.blocks, found.quotes
        if found.quotes == "unclosed":
            scene.findings.add_warning(
                "quotes-unclosed",
                f"the answer of {_who(turn.people)} opens a quotation mark and does not close it",
                Location(scene.file, turn.line),
                "the answer is kept with {quotes=unclosed}; nothing is added",
            )


def drop_empty_turns(scene: Scene) -> None:
    """Report labels with nothing said under them: what was there is lost."""
    for number, question in enumerate(scene.made.questions, 1):
        for turn in question.turns:
            if not turn.blocks:
                question.missing.append(turn.people)
                scene.findings.add_warning(
                    "answer-missing",
                    f"nothing stands under the label of {_who(turn.people)} at question {number}",
                    Location(scene.file, turn.line),
                    "look at the published text whether an answer was lost",
                )
        question.turns = [turn for turn in question.turns if turn.blocks]


def take_footnotes(scene: Scene) -> None:
    """Keep the footnotes that stand inside the article."""
    for block in scene.all:
        if block.kind is Kind.NOTE and not block.outside:
            scene.made.notes.append(block)
            scene.made.take(block, Use.CONTENT, "a footnote")


def order_experts(scene: Scene) -> None:
    """Put the experts in the order in which they are presented, listed or heard."""
    first = dict(scene.presented)
    for at in sorted(scene.speakers.at):
        for person in scene.speakers.of(at):
            first.setdefault(id(person), at)
    scene.made.experts.sort(key=lambda person: first.get(id(person), len(scene.blocks)))


def check_stage_directions(scene: Scene) -> None:
    """Tell of stage directions within answers, which stay."""
    directions = [
        block for turn in scene.made.turns for block in turn.blocks if STAGE.fullmatch(block.text)
    ]
    if directions:
        scene.findings.add_warning(
            "stage-direction",
            f"{len(directions)} paragraphs are stage directions such as “{directions[0].text}”",
            scene.at(directions[0]),
            "they stay in the answer under which they stand",
        )


def propose(scene: Scene) -> None:
    """Divide positions, and note what was read out of the words."""
    draft = scene.made
    for person in draft.experts:
        if person.organisation:
            person.affiliation = person.descriptor
        else:
            person.roles, person.affiliation = positions.divided(person.descriptor)
    notes: dict[str, list[str]] = defaultdict(list)
    for person in [*draft.experts, *draft.moderators]:
        for what, how in person.proposed.items():
            if what != "introduced":
                notes[f"{what} {how}"].append(person.name)
        if person.roles or person.affiliation:
            notes["roles and affiliation divided from the descriptor"].append(person.name)
    draft.proposals += [f"{what}: {', '.join(people)}" for what, people in notes.items()]


def _who(people: Iterable[Person]) -> str:
    return " and ".join(person.name for person in people)
