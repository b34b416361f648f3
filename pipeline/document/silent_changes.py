"""What Markdown reads otherwise than its writer may have meant, and changes without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it.token import Token

_SHOWN: Final = 40
_NUMBER: Final = re.compile(r"\d\s?\Z")
_SHARE: Final = re.compile(r"%%(?:\s.*)?\d%%\s*\Z", re.DOTALL)
"""A comment that may be what stands between two shares: ``100 %% sure and 50%%``."""


@dataclass(frozen=True, slots=True)
class SilentChange:
    """Something that is printed otherwise than it is written."""

    line: int
    """Where it is written, from 0."""
    message: str
    hint: str


def find_silent_changes(tokens: Sequence[Token], text: str) -> Iterator[SilentChange]:
    """Yield what the tokens of a text leave out of it, or put in."""
    lines = text.split("\n")
    for place, token in enumerate(tokens):
        match token.type, token.map:
            case "ordered_list_open", _:
                yield from _find_other_number(tokens, place)
            case "blockquote_open", [first, _]:
                if found := re.match(r"[\s>]*(>\d\S*)", lines[first]):
                    message = f"`{found[1]}` begins a quotation, so its > is not printed"
                    hint = "write \\> if the sign is meant, or a space behind it"
                    yield SilentChange(first, message, hint)
            case "table_open", [first, end]:
                yield from _find_words_below(lines, first, end)
            case "inline", [first, _]:
                yield from _find_lost_share(token.children or (), first)


def _find_other_number(tokens: Sequence[Token], place: int) -> Iterator[SilentChange]:
    """Find the first item of a list whose number is not its place; all may have the same one."""
    items: list[tuple[int, int]] = []
    level = tokens[place].level
    for token in (tokens[number] for number in range(place, len(tokens))):
        if token.type == "ordered_list_close" and token.level == level:
            break
        if token.type == "list_item_open" and token.level == level + 1 and token.map:
            items.append((int(token.info), token.map[0]))
    if len({number for number, _ in items}) == 1:
        return
    for number, (written, line) in enumerate(items, items[0][0]):
        if written != number:
            message = f"the item `{written}.` of a list is printed as {number}."
            hint = f"number the items in order, or write {written}\\. in paragraphs of their own"
            yield SilentChange(line, message, hint)
            return


def _find_words_below(lines: Sequence[str], first: int, end: int) -> Iterator[SilentChange]:
    """Find a line directly below a table, which is a row of it."""
    for line in range(first + 2, end) if "|" in lines[first] else ():
        words = lines[line].strip().strip(">").strip()
        if words and "|" not in words:
            message = f"`{words[:_SHOWN]}` is a row of the table above it"
            hint = "leave a line empty between the two, or write the row with |"
            yield SilentChange(line, message, hint)


def _find_lost_share(tokens: Sequence[Token], line: int) -> Iterator[SilentChange]:
    """Find a comment that begins and ends behind a number, as a share does."""
    before = ""
    for token in tokens:
        if token.type == "comment" and _NUMBER.search(before) and _SHARE.match(token.content):
            message = f"`{token.content.strip()[:_SHOWN]}` is a comment, and is not printed"
            yield SilentChange(line, message, "a share has one %; write \\%% if two are meant")
        line += token.content.count("\n") + (token.type in ("softbreak", "hardbreak"))
        before = token.content
