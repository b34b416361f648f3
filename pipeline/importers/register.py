"""The persons of a source by their names, and by the forms that labels take of these."""

from __future__ import annotations

from pipeline.importers import names
from pipeline.importers.around import Around
from pipeline.importers.people import Person


class Register:
    """Everybody who is named by a label in full, or introduced."""

    def __init__(self, around: Around) -> None:
        """Begin without anybody; ``around`` shows how names in capitals are written."""
        self._around = around
        self._people: dict[str, Person] = {}
        self._aliases: dict[str, list[Person]] = {}

    @property
    def people(self) -> list[Person]:
        """Everybody, in the order in which they were named."""
        return list(self._people.values())

    def get(self, name: str) -> Person | None:
        """Give the person of a full name."""
        return self._people.get(names.key(name))

    def person(self, name: str, descriptor: str = "", organisation: bool = False) -> Person:
        """Give the person of a full name, a new one if need be; a first descriptor is kept."""
        known = self.get(name)
        if not known:
            title = ""
            if names.has_honorific(name):
                title = name[: len(name) - len(names.bare(name))].strip()
                name = names.bare(name) if title else name
            known = self._people[names.key(name)] = Person(name)
            if title:
                known.proposed["name"] = f"without the title {title}"
            self._recase(known)
        if descriptor and not known.descriptor:
            known.descriptor, known.organisation = descriptor.strip(" :,"), organisation
        if names.in_capitals(known.name) and not names.in_capitals(name):
            known.name = name
        return known

    def _recase(self, person: Person) -> None:
        """Write a name in capitals as the text does elsewhere, or as names are written."""
        if not names.in_capitals(person.name):
            return
        name, person.name = person.name, self._around.cased(person.name)
        if names.in_capitals(person.name):
            person.name = names.recased(name)
            person.proposed["name"] = "recased from capitals"

    def merge_shorter_forms(self) -> None:
        """Take “Von der Aue” or “Jon Lewin” for the one person of whose name it is a form."""
        forms: dict[str, set[str]] = {}
        for key, person in self._people.items():
            for alias in map(names.key, names.aliases(person.name)):
                if alias != key:
                    forms.setdefault(alias, set()).add(key)
        for key in list(self._people):
            longer = [k for k in forms.get(key, ()) if k in self._people]
            if len(longer) == 1:
                shorter = self._people.pop(key)
                full = self._people[longer[0]]
                if not full.descriptor:
                    full.descriptor, full.organisation = shorter.descriptor, shorter.organisation

    def add_aliases(self, person: Person) -> None:
        """Know a person under every form of the name."""
        for alias in dict.fromkeys(map(names.key, names.aliases(person.name))):
            held = self._aliases.setdefault(alias, [])
            if person not in held:
                held.append(person)

    def called(self, text: str) -> list[Person]:
        """Give everybody whom a full name or a form of one may mean."""
        if person := self.get(text):
            return [person]
        held = self._aliases.get(names.key(text), [])
        # Dr., Ms. and the like are taken off by the key; one letter alone says too little.
        return held if len(names.bare(text)) > 1 else []
