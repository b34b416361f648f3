"""What a template's stylesheet may do: place words, and give them a look.

A brief's words are the Document's, in every format. A stylesheet that could hide, add,
re-case or reorder them, or read a file, would let the PDF say something else than the
DOCX. So what it may set is listed here, and the rest is refused. What the listed
properties come to is measured on the finished pages (``render/page_checks.py``).

Running heads and feet (the page's margin boxes) and marks that are no words (bullets, leaders)
are the stylesheet's own.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import tinycss2  # type: ignore[import-untyped]

from pipeline.diagnostics import Diagnostic, Location, find_nearest_name, suggest_names

CssNode: TypeAlias = Any  # of tinycss2.ast, which has no types

SMALLEST: Final = 8.0
"""The smallest size, in pt, that is printed."""
SMALLEST_SHARE: Final = 0.5
"""The smallest part of the size around it that type may take (superior figures)."""
MOST: Final = 5_000
"""The largest number: no paper has so many millimetres, and larger ones break what sets pages."""


def _split_names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_SIDES: Final = ("top", "right", "bottom", "left")

PROPERTIES: Final = _split_names(
    """
    width height min-width max-width min-height max-height box-sizing margin padding
    display float clear vertical-align text-align text-align-last text-indent
    columns column-count column-width column-gap column-fill column-span column-rule
    flex flex-direction flex-wrap flex-grow flex-shrink flex-basis grid-template-columns
    gap row-gap align-items align-content align-self justify-content justify-items justify-self
    table-layout border-collapse border-spacing caption-side
    list-style list-style-type list-style-position
    break-before break-after break-inside orphans widows page margin-break box-decoration-break
    footnote-policy footnote-display white-space word-break overflow-wrap
    hyphens hyphenate-limit-chars hyphenate-limit-zone
    color background background-color border border-color border-style border-width border-radius
    font font-family font-size font-style font-weight font-kerning font-variant font-variant-caps
    font-variant-ligatures font-variant-numeric font-variant-position
    line-height letter-spacing word-spacing text-decoration text-decoration-line
    content string-set
    """
).union(
    *(
        {f"margin-{side}", f"padding-{side}", f"border-{side}"}
        | {f"border-{side}-{part}" for part in ("color", "style", "width")}
        for side in _SIDES
    )
)
"""What a template's stylesheet may set."""

KEYWORDS: Final[Mapping[str, frozenset[str]]] = {
    "display": _split_names(
        "block inline inline-block flow-root list-item flex inline-flex grid inline-grid table"
        " inline-table table-caption table-header-group table-row-group table-row table-cell"
    ),
    "float": _split_names("left right none footnote"),
    "flex-direction": _split_names("row column"),
    "flex-wrap": _split_names("wrap nowrap"),
    "caption-side": _split_names("top"),
    "text-decoration": _split_names("none underline"),
    "text-decoration-line": _split_names("none underline"),
    "font": _split_names("inherit normal bold italic small-caps"),
    "font-family": _split_names("inherit"),
    "font-size": _split_names("inherit larger smaller"),
}
"""The only keywords for these: others would hide, strike out or reorder words, or set them in
a font that is none of the theme's. Their one function is var(), of a token."""

_TOKEN: Final = re.compile(r"--(?:(?:colour|face)-.+|.+-(?:face|size|leading|colour))")
"""A custom property that ``theme_css.to_css`` makes of the theme."""

_FUNCTIONS: Final = _split_names("var calc min max repeat minmax fit-content")
_FUNCTIONS_OF: Final[Mapping[str, frozenset[str]]] = {
    "content": _split_names("counter counters leader"),
    "string-set": _split_names("attr content counter"),
}
_STRINGS_IN: Final = _split_names("content list-style list-style-type")

_PLAIN_TOKENS: Final = _split_names(
    "whitespace comment literal ident hash string number percentage dimension"
)
"""Types of tokens that can neither say words nor read files, or are looked at one by one."""

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

_POINTS: Final = {"pt": 1.0, "pc": 12.0, "px": 0.75, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4}
_SHARES: Final = {"em": 1.0, "rem": 1.0, "%": 100.0}

_FACING: Final = re.compile(r"(\bbreak-(?:before|after)\s*:\s*)(?:recto|verso|left|right)\b", re.I)
"""Where a stylesheet asks for one of two facing pages (CSS Fragmentation 3 §3.1)."""

