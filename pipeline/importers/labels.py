"""Who speaks: the labels of a source, and the persons they name.

A label is accepted if it recurs, if it names somebody who is named elsewhere, or if it stands alone
before speech. What only looks like one is left in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.importers import dividing, introductions, names
from pipeline.importers.around import Around
from pipeline.importers.blocks import Block
from pipeline.importers.candidates import ANSWERER, NUMBERED, Form, Label, candidates
from pipeline.importers.dividing import Fused
from pipeline.importers.evidence import Evidence, Resolved
from pipeline.importers.people import Person
from pipeline.importers.register import Register
from pipeline.importers.words import PARTICLES


@dataclass(slots=True)
class Speakers:
    """The accepted labels and everybody who is named by one or introduced as a speaker."""

    people: list[Person] = field(default_factory=list)
    at: dict[int, tuple[Label, tuple[Person, ...]]] = field(default_factory=dict)
    """Accepted labels by block."""
    ambiguous: list[tuple[Label, tuple[Person, ...]]] = field(default_factory=list)
    """Labels that name more than one person, with those."""
    doubtful: list[tuple[Label, tuple[Person, ...]]] = field(default_factory=list)
    """Labels that nothing bears out but their place."""
    unknown: list[Label] = field(default_factory=list)
    """What looks like labels and is not accepted."""
    positions: dict[int, Person] = field(default_factory=dict)
    """Lines of a list of the cast that say who somebody is, by block."""

    def of(self, block: int) -> tuple[Person, ...]:
        """Give who speaks from a block on; empty where no label stands."""
        return self.at[block][1] if block in self.at else ()


def speakers(
    blocks: Sequence[Block],
    mentioned: str,
    told: Mapping[str, str],
) -> Speakers:
    """Find who speaks in some blocks.

    ``mentioned`` is what is said of persons outside the text, such as bylines; ``told`` holds the
    user's answers: what a label means, by its text.
    """
    return _Finding(blocks, mentioned, told).found()


class _Finding:
    def __init__(self, blocks: Sequence[Block], mentioned: str, told: Mapping[str, str]) -> None:
        self.blocks = blocks
        self.told = told
        self.labels = [label for label in candidates(blocks) if told.get(label.text) != "no"]
        self.around = Around(blocks, self.labels, mentioned)
        self.register = Register(self.around)
        self.positions: dict[int, Person] = {}
        short = self.short_labels()
        self.fused = {label: self.divided(label, short) for label in self.labels}

    def found(self) -> Speakers:
        self.read_full_names()
        self.register.merge_shorter_forms()
        resolved = self.resolved()
        evidence = Evidence(self.blocks, resolved, self.around, self.positions)
        first = min((label.block for label in evidence.certain), default=0)
        is_any, cast = introductions.read(self.blocks[:first], self.register)
        if is_any:
            resolved = self.resolved()
            evidence = Evidence(self.blocks, resolved, self.around, self.positions)
        return self.accepted(resolved, evidence, cast)

    def accepted(self, resolved: Resolved, evidence: Evidence, cast: dict[int, Person]) -> Speakers:
        """Accept the labels that are borne out, and keep whom they name."""
        made = Speakers()
        for label, people in resolved.items():
            if isinstance(people, list):
                made.ambiguous.append((label, tuple(people)))
                made.at[label.block] = (label, tuple(people[:1]))
            elif not people or evidence.against(label):
                made.unknown.append(label)
            elif label in evidence.certain:
                made.at[label.block] = (label, people)
            elif evidence.likely(label, people):
                made.at[label.block] = (label, people)
                if not all(person.descriptor for person in people):
                    made.doubtful.append((label, people))
            else:
                made.unknown.append(label)
        # One voice whom nothing bears out is none.
        voices = {person for _, people in made.at.values() for person in people}
        if not evidence.certain and len(voices) < 2:
            made.unknown += [label for label, _ in made.at.values()]
            made.at, made.doubtful = {}, []
        for label, people in made.at.values():
            for person in people:
                person.labels[label.text] += 1
                person.speaks = True
        if any(person.speaks for person in self.register.people):
            made.people = [
                person
                for person in self.register.people
                if person.speaks or person in evidence.listed or "introduced" in person.proposed
            ]
        made.positions = self.positions | cast
        return made

    # --- full names ------------------------------------------------------------------------

    def read_full_names(self) -> None:
        """Make a person of every full name that a label has."""
        # A surname may end like a position: “Longfellow”. One such label alone is a name.
        runs_together = sum(found is not None for found in self.fused.values()) > 1
        for label in self.labels:
            found = self.fused[label]
            if found and (found.how != "role" or runs_together):
                rest = label.text[len(dividing.split(label.text).head) :]
                person = self.register.person(found.name, found.position + rest)
                person.proposed.setdefault("name", f"divided by {found.how}")
                continue
            for part in dividing.several(label.text):
                split = dividing.split(part)
                if names.is_name(split.head):
                    self.register.person(split.head, split.descriptor, split.organisation)

    def short_labels(self) -> list[str]:
        """Give the labels of one word that a colon or a look sets apart."""
        return [
            label.text
            for label in self.labels
            if label.form in (Form.COLON, Form.BOLD)
            and (" " not in label.text or label.text.split()[0].lower() in PARTICLES)
            and len(label.text) > 1
        ]

    def divided(self, label: Label, short: Sequence[str]) -> Fused | None:
        """Divide a label whose name runs into its position, if it is one."""
        head = dividing.split(label.text).head
        if label.form is Form.AFTER or any(
            names.key(head).endswith(names.key(text)) for text in short
        ):
            return None
        found = dividing.fused(head, short)
        if not found or not names.is_name(found.name):
            return None
        return None if found.how == "role" and self.around.mentions(head) else found

    # --- whose a label is ------------------------------------------------------------------

    def resolved(self) -> Resolved:
        """Give who each label names: several in a list where it could be any of them."""
        for person in self.register.people:
            self.register.add_aliases(person)
        resolved = {label: self.resolve(label) for label in self.labels}
        self.adopt_short_names(resolved)
        return resolved

    def resolve(self, label: Label) -> tuple[Person, ...] | list[Person]:
        """Give who a label names; a list where it could be any of several, nothing if unknown."""
        if chosen := self.told.get(label.text):
            return (self.register.person(chosen),)
        found = self.fused[label]
        if found and (person := self.register.get(found.name)):
            return (person,)
        head = dividing.split(label.text).head
        parts = dividing.several(label.text)
        if len(parts) == 1:
            if person := self.register.get(label.text) or self.register.get(head):
                return (person,)
            parts = dividing.joint(label.text)
        if len(parts) > 1:
            several = [self.register.called(dividing.split(part).head) for part in parts]
            if all(len(people) == 1 for people in several):
                return tuple(people[0] for people in several)
        people = self.register.called(head)
        return people if len(people) > 1 else tuple(people)

    def adopt_short_names(self, resolved: dict[Label, tuple[Person, ...] | list[Person]]) -> None:
        """Find the full names of labels that only have a short one, or take those as they are."""
        unknown = [
            label
            for label, people in resolved.items()
            if not people and label.form in (Form.COLON, Form.BOLD)
        ]
        uses = Counter(names.key(label.text) for label in unknown)
        for label in unknown:
            if people := self.adopted(label, uses[names.key(label.text)]):
                resolved[label] = people

    def adopted(self, label: Label, uses: int) -> tuple[Person, ...] | list[Person]:
        """Give who is called by a short name: somebody of the text, or whoever comes again."""
        split = dividing.split(label.text)
        words = split.head.split()
        if len(names.bare(split.head).split()) > 2 and words[0].lower() not in PARTICLES:
            return ()
        if NUMBERED.fullmatch(split.head) or split.head.lower() in ANSWERER:
            return (self.register.person(split.head),)
        full = self.around.full_names(split.head)
        if len(full) > 1:
            return [self.register.person(name) for name in full]
        if full:
            person = self.register.person(full[0])
            person.proposed.setdefault("name", "found in the text")
            self.introduce(person)
        elif uses > 1 and self.around.is_no_word(split.head):
            person = self.register.person(split.head, split.descriptor, split.organisation)
        else:
            return ()
        self.register.add_aliases(person)
        return (person,)

    def introduce(self, person: Person) -> None:
        """Read the position of somebody who is introduced in a paragraph of its own."""
        for block in self.blocks:
            if block.text.startswith(person.name):
                rest = block.text[len(person.name) :]
                if match := re.fullmatch(r"(?:,|\s[–—-])\s(\S[^.]{2,120})\.?", rest):
                    person.descriptor = person.descriptor or match[1]
