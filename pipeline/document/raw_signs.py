"""Signs that Markdown leaves as they are, though whoever wrote them meant something by them.

They would be printed. What CommonMark and GitHub read is theirs to define; here is what is left
after them: pairs of which one is missing, links that lead nowhere, rows of no table. Signs of
ordinary prose are none: ``5 * 3``, ``f**k``, ``a_b``, ``~5``, ``[sic]``, ``#1``, ``a | b``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_HIDDEN: Final = "\ufffc"
"""Stands for what is no sign: a character with a backslash, code, a note."""
_ADDRESS: Final = re.compile(r"https?://|www\.", re.IGNORECASE)
_BEGINNING: Final = len("https://")
_SPACE: Final = re.compile(r"\s")
_SHOWN: Final = 60
"""How many characters of signs a message shows."""
_PAIRED: Final = frozenset({"em_open", "strong_open"})


@dataclass(frozen=True, slots=True)
class RawSigns:
    """Signs that would be printed."""

    line: int
    """The line in the paragraph on which they begin, from 0."""
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class _SignKind:
    """What signs look like that are left in a paragraph."""

    pattern: re.Pattern[str]
    what: str
    """What they would be, and are not."""
    hint: str


def _describe(pattern: str, what: str, hint: str) -> _SignKind:
    return _SignKind(re.compile(pattern, re.MULTILINE), what, hint)


_ROW_HINT: Final = (
    "a table has a row of hyphens, as `|---|---|`, below its first row, with as many cells"
    " as that one; a | that is meant at a line's start is written \\|"
)
_KINDS: Final = (
    _describe(
        r"!\[[^\[\]\n]*\]\([^()\n]*\)?",
        "image",
        "an address with a space stands in angle brackets: ![a map](<images/my map.png>)",
    ),
    _describe(
        rf"(?:\[[^\[\]\n]*|\][^\[\]\n{_HIDDEN}]*)\]\([^()\n]*\)?",
        "link",
        "an address with a space stands in angle brackets: [words](<https://…>);"
        " brackets that are meant are written \\[ and \\]",
    ),
    _describe(
        r"\[[^\[\]\n]*\]\[(?!(?:sic|…|\.\.\.)\])(?:[^\[\]\n]*\])?",
        "link, since its label is not defined",
        "add a line `[label]: https://…`, or write \\[ if brackets are meant",
    ),
    _describe(r"(?<!\S)!\[[^\[\]\n]*\]", "image", "say where it is: ![a map](images/map.png)"),
    _describe(
        r"\[\[[^\[\]\n]+\]\]", "link", "a link is [words](https://…); \\[\\[ if they are meant"
    ),
    _describe(r"\A\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]", "word of the text", "take it out"),
    _describe(r"\^\[[^\]\n]{0,40}", "footnote", "close it with ], or write ^\\["),
    _describe(
        r"^#{2,6}[^\s#][^\n]{0,40}|^#{7,}[^\n]{0,40}|^#[^\s#][^\n]*\{#[^\n]*",
        "heading",
        "a space stands behind #; one that is meant is written \\#",
    ),
    _describe(r"^\|[^\n]*\|$", "row of a table", _ROW_HINT),
    _describe(
        r"^(?=[^\n]*\|)(?=[^\n]*-)[ \t|:-]++$",
        "row of a table",
        _ROW_HINT,
    ),
    _describe(
        r"(?<![\w<])<(?:/?[A-Za-z]|[!?])[^<>]*>", "tag or address", "a lone < is written \\<"
    ),
    _describe(
        r"(?<!\w)&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]+);",
        "character",
        "write the character itself, or \\& if the sign is meant",
    ),
    _describe(r"(?<!\w)`+|`+(?!\w)", "code", "a lone ` is written \\`"),
    _describe(r"(?<!~)~{3,}+(?=\w)|(?<=\w)~{3,}", "word of the text", "a lone ~ is written \\~"),
    _describe(r"\\\Z", "line break", "nothing follows it: take it out, or write \\\\"),
)
_TASK: Final = _describe(
    r"\A\[[ xX]\](?=\s)", "box to tick in a brief", "take it out, or write \\[ if it is meant"
)


def mark_unpaired(state: StateInline) -> None:
    """Give signs of stress that found no other half a type of their own.

    They stand at one edge of a word; between words, or in one, they are nothing but words. So
    are those that follow one of their own with a backslash.
    """
    lists = [state.delimiters, *(meta["delimiters"] for meta in state.tokens_meta if meta)]
    for delimiter in (found for each in lists for found in each):
        token = state.tokens[delimiter.token]
        before = state.tokens[delimiter.token - 1] if delimiter.token else token
        is_meant = before.type == "text_special" and before.content == token.content[:1]
        is_left = token.type == "text" and token.content and not is_meant
        if is_left and delimiter.open != delimiter.close and token.content != "~":
            token.type = "unpaired"


def find_raw_signs(tokens: Iterable[Token]) -> Iterator[tuple[int, RawSigns]]:
    """Yield the signs in the blocks of a text, each with the line that its block begins on."""
    around: tuple[str, str] = ("", "")
    for token in tokens:
        if token.type == "inline":
            in_cell = around[1] in ("th_open", "td_open")
            is_item = around == ("list_item_open", "paragraph_open")
            for found in _find_in_line(token.children or (), in_cell, is_item):
                yield (token.map or [0])[0], found
        around = (around[1], token.type)


def _find_in_line(tokens: Sequence[Token], in_cell: bool, is_item: bool) -> Iterator[RawSigns]:
    yield from _find_unpaired(tokens)
    text = _flatten(tokens)
    line = at = taken = 0
    kinds = (*_KINDS, _TASK) if is_item else _KINDS
    found = [(match, kind) for kind in kinds for match in kind.pattern.finditer(text)]
    for match, kind in sorted(found, key=lambda pair: pair[0].start()):
        if match.start() < taken or (in_cell and kind.pattern.pattern.startswith("^")):
            continue
        line += text.count("\n", at, match.start())
        at, taken = match.start(), match.end()
        shown = match.group().split("\n")[0].replace(_HIDDEN, "…")[:_SHOWN]
        message = f"`{shown}` is no {kind.what}: its signs would be printed"
        yield RawSigns(line, message, kind.hint)


def _find_unpaired(tokens: Sequence[Token]) -> Iterator[RawSigns]:
    """Yield signs of stress without their other half, struck words, stress in an address."""
    line = 0
    address = _AddressFinder()
    was_unpaired = False
    for token in tokens:
        if token.type == "unpaired" and not was_unpaired and not address.is_open:
            yield RawSigns(
                line,
                f"a `{token.content}` has no other half: it would be printed",
                f"close it at the end of its words; one that is meant is written \\{token.content}",
            )
        elif token.type == "s_open":
            yield RawSigns(
                line,
                f"words between `{token.markup}` would be struck, which no brief can show",
                "take the words out, or the signs; one that is meant is written \\~",
            )
        elif token.type in _PAIRED and address.is_open:
            yield RawSigns(
                line,
                f"the `{token.markup}` in an address are read as stress",
                "put the address in angle brackets: <https://…>",
            )
        was_unpaired = token.type == "unpaired"
        shown = _flatten([token])
        line += shown.count("\n")
        address.read(shown)


@dataclass(slots=True)
class _AddressFinder:
    """Tells whether a bare address of the web goes on, while a line is read piece by piece."""

    is_open: bool = False
    _tail: str = ""

    def read(self, shown: str) -> None:
        """Read on; white space ends an address."""
        *before, last = _SPACE.split(shown)
        if before:
            self.is_open, self._tail = False, ""
        self._tail += last
        self.is_open = self.is_open or bool(_ADDRESS.search(self._tail))
        self._tail = self._tail[-_BEGINNING:]


def _flatten(tokens: Iterable[Token]) -> str:
    """Return a line's text as Markdown left it; what it read is hidden."""
    parts: list[str] = []
    for token in tokens:
        if token.type in ("text", "unpaired"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif token.nesting == 0:
            parts.append(_HIDDEN + "\n" * token.content.count("\n"))
        elif token.type == "link_open":
            parts.append(_HIDDEN)
    return "".join(parts)
