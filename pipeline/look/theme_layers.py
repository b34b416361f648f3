"""Several YAML files laid over each other, decoded as one; every token keeps its own place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import yaml

from pipeline.diagnostics import Findings, Location
from pipeline.document.tree import Address
from pipeline.records import Decoder
from pipeline.yaml_nodes import parse_yaml


def read_layers(
    files: Sequence[tuple[str, str]], name: str, findings: Findings, depth: int
) -> ThemeLayers:
    """Lay files over each other, first one lowest.

    Args:
        files: Each file's name for messages, and its YAML.
        name: What addresses call the whole.
        findings: Takes what is wrong.
        depth: How many levels of mappings are laid over each other; below, a value
            replaces another whole.
    """
    layers = ThemeLayers(files[-1][0], name, findings)
    for file, text in files:
        layers.add_layer(file, text, depth)
    return layers


class ThemeLayers(Decoder):
    """Decodes files of which a later one writes only what it changes."""

    def __init__(self, file: str, name: str, findings: Findings) -> None:
        """Begin with no file; ``file`` is the one to name for what is nowhere written."""
        super().__init__(file, findings, dict[Address, Location](), name=name)
        self.tree: yaml.Node | None = None
        self._files: dict[int, str] = {}
        self._written: list[yaml.Node] = []  # kept: a node that goes gives its id to another

    def add_layer(self, file: str, text: str, depth: int) -> None:
        """Lay a file over those before it."""
        over = parse_yaml(text, file)
        if over is not None:
            self._written.append(over)
            self._record_file(over, file)
            self.tree = over if self.tree is None else self._merge_nodes(self.tree, over, depth)

    def locate_node(self, node: yaml.Node) -> Location:
        """Return a node's place in the file that it was written in."""
        at = super().locate_node(node)
        return Location(self._files.get(id(node), self.file), at.line, at.column)

    def locate_value(self, *path: str) -> Location:
        """Return the place of a value, or of the nearest mapping above it that was written."""
        node = self.tree
        for name in path:
            if not isinstance(node, yaml.MappingNode):
                break
            node = next((value for key, value in node.value if _read_key(key) == name), node)
        return self.locate_node(node) if node is not None else Location(self.file)

    def locate_latest(self, *path: str, names: Iterable[str]) -> Location:
        """Return the place of the first of a mapping's values that its latest file wrote."""
        mapping = self.locate_value(*path)
        places = (self.locate_value(*path, name) for name in names)
        return next((at for at in places if at.file == mapping.file), mapping)

    def _record_file(self, node: yaml.Node, file: str) -> None:
        """Remember which file a node and what is in it came from."""
        self._files[id(node)] = file
        if isinstance(node, yaml.MappingNode):
            for pair in node.value:
                for part in pair:
                    self._record_file(part, file)
        elif isinstance(node, yaml.SequenceNode):
            for part in node.value:
                self._record_file(part, file)

    def _merge_nodes(self, base: yaml.Node, over: yaml.Node, depth: int) -> yaml.Node:
        if not (
            depth and isinstance(base, yaml.MappingNode) and isinstance(over, yaml.MappingNode)
        ):
            return over
        below = {_read_key(key): value for key, value in base.value}
        written = {_read_key(key) for key, _ in over.value}
        pairs = [(key, value) for key, value in base.value if _read_key(key) not in written]
        for key, value in over.value:
            lower = below.get(_read_key(key))
            pairs.append(
                (key, value if lower is None else self._merge_nodes(lower, value, depth - 1))
            )
        laid = yaml.MappingNode(over.tag, pairs, over.start_mark, over.end_mark)
        self._files[id(laid)] = self._files[id(over)]
        return laid


def _read_key(key: yaml.Node) -> str:
    return str(key.value)
