"""What a template's stylesheet may not do: change the words, or reach out of the project.

A brief's words are the Document's, in every format. A stylesheet places them; it
does not add, hide, re-case or reorder them, and reads no file. Page furniture (the
page's margin boxes) and marks that are no words (bullets, counters, leaders) are
the stylesheet's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import tinycss2  # type: ignore[import-untyped]

from pipeline.diagnostics import Diagnostic, Location, known_names

Node: TypeAlias = Any  # of tinycss2.ast, which has no types

SMALLEST: Final = 8.0
"""The smallest size, in pt, that is printed."""

_AT_RULES: Final = ("page", "media", "supports", "layer", "counter-style")
_MARGIN_BOXES: Final = frozenset(
    f"{edge}-{part}"
    for edge, parts in {
        "top": ("left-corner", "left", "center", "right", "right-corner"),
        "bottom": ("left-corner", "left", "center", "right", "right-corner"),
        "left": ("top", "middle", "bottom"),
        "right": ("top", "middle", "bottom"),
    }.items()
    for part in parts
)
"""CSS Paged Media 3 §4.2."""

_HIDING: Final[dict[str, frozenset[str]]] = {
    "display": frozenset({"none"}),
    "visibility": frozenset({"hidden", "collapse"}),
    "overflow": frozenset({"hidden", "clip", "scroll"}),
    "color": frozenset({"transparent"}),
    "font-size": frozenset({"x-small", "xx-small"}),
    "unicode-bidi": frozenset({"bidi-override", "isolate-override"}),
    "flex-direction": frozenset({"row-reverse", "column-reverse"}),
    "flex-wrap": frozenset({"wrap-reverse"}),
    "position": frozenset({"absolute", "fixed"}),
    "content-visibility": frozenset({"hidden"}),
}
"""Values by which words would be hidden or change their order."""
_HIDING_IN_VARIABLES: Final = frozenset().union(*_HIDING.values())
"""A custom property may hold none of them: nobody knows where it is used."""

_NEVER: Final = frozenset(
    {
        *("text-transform", "text-overflow", "max-lines", "line-clamp", "block-ellipsis"),
        *("continue", "clip", "clip-path", "mask", "mask-image", "transform", "scale"),
        *("translate", "order", "direction", "filter", "zoom", "appearance", "quotes"),
        *("hyphenate-character", "all"),
    }
)
"""Properties whose use is to change, cut, hide or reorder what is read."""

_NAMES: Final = frozenset({"font-family", "font", "grid-template-areas", "grid-template", "grid"})
"""Properties whose strings name something and are not printed."""

_PRINTED: Final = frozenset({"counter", "counters", "leader", "string", "symbols"})
_TARGETS: Final = frozenset({"target-counter", "target-counters"})
_POINTS: Final = {"pt": 1.0, "pc": 12.0, "px": 0.75, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4}
_RELATIVE: Final = {"em": 1.0, "rem": 1.0, "%": 100.0}
_SMALLEST_SHARE: Final = 0.5
"""The smallest part of the size around it that type may take (superior figures)."""


def check_css(file: str, text: str) -> Iterator[Diagnostic]:
    """Report what a stylesheet may not do, each at its line and column.

    ``file`` is the name for messages. The syntax is CSS Syntax 3.
    """
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    yield from _Sheet(file).rules(rules)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Walks the rules of one stylesheet."""

    file: str

    def found(self, node: Node, message: str, hint: str | None = None) -> Diagnostic:
        at = Location(self.file, node.source_line, node.source_column)
        return Diagnostic("css-refused", message, at, hint)

    def rules(self, nodes: Iterable[Node], *, page: bool = False) -> Iterator[Diagnostic]:
        """Walk rules; ``page`` is true within @page."""
        for node in nodes:
            match node.type:
                case "error":
                    yield self.found(node, f"this is not CSS: {node.message}")
                case "qualified-rule":
                    yield from self.block(node.content, margin_box=False)
                case "at-rule":
                    yield from self.at_rule(node, page)
                case "declaration":
                    yield from self.declaration(node, margin_box=False)

    def at_rule(self, node: Node, page: bool) -> Iterator[Diagnostic]:
        name = node.lower_at_keyword
        known = (*_MARGIN_BOXES, "footnote") if page else _AT_RULES
        if name not in known:
            yield self.found(
                node,
                f"a template's stylesheet cannot have @{name}",
                "fonts are named in theme.yaml, rules stand in print.css"
                if name in ("import", "font-face")
                else known_names(name, known),
            )
        elif node.content is not None:
            if page:
                yield from self.block(node.content, margin_box=name in _MARGIN_BOXES)
            else:
                yield from self.block(node.content, margin_box=False, page=name == "page")

    def block(
        self, content: Sequence[Node], *, margin_box: bool, page: bool = False
    ) -> Iterator[Diagnostic]:
        for node in tinycss2.parse_blocks_contents(
            content, skip_comments=True, skip_whitespace=True
        ):
            if node.type == "declaration":
                yield from self.declaration(node, margin_box)
            else:
                yield from self.rules([node], page=page)

    def declaration(self, node: Node, margin_box: bool) -> Iterator[Diagnostic]:
        name = node.lower_name
        values = [token for token in node.value if token.type not in ("whitespace", "comment")]
        written = f"{node.name}: {_serialised(node.value)}"
        hiding = _HIDING_IN_VARIABLES if name.startswith("--") else _HIDING.get(name, frozenset())
        if name in _NEVER:
            yield self.found(node, f"`{name}` would change how the words read", _WORDS)
        elif any(_word(token) in hiding for token in values):
            yield self.found(node, f"`{written}` could hide or reorder words", _WORDS)
        elif name == "opacity" and _share(values) < _SMALLEST_SHARE:
            yield self.found(node, f"`{written}` could hide words", _WORDS)
        elif _sets_size(name) and _too_small(values, in_shorthand=name == "font"):
            yield self.found(
                node,
                f"`{written}` could print type below {SMALLEST:g} pt",
                "give a size in pt, a share of at least 50%, or var(--<role>-size)",
            )
        yield from self.tokens(name, values, margin_box)

    def tokens(self, name: str, values: Iterable[Node], margin_box: bool) -> Iterator[Diagnostic]:
        """Look for words and addresses in a property's value."""
        for token in values:
            if token.type == "url" or (token.type == "function" and token.lower_name == "url"):
                yield self.found(
                    token,
                    "a stylesheet reads no files",
                    "show an image as a <figure> of the template: then every format has it",
                )
            elif token.type == "string":
                words = any(character.isalnum() for character in token.value)
                if words and not margin_box and name not in _NAMES:
                    yield self.found(token, f"`{name}` would add words: “{token.value}”", _WORDS)
            elif token.type == "function":
                yield from self.function(name, token, margin_box)
            elif token.type in ("() block", "[] block", "{} block"):
                yield from self.tokens(name, token.content, margin_box)

    def function(self, name: str, token: Node, margin_box: bool) -> Iterator[Diagnostic]:
        called = token.lower_name
        if called in ("element", "running") or (
            name == "content" and not margin_box and called not in _PRINTED | _TARGETS
        ):
            yield self.found(token, f"`{called}()` would add or move words", _WORDS)
        elif called == "attr" and name != "string-set":
            yield self.found(token, "`attr()` would add words", _WORDS)
        elif called not in _TARGETS:
            yield from self.tokens(name, token.arguments, margin_box)


