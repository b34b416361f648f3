"""One value of a YAML file, found and written anew; comments, order and all else stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from pipeline.diagnostics import Problems
from pipeline.yaml_nodes import YamlLoader, parse_yaml

_PROPERTIES: Final = re.compile(r"(?:[&!]\S*\s+)+")
"""The anchor and the tag before a value (YAML 1.2 §6.9)."""
_HEADER: Final = re.compile(r"[|>][-+0-9]*")
_COMMENT: Final = re.compile(r"[ \t]*(?:#[^\n]*)?(?=\n|\Z)")
"""What may stand behind a value on its last line."""
_BLANK_LINES: Final = re.compile(r"(?:\n[ \t]*)+\Z")
_UNPRINTABLE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What YAML takes for the end of a line, or not at all, but in an escape (§5.1, §5.4)."""
_NOTHING: Final = ("~", "null")
"""What a plain value says to say that there is none."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value in a text of YAML."""

    start: int
    """Where it is written, behind its anchor and its tag."""
    end: int
    """Before the end of its last line."""
    node_start: int
    style: str
    """``>``, ``|``, a quotation mark, or nothing for a plain one."""
    header: str
    """A block's first line, with the comment there."""
    indent: int
    """How far its further lines are set in."""
    is_in_flow: bool
    """Whether it stands within brackets, where no block may."""
    value: str
    lines: tuple[str, ...]
    """Its lines as they are written, without their indent, where they say the value plainly."""


def find_scalar(text: str, path: str) -> Scalar | None:
    """Find the value at a path such as ``takeaways.1.text``; None if there is none."""
    nodes = find_nodes(parse_yaml(text, ""), path)
    if not nodes or not isinstance(node := nodes[-1], yaml.ScalarNode):
        return None
    start, end = node.start_mark.index, node.end_mark.index
    if properties := _PROPERTIES.match(text, start, end):
        start = properties.end()
    style = node.style or ""
    header = ""
    if style in (">", "|"):  # the blank lines behind a block are not its own
        end = start + len(_BLANK_LINES.sub("", text[start:end]))
        header = text[start:end].split("\n", 1)[0]
    value = str(node.value).strip()
    lines = _read_lines(text[start:end], style)
    if " ".join(lines).split() != value.split():
        lines = (value,)
    is_in_flow = any(isinstance(n, yaml.CollectionNode) and n.flow_style for n in nodes)
    return Scalar(
        start,
        end,
        node.start_mark.index,
        style,
        header,
        _find_indent(text, start, end, nodes),
        is_in_flow,
        value,
        lines,
    )


def find_nodes(root: yaml.Node | None, path: str) -> list[yaml.Node]:
    """Return the nodes on the way to a path, the last is the one there; none if there is none."""
    nodes = [root] if root is not None else []
    for name in path.split("."):
        node = nodes[-1] if nodes else None
        if isinstance(node, yaml.MappingNode):
            nodes += next(([value] for key, value in node.value if key.value == name), [])
        elif isinstance(node, yaml.SequenceNode) and name.isdigit():
            nodes += node.value[int(name) - 1 : int(name)] if int(name) else []
        if not nodes or nodes[-1] is node:
            return []
    return nodes


def _find_indent(text: str, start: int, end: int, nodes: list[yaml.Node]) -> int:
    """Return how far the further lines of a value are set in, or would be."""
    written, node, parent = text[start:end], nodes[-1], nodes[-2]
    further = [line for line in written.split("\n")[1:] if line.strip()]
    outside = text[text.rfind("\n", 0, start) + 1 : start]
    column = len(outside) - len(outside.lstrip(" "))
    if isinstance(parent, yaml.MappingNode) and not parent.flow_style:
        column = next(key for key, value in parent.value if value is node).start_mark.column
    elif isinstance(parent, yaml.SequenceNode) and not parent.flow_style:
        column = parent.start_mark.column
    match = _HEADER.match(written)
    if match and (said := re.search(r"\d", match.group())):
        return column + int(said.group())
    if further:
        return len(further[0]) - len(further[0].lstrip(" "))
    return column + 2


def _read_lines(written: str, style: str) -> tuple[str, ...]:
    """Return the lines of a value as they are written, without its indicator or its quotes."""
    if style in (">", "|"):
        return tuple(line.strip() for line in written.split("\n")[1:])
    if style == "'":
        return tuple(line.strip().replace("''", "'") for line in written[1:-1].split("\n"))
    if style == '"':
        return tuple(_read_escapes(line.strip()) for line in written[1:-1].split("\n"))
    return tuple(line.strip() for line in written.split("\n"))


