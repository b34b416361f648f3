"""Nodes of YAML to typed frozen records, every problem at its place.

A record is a frozen dataclass; its type hints say what the YAML may hold and
``Annotated`` adds what a type cannot: a description, a number of words, a
pattern. Scalars are read by the hint, never by YAML's guess, so that a name
``No`` stays a name. The schemas that editors complete from are written from the
same hints (schema/write_schemas.py).
"""

from __future__ import annotations

import copyreg
import dataclasses
import datetime
import functools
import re
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import yaml

from pipeline.diagnostics import Findings, Location, suggest_names
from pipeline.document import characters
from pipeline.document.tree import Address
from pipeline.yaml_nodes import locate_mark

R = TypeVar("R")
E = TypeVar("E")


class SourcedText(str):
    """Words as they were written in a file, with the address of the place."""

    __slots__ = ("address",)
    address: Address

    @classmethod
    def from_text(cls, text: str, address: str) -> SourcedText:
        """Make the string and note its address."""
        self = cls(text)
        self.address = Address(address)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the address when the record travels between processes."""
        return (SourcedText.from_text, (str(self), self.address))


def find_place(places: Mapping[Address, Location], value: str) -> Location | None:
    """Return the place of words that were written in a file, if it is known."""
    return places.get(value.address) if isinstance(value, SourcedText) else None


@dataclass(frozen=True, slots=True)
class WordLimit:
    """The string has at most ``most`` words."""

    most: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """The whole string matches ``regex``; ``meaning`` tells a person what that is."""

    regex: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Count:
    """The list has between ``least`` and ``most`` items."""

    least: int = 0
    most: int = 1_000


@dataclass(frozen=True, slots=True)
class Range:
    """The number lies between ``low`` and ``high``, both allowed."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A draft may be without the value, or break its limit: a warning there, else an error."""


@dataclass(frozen=True, slots=True)
class KeyField:
    """The tuple of records is written as a mapping; the key becomes this field."""

    by: str


@dataclass(frozen=True, slots=True)
class MarkdownText:
    """The text is Markdown, read by the ``markup`` function given to ``decode``."""


@dataclass(frozen=True, slots=True)
class Verbatim:
    """The text is no words of a brief's own: it is never printed, or was written elsewhere."""


WordsFunction = Callable[[str, Location], None]
"""Takes words that are printed as they are, and their place, to report what is wrong with them."""
MarkdownFunction = Callable[[str, Address, Location, bool], Any]
"""Takes Markdown, its address, its place and whether its lines are the file's own."""


