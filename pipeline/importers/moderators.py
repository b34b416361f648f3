"""Who puts the questions, and whom that one presents."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from pipeline.importers import names, questions
from pipeline.importers.candidates import QUESTIONER, Form
from pipeline.importers.people import Person
from pipeline.importers.questions import Questions
from pipeline.importers.scene import Scene

_MODERATED: Final = (
    r"{name}[^.\n]{{0,60}}\b(?:moderated|moderates|hosted|asked|interviewed|spoke (?:to|with)|sat down with)\b",
    r"\b(?:moderated|hosted|chaired|led|conducted|interviewed) by\b[^.\n]{{0,40}}{name}",
    r"\bmoderat(?:ors?|ó|or):?\s[^.\n]{{0,40}}{name}",
)


def find(scene: Scene, asked: Questions) -> list[Person]:
    """Find who puts the questions rather than answering them."""
    opening = "\n".join(
        block.text for i, block in enumerate(scene.blocks) if i not in scene.speakers.at
    )
    found: list[Person] = []
    for person in scene.speakers.people:
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
    authors = {names.key(value) for name, value in scene.reading.meta if name == "author"}
    authors |= {
        names.key(names.split_label(part).head)
        for block in scene.blocks[:12]
        if (match := re.match(r"(?:\w+\s)?by\s(.+)", block.text, re.IGNORECASE))
        for part in names.joint(match[1])
    }
    found += [
        p
        for p in scene.speakers.people
        if names.key(p.name) in authors and p not in found and p.speaks
    ]
    if not found and (asked.sections or not asked.marks):
        found = likely_moderator(scene)
    if {p for p in scene.speakers.people if p.speaks} <= set(found):
        return []
    return found


def likely_moderator(scene: Scene) -> list[Person]:
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
    """Read whom a moderator presents in the first turn: “Ana Ruiz, director of locks.”

    Somebody else of that row is one of them, too, with or without a word later.
    """
    turns = [
        i
        for i in sorted(scene.speakers.at)
        if set(scene.speakers.of(i)) & set(scene.made.moderators)
    ]
    if not turns:
        return
    row: list[tuple[int, str, str]] = []
    for number in range(turns[0] + 1, scene.after_turn(turns[0])):
        match = re.match(
            r"(?P<name>[^,.:;–—]{4,50}?)(?P<sign>,|\s[–—-])\s(?P<rest>.+)",
            scene.blocks[number].text,
        )
        if match and names.is_name(match["name"]):
            row.append((number, match["name"], match["rest"] if match["sign"] == "," else ""))
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
    read_said_position(scene)


def read_said_position(scene: Scene) -> None:
    """Read a position that the moderator gives somebody who has just spoken: “as head of …”."""
    order = sorted(scene.speakers.at)
    for before, after in pairwise(order):
        spoke, says = scene.speakers.of(before), scene.speakers.of(after)
        if len(spoke) != 1 or spoke[0].descriptor or not set(says) & set(scene.made.moderators):
            continue
        said = scene.speech(after).strip()
        match = re.match(
            r"(?:She|He|They)\s[^.?!–—]*?\bas (?P<what>(?:the )?(?P<role>[\w-]+)\b[^,.;–—]*)",
            said,
        )
        if match and match["role"].lower() in names.ROLES:
            spoke[0].descriptor = match["what"].strip()
            spoke[0].proposed["descriptor"] = "said by the moderator"