_WORDS: Final = "the words are the template's: say it in document.html.j2"


def _word(token: Node) -> str:
    return str(token.lower_value) if token.type == "ident" else ""


def _share(values: Sequence[Node]) -> float:
    """Give a value as a share of one; nothing when it is not a plain number."""
    match values:
        case [token] if token.type == "number":
            return float(token.value)
        case [token] if token.type == "percentage":
            return float(token.value) / 100
        case _:
            return 0


def _sets_size(name: str) -> bool:
    return name in ("font-size", "font") or (name.startswith("--") and name.endswith("-size"))


def _too_small(values: Sequence[Node], *, in_shorthand: bool) -> bool:
    """Tell whether a size could be below what is printed; what cannot be told counts as small."""
    for token in values:
        if token.type == "literal" and token.value == "/":
            break  # what follows in `font` is the leading
        match token.type:
            case "dimension" if token.lower_unit in _POINTS:
                if token.value * _POINTS[token.lower_unit] < SMALLEST:
                    return True
            case "dimension" | "percentage":
                unit = "%" if token.type == "percentage" else token.lower_unit
                if token.value < _SMALLEST_SHARE * _RELATIVE.get(unit, float("inf")):
                    return True
            case "number":
                if not in_shorthand or token.value < 1:
                    return True
            case "function":
                name = _word(token.arguments[0]) if token.arguments else ""
                if token.lower_name != "var" or not name.endswith("-size"):
                    return True
            case "ident":
                if _word(token) in _HIDING["font-size"]:
                    return True
    return False


def _serialised(values: Sequence[Node]) -> str:
    return str(tinycss2.serialize(values)).strip()