def _read_escapes(line: str) -> str:
    """Return what a line in double quotation marks says; as it is where it goes on in the next."""
    try:
        return str(yaml.load(f'"{line}"', Loader=YamlLoader))
    except yaml.YAMLError:
        return line


def rewrite_scalar(
    text: str, path: str, lines: tuple[str, ...], *, keeps_lines: bool = False, style: str = ""
) -> str | None:
    """Write a value anew, in lines; None where YAML cannot hold it there.

    The end of a line is a space, if not ``keeps_lines``, as Markdown of several paragraphs needs.
    ``style`` is what a value that stood in no file before is to look like.
    """
    old = find_scalar(text, path)
    if old is None:
        return None
    wanted = "\n".join(lines).strip() if keeps_lines else " ".join(lines).strip()
    others = list_events(text, old.node_start)
    writer = _Speller(text, old, wanted, tuple(wanted.split("\n")) if keeps_lines else lines)
    for new in writer.iterate_literals() if keeps_lines else writer.iterate_texts(style):
        try:
            now = find_scalar(new, path)
            if now is None or (not now.style and now.value in _NOTHING):
                continue
            value = now.value if keeps_lines else now.value.replace("\n", " ")
            if value == wanted and list_events(new, now.node_start) == others:
                return new
        except (Problems, yaml.YAMLError):
            continue
    return None


@dataclass(frozen=True, slots=True)
class _Speller:
    """Spells a value in the place of an old one, first as that was written."""

    text: str
    old: Scalar
    wanted: str
    lines: tuple[str, ...]

    def iterate_texts(self, style: str) -> Iterator[str]:
        """Yield the text with the value, nearest to how it was written first."""
        style = style or self.old.style
        if style in (">", "|"):
            yield self._put_block(self.old.header or f"{style}-", self.lines)
        several = len(self.lines) > 1 and len(self.old.lines) > 1
        if several and (spelled := _spell_lines(style, self.lines, self.old.indent)):
            yield self._put_line(spelled)
        if spelled := _spell_lines(style, (self.wanted,), 0):
            yield self._put_line(spelled)
        yield self._put_line(_quote(self.wanted))
        yield self._put_line(_spell_lines("'", (self.wanted,), 0))

    def iterate_literals(self) -> Iterator[str]:
        """Yield the text with the value in lines that are kept."""
        header = self.old.header
        if self.old.style != "|":
            header = "|-" + _HEADER.sub("", header, count=1)
        if not self.old.is_in_flow:
            yield self._put_block(header, self.lines)
        yield self._put_line(_quote(self.wanted))

    def _put_block(self, header: str, lines: tuple[str, ...]) -> str:
        inner = " " * self.old.indent
        block = "".join(f"\n{inner}{line}" if line else "\n" for line in lines)
        end = self.old.end
        if self.old.style not in (">", "|") and (behind := _COMMENT.match(self.text, end)):
            header, end = header + behind.group(), behind.end()
        return f"{self.text[: self.old.start]}{header}{block}{self.text[end:]}"

    def _put_line(self, spelled: str) -> str:
        """Put the value where the old one is; the comment in a block's first line stays behind."""
        behind = _HEADER.sub("", self.old.header, count=1)
        return f"{self.text[: self.old.start]}{spelled}{behind}{self.text[self.old.end :]}"


def _spell_lines(style: str, lines: tuple[str, ...], indent: int) -> str:
    """Spell lines in a style that is no block; the end of a line is a space there."""
    inner = "\n" + " " * indent
    if style == "'":
        return "'" + inner.join(line.replace("'", "''") for line in lines) + "'"
    if style == '"':
        return '"' + inner.join(_quote(line)[1:-1] for line in lines) + '"'
    return "" if style else inner.join(lines)


def _quote(words: str) -> str:
    """Return words in double quotation marks, which can hold whatever YAML can."""
    quoted = json.dumps(words, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)


def list_events(text: str, without: int = -1) -> list[tuple[Any, ...]]:
    """Return all that a text of YAML holds, but for the value that begins at a place."""
    events: list[tuple[Any, ...]] = []
    for event in yaml.parse(text, Loader=YamlLoader):
        if not isinstance(event, yaml.ScalarEvent):
            flow = getattr(event, "flow_style", None)
            events.append((type(event).__name__, getattr(event, "anchor", None), flow))
        elif event.start_mark is None or event.start_mark.index != without:
            events.append(("scalar", event.value, event.anchor, event.tag))
    return events
