"""The items of a list in a YAML file, taken out, added and put in another order.

An item goes with the comments above it and in it; the rest of the file stays as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, TypeAlias

import yaml

from pipeline.diagnostics import Problems
from pipeline.review.pull.yaml_scalar import find_nodes
from pipeline.yaml_nodes import YamlLoader, parse_yaml

NewItem: TypeAlias = tuple[str, ...]
"""The keys of an item that is new; each has a word in its place, to be rewritten."""
PLACEHOLDER: Final = "new"
_BLANK_LINES: Final = re.compile(r"(?:\n[ \t]*)*(?=\n)")


def arrange_items(text: str, path: str, order: Sequence[int | NewItem]) -> str | None:
    """Make a list of some of its items, by their places from 0, and of new ones.

    None where the file is written so that this cannot be done.
    """
    nodes = find_nodes(parse_yaml(text, ""), path)
    if not nodes or not isinstance(node := nodes[-1], yaml.SequenceNode):
        return None
    if list(order) == list(range(len(node.value))):
        return text
    wanted = [make_data(node.value[n]) if isinstance(n, int) else _make_new(n) for n in order]
    is_in_flow = any(isinstance(n, yaml.CollectionNode) and n.flow_style for n in nodes)
    arrange = _arrange_flow if is_in_flow else _arrange_block
    new = arrange(text, nodes, order)
    return new if new is not None and says(new, replace_data(text, path, wanted)) else None


def add_flow_items(text: str, path: str, items: Sequence[str]) -> str | None:
    """Add items, each as YAML on one line, at the end of a list."""
    nodes = find_nodes(parse_yaml(text, ""), path)
    if not nodes or not isinstance(node := nodes[-1], yaml.SequenceNode):
        return None
    data = [make_data(item) for item in node.value]
    data += [make_data(yaml.compose(item, Loader=YamlLoader)) for item in items]
    if node.flow_style:
        at = node.end_mark.index - 1
        end = node.value[-1].end_mark.index if node.value else at
        new = text[:end] + ", ".join([*([""] if node.value else []), *items]) + text[end:]
    else:
        dashes = _find_dashes(text, node)
        end = find_line_end(text, find_end(text, node))
        before = text[text.rfind("\n", 0, dashes[-1]) + 1 : dashes[-1]]
        new = text[:end] + "".join(f"\n{before}- {item}" for item in items) + text[end:]
    return new if says(new, replace_data(text, path, data)) else None


# --- where items stand --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _BlockItems:
    """The items of a list in a block, each with the line feed before it and all above it."""

    start: int
    pieces: Sequence[str]
    end: int


def _arrange_block(
    text: str, nodes: Sequence[yaml.Node], order: Sequence[int | NewItem]
) -> str | None:
    node = nodes[-1]
    dashes = _find_dashes(text, node)
    found = _find_pieces(text, node, dashes)
    if not order:
        key = _find_key(nodes)
        colon = text.find(":", key.end_mark.index) + 1 if key else 0
        return f"{text[:colon]} []{text[colon : found.start]}{text[found.end :]}" if key else None
    before = text[text.rfind("\n", 0, dashes[0]) + 1 : dashes[0]]
    if before.strip():
        return None
    gap = _BLANK_LINES.match(found.pieces[1]) if len(found.pieces) > 1 else None
    blank = gap.group() if gap else ""
    sample = node.value[0]
    pieces: list[str] = []
    for number, item in enumerate(order):
        piece = (
            found.pieces[item] if isinstance(item, int) else _spell_new(text, dashes, sample, item)
        )
        if item != number or not isinstance(item, int):
            piece = (blank if number else "") + piece[_measure_blank(piece) :]
        pieces.append(piece)
    return text[: found.start] + "".join(pieces) + text[found.end :]


def _measure_blank(piece: str) -> int:
    match = _BLANK_LINES.match(piece)
    return match.end() if match else 0


def _spell_new(text: str, dashes: Sequence[int], sample: yaml.Node, keys: NewItem) -> str:
    """Spell a new item as the others are, in a block or within brackets."""
    line = text.rfind("\n", 0, dashes[0]) + 1
    before = text[line : dashes[0]]
    if not isinstance(sample, yaml.MappingNode) or sample.flow_style:
        return f"\n{before}- {_spell_flow(keys)}"
    column = sample.start_mark.column
    is_beside = "\n" not in text[dashes[0] : sample.start_mark.index]
    gap = " " * (column - len(before) - 1) if is_beside else "\n" + " " * column
    inner = "\n" + " " * column
    return f"\n{before}-{gap}" + inner.join(f"{key}: {PLACEHOLDER}" for key in keys)


def _spell_flow(keys: NewItem) -> str:
    return "{" + ", ".join(f"{key}: {PLACEHOLDER}" for key in keys) + "}"


def _find_dashes(text: str, node: yaml.Node) -> list[int]:
    """Return where the sign of each item of a list in a block stands."""
    tokens = yaml.scan(text, Loader=YamlLoader)
    every = [t.start_mark.index for t in tokens if isinstance(t, yaml.BlockEntryToken)]
    return [every[bisect_left(every, item.start_mark.index) - 1] for item in node.value]


def _find_pieces(text: str, node: yaml.Node, dashes: Sequence[int]) -> _BlockItems:
    start = text.rfind("\n", 0, dashes[0])
    ends = [start]
    for number, item in enumerate(node.value):
        column = dashes[number] - text.rfind("\n", 0, dashes[number]) - 1
        ends.append(_find_inner_comments(text, find_line_end(text, find_end(text, item)), column))
    return _BlockItems(start, [text[a:b] for a, b in pairwise(ends)], ends[-1])


def _find_inner_comments(text: str, end: int, column: int) -> int:
    """Return the end of an item with the comments below it that are set in as it is."""
    pattern = re.compile(rf"(?:\n[ \t]*)*\n {{{column + 1},}}#[^\n]*")
    while match := pattern.match(text, end):
        end = match.end()
    return end


def find_line_end(text: str, at: int) -> int:
    """Return where the line of a place ends."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def find_end(text: str, node: yaml.Node) -> int:
    """Return where a node ends, without the blank lines and the comments behind it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        if isinstance(last, tuple):
            return max(find_end(text, last[0]), find_end(text, last[1]))
        return find_end(text, last)
    end = node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and node.style in (">", "|"):
        written = text[node.start_mark.index : end]
        return int(node.start_mark.index + len(re.sub(r"(?:\n[ \t]*)+\Z", "", written)))
    return int(end)


def _find_key(nodes: Sequence[yaml.Node]) -> yaml.Node | None:
    """Return the key of the last node, where it stands in a mapping."""
    if len(nodes) < 2 or not isinstance(nodes[-2], yaml.MappingNode):
        return None
    return next((key for key, value in nodes[-2].value if value is nodes[-1]), None)


# --- within brackets ----------------------------------------------------------------------


def _arrange_flow(
    text: str, nodes: Sequence[yaml.Node], order: Sequence[int | NewItem]
) -> str | None:
    node = nodes[-1]
    spans = [(item.start_mark.index, item.end_mark.index) for item in node.value]
    between = [text[a[1] : b[0]] for a, b in pairwise(spans)]
    start, end = (
        (spans[0][0], spans[-1][1])
        if spans
        else (node.start_mark.index + 1, node.end_mark.index - 1)
    )
    new = ""
    for number, item in enumerate(order):
        if number:
            new += between[number - 1] if number <= len(between) else [", ", *between][-1]
        new += text[slice(*spans[item])] if isinstance(item, int) else _spell_flow(item)
    return text[:start] + new + text[end:]


# --- what a file says ---------------------------------------------------------------------


def says(text: str, data: Any) -> bool:
    """Return whether a text is YAML and says something."""
    try:
        return bool(make_data(parse_yaml(text, "")) == data)
    except (Problems, yaml.YAMLError):
        return False


def make_data(node: yaml.Node | None) -> Any:
    """Return what a node says: its words, lists of that, pairs of that."""
    if isinstance(node, yaml.MappingNode):
        return {make_data(key): make_data(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [make_data(item) for item in node.value]
    return None if node is None else node.value.strip()


def _make_new(keys: NewItem) -> Mapping[str, str]:
    return dict.fromkeys(keys, PLACEHOLDER)


def replace_data(text: str, path: str, value: Any) -> Any:
    """Return what a text says with another value at a path, or with none."""
    data = top = make_data(parse_yaml(text, ""))
    *names, last = path.split(".")
    for name in names:
        data = data[int(name) - 1] if isinstance(data, list) else data[name]
    if value is None:
        del data[last]
    else:
        data[last] = value
    return top


def iterate_evidence(text: str, path: str) -> Iterator[str]:
    """Yield each item of a list as YAML on one line."""
    nodes = find_nodes(parse_yaml(text, ""), path)
    for item in nodes[-1].value if nodes and isinstance(nodes[-1], yaml.SequenceNode) else ():
        written = text[item.start_mark.index : item.end_mark.index]
        if isinstance(item, yaml.CollectionNode) and item.flow_style and "\n" not in written:
            yield written
        else:
            yield yaml.safe_dump(
                make_data(item), default_flow_style=True, allow_unicode=True, width=10_000,
                sort_keys=False,
            ).strip()  # fmt: skip