class Decoder:
    """Decodes the nodes of one file, collecting findings and the places of addresses."""

    check_words: WordsFunction | None = None
    """Called with each text that is not Verbatim, has no Pattern and is no Markdown."""

    def __init__(
        self,
        file: str,
        findings: Findings,
        places: dict[Address, Location],
        *,
        name: str | None = None,
        first_line: int = 1,
        markup: MarkdownFunction | None = None,
        is_draft: bool = False,
    ) -> None:
        """Prepare for one file; ``name`` is what addresses call it, ``places`` is filled."""
        self.file = file
        self.name = name or file.rsplit("/", 1)[-1]
        self.findings = findings
        self.places = places
        self.first_line = first_line
        self.markup = markup
        self.is_draft = is_draft

    def decode_record(self, node: yaml.Node | None, record: type[R]) -> R | None:
        """Decode the file's top node; None when it has errors (they are in the findings)."""
        before = len(self.findings.found)
        if node is None:
            node = yaml.MappingNode("tag:yaml.org,2002:map", [], _START, _START)
        value = self._decode_value(node, record, "")
        return None if any(d.is_error for d in self.findings.found[before:]) else value

    def locate_node(self, node: yaml.Node) -> Location:
        """Return a node's place in its file."""
        return locate_mark(node.start_mark, self.file, self.first_line)

    def _report_error(
        self,
        code: str,
        message: str,
        node: yaml.Node,
        hint: str | None = None,
        extras: tuple[Any, ...] = (),
    ) -> None:
        add = self.findings.add_warning if self._can_wait(extras) else self.findings.add_error
        add(code, message, self.locate_node(node), hint)

    def _can_wait(self, extras: tuple[Any, ...]) -> bool:
        """Return whether what is wrong with a value stops nothing yet."""
        return self.is_draft and find_extra(extras, Unfinished) is not None

    def _register_address(self, path: str, node: yaml.Node) -> Address:
        address = Address(f"{self.name}#{path}")
        self.places[address] = self.locate_node(node)
        return address

    def _decode_value(self, node: yaml.Node, hint: Any, path: str) -> Any:
        kind, extras = unwrap_hint(hint)
        origin = typing.get_origin(kind)
        if dataclasses.is_dataclass(kind) and isinstance(kind, type):
            return self._decode_record(node, kind, path)
        if keyed := find_extra(extras, KeyField):
            return self._decode_keyed(node, kind, keyed.by, extras, path)
        if find_extra(extras, MarkdownText):
            return self._decode_markdown(node, path)
        if origin is tuple:
            return self._decode_list(node, typing.get_args(kind)[0], extras, path)
        if origin is Mapping:
            return self._decode_mapping(node, typing.get_args(kind)[1], path)
        return self._decode_scalar(node, kind, extras, path)

    def _read_pairs(self, node: yaml.Node, path: str) -> list[tuple[str, yaml.Node, yaml.Node]]:
        """Return the entries of a mapping, reporting what is none and keys written twice."""
        if not isinstance(node, yaml.MappingNode):
            self._report_error(
                "wrong-type", f"`{path or self.name}` must be a mapping, `key: value`", node
            )
            return []
        pairs: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._report_error("wrong-type", "a key must be a plain word", key)
            elif bad := characters.find_refused_character(key.value):
                self._report_error("bad-character", f"the key holds {bad}", key)
            elif key.value in pairs:
                first = self.locate_node(pairs[key.value][0])
                self._report_error(
                    "duplicate-key",
                    f"`{key.value}` is written twice",
                    key,
                    f"the first one is on line {first.line}",
                )
            else:
                pairs[key.value] = (key, value)
        return [(name, key, value) for name, (key, value) in pairs.items()]

    def _decode_record(self, node: yaml.Node, record: type, path: str, **given: Any) -> Any:
        self._register_address(path, node)
        wanted = get_field_hints(record)
        known = [name for name in wanted if name not in given]
        pairs = self._read_pairs(node, path)
        values: dict[str, Any] = dict(given)
        for name, key, value in pairs:
            if name in known:
                values[name] = self._decode_value(value, wanted[name], _join_path(path, name))
            else:
                self._report_error(
                    "unknown-key", f"unknown key `{name}`", key, suggest_names(name, known)
                )
        missing = dict.fromkeys(
            name for name in known if name in list_required_fields(record) - values.keys()
        )
        for name in missing:
            kind, extras = unwrap_hint(wanted[name])
            if isinstance(node, yaml.MappingNode):
                self._report_error(
                    "missing-key",
                    f"`{name}` is missing" + (f" in `{path}`" if path else ""),
                    node,
                    find_extra(extras, str),
                    extras,
                )
            if self._can_wait(extras):
                values[name] = (typing.get_origin(kind) or kind)()
        return None if missing.keys() - values.keys() else record(**values)

    def _decode_keyed(
        self, node: yaml.Node, kind: Any, by: str, extras: tuple[Any, ...], path: str
    ) -> tuple[Any, ...]:
        record = typing.get_args(kind)[0]
        pattern = find_extra(unwrap_hint(get_field_hints(record)[by])[1], Pattern)
        records = []
        for name, key, value in self._read_pairs(node, path):
            if pattern and not re.fullmatch(pattern.regex, name):
                self._report_error("bad-value", f"`{name}` cannot be an id", key, pattern.meaning)
            records.append(self._decode_record(value, record, _join_path(path, name), **{by: name}))
        self._check_count(node, len(records), extras, path)
        return tuple(records)

    def _decode_list(
        self, node: yaml.Node, item: Any, extras: tuple[Any, ...], path: str
    ) -> tuple[Any, ...]:
        if not isinstance(node, yaml.SequenceNode):
            self._report_error("wrong-type", f"`{path}` must be a list, one `- item` a line", node)
            return ()
        self._register_address(path, node)
        self._check_count(node, len(node.value), extras, path)
        return tuple(
            self._decode_value(part, item, _join_path(path, str(number)))
            for number, part in enumerate(node.value, 1)
        )

    def _check_count(self, node: yaml.Node, count: int, extras: tuple[Any, ...], path: str) -> None:
        for extra in extras:
            if isinstance(extra, Count) and not extra.least <= count <= extra.most:
                self._report_error(
                    "wrong-count",
                    f"`{path}` has {count} items, it takes {extra.least} to {extra.most}",
                    node,
                    extras=extras,
                )

    def _decode_mapping(self, node: yaml.Node, item: Any, path: str) -> Mapping[str, Any]:
        self._register_address(path, node)
        values = {}
        for name, key, value in self._read_pairs(node, path):
            values[name] = self._decode_value(value, item, _join_path(path, name))
            if not isinstance(value, yaml.ScalarNode):
                self._register_address(
                    _join_path(path, name), key
                )  # the key says more than where it begins
        return types.MappingProxyType(values)

    def _read_scalar_text(self, node: yaml.Node, path: str) -> str | None:
        """Return a scalar's words as written, or report why there are none."""
        if not isinstance(node, yaml.ScalarNode):
            self._report_error("wrong-type", f"`{path}` must be a single value", node)
            return None
        if (not node.style and node.value in ("~", "null")) or not node.value.strip():
            self._report_error(
                "empty-value", f"`{path}` is empty", node, "write it, or take the key out"
            )
            return None
        if bad := characters.find_refused_character(
            node.value
        ):  # written as "\u202e": the file itself has none
            self._report_error("bad-character", f"`{path}` holds {bad}", node, "take it out")
            return None
        return str(node.value).strip()

    def _decode_markdown(self, node: yaml.Node, path: str) -> Any:
        text = self._read_scalar_text(node, path)
        if text is None or self.markup is None:
            return ()
        address, at = self._register_address(path, node), self.locate_node(node)
        if not isinstance(node, yaml.ScalarNode) or node.style != "|":
            return self.markup(text, address, at, False)
        blank = node.value[: len(node.value) - len(node.value.lstrip())].count("\n")
        return self.markup(text, address, Location(self.file, at.line + 1 + blank, 1), True)

    def _decode_scalar(self, node: yaml.Node, kind: Any, extras: tuple[Any, ...], path: str) -> Any:
        text = self._read_scalar_text(node, path)
        if text is None:
            return None
        if kind is str:
            self._check_words(node, text, extras, path)
            return SourcedText.from_text(text, self._register_address(path, node))
        if typing.get_origin(kind) is typing.Literal:
            choices = typing.get_args(kind)
            if text not in choices:
                self._report_error(
                    "bad-value", f"`{path}` cannot be `{text}`", node, suggest_names(text, choices)
                )
            return text
        return self._decode_plain_value(node, text, kind, extras, path)

    def _check_words(self, node: yaml.Node, text: str, extras: tuple[Any, ...], path: str) -> None:
        limit, pattern = find_extra(extras, WordLimit), find_extra(extras, Pattern)
        if limit and len(text.split()) > limit.most:
            self._report_error(
                "too-long",
                f"`{path}` has {len(text.split())} words, it takes {limit.most}",
                node,
                "shorten it: the place on the page is made for that many",
                extras,
            )
        if pattern and not re.fullmatch(pattern.regex, text):
            self._report_error("bad-value", f"`{path}` cannot be `{text}`", node, pattern.meaning)
        if self.check_words and not pattern and not find_extra(extras, Verbatim):
            self.check_words(text, self.locate_node(node))

    def _decode_plain_value(
        self, node: yaml.Node, text: str, kind: Any, extras: tuple[Any, ...], path: str
    ) -> Any:
        """Decode a number, a date or a yes or no."""
        reader, meaning = _SCALARS[kind]
        try:
            value = reader(text)
        except (ValueError, KeyError):
            self._report_error("wrong-type", f"`{path}` must be {meaning}, not `{text}`", node)
            return None
        bounds = find_extra(extras, Range)
        if bounds and not bounds.low <= value <= bounds.high:
            self._report_error(
                "bad-value",
                f"`{path}` is {text}, it takes {bounds.low:g} to {bounds.high:g}",
                node,
            )
        return value


