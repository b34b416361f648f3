"""Labels that only a person can resolve: asked about, and settled."""

from __future__ import annotations

import re

from pipeline.importers import names
from pipeline.importers.candidates import ANSWERER, NUMBERED, Label
from pipeline.importers.people import Person
from pipeline.importers.scene import Scene


def told(scene: Scene) -> dict[str, str]:
    """Give what the user said of labels: the person’s name, or “no”."""
    return {
        id.removeprefix("label "): answer
        for id, answer in scene.decisions.known.items()
        if id.startswith("label ") and answer != "yes"
    }


def settle(scene: Scene) -> None:
    """Ask about labels that could be several persons', and about those with little evidence."""
    for text in dict.fromkeys(label.text for label, _ in scene.speakers.ambiguous):
        found = [
            (label, people) for label, people in scene.speakers.ambiguous if label.text == text
        ]
        people = found[0][1]
        choices = [person.name for person in people]
        chosen = scene.decisions.of(
            f"label {text}",
            f"Who is “{text}”? {len(people)} persons have that name.",
            choices,
            choices[0],
            [scene.quote(scene.blocks[label.block]) for label, _ in found[:3]],
        )
        person = next(person for person in people if person.name == chosen)
        for label, _ in found:
            if label.block in scene.speakers.at:
                relabel(scene, label, person)
    if scene.speakers.doubtful:
        texts = ", ".join(f"“{label.text}”" for label, _ in scene.speakers.doubtful)
        scene.findings.add_warning(
            "label-once",
            f"taken for speakers by their place alone, as the names do not come again: {texts}",
            scene.at(scene.blocks[scene.speakers.doubtful[0][0].block]),
            "look whether each is one",
        )


def relabel(scene: Scene, label: Label, person: Person) -> None:
    """Give a label to a person, and forget those whom nothing names any more."""
    for other in scene.speakers.at[label.block][1]:
        other.labels[label.text] -= 1
        other.labels = +other.labels
    person.labels[label.text] += 1
    person.speaks = True
    scene.speakers.at[label.block] = (label, (person,))
    if person not in scene.speakers.people:
        scene.speakers.people.append(person)
    scene.speakers.people[:] = [
        p for p in scene.speakers.people if p.labels or "introduced" in p.proposed or p is person
    ]


def name_answerer(scene: Scene) -> None:
    """Give “A:” the name of the only person that the opening tells of; ask if there are more."""
    unnamed = [
        p for p in scene.speakers.people if p.name.lower() in ANSWERER or NUMBERED.fullmatch(p.name)
    ]
    for person in unnamed:
        first = min((i for i in scene.speakers.at if person in scene.speakers.of(i)), default=0)
        text = "\n".join(
            b.text
            for b in scene.blocks[:first]
            if not re.match(r"(?:\w+ )?by\s|Q\s?[:.]", b.text, re.IGNORECASE)
        )
        choices = names.all_in(text.split("\n"))
        often = [name for name in choices if text.count(name) > 1]
        choices = often if len(often) == 1 else choices
        if len(choices) == 1 and len(unnamed) == 1:
            person.name = choices[0]
            person.proposed["name"] = "found before the first question"
            continue
        name = scene.decisions.of(
            f"label {person.name}",
            f"Who is “{person.name}:”?",
            (),
            person.name if NUMBERED.fullmatch(person.name) or not choices else choices[0],
            [scene.quote(scene.blocks[first])],
        )
        person.proposed["name"] = "found before the first question"
        person.name = name