_END: Final = "body{}"

_WORDS: Final = "the words are the template's: say it in document.html.j2"
_AT_RULE_HINTS: Final = {
    "import": "rules stand in print.css",
    "font-face": "fonts are named in theme.yaml",
    "media": "a stylesheet is for the page; how a browser shows it is not the template's",
}


@functools.lru_cache(maxsize=64)  # many templates share a stylesheet
def check_css(file: str, text: str) -> tuple[Diagnostic, ...]:
    """Report what a stylesheet may not do, each at its line and column.

    ``file`` is the name for messages. The syntax is CSS Syntax 3.
    """
    sheet = _StylesheetChecker(file)
    # What is not closed ends with the file (CSS Syntax 3 §5.4.8) and would take what follows.
    *before, last = tinycss2.parse_stylesheet(f"{text}\n{_END}", skip_whitespace=True)
    if tinycss2.serialize([last]) == _END:
        return tuple(sheet.check_rules(before))
    rules = tinycss2.parse_stylesheet(text, skip_comments=True)
    findings = list(sheet.check_rules(rules))
    if "error" not in {node.type for node in rules}:
        hint = "look for a missing } or */ from here on"
        findings.append(sheet.make_finding(last, "this is not closed", hint))
    return tuple(findings)


@dataclass(frozen=True, slots=True)
class _StylesheetChecker:
    """Walks the rules of one stylesheet."""

    file: str

    def make_finding(self, node: CssNode, message: str, hint: str | None = None) -> Diagnostic:
        at = Location(self.file, node.source_line, node.source_column)
        return Diagnostic("css-refused", message, at, hint)

    def check_rules(
        self, nodes: Iterable[CssNode], *, page: bool = False, margin_box: bool = False
    ) -> Iterator[Diagnostic]:
        """Walk rules and declarations; ``page`` and ``margin_box`` say what they stand in."""
        for node in nodes:
            match node.type:
                case "error":
                    yield self.make_finding(node, f"this is not CSS: {node.message}")
                case "qualified-rule":
                    yield from self.check_rules(_parse_contents(node))
                case "at-rule":
                    yield from self.check_at_rule(node, page)
                case "declaration":
                    yield from self.check_declaration(node, margin_box)
                case "comment" | "whitespace":
                    pass
                case _:
                    yield self.make_finding(node, f"a stylesheet cannot have a {node.type} here")

    def check_at_rule(self, node: CssNode, page: bool) -> Iterator[Diagnostic]:
        name = node.lower_at_keyword
        known = {*_MARGIN_BOXES, "footnote"} if page else {"page"}
        if name in known and node.content is not None:
            yield from self.check_rules(
                _parse_contents(node), page=not page, margin_box=page and name in _MARGIN_BOXES
            )
        else:
            hint = _AT_RULE_HINTS.get(name) or suggest_names(name, sorted(known))
            yield self.make_finding(node, f"a template's stylesheet cannot have @{name}", hint)

    def check_declaration(self, node: CssNode, margin_box: bool) -> Iterator[Diagnostic]:
        name = node.lower_name
        written = f"{node.name}: {tinycss2.serialize(node.value).strip()}"
        tokens = [token for token in node.value if token.type not in ("whitespace", "comment")]
        if name.startswith("--"):
            if _TOKEN.fullmatch(name):
                yield self.make_finding(node, f"`{node.name}` is a token", "set it in theme.yaml")
        elif name not in PROPERTIES:
            close = find_nearest_name(name, PROPERTIES)
            yield self.make_finding(
                node,
                f"a stylesheet cannot set `{node.name}`",
                f"did you mean `{close}`?" if close else "templates/README.md lists what it can",
            )
            return
        if name in KEYWORDS and not all(_is_known(token, KEYWORDS[name]) for token in tokens):
            known = ", ".join(sorted(KEYWORDS[name]))
            hint = f"it takes {known}" + (", or a token: var(--…)" if "font" in name else "")
            yield self.make_finding(node, f"a stylesheet cannot say `{written}`", hint)
            return
        if name in ("font", "font-size") and any(_is_small(token) for token in _find_sizes(tokens)):
            hint = "give a size in pt, a share of at least 50%, or var(--<role>-size)"
            yield self.make_finding(
                node, f"`{written}` could print type below {SMALLEST:g} pt", hint
            )
        if name in ("letter-spacing", "word-spacing") and any(map(_can_be_negative, tokens)):
            yield self.make_finding(node, f"`{written}` could push letters into each other")
        yield from self.check_tokens(name, tokens, margin_box)

    def check_tokens(
        self, name: str, tokens: Iterable[CssNode], margin_box: bool
    ) -> Iterator[Diagnostic]:
        """Look for words and addresses in the value of a property, or in a function's arguments."""
        for token in tokens:
            match token.type:
                case "url":
                    yield self._refuse_url(token)
                case "dimension" | "number" | "percentage" if abs(token.value) > MOST:
                    yield self.make_finding(token, f"no number is larger than {MOST:,}")
                case "string" if not (margin_box or (name in _STRINGS_IN and _is_symbol(token))):
                    yield self.make_finding(
                        token, f"`{name}` would add words: “{token.value}”", _WORDS
                    )
                case "function":
                    yield from self.check_function(name, token, margin_box)
                case "() block" | "[] block" | "{} block":
                    yield from self.check_tokens(name, token.content, margin_box)
                case "error":
                    yield self.make_finding(token, f"this is not CSS: {token.message}")
                case type if type not in _PLAIN_TOKENS:
                    written = tinycss2.serialize([token])
                    yield self.make_finding(token, f"`{name}` cannot have `{written}`")

    def check_function(self, name: str, token: CssNode, margin_box: bool) -> Iterator[Diagnostic]:
        called = token.lower_name
        known = _FUNCTIONS_OF.get(name, _FUNCTIONS)
        if called == "url":
            yield self._refuse_url(token)
        elif called in known or (margin_box and name == "content" and called == "string"):
            yield from self.check_tokens(name, token.arguments, margin_box)
        else:
            hint = suggest_names(called, sorted(known))
            yield self.make_finding(token, f"`{name}` cannot have {called}()", hint)

    def _refuse_url(self, token: CssNode) -> Diagnostic:
        return self.make_finding(
            token,
            "a stylesheet reads no files",
            "show an image as a <figure> of the template: then every format has it",
        )


