"""What only a person can tell of questions and answers: asked about, and gone by."""

from __future__ import annotations

from typing import Final

from pipeline.diagnostics import Location, make_problem
from pipeline.importers import counts
from pipeline.importers.draft import Asked, Turn, Use
from pipeline.importers.questions import Questions
from pipeline.importers.scene import Scene

_NOBODY: Final = "nobody: leave them out"


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


def imply_question(scene: Scene) -> None:
    """Say where a prompt is implied, and ask where the text tells of several."""
    for question in scene.made.questions:
        if not question.implied:
            continue
        scene.findings.add_warning(
            "question-implied",
            "the source marks no question: its answers stand under one prompt, the title",
            Location(scene.file, question.line),
            "write the question in article.md if there was one",
        )
        scene.made.proposals.append("q1: the source marks no question; this is the title")
        told = counts.told(scene.made, "question")
        if told and told > 1:
            _confirm_one_prompt(scene, question, told)


def _confirm_one_prompt(scene: Scene, question: Asked, told: int) -> None:
    answer = scene.decisions.of(
        "questions stated",
        f"The text tells of {told} questions and marks none, so that each answer covers "
        "all of them. Are the answers kept under one prompt?",
        ("yes", "no"),
        "yes",
        [scene.quote(b) for b in scene.made.introduction if "question" in b.text.lower()],
    )
    if answer == "no":
        raise make_problem(
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
        answer = scene.decisions.of(
            f"unlabelled {number}",
            f"Nobody is named over {len(question.unlabelled)} paragraphs under question {number}. "
            "Who says them?",
            (*(person.name for person in scene.made.experts), _NOBODY),
            _NOBODY,
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
    """Ask about a question without answers whether those below the next one answer both."""
    for number, question in enumerate(scene.made.questions, 1):
        is_last = number == len(scene.made.questions)
        if is_last or question.turns or question.missing or question.unlabelled:
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
