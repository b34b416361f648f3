"""What changed between two editions of a brief: all of it, for a page that lists it, and its bars.

The two Documents are compared node by node, whatever they are: what a new kind of node says is
compared as well. Where they differ, there is at least one entry.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, Final

from pipeline.document.tree import (
    Document,
    Figure,
    Footnote,
    Heading,
    Inline,
    Meta,
    Paragraph,
    Section,
    map_children,
    to_full_text,
    to_json,
    to_plain_text,
    walk,
)
from pipeline.review.match.paragraph_match import LIKE, measure_likeness
from pipeline.review.redline import change_words
from pipeline.review.redline.change_places import (
    Place,
    drop_places,
    label_node,
    list_names,
    name_node,
)
from pipeline.review.redline.differences import (
    ChangeKind,
    Difference,
    Entry,
    ValueLine,
    sort_entries,
)
from pipeline.review.redline.node_pairs import ComparedNode, find_moved, pair_nodes
from pipeline.review.redline.printed_nodes import (
    UNTOLD,
    NodeReducer,
    find_number,
    find_source,
    format_day,
    group_by_source,
    list_part_names,
    number_lines,
)

_WHOLE: Final = "The whole brief"
_PROPERTIES: Final = "About the brief"
_FOLLOWING: Final = ("running_head",)
"""The properties that are made of others."""
_COUNT: Final = "0123456789 "
"""With what a running head may begin: the number of a question."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a brief."""

    document: Document
    fingerprint: str
    """What the brief calls it, which no reader needs to be told."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of two editions."""

    differences: tuple[Difference, ...]
    """All that changed, by its place, in the order of the newer edition."""
    marked: Document
    """The newer edition, with marks at what changed."""

    def group_places(self) -> list[tuple[str, list[Difference]]]:
        """Return the differences of each place."""
        return [(p, list(own)) for p, own in groupby(self.differences, key=lambda d: d.place)]


def compare_editions(old: Edition, new: Edition) -> Comparison:
    """Compare all that two editions of a brief say, and show.

    Numbers that the brief counts by itself are told where nothing else changed.
    """
    comparison = _Comparer(old, new, is_strict=False)
    marked = comparison.compare_documents()
    differences = comparison.list_differences()
    if not differences and to_json(old.document) != to_json(new.document):
        strict = _Comparer(old, new, is_strict=True)
        strict.compare_documents()
        differences = strict.list_differences() or (Difference(_WHOLE, "layout", "changed"),)
    return Comparison(differences, marked)


