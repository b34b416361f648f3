"""Entries of the mappings in a YAML file, taken out and put in; all else stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from pipeline.review.pull.yaml_items import (
    PLACEHOLDER,
    find_end,
    find_line_end,
    replace_data,
    says,
)
from pipeline.review.pull.yaml_scalar import find_nodes, rewrite_scalar
from pipeline.yaml_nodes import parse_yaml


def remove_entry(text: str, path: str) -> str | None:
    """Take an entry out of a mapping, and the mapping as well where it was the only one.

    None where the file is written so that this cannot be done.
    """
    nodes = find_nodes(parse_yaml(text, ""), path)
    if len(nodes) < 2 or not isinstance(parent := nodes[-2], yaml.MappingNode):
        return None
    if len(parent.value) == 1 and len(nodes) > 2:
        return remove_entry(text, path.rpartition(".")[0])
    index = next(n for n, (_, value) in enumerate(parent.value) if value is nodes[-1])
    if parent.flow_style:
        new = _remove_pair(text, parent, index)
    else:
        key, value = parent.value[index]
        start = text.rfind("\n", 0, key.start_mark.index) + 1
        end = find_line_end(text, find_end(text, value)) + 1
        new = text[:start] + text[end:]
    return new if says(new, replace_data(text, path, None)) else None


def add_entry(text: str, path: str, lines: tuple[str, ...]) -> str | None:
    """Put in a value whose mapping, or the one around that, is not there, as others are written.

    None where the file is written so that this cannot be done.
    """
    root = parse_yaml(text, "")
    above, keys = path, list[str]()
    while not (nodes := find_nodes(root, above)):
        above, _, key = above.rpartition(".")
        keys.insert(0, key)
        if not above:
            return None
    if not keys or not isinstance(parent := nodes[-1], yaml.MappingNode) or not parent.value:
        return None
    sample = parent.value[-1][1]
    if parent.flow_style:
        end = sample.end_mark.index
        entry = f", {keys[0]}: {_spell_flow(keys[1:])}"
    else:
        end = find_line_end(text, find_end(text, sample))
        entry = _spell_block(keys, parent.value[-1][0].start_mark.column, sample)
    new = text[:end] + entry + text[end:]
    value: Any = PLACEHOLDER
    for key in reversed(keys[1:]):
        value = {key: value}
    if not says(new, replace_data(text, f"{above}.{keys[0]}", value)):
        return None
    return rewrite_scalar(new, path, lines)


def _spell_flow(keys: Sequence[str]) -> str:
    spelled = PLACEHOLDER
    for key in reversed(keys):
        spelled = f"{{{key}: {spelled}}}"
    return spelled


def _spell_block(keys: Sequence[str], column: int, sample: yaml.Node) -> str:
    """Spell an entry that is set in by so much, whose value is written as a sample is."""
    start = "\n" + " " * column + f"{keys[0]}:"
    if not isinstance(sample, yaml.MappingNode) or sample.flow_style or len(keys) == 1:
        return f"{start} {_spell_flow(keys[1:])}"
    key, value = sample.value[-1]
    return start + _spell_block(keys[1:], key.start_mark.column, value)


def _remove_pair(text: str, parent: yaml.Node, index: int) -> str:
    """Take a pair out of a mapping within brackets, with one of the commas beside it."""
    pairs = parent.value
    start, end = pairs[index][0].start_mark.index, pairs[index][1].end_mark.index
    if index + 1 < len(pairs):
        end = pairs[index + 1][0].start_mark.index
    elif index:
        start = pairs[index - 1][1].end_mark.index
    return text[:start] + text[end:]
