"""Signs that Markdown leaves as they are, though whoever wrote them meant something by them.

They would be printed. What CommonMark and GitHub read is theirs to define; here is what is left
after them: pairs of which one is missing, links that lead nowhere, rows of no table. Signs of
ordinary prose are none: ``5 * 3``, ``f**k``, ``a_b``, ``~5``, ``[sic]``, ``#1``, ``a | b``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
    shown: str = ""
    """The first of their line."""
    is_doubtful: bool = False
    """Whether they may be words as well, and are printed."""


@dataclass(frozen=True, slots=True)
class _SignKind:
    """What signs look like that are left in a paragraph."""

    pattern: re.Pattern[str]
    what: str
    """What they would be, and are not."""
    hint: str
    is_doubtful: bool = False
    in_heading: bool = True
    """Whether they are signs in a heading as well."""

    def describe(self, shown: str, line: int) -> RawSigns:
        """Return what to tell of signs of this kind."""
        shown = shown.split("\n")[0].replace(_HIDDEN, "…")[:_SHOWN]
        will_be = "are" if self.is_doubtful else "would be"
        message = f"`{shown}` is no {self.what}: its signs {will_be} printed"
        return RawSigns(line, message, self.hint, shown, self.is_doubtful)


def _describe(pattern: str, what: str, hint: str) -> _SignKind:
    return _SignKind(re.compile(pattern, re.MULTILINE), what, hint)


def _describe_doubtful(pattern: str, what: str, hint: str, in_heading: bool = True) -> _SignKind:
    return _SignKind(re.compile(pattern, re.MULTILINE), what, hint, True, in_heading)


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
_DOUBTFUL: Final = (
    _describe_doubtful(
        r"(?<!\S)(?P<sign>\*\*|__)(?=\s)[^\n]{0,200}?(?<=\s)(?P=sign)(?!\S)",
        "stress",
        "no space stands inside the signs: **words**; those that are meant are written \\*",
    ),
    _describe_doubtful(
        r"(?:\[[^\[\]\n]*\])?\{[.#][A-Za-z][^{}\n]*\}",
        "attribute",
        "take it out: no words have any; a { that is meant is written \\{",
        in_heading=False,  # there its own reader takes it, or refuses it
    ),
    _describe_doubtful(
        r"(?<![\w=])==(?=[^\s=])[^\n]{0,200}?(?<=[^\s=])==(?![\w=])",
        "mark",
        "take the signs out; one that is meant is written \\=",
    ),
    _describe_doubtful(
        r"\A\[(?:TOC|toc)\]\Z", "list of contents", "take it out: the template sets one"
    ),
    _describe_doubtful(
        r"\[\^\s[^\[\]\n]*\]", "footnote", "no space stands in it: [^1]; or write \\["
    ),
    _describe_doubtful(
        r"\$\$[^$\n]+\$\$"
        r"|(?<![\w$])\$(?=[^\s$])(?=[^$\n]*[\\^_=])[^$\n]*(?<=[^\s$])\$(?![\w$])",
        "formula",
        "write it in words and characters (x²); a $ that is meant is written \\$",
    ),
    _describe_doubtful(
        r"(?<=\n):[ \t]+\S[^\n]*",
        "definition",
        "write the two as a sentence, or \\: if the sign is meant",
    ),
)
"""What other kinds of Markdown read, and what words may be as well."""
_TASK: Final = _describe(
    r"\A\[[ xX]\](?=\s)", "box to tick in a brief", "take it out, or write \\[ if it is meant"
)


_BARE_ADDRESS: Final = re.compile(r"(?<![(<])(?:https?://|www\.)[^\s<>()\[\]]+", re.IGNORECASE)
_AS_IT_IS: Final = "take the signs out: what stands here is printed as it is"
_COMMENT: Final = _describe(
    r"%%(?:(?!%%)[^\n])*(?:%%)?",
    "comment",
    "take it out: a comment in YAML stands behind ` #`, or on a line that begins with #",
)
_STRESS: Final = _describe(
    r"(?<![\w*])(?P<sign>\*{2,3})(?=[^\W_]|[“‘\"'(\[])"
    r"(?:(?!(?P=sign)).){0,300}?(?<=[^\s*])(?P=sign)(?![\w*])",
    "stress",
    _AS_IT_IS,
)
_SURE_KINDS: Final = (
    _COMMENT,
    _STRESS,
    _describe(r"`+[^`\n]+`+", "code", _AS_IT_IS),
    *(kind for kind in _KINDS if kind.what in ("image", "link", "tag or address")),
)
"""What Markdown would read in words that are no Markdown, and nobody means."""
_VALUE_KINDS: Final = (
    _describe(
        r"(?<![\w*_])(?P<sign>\*{1,3}|_{1,3}|~~)(?=[^\W_]|[“‘\"'(\[])"
        r"(?:(?!(?P=sign)).){0,300}?(?<=[^\s*_])(?P=sign)(?![\w*_])",
        "stress",
        _AS_IT_IS,
    ),
    _describe(r"(?<![\w*])\*\*(?=\w)[^\n]{0,40}", "stress", _AS_IT_IS),
    _describe(r"\[\^[^\[\]\n]*\]", "footnote", _AS_IT_IS),
    _describe(r"&(?:lt|gt|amp|quot|apos|nbsp|shy|copy|[mn]dash|hellip);", "character", _AS_IT_IS),
    _describe(r"\\[!-/:-@\[-`{-~]", "sign that is meant", _AS_IT_IS),
)
"""What it would read as well, and what may be words."""


def find_signs_in_value(text: str, *, has_backslash: bool = False) -> Iterator[RawSigns]:
    """Yield the signs of Markdown in words in which none is read, as in a title.

    Those that may be meant are doubtful, unless a backslash can say that they are. A sign that
    words often have is none: ``5*``, ``M*A*S*H``, ``C&A``, ``a < b``, ``~5 %``.
    """
    bare = _BARE_ADDRESS.sub(_HIDDEN, text)
    others: tuple[_SignKind, ...] = (*_VALUE_KINDS, *_KINDS)
    if not has_backslash:
        others = tuple(replace(kind, is_doubtful=True) for kind in others)
    for found in _match_kinds(bare, (*_SURE_KINDS, *others, *_DOUBTFUL)):
        will_be = "are" if found.is_doubtful else "would be"
        message = f"Markdown is not read here: the signs of `{found.shown}` {will_be} printed"
        is_comment = found.hint == _COMMENT.hint
        yield found if is_comment else replace(found, message=message, hint=_AS_IT_IS)


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
            for found in _find_in_line(token.children or (), around):
                yield (token.map or [0])[0], found
        around = (around[1], token.type)


def _find_in_line(tokens: Sequence[Token], around: tuple[str, str]) -> Iterator[RawSigns]:
    """Yield the signs in a block; ``around`` are the tokens before it."""
    yield from _find_unpaired(tokens)
    kinds = [*_KINDS, *_DOUBTFUL]
    if around == ("list_item_open", "paragraph_open"):
        kinds.append(_TASK)
    if around[1] in ("th_open", "td_open"):
        kinds = [kind for kind in kinds if not kind.pattern.pattern.startswith("^")]
    if around[1] == "heading_open":
        kinds = [kind for kind in kinds if kind.in_heading]
    yield from _match_kinds(_flatten(tokens), kinds)


def _match_kinds(text: str, kinds: Iterable[_SignKind]) -> Iterator[RawSigns]:
    """Yield the signs in a text, of those that overlap the first."""
    line = at = taken = 0
    found = [(match, kind) for kind in kinds for match in kind.pattern.finditer(text)]
    for match, kind in sorted(found, key=lambda pair: pair[0].start()):
        if match.start() >= taken:
            line += text.count("\n", at, match.start())
            at, taken = match.start(), match.end()
            yield kind.describe(match.group(), line)


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