@dataclass
class _Comparer:
    """Compares two Documents, and gathers what changed."""

    old: Edition
    new: Edition
    is_strict: bool
    entries: list[Entry] = field(default_factory=list)
    told: set[tuple[str, str]] = field(default_factory=set)
    """What values said and say."""

    def __post_init__(self) -> None:
        self.was, self.now = (
            NodeReducer(e.document, e.fingerprint, is_strict=self.is_strict)
            for e in (self.old, self.new)
        )
        self.printed = [
            NodeReducer(e.document, e.fingerprint, is_strict=True) for e in (self.old, self.new)
        ]
        self.names = list_names(self.old.document) | list_names(self.new.document)
        self.numbers = number_lines(self.old.document) | number_lines(self.new.document)

    def compare_documents(self) -> Document:
        """Compare all, and return the newer one with marks."""
        old, new = self.old.document, self.new.document
        children = self.compare_nodes(old.children, new.children, Place())
        self.compare_properties(old.meta, new.meta)
        return replace(new, children=children)

    def list_differences(self) -> tuple[Difference, ...]:
        """Return what changed: nothing twice, what moved as one, by the places."""
        return sort_entries(self.entries)

    def add(self, place: Place, what: str, how: ChangeKind, **more: Any) -> None:
        """Note a difference."""
        words = {
            name: more.pop(name) for name in ("before", "after", "origin", "target") & more.keys()
        }
        self.entries.append(Entry(Difference(place.write(), what, how, **words), **more))

    # --- nodes ----------------------------------------------------------------------------

    def compare_nodes(
        self, olds: Sequence[Any], news: Sequence[Any], place: Place
    ) -> tuple[Any, ...]:
        """Compare the nodes inside two; return the newer ones with marks."""
        was, now = _list_compared(olds, self.was), _list_compared(news, self.now)
        pairs = pair_nodes(was, now)
        is_told = self.is_strict or not place.is_counted
        moved = find_moved(pairs) if is_told else set[int]()
        marked: dict[int, Any] = {}
        if is_told:
            self._add_removed(was, pairs, None, place)
        for number, node in enumerate(now):
            if number not in pairs:
                if is_told:
                    self._add_whole(node, "added", place)
                marked[id(node.own)] = _mark_all(node.own)
                continue
            same = self.compare_node(was[pairs[number]].own, node.own, place)
            if number in moved:
                self._add_moved((was, pairs[number]), (now, number), place)
                same = _mark_all(same)
            marked[id(node.own)] = same
            if is_told:
                self._add_removed(was, pairs, pairs[number], place)
        return tuple(marked.get(id(node), node) for node in news)

    def compare_node(self, old: Any, new: Any, place: Place) -> Any:
        """Compare two nodes of which one was the other; return the newer one with marks."""
        was, now = (r.reduce(n) for r, n in zip(self.printed, (old, new), strict=True))
        if was == now:
            return new
        inside = place.enter(new)
        changed: dict[str, Any] = {}
        is_changed = self.compare_fields(old, new, place)
        for name in dict.fromkeys([*list_part_names(old), *list_part_names(new)]):
            before, after = getattr(old, name), getattr(new, name)
            if any(isinstance(node, Inline) for node in (*before, *after)):
                lines = (
                    r.reduce_line(n) for r, n in zip(self.printed, (before, after), strict=True)
                )
                if len({*lines}) > 1:
                    self.compare_lines(before, after, inside, name_node(new, inside, name))
                    changed[name] = _mark_notes(before, after)
                    is_changed = True
            else:
                changed[name] = self.compare_nodes(before, after, inside)
        if is_changed and hasattr(new, "is_changed"):
            changed["is_changed"] = True
        return replace(new, **changed)

    def compare_fields(self, old: Any, new: Any, place: Place) -> bool:
        """Compare what nodes say of themselves: a picture, the kind of a list."""
        was, now = self.was.reduce(old), self.now.reduce(new)
        if was is None or now is None:
            return False
        parts = {*list_part_names(was), *list_part_names(now)}
        fields = [f.name for f in dataclasses.fields(new) if f.name not in {*parts, *UNTOLD}]
        differing = [name for name in fields if getattr(was, name) != getattr(now, name)]
        what = name_node(new, place.enter(new), "")
        line = self.find_line(new)
        for name in differing:
            if isinstance(new, Figure) and name == "image":
                self.add(place, what, "replaced", line=line)
            elif name == "alt":
                words = {"before": old.alt, "after": new.alt}
                how = _find_how(old.alt, new.alt)
                self.add(place, "alternative text", how, line=line, **words)
            else:
                self.add(place, what, "set in another way", line=line)
        if isinstance(new, Section) and old.running != new.running:
            self.compare_running_heads(old, new, place)
        return bool(differing)

    def compare_running_heads(self, old: Section, new: Section, place: Place) -> None:
        """Compare what the heads of pages say of a section, where its heading does not say it."""
        was, now = (
            tuple(r.reduce(part) for part in section.children if isinstance(part, Heading))
            for r, section in zip((self.was, self.now), (old, new), strict=True)
        )
        before, after = (section.running.lstrip(_COUNT) for section in (old, new))
        if was == now and before != after:
            words = {"before": before, "after": after}
            self.add(place.enter(new), "running head", _find_how(before, after), **words)

    def _add_whole(self, node: ComparedNode, how: ChangeKind, place: Place) -> None:
        text = change_words.shorten_text(_write_node(node.own))
        words = {"after": text} if how == "added" else {"before": text}
        what = name_node(node.own, place.enter(node.own), "")
        line = self.find_line(node.own)
        self.add(place.enter_part(node.own), what, how, node=node.reduced, line=line, **words)

    def find_line(self, node: Any) -> ValueLine:
        """Return where a node of either edition stands in the content."""
        source = find_source(node)
        return ValueLine((source,) if source else (), find_number(node, self.numbers))

    def _add_removed(
        self,
        was: Sequence[ComparedNode],
        pairs: Mapping[int, int],
        behind: int | None,
        place: Place,
    ) -> None:
        """Note what went from behind a node that stayed; behind none, from the beginning."""
        stayed = set(pairs.values())
        start = 0 if behind is None else behind + 1
        for number in range(start, len(was)):
            if number in stayed:
                break
            self._add_whole(was[number], "removed", place)

    def _add_moved(
        self,
        old: tuple[Sequence[ComparedNode], int],
        new: tuple[Sequence[ComparedNode], int],
        place: Place,
    ) -> None:
        node = new[0][new[1]].own
        spots = {"origin": _describe_spot(*old), "target": _describe_spot(*new)}
        inside = place.enter_part(node)
        if inside == place:  # it has no name of its own
            spots["after"] = change_words.shorten_text(_write_node(node), 12)
        self.add(inside, name_node(node, place.enter(node), ""), "moved", **spots)

    # --- lines ----------------------------------------------------------------------------

    def compare_lines(
        self, old: Sequence[Inline], new: Sequence[Inline], place: Place, what: str
    ) -> None:
        """Compare two lines, value by value where they have the same ones."""
        was, now = self._list_values(old, self.was), self._list_values(new, self.now)
        number = self.numbers.get(id(new), 0)
        if [drop_places(s) for s, _ in was] == [drop_places(s) for s, _ in now]:
            for (_, before), (source, after) in zip(was, now, strict=True):
                line = ValueLine((source,) if source else (), number)
                self.compare_values(before, after, line, place, what)
        else:
            before, after = (tuple(n for _, own in v for n in own) for v in (was, now))
            sources = tuple(source for source, _ in now or was if source)
            self.compare_values(before, after, ValueLine(sources, number), place, what)
        self.compare_sources(self.was.list_sources(old), self.now.list_sources(new), place)

    def compare_sources(self, old: Sequence[str], new: Sequence[str], place: Place) -> None:
        """Compare what a line cites; where the words of a source changed, it says so itself."""
        gone = [source for source in old if source not in new]
        came = [source for source in new if source not in old]
        for source in [*came]:
            near = {one: measure_likeness(one.split(), source.split()) for one in gone}
            best = max(near, key=lambda one: near[one], default="")
            if near.get(best, 0) >= LIKE:
                gone.remove(best)
                came.remove(source)
        words = [change_words.shorten_text("; ".join(sources)) for sources in (gone, came)]
        if any(words):
            self.add(place, "sources", "changed", before=words[0], after=words[1])

    def _list_values(
        self, line: Sequence[Inline], reducer: NodeReducer
    ) -> list[tuple[str, tuple[Inline, ...]]]:
        """Return the values of a line, without those that only count or hold others together."""
        values = group_by_source(reducer.drop_numbers(line))
        return [(source, own) for source, own in values if reducer.reduce_line(own)]

    def compare_values(
        self,
        old: Sequence[Inline],
        new: Sequence[Inline],
        line: ValueLine,
        place: Place,
        what: str,
    ) -> None:
        """Compare what a value said and says."""
        if self.was.reduce_line(old) == self.now.reduce_line(new):
            return
        was, now = change_words.list_words(old), change_words.list_words(new)
        if len(line.sources) == 1:
            place, what = place.find_value(line.sources[0], what, self.names)
        changed = change_words.list_changed_words(was, now)
        self.told.add((to_plain_text(tuple(old)), to_plain_text(tuple(new))))
        how = _find_how(change_words.write_words(was), change_words.write_words(now))
        if was and now and change_words.is_same_text(was, now):
            how = "set in another way"
        if notes := change_words.pick_notes(was, now):
            what, how, (was, now) = (
                "note",
                _find_how(*map(change_words.write_words, notes)),
                (
                    tuple(notes[0]),
                    tuple(notes[1]),
                ),
            )
        before, after = change_words.tell_change(was, now)
        self.add(place, what, how, before=before, after=after, line=line, words=changed)

    def compare_properties(self, old: Meta, new: Meta) -> None:
        """Compare what the file says of itself, where no line of the brief has said it."""
        place = Place((_PROPERTIES,))
        for item in dataclasses.fields(Meta):
            if item.name in _FOLLOWING and not self.is_strict:
                continue
            was, now = getattr(old, item.name), getattr(new, item.name)
            if item.name == "date":
                was, now = format_day(self.old.document), format_day(self.new.document)
            pairs = zip(was, now, strict=True) if _has_as_many(was, now) else [(was, now)]
            for before, after in pairs:
                if before != after and (before, after) not in self.told:
                    words = [", ".join(v) if isinstance(v, tuple) else v for v in (before, after)]
                    self.add(
                        place,
                        item.name.replace("_", " "),
                        _find_how(*words),
                        before=words[0],
                        after=words[1],
                    )


