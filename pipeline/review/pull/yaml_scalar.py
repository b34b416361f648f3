"""One value of a YAML file, found and written anew; comments, order and all else stay."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

import yaml

from pipeline.diagnostics import Problems
from pipeline.records import YamlLoader, parse_yaml

_INDICATOR: Final = re.compile(r"[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\n")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value in a text of YAML."""

    start: int
    end: int
    style: str
    """``>``, ``|``, a quotation mark, or nothing for a plain one."""
    column: int
    """How far the line on which it begins is set in."""
    value: str
    lines: tuple[str, ...]
    """Its lines as they are written, without their indent, where they say the value plainly."""


def find_scalar(text: str, path: str) -> Scalar | None:
    """Find the value at a path such as ``takeaways.1.text``; None if there is none."""
    node = _find_node(parse_yaml(text, ""), path)
    if not isinstance(node, yaml.ScalarNode):
        return None
    start, end = node.start_mark.index, node.end_mark.index
    if node.style in (">", "|"):  # the blank lines behind a block are not its own
        written = text[start:end]
        end = start + len(written.rstrip("\n") + "\n" if "\n" in written else written)
    value = str(node.value).strip()
    lines = _read_lines(text[start:end], node.style)
    if " ".join(lines).split() != value.split():
        lines = (value,)
    line = text[text.rfind("\n", 0, start) + 1 : start]
    column = len(line) - len(line.lstrip(" "))
    return Scalar(start, end, node.style or "", column, value, lines)


def _find_node(root: yaml.Node | None, path: str) -> yaml.Node | None:
    """Return the node at a path; None if there is none."""
    node = root
    for name in path.split("."):
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == name), None)
        elif isinstance(node, yaml.SequenceNode) and name.isdigit():
            node = node.value[int(name) - 1] if 0 < int(name) <= len(node.value) else None
        else:
            return None
    return node


def _read_lines(written: str, style: str | None) -> tuple[str, ...]:
    """Return the lines of a value as they are written, without its indicator or its quotes."""
    if style in (">", "|"):
        written = _INDICATOR.sub("", written, count=1).rstrip("\n")
    elif style in ("'", '"'):
        written = written[1:-1]
    return tuple(line.strip() for line in written.split("\n"))


def rewrite_scalar(
    text: str, path: str, lines: tuple[str, ...], *, is_literal: bool = False
) -> str | None:
    """Write a value anew, in lines; None where YAML cannot hold it there.

    ``is_literal`` keeps the lines apart, as Markdown of several paragraphs needs.
    """
    old = find_scalar(text, path)
    if old is None:
        return None
    wanted = "\n".join(lines) if is_literal else " ".join(lines)
    for spelling in _list_spellings(old, lines, is_literal):
        new = text[: old.start] + spelling + text[old.end :]
        try:
            now = find_scalar(new, path)
            if (
                now
                and now.value == wanted.strip()
                and _list_events(new, path) == _list_events(text, path)
            ):
                return new
        except (Problems, yaml.YAMLError):
            continue
    return None


def _list_spellings(old: Scalar, lines: tuple[str, ...], is_literal: bool) -> list[str]:
    """Return the ways to write a value, those nearest to how it was written first."""
    inner = " " * (old.column + 2)
    one = " ".join(lines)
    block = "".join(f"{inner}{line}\n" if line else "\n" for line in lines)
    quoted = json.dumps("\n".join(lines) if is_literal else one, ensure_ascii=False)
    if is_literal:
        return [f"|-\n{block}", quoted]
    single = "'" + one.replace("'", "''") + "'"
    if old.style in (">", "|"):
        ways = [f">-\n{block}"]
    elif old.style == "'":
        ways = [single]
    elif old.style == '"':
        ways = [quoted]
    else:
        ways = [f"\n{inner}".join(lines), quoted]
    return [*ways, quoted, single]


def _list_events(text: str, path: str = "") -> list[tuple[Any, ...]]:
    """Return all that a text of YAML holds, but for the value at a path, to compare."""
    found = find_scalar(text, path) if path else None
    events: list[tuple[Any, ...]] = []
    for event in yaml.parse(text, Loader=YamlLoader):
        if isinstance(event, yaml.ScalarEvent):
            if found is None or event.start_mark is None or event.start_mark.index != found.start:
                events.append(("scalar", event.value))
        else:
            events.append((type(event).__name__,))
    return events
