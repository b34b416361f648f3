"""Who puts the questions, and whom that one presents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from pipeline.importers import dividing, names, questions
from pipeline.importers.candidates import QUESTIONER, Form
from pipeline.importers.people import Person
from pipeline.importers.questions import Questions
from pipeline.importers.scene import Scene
from pipeline.importers.words import ROLES, any_of

_TOLD: Final = (
    r"{name}[^.\n]{{0,60}}\b"
    + any_of(
        "moderated|moderates|hosted|asked|interviewed",
        "spoke (?:to|with)|sat down with",
    )
    + r"\b",
    r"\b(?:moderated|hosted|chaired|led|conducted|interviewed) by\b[^.\n]{{0,40}}{name}",
    r"\bmoderat(?:ors?|ó|or):?\s[^.\n]{{0,40}}{name}",
)
"""What is said of a moderator; ``{name}`` stands for the name."""
_ROLE: Final = re.compile(r"\b(?:moderat|interviewer|host\b|questioner)", re.IGNORECASE)
_PRESENTED: Final = re.compile(
    r"(?P<name>[^,.:;–—]{4,50}?)(?P<sign>,|\s[–—-])\s(?P<rest>.+)",
)
_SAID: Final = re.compile(
    r"(?:She|He|They)\s[^.?!–—]*?\bas (?P<what>(?:the )?(?P<role>[\w-]+)\b[^,.;–—]*)"
)
_MOST_HEAD: Final = 12
"""The blocks among which a byline stands."""


def find(scene: Scene, asked: Questions) -> list[Person]:
    """Find who puts the questions rather than answering them."""
    speaking = [person for person in scene.speakers.people if person.speaks]
    around = "\n".join(b.text for i, b in enumerate(scene.blocks) if i not in scene.speakers.at)
    found = [person for person in speaking if _is_told(person, around)]
    authors = _authors(scene)
    found += [p for p in speaking if names.key(p.name) in authors and p not in found]
    if not found and (asked.sections or not asked.marks):
        found = _likely(scene)
    return found if set(speaking) - set(found) else []


def _is_told(person: Person, around: str) -> bool:
    """Tell whether the text, the position or the label says that somebody puts the questions."""
    name = re.escape(names.bare(person.name))
    return (
        any(re.search(told.format(name=name), around, re.IGNORECASE) for told in _TOLD)
        or bool(_ROLE.search(f"{person.descriptor} {person.name}"))
        or person.name.lower() in QUESTIONER
    )


def _authors(scene: Scene) -> set[str]:
    """Give the keys of the authors' names: outside the text, and in the byline."""
    told = {names.key(value) for name, value in scene.reading.meta if name == "author"}
    return told | {
        names.key(dividing.split(part).head)
        for block in scene.blocks[:_MOST_HEAD]
        if (match := re.match(r"(?:\w+\s)?by\s(.+)", block.text, re.IGNORECASE))
        for part in dividing.joint(match[1])
    }


def _likely(scene: Scene) -> list[Person]:
    """Take the first to speak for the moderator, if that one asks or presents the others."""
    order = sorted(scene.speakers.at)
    first = scene.speakers.of(order[0])
    if len(first) != 1:
        return []
    person = first[0]
    turns = [i for i in order if person in scene.speakers.of(i)]
    if len(turns) < 2 or any(scene.speakers.at[i][0].form is not Form.COLON for i in turns):
        return []
    others = [p for p in scene.speakers.people if p is not person]
    asking = [i for i in turns if "?" in scene.speech(i)]
    asked_back = [
        i for i in order if person not in scene.speakers.of(i) and questions.asks(scene.speech(i))
    ]
    presents = any(other.name in scene.speech(turns[0]) for other in others)
    if presents or (asking and len(asking) >= len(asked_back) and turns[0] in asking):
        person.proposed["moderator"] = "speaks first, and asks or presents the others"
        return [person]
    return []


def read_presented(scene: Scene) -> None:
    """Read whom a moderator presents in the first turn: “Ana Ruiz, director of locks”.

    Somebody else of that row is one of them, too, with or without a word later.
    """
    asking = set(scene.made.moderators)
    first = next((i for i in sorted(scene.speakers.at) if asking & set(scene.speakers.of(i))), None)
    if first is None:
        return
    row = list(_row(scene, first))
    known = {names.key(person.name): person for person in scene.speakers.people}
    if not any(names.key(name) in known for _, name, _ in row):
        return
    for number, name, rest in row:
        person = known.get(names.key(name))
        if person is None:
            person = Person(name)
            scene.speakers.people.append(person)
        if rest and not person.descriptor and len(rest.split()) <= 20:
            person.descriptor = rest.rstrip(".")
        person.proposed["introduced"] = f"line {scene.blocks[number].line}"
        scene.presented[id(person)] = number
    _read_said_position(scene)


def _row(scene: Scene, turn: int) -> Iterator[tuple[int, str, str]]:
    """Give the lines of a turn that begin with a name: block, name, and what a comma adds."""
    for number in range(turn + 1, scene.after_turn(turn)):
        match = _PRESENTED.match(scene.blocks[number].text)
        if match and names.is_name(match["name"]):
            yield number, match["name"], match["rest"] if match["sign"] == "," else ""


def _read_said_position(scene: Scene) -> None:
    """Read a position that the moderator gives somebody who has just spoken: “as head of …”."""
    order = sorted(scene.speakers.at)
    for before, after in pairwise(order):
        spoke, says = scene.speakers.of(before), scene.speakers.of(after)
        if len(spoke) != 1 or spoke[0].descriptor or not set(says) & set(scene.made.moderators):
            continue
        said = scene.speech(after).strip()
        match = _SAID.match(said)
        if match and match["role"].lower() in ROLES:
            spoke[0].descriptor = match["what"].strip()
            spoke[0].proposed["descriptor"] = "said by the moderator"