def drop_rectos(text: str) -> str:
    """Let what opens on a recto or a verso open on the next page: a screen has but one side."""
    return _FACING.sub(r"\1page", text)


def _parse_contents(rule: CssNode) -> Sequence[CssNode]:
    return tinycss2.parse_blocks_contents(  # type: ignore[no-any-return]
        rule.content, skip_comments=True, skip_whitespace=True
    )


def _is_known(token: CssNode, keywords: frozenset[str]) -> bool:
    """Return whether a token is none that words could be hidden with: a keyword or a size."""
    match token.type:
        case "ident":
            return token.lower_value in keywords
        case "function":
            named = [part.value for part in token.arguments if part.type == "ident"]
            return token.lower_name == "var" and all(map(_TOKEN.fullmatch, named))
        case "literal" | "number" | "percentage" | "dimension":
            return True
        case _:
            return False


def _find_sizes(tokens: Sequence[CssNode]) -> Iterator[CssNode]:
    """Yield what can be the type size in a value of `font`, where the leading follows a slash."""
    for token in tokens:
        if token.type == "literal" and token.value == "/":
            return
        yield token


def _is_small(token: CssNode) -> bool:
    """Return whether a size could be below what is printed; what is not known counts as small."""
    match token.type:
        case "dimension" if token.lower_unit in _POINTS:
            return bool(token.value * _POINTS[token.lower_unit] < SMALLEST)
        case "dimension" | "percentage":
            unit = "%" if token.type == "percentage" else token.lower_unit
            return bool(token.value < SMALLEST_SHARE * _SHARES.get(unit, float("inf")))
        case "number":
            return bool(token.value < 1)  # in `font`, larger ones are weights
        case "ident" | "function" | "literal":
            return False  # the keywords and the one function that KEYWORDS lists
        case _:
            return True


def _can_be_negative(token: CssNode) -> bool:
    is_number = token.type in ("dimension", "percentage", "number")
    return bool(token.value < 0 if is_number else token.type == "function")


def _is_symbol(token: CssNode) -> bool:
    """Return whether a string has no letters and digits, not even in a sign such as № or ™."""
    return not any(map(str.isalnum, unicodedata.normalize("NFKC", token.value)))
