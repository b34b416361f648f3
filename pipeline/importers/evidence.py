"""What bears a label out: it recurs, names somebody named elsewhere, or stands like others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from typing import Final, TypeAlias

from pipeline.importers.around import Around
from pipeline.importers.blocks import Block, Kind
from pipeline.importers.candidates import CAST, Form, Label
from pipeline.importers.people import Person
from pipeline.importers.words import any_of

Resolved: TypeAlias = Mapping[Label, tuple[Person, ...] | list[Person]]
"""Who each label names: several in a list where it could be any of them."""
_HEAD: Final = re.compile(
    any_of(
        "by|published|posted|updated|recorded",
        "von|veröffentlicht",
        "par|publié",
        "por|publicado",
    )
    + r"\s(?=\S*(?-i:[^\W\d_a-z])|[^.!?]*\d)[^.!?]{3,80}$",
    re.IGNORECASE,
)
"""A line of the page's head: the byline or the date. A sentence is none."""
_MOST_HEAD: Final = 15
"""The blocks among which the head of a page stands."""


class Evidence:
    """What speaks for some labels, and against them."""

    lists: set[Label]
    """Labels that follow each other with no speech between: a list of the cast."""
    certain: set[Label]
    """Labels that recur, or name somebody who is named elsewhere."""

    def __init__(
        self,
        blocks: Sequence[Block],
        resolved: Resolved,
        around: Around,
        positions: MutableMapping[int, Person],
    ) -> None:
        """Weigh labels; the lines of lists that say who somebody is are added to ``positions``."""
        self._blocks = blocks
        self._resolved = resolved
        self._around = around
        self._positions = positions
        self._at = {label.block for label in resolved}
        self._head_end = max(
            (i for i, block in enumerate(blocks[:_MOST_HEAD]) if _HEAD.match(block.text)), default=0
        )
        self.lists = self._lists()
        self.listed = {person for label in self.lists for person in resolved[label]}
        self.certain = self._certain()

    def against(self, label: Label) -> bool:
        """Tell whether a label is one of a list, of the page's head, or words that are said."""
        is_in_head = label.form is Form.ALONE and label.block < self._head_end
        return label in self.lists or self._is_of_other_form(label) or is_in_head

    def likely(self, label: Label, people: tuple[Person, ...]) -> bool:
        """Tell whether a label that nothing else bears out stands where one does."""
        if not all(self._around.is_no_word(person.name) for person in people):
            return False
        if self._blocks[label.block].kind is Kind.ITEM:
            return False
        has_alike = any(
            other.form is label.form
            and other is not label
            and self._blocks[other.block].kind is not Kind.ITEM
            for other in self._resolved
        )
        if label.form in (Form.ALONE, Form.AFTER):
            return self._is_before_speech(label) and (bool(self.certain) or has_alike)
        return has_alike and all(" " in person.name for person in people)

    # --- lists of the cast -----------------------------------------------------------------

    def _lists(self) -> set[Label]:
        """Find the lists of the cast.

        Under a heading such as “Speakers”, a line on who somebody is may stand below each name.
        """
        alone = {
            label.block: label
            for label, people in self._resolved.items()
            if label.alone and label.form is Form.ALONE and isinstance(people, tuple)
        }
        before_speech = self._named(
            label for label in self._resolved if label.form is Form.COLON and not label.alone
        )
        elsewhere = self._named(label for label in self._resolved if label not in alone.values())
        listed: set[Label] = set()
        headed = False
        for index, block in enumerate(self._blocks):
            label = alone.get(index)
            if CAST.fullmatch(block.text):
                headed = True
            elif label is None:
                headed = headed and index in self._positions
            elif headed and self._is_position(index + 1) and self._ends(index + 2):
                listed.add(label)
                for person in self._resolved[label]:
                    person.descriptor = person.descriptor or self._blocks[index + 1].text
                    self._positions[index + 1] = person
            elif (
                (headed and not before_speech.isdisjoint(self._resolved[label]))
                or (len(self._resolved[label]) > 1 and elsewhere.issuperset(self._resolved[label]))
                or (index + 1 in alone and self._ends(_end_of_run(index, alone)))
                or ((headed or alone.get(index - 1) in listed) and self._ends(index + 1))
            ):
                listed.add(label)
        return listed

    def _named(self, labels: Iterable[Label]) -> set[Person]:
        return {person for label in labels for person in self._resolved[label]}

    def _is_position(self, index: int) -> bool:
        """Tell whether a line may say who somebody is."""
        if index >= len(self._blocks) or index in self._at:
            return False
        text = self._blocks[index].text
        return len(text.split()) <= 20 and not text.endswith((".", "!", "?", ":", "”", '"'))

    def _ends(self, index: int) -> bool:
        """Tell whether no speech begins at a block: a label, a heading or a question does."""
        if index >= len(self._blocks):
            return True
        block = self._blocks[index]
        return (
            index in self._at
            or bool(CAST.fullmatch(block.text))
            or block.text.endswith("?")
            or block.kind is Kind.HEADING
        )

    # --- single labels ---------------------------------------------------------------------

    def _certain(self) -> set[Label]:
        spoken = Counter(
            person
            for label, people in self._resolved.items()
            if isinstance(people, tuple) and label not in self.lists
            for person in people
        )
        return {
            label
            for label, people in self._resolved.items()
            if isinstance(people, tuple)
            and people
            and label not in self.lists
            and all(spoken[person] > 1 or self._is_known(person) for person in people)
            and (label.form is not Form.ALONE or self._is_before_speech(label))
        }

    def _is_known(self, person: Person) -> bool:
        return (
            person in self.listed
            or "introduced" in person.proposed
            or self._around.mentions(person.name)
        )

    def _is_before_speech(self, label: Label) -> bool:
        """Tell whether a label that stands alone has something to be said beside it."""
        if label.form is Form.AFTER:
            return label.block > 0
        below = label.block + 1
        return below < len(self._blocks) and below not in self._at

    def _is_of_other_form(self, label: Label) -> bool:
        """Tell whether a source that sets its labels apart in another way has this as text.

        Where labels have colons, “David Kohl – he painted half of them” is said by somebody.
        """
        if label in self.certain or not self.certain:
            return False
        forms = Counter(other.form for other in self.certain)
        is_plain = label.form is Form.ALONE and not self._blocks[label.block].strong
        return forms[Form.COLON] == max(forms.values()) and is_plain


def _end_of_run(index: int, alone: Mapping[int, Label]) -> int:
    """Give the first block behind names that stand one below the other."""
    while index in alone:
        index += 1
    return index
