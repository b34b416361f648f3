"""How many questions and experts there are, against what the text tells."""

from __future__ import annotations

import re
from typing import Final, Literal

from pipeline.diagnostics import Location
from pipeline.importers.draft import Draft
from pipeline.importers.scene import Scene
from pipeline.importers.words import NUMBERS, any_of

What = Literal["question", "expert"]
_NUMBER: Final = any_of(*NUMBERS)
_WHO: Final = any_of(
    "experts?|specialists?|practitioners?|scholars?|panell?ists?|contributors?|analysts?",
    "researchers?|authors|voices|thinkers",
)
_COUNT: Final = re.compile(
    rf"\b(?P<number>\d{{1,2}}|{_NUMBER})\s(?:(?!or\b|of\b)[\w-]+\s){{0,2}}?"
    rf"(?:(?P<questions>questions?)|{_WHO})\b",
    re.IGNORECASE,
)
"""“five questions”, “six independent experts”"""
_ASKED: Final = re.compile(
    r"\b(?:asked|invited|wrote to|spoke (?:to|with)|talked (?:to|with)|heard from)"
    rf"\s(?:\w+\s){{0,2}}?(?P<number>{_NUMBER})\b"
    rf"|\b(?P<some>{_NUMBER})\s(?:[\w-]+\s){{0,5}}?"
    r"(?:talked|answer(?:ed)?|replied|responded|told us|wrote back)\b",
    re.IGNORECASE,
)
"""“we asked six of them”, “four keepers replied”"""


def told(draft: Draft, what: What) -> int | None:
    """Give how many experts or questions the opening tells of."""
    blocks = [*draft.series_note, *draft.introduction]
    text = " ".join([draft.title, *(block.text for block in blocks)])
    for match in _COUNT.finditer(text):
        if bool(match["questions"]) == (what == "question"):
            number = match["number"].lower()
            return NUMBERS.get(number) or int(number)
    if what == "expert" and (asked := _ASKED.search(text)):
        return NUMBERS[(asked["number"] or asked["some"]).lower()]
    return None


def check_numbers(scene: Scene) -> None:
    """Tell when the source counts its questions in another way."""
    printed = [question.number for question in scene.made.questions]
    if any(printed) and printed != [str(n) for n in range(1, len(printed) + 1)]:
        scene.findings.add_warning(
            "renumbered",
            f"the source counts its questions {', '.join(n or '–' for n in printed)}; "
            f"they are counted 1 to {len(printed)}",
            Location(scene.file, scene.made.questions[0].line),
        )


def check_told(scene: Scene) -> None:
    """Tell when the text tells of another number than was found."""
    found: dict[What, int] = {
        "question": sum(not question.implied for question in scene.made.questions),
        "expert": len(scene.made.experts),
    }
    for what, number in found.items():
        stated = told(scene.made, what)
        if stated and number and stated != number:
            scene.findings.add_warning(
                "count-differs",
                f"the text tells of {stated} {what}s, {number} were found",
                Location(scene.file),
                "look whether one was missed",
            )