def _make_read_only(mapping: dict[Any, Any]) -> types.MappingProxyType[Any, Any]:
    return types.MappingProxyType(mapping)


# Records travel to the processes that set them, and a read-only mapping cannot by itself.
copyreg.pickle(types.MappingProxyType, lambda mapping: (_make_read_only, (dict(mapping),)))


def _parse_day(text: str) -> datetime.date:
    day = datetime.date.fromisoformat(text)
    if day.isoformat() != text:  # ISO 8601 has more ways to write a day
        raise ValueError(text)
    return day


_START = yaml.Mark("", 0, 0, 0, "", 0)
_SCALARS: dict[Any, tuple[Callable[[str], Any], str]] = {
    int: (int, "a whole number"),
    float: (float, "a number"),
    bool: ({"true": True, "yes": True, "false": False, "no": False}.__getitem__, "true or false"),
    datetime.date: (_parse_day, "a date, YYYY-MM-DD"),
}


def _join_path(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def find_extra(extras: Iterable[Any], kind: type[E]) -> E | None:
    """Return the first annotation of a kind, such as a Pattern."""
    return next((extra for extra in extras if isinstance(extra, kind)), None)


@functools.cache
def get_field_hints(record: type) -> Mapping[str, Any]:
    """Return a record's fields and what each may hold."""
    return typing.get_type_hints(record, include_extras=True)


def unwrap_hint(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """Take ``Annotated`` and ``| None`` off a hint."""
    extras: tuple[Any, ...] = ()
    if typing.get_origin(hint) is Annotated:
        hint, extras = hint.__origin__, hint.__metadata__
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        inner = [arg for arg in typing.get_args(hint) if arg is not types.NoneType]
        hint, more = unwrap_hint(inner[0])
        extras += more
    return hint, extras


def list_required_fields(record: type) -> frozenset[str]:
    """Return the names of the fields that a record cannot be without."""
    return frozenset(
        field.name
        for field in dataclasses.fields(record)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    )