def _has_as_many(old: object, new: object) -> bool:
    return isinstance(old, tuple) and isinstance(new, tuple) and len(old) == len(new)


def _find_how(before: str, after: str) -> ChangeKind:
    return "reworded" if before and after else "added" if after else "removed"


def _list_compared(nodes: Iterable[Any], reducer: NodeReducer) -> list[ComparedNode]:
    compared = (ComparedNode(node, reducer.reduce(node)) for node in nodes)
    return [node for node in compared if node.reduced is not None]


def _describe_spot(nodes: Sequence[ComparedNode], number: int) -> str:
    """Return where a node stands among those of its kind."""
    own = nodes[number].own
    before = [n.own for n in nodes[:number] if _find_sort(n.own) == _find_sort(own)]
    return f"behind {label_node(before[-1])}" if before else "at the beginning"


def _find_sort(node: Any) -> tuple[type, str]:
    return type(node), getattr(node, "role", "")


def _write_node(node: Any) -> str:
    """Return the words of a node; where it has none, what its pictures show."""
    if isinstance(node, Paragraph):
        return change_words.write_words(change_words.list_words(node.children))
    alone = (n.alt for n in (node, *walk(node)) if isinstance(n, Figure))
    return to_full_text((node,)) or ", ".join(alone)


def _mark_all(node: Any) -> Any:
    """Mark all that is inside a node, and the node."""
    marked = map_children(node, _mark_all)
    return replace(marked, is_changed=True) if hasattr(marked, "is_changed") else marked


def _mark_notes(old: Sequence[Inline], new: Sequence[Inline]) -> tuple[Inline, ...]:
    """Mark the footnotes of a line that the older one does not have."""
    had = {
        to_full_text(n.children)
        for part in old
        for n in (part, *walk(part))
        if isinstance(n, Footnote)
    }

    def mark(node: Any) -> Any:
        if isinstance(node, Footnote):
            return node if to_full_text(node.children) in had else replace(node, is_changed=True)
        return map_children(node, mark)

    return tuple(map(mark, new))
