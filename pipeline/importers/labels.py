"""Who speaks: the labels of a source, and the persons they name.

A label is accepted if it recurs, if it names somebody who is named elsewhere, or if it stands alone
before speech. What only looks like one is left in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline.importers import names
from pipeline.importers.blocks import Block, Kind
from pipeline.importers.candidates import (
    ANSWERER,
    CAST,
    NO_SPEAKER,
    NUMBERED,
    Form,
    Label,
    candidates,
)
from pipeline.importers.people import Person


@dataclass(slots=True)
class Speakers:
    """The accepted labels and everybody who is named by one or introduced as a speaker."""

    people: list[Person]
    at: dict[int, tuple[Label, tuple[Person, ...]]]
    """Accepted labels by block."""
    ambiguous: list[tuple[Label, tuple[Person, ...]]]
    """Labels that name more than one person, with those."""
    doubtful: list[tuple[Label, tuple[Person, ...]]]
    """Labels that nothing bears out but their place."""
    unknown: list[Label]
    """What looks like labels and is not accepted."""
    positions: dict[int, Person] = field(default_factory=dict)
    """Lines of a list of the cast that say who somebody is, by block."""

    def of(self, block: int) -> tuple[Person, ...]:
        """Give who speaks from a block on; empty where no label stands."""
        return self.at[block][1] if block in self.at else ()


_HEAD: Final = re.compile(
    r"(?:by|von|par|por|published|posted|updated|recorded|veröffentlicht|publié|publicado)\s.{3,80}$",
    re.IGNORECASE,
)


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
        held = {label.block: label for label in self.labels}
        self.label_blocks = frozenset(held)
        first = min((label.block for label in self.labels if label.form is Form.COLON), default=0)
        self.head_end = max(
            (i for i, block in enumerate(blocks[:15]) if _HEAD.match(block.text)), default=0
        )
        """Where the byline or the date stands."""
        self.named = names.names_in(block.text for block in blocks[: max(first, 12)])
        """The full names that the opening has."""
        prose = [
            block.text[held[i].end :] if i in held else block.text for i, block in enumerate(blocks)
        ]
        self.prose = "\n".join([mentioned, *prose])
        self.small_words = set(re.findall(r"\b[a-zà-ÿ]{3,}\b", self.prose))
        self.people: dict[str, Person] = {}
        self.aliases: dict[str, list[Person]] = {}
        self.positions: dict[int, Person] = {}
        self.cast_lines: dict[int, Person] = {}

    def found(self) -> Speakers:
        self.read_full_names()
        resolved = self.resolved()
        if self.read_introductions(resolved):
            resolved = self.resolved()
        at: dict[int, tuple[Label, tuple[Person, ...]]] = {}
        ambiguous: list[tuple[Label, tuple[Person, ...]]] = []
        doubtful: list[tuple[Label, tuple[Person, ...]]] = []
        unknown: list[Label] = []
        lists = self.lists(resolved)
        certain = self.certain(resolved, lists)
        for label, people in resolved.items():
            if isinstance(people, list):
                ambiguous.append((label, tuple(people)))
                at[label.block] = (label, tuple(people[:1]))
            elif (
                not people
                or label in lists
                or self.other_form(label, certain)
                or self.in_the_head(label)
            ):
                unknown.append(label)
            elif label in certain:
                at[label.block] = (label, people)
            elif self.likely(label, people, certain):
                at[label.block] = (label, people)
                if not all(person.descriptor for person in people):
                    doubtful.append((label, people))
            else:
                unknown.append(label)
        if not certain and len({person for _, people in at.values() for person in people}) < 2:
            unknown += [label for label, _ in at.values()]
            at, doubtful = {}, []
        for label, people in at.values():
            for person in people:
                person.labels[label.text] += 1
                person.speaks = True
        listed = {person for label in lists for person in resolved[label]}
        kept = [
            person
            for person in self.people.values()
            if person.speaks or person in listed or "introduced" in person.proposed
        ]
        kept = [p for p in kept if p.speaks or any(q.speaks for q in kept)]
        return Speakers(kept, at, ambiguous, doubtful, unknown, self.positions | self.cast_lines)

    # --- names ---------------------------------------------------------------------------

    def read_full_names(self) -> None:
        """Make a person of every full name that a label has."""
        short = self.short_labels()
        cut = {label: self.cut(label, short) for label in self.labels}
        by_role = [label for label, found in cut.items() if found and found[2] == "role"]
        fused = [label for label, found in cut.items() if found and found[2] != "role"]
        # A surname may end like a position: “Longfellow”. One such label alone is a name.
        runs_together = len(fused) + len(by_role) > 1
        for label in self.labels:
            found = cut[label]
            if found and (found[2] != "role" or runs_together):
                name, position, how = found
                behind = names.split_label(label.text)
                rest = label.text[len(behind.head) :]
                person = self.person(name, position + rest, False)
                person.proposed.setdefault("name", f"divided by {how}")
                continue
            for part in self.parts(label.text):
                split = names.split_label(part)
                if names.is_name(split.head):
                    self.person(split.head, split.descriptor, split.organisation)
        self.merge_shorter_forms()

    def merge_shorter_forms(self) -> None:
        """Take “Von der Aue” or “Jon Lewin” for the one person of whose name it is a form."""
        forms: dict[str, set[str]] = {}
        for key, person in self.people.items():
            for alias in map(names.key, names.aliases(person.name)):
                if alias != key:
                    forms.setdefault(alias, set()).add(key)
        for key in list(self.people):
            longer = [k for k in forms.get(key, ()) if k in self.people]
            if len(longer) == 1:
                shorter = self.people.pop(key)
                full = self.people[longer[0]]
                if not full.descriptor:
                    full.descriptor, full.organisation = shorter.descriptor, shorter.organisation

    def short_labels(self) -> list[str]:
        """Give the labels of one word that a colon or a look sets apart."""
        return [
            label.text
            for label in self.labels
            if label.form in (Form.COLON, Form.BOLD)
            and (" " not in label.text or label.text.split()[0].lower() in names.PARTICLES)
            and len(label.text) > 1
        ]

    def cut(self, label: Label, short: Sequence[str]) -> tuple[str, str, str] | None:
        if label.form is Form.AFTER:
            return None
        head = names.split_label(label.text).head
        if any(names.key(head).endswith(names.key(s)) for s in short):
            return None
        found = names.fused(head, short)
        if found and names.is_name(found[0]):
            if found[2] == "role" and self.mentions(head):
                return None
            return found
        return None

    def parts(self, text: str) -> list[str]:
        """Divide a label with several full names; one name with its position stays whole."""
        parts = names.joint(text)
        joined = bool(re.search(r"\s(?:and|und|et|y|e|&|/|\+)\s", text))
        full = [names.is_name(names.split_label(part).head) for part in parts]
        if len(parts) > 1 and joined and all(full):
            return parts
        # A comma alone stands between a name and an institute.
        if not joined or self.is_in_organisation(text):
            return [text]
        halves = re.split(r"\s(?:and|&|und|et)\s", text, maxsplit=1)
        if len(halves) > 1 and all(names.is_name(names.split_label(half).head) for half in halves):
            return halves
        return [text]

    @staticmethod
    def is_in_organisation(text: str) -> bool:
        """Tell whether the only “and” stands behind a position: in “miller, Tin & Copper Works”."""
        first, *rest = re.split(r"\s(?:and|&|und|et)\s", text)
        return (
            len(rest) == 1
            and bool(names.split_label(first).descriptor)
            and not names.split_label(rest[0]).descriptor
        )

    def person(self, name: str, descriptor: str, organisation: bool) -> Person:
        """Give the person of a full name; a first descriptor is kept."""
        known = self.people.get(names.key(name))
        if not known:
            title = (
                name[: len(name) - len(names.bare(name))].strip()
                if names.has_honorific(name)
                else ""
            )
            name = names.bare(name) if title else name
            known = self.people[names.key(name)] = Person(name)
            if title:
                known.proposed["name"] = f"without the title {title}"
            if names.in_capitals(name):
                known.name = self.cased(name)
                if names.in_capitals(known.name):
                    known.name = names.recased(name)
                    known.proposed["name"] = "recased from capitals"
        if descriptor and not known.descriptor:
            known.descriptor, known.organisation = descriptor.strip(" :,"), organisation
        if names.in_capitals(known.name) and not names.in_capitals(name):
            known.name = name
        return known

    def cased(self, name: str) -> str:
        """Give a name in capitals as the text writes it elsewhere."""
        for match in re.finditer(re.escape(names.bare(name)), self.prose, re.IGNORECASE):
            if not names.in_capitals(match.group()):
                return match.group()
        return name

    def resolved(self) -> dict[Label, tuple[Person, ...] | list[Person]]:
        """Give who each label names: several in a list where it could be any of them."""
        for person in self.people.values():
            self.add_aliases(person)
        resolved = {label: self.resolve(label) for label in self.labels}
        self.adopt_short_names(resolved)
        return resolved

    def read_introductions(
        self, resolved: Mapping[Label, tuple[Person, ...] | list[Person]]
    ) -> bool:
        """Find who is introduced before the first speech: “with A (Org), B (Org) and C (Org)”."""
        certain = self.certain(resolved, self.lists(resolved))
        first = min((label.block for label in certain), default=0)
        any_found = False
        pattern = re.compile(
            r"(?P<name>(?:[^\W\d_][\w.'’\-]*\s){1,4}[^\W\d_][\w'’\-]*)\s\((?P<what>[^()]{2,80})\)"
        )
        for number, block in enumerate(self.blocks[:first]):
            if cast := self.read_cast(block.text):
                self.cast_lines[number] = cast[0]
                any_found = True
                continue
            found = [
                (self.last_name_in(match["name"]), match["what"])
                for match in pattern.finditer(block.text)
            ]
            introduced = [(name, what) for name, what in found if name]
            if len(introduced) < 2:
                continue
            for name, what in introduced:
                person = self.person(name, what, organisation=True)
                person.proposed["introduced"] = "named before the first speaker"
                any_found = True
        return any_found

    def read_cast(self, text: str) -> list[Person]:
        """Read a line that lists who speaks: “Panel: Ana Ruiz, warden; Bo Li, mason”."""
        head = re.match(r"([^\W\d_]+(?: [^\W\d_]+)?)\s?:\s", text)
        headed = bool(head and CAST.fullmatch(head[1]))
        listed = text[head.end() :] if head and headed else text
        parts = [part.strip(" .") for part in listed.split(";") if part.strip(" .")]
        if len(parts) < 2:
            outside = re.split(r",\s(?:and\s)?(?![^()]*\))|\sand\s(?![^()]*\))", listed.strip(" ."))
            parts = [part.strip() for part in outside if part.strip()]
            if not headed and (len(parts) < 3 or any("(" in part for part in parts)):
                return []
        parts = [re.split(r"(?<=[a-z]{3})\.\s", part)[0] for part in parts]
        splits = [names.split_label(part) for part in parts]
        if len(splits) < 2 or not all(names.is_name(split.head) for split in splits):
            return []
        found = [self.person(s.head, s.descriptor, s.organisation) for s in splits]
        for person in found:
            person.proposed["introduced"] = "named before the first speaker"
        return found

    @staticmethod
    def last_name_in(text: str) -> str:
        """Give the longest end of some words that has the shape of a name."""
        words = text.split()
        for start in range(len(words)):
            if names.is_name(" ".join(words[start:])):
                return " ".join(words[start:])
        return ""

    def add_aliases(self, person: Person) -> None:
        for alias in dict.fromkeys(map(names.key, names.aliases(person.name))):
            held = self.aliases.setdefault(alias, [])
            if person not in held:
                held.append(person)

    # --- labels ----------------------------------------------------------------------------

    def resolve(self, label: Label) -> tuple[Person, ...] | list[Person]:
        """Give who a label names; a list where it could be any of several, nothing if unknown."""
        if chosen := self.told.get(label.text):
            return (self.person(chosen, "", False),)
        found = self.cut(label, self.short_labels())
        if found and names.key(found[0]) in self.people:
            return (self.people[names.key(found[0])],)
        split = names.split_label(label.text)
        parts = self.parts(label.text)
        for text in (label.text, split.head) if len(parts) == 1 else ():
            if person := self.people.get(names.key(text)):
                return (person,)
        if len(parts) == 1:
            parts = names.joint(label.text)
        if len(parts) > 1:
            several = [self.one(names.split_label(part).head) for part in parts]
            if all(len(people) == 1 for people in several):
                return tuple(people[0] for people in several)
        people = self.one(split.head)
        if len(people) > 1:
            return people
        return tuple(people)

    def one(self, text: str) -> list[Person]:
        if person := self.people.get(names.key(text)):
            return [person]
        held = self.aliases.get(names.key(text), [])
        # Dr., Ms. and the like are taken off by the key; one letter alone says too little.
        return held if len(names.bare(text)) > 1 else []

    def adopt_short_names(self, resolved: dict[Label, tuple[Person, ...] | list[Person]]) -> None:
        """Find the full names of labels that only ever have a short one, or take those as they are."""
        uses = Counter(
            names.key(label.text)
            for label, people in resolved.items()
            if not people and label.form in (Form.COLON, Form.BOLD)
        )
        for label, people in resolved.items():
            if people or label.form not in (Form.COLON, Form.BOLD):
                continue
            split = names.split_label(label.text)
            head = split.head
            if len(names.bare(head).split()) > 2 and head.split()[0].lower() not in names.PARTICLES:
                continue
            if NUMBERED.fullmatch(head) or head.lower() in ANSWERER:
                resolved[label] = (self.person(head, "", False),)
                continue
            full = self.full_names(head)
            if len(full) == 1:
                person = self.person(full[0], "", False)
                person.proposed.setdefault("name", "found in the text")
                self.introduce(person)
                self.add_aliases(person)
                resolved[label] = (person,)
            elif len(full) > 1:
                resolved[label] = [self.person(name, "", False) for name in full]
            elif uses[names.key(label.text)] > 1 and self.is_no_word(head):
                person = self.person(head, split.descriptor, split.organisation)
                resolved[label] = (person,)
                self.add_aliases(person)

    def full_names(self, short: str) -> list[str]:
        """Give the full names in the text that end with a short one."""
        surname = names.bare(short)
        if names.in_capitals(surname) and len(surname) > 3:
            surname = names.recased(surname)
        found: dict[str, str] = {}
        told = [
            name for name in self.named if names.key(short) in map(names.key, names.aliases(name))
        ]
        if len(told) == 1:
            return told
        pattern = rf"(?:[^\W\d_][\w.'’\-]* ){{1,4}}{re.escape(surname)}\b"
        for match in re.finditer(pattern, self.prose):
            name = self.last_name_in(match.group())
            if name and names.key(name) != names.key(surname):
                found.setdefault(names.key(name), names.bare(name))
        forms = {
            names.key(alias)
            for name in found.values()
            for alias in names.aliases(name)
            if names.key(alias) != names.key(name)
        }
        return [name for key, name in found.items() if key not in forms]

    def introduce(self, person: Person) -> None:
        """Read the position of somebody who is introduced in a paragraph of its own."""
        for block in self.blocks:
            if block.text.startswith(person.name):
                rest = block.text[len(person.name) :]
                if match := re.fullmatch(r"(?:,|\s[–—-])\s(\S[^.]{2,120})\.?", rest):
                    person.descriptor = person.descriptor or match[1]

    def is_no_word(self, text: str) -> bool:
        """Tell whether no word of a name stands in the text as a common word."""
        words = [w.lower() for w in re.findall(r"[^\W\d_]{3,}", text)]
        plain = [w for w in words if w not in names.PARTICLES]
        return not any(w in self.small_words or w in NO_SPEAKER for w in plain)

    def mentions(self, name: str) -> bool:
        """Tell whether the text names somebody outside the labels."""
        return bool(re.search(rf"\b{re.escape(names.bare(name))}\b", self.prose))

    # --- what bears a label out ------------------------------------------------------------

    def lists(self, resolved: Mapping[Label, tuple[Person, ...] | list[Person]]) -> set[Label]:
        """Give the labels that follow each other with no speech between: a list of the cast.

        Under a heading such as “Speakers”, a line on who somebody is may stand below each name.
        """
        alone = {
            label.block: label
            for label, people in resolved.items()
            if label.alone and label.form is Form.ALONE and isinstance(people, tuple)
        }
        with_colon = {
            person
            for label, people in resolved.items()
            if label.form is Form.COLON and not label.alone
            for person in people
        }
        spoken = {
            person
            for label, people in resolved.items()
            if label not in alone.values()
            for person in people
        }
        listed: set[Label] = set()
        headed = False
        for index, block in enumerate(self.blocks):
            label = alone.get(index)
            if CAST.fullmatch(block.text):
                headed = True
            elif label is None:
                headed = headed and index in self.positions
            elif headed and self.is_position(index + 1) and self.ends(index + 2):
                listed.add(label)
                for person in resolved[label]:
                    person.descriptor = person.descriptor or self.blocks[index + 1].text
                    self.positions[index + 1] = person
            elif (headed and set(resolved[label]) & with_colon) or (len(resolved[label]) > 1 and all(person in spoken for person in resolved[label])) or (index + 1 in alone and self.ends(self.end_of_run(index, alone))) or (
                (headed or alone.get(index - 1) in listed) and self.ends(index + 1)
            ):
                listed.add(label)
        return listed

    @staticmethod
    def end_of_run(index: int, alone: Mapping[int, Label]) -> int:
        """Give the first block behind names that stand one below the other."""
        while index in alone:
            index += 1
        return index

    def is_position(self, index: int) -> bool:
        """Tell whether a line may say who somebody is."""
        if index >= len(self.blocks) or index in self.label_blocks:
            return False
        text = self.blocks[index].text
        return len(text.split()) <= 20 and not text.endswith((".", "!", "?", ":", "”", '"'))

    def ends(self, index: int) -> bool:
        """Tell whether no speech begins at a block: a label, a heading or a question stands there."""
        if index >= len(self.blocks):
            return True
        block = self.blocks[index]
        return (
            index in self.label_blocks
            or bool(CAST.fullmatch(block.text))
            or block.text.endswith("?")
            or block.kind is Kind.HEADING
        )

    def certain(
        self,
        resolved: Mapping[Label, tuple[Person, ...] | list[Person]],
        lists: set[Label],
    ) -> set[Label]:
        """Give the labels that recur, or name somebody who is named elsewhere."""
        spoken = Counter(
            person
            for label, people in resolved.items()
            if isinstance(people, tuple) and label not in lists
            for person in people
        )
        listed = {person for label in lists for person in resolved[label]}
        return {
            label
            for label, people in resolved.items()
            if isinstance(people, tuple)
            and people
            and label not in lists
            and all(
                spoken[person] > 1
                or person in listed
                or "introduced" in person.proposed
                or self.mentions(person.name)
                for person in people
            )
            and (label.form is not Form.ALONE or self.before_speech(label))
        }

    def before_speech(self, label: Label) -> bool:
        """Tell whether a label that stands alone has something to be said under it."""
        if label.form is Form.AFTER:
            return label.block > 0
        below = label.block + 1
        return below < len(self.blocks) and below not in self.label_blocks

    def in_the_head(self, label: Label) -> bool:
        """Tell whether a name alone stands above the byline or the date: a name of the page."""
        return label.form is Form.ALONE and label.block < self.head_end

    def other_form(self, label: Label, certain: set[Label]) -> bool:
        """Tell whether a source that sets its labels apart in another way has this as text.

        Where labels have colons, “David Kohl – he painted half of them” is said by somebody.
        """
        forms = Counter(other.form for other in certain)
        if label in certain or not forms:
            return False
        usual, _ = forms.most_common(1)[0]
        return (
            usual is Form.COLON and label.form is Form.ALONE and not self.blocks[label.block].strong
        )

    def likely(self, label: Label, people: tuple[Person, ...], certain: set[Label]) -> bool:
        """Tell whether a label that nothing else bears out stands where one does."""
        if not all(self.is_no_word(person.name) for person in people):
            return False
        if self.blocks[label.block].kind is Kind.ITEM:
            return False
        alike = [
            other
            for other in self.labels
            if other.form is label.form
            and other is not label
            and self.blocks[other.block].kind is not Kind.ITEM
        ]
        if label.form in (Form.ALONE, Form.AFTER):
            return self.before_speech(label) and (bool(certain) or len(alike) > 0)
        full = all(" " in person.name for person in people)
        return full and bool(alike)
