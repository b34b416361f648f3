"""Markdown to tokens: CommonMark with tables, footnotes and editors' comments, nothing dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from pipeline.document.markdown_tables import parse_table
from pipeline.document.raw_signs import mark_unpaired

MOST_NESTED: Final = 20
"""How deep what is read may be nested."""
_COMMENT: Final = re.compile(
    r"(?P<comment>%%(?:(?!%%).)*(?:%%)?)(?P<space>\s*)(?=(?P<mark>[.,;:!?)])?)", re.DOTALL
)
"""A comment with the space behind it, and the mark that follows."""


class _StrictParser(MarkdownIt):
    """CommonMark that keeps what it would drop or take for plain words in silence."""

    def __init__(self) -> None:
        # Blocks nested deeper than maxNesting are dropped without a word; the bound stands above
        # our own, so that some of such a block is left to be refused. Joined text would no longer
        # tell an escaped `\\[^1]` from a footnote.
        options = {
            "html": True,
            "store_labels": True,
            "maxNesting": MOST_NESTED + 10,
            "strikethrough_single_tilde": True,
        }
        super().__init__("commonmark", options)
        self.use(footnote_plugin, move_to_end=False).disable("text_join")
        self.enable(["table", "strikethrough"])
        self.block.ruler.at("table", parse_table, {"alt": ["paragraph", "reference"]})
        self.inline.ruler.push("comment", _parse_comment)
        self.inline.ruler2.after("emphasis", "unpaired", mark_unpaired)

    def validateLink(self, url: str) -> bool:
        """Take every link for one: a target that cannot be is refused, not printed."""
        return True


def _parse_comment(state: StateInline, silent: bool) -> bool:
    """Read ``%%an editor's comment%%``, with one of the spaces round it.

    One that is not closed is left to be refused.
    """
    found = _COMMENT.match(state.src, state.pos)
    if not found:
        return False
    stands_apart = state.src[state.pos - 1 : state.pos] in ("", " ", "\n") or not state.pos
    ends = found.end() if stands_apart else found.end("comment")
    if not silent:
        if stands_apart and not found["space"] and (found["mark"] or ends == len(state.src)):
            state.pending = state.pending.removesuffix(" ")
            if not state.pending and state.tokens and state.tokens[-1].type == "softbreak":
                state.tokens.pop()
        token = state.push("comment", "", 0)
        token.content = state.src[found.start() : ends]
    state.pos = ends
    return True


def parse_tokens(text: str) -> tuple[list[Token], dict[str, Any]]:
    """Return the tokens of a text, with the definitions that it has, as the parser keeps them."""
    env: dict[str, Any] = {}
    return _attach_comments(_StrictParser().parse(text, env)), env


def _attach_comments(tokens: Sequence[Token]) -> list[Token]:
    """Move comments that are a paragraph of their own to the words that they follow.

    Directly below a heading there are none: they go to the first words after it. Such a
    paragraph is none, and is not counted.
    """
    kept: list[Token] = []
    before: Token | None = None
    waiting: list[Token] = []
    for token in tokens:
        inner = token.children or []
        if token.type == "heading_open":
            before = None
        if kept and kept[-1].type == "paragraph_open" and _has_only_comments(inner):
            if before and before.children is not None:
                before.children += inner
            else:
                waiting += inner
            kept[-1].hidden = True
        elif kept and kept[-1].hidden and token.type == "paragraph_close":
            kept.pop()
        else:
            kept.append(token)
            if token.type == "inline" and [part.type for part in inner] != ["image"]:
                before = token
                inner[:0], waiting = waiting, []
    return kept


def _has_only_comments(tokens: Sequence[Token]) -> bool:
    types = {token.type for token in tokens}
    closed = all(
        is_closed_comment(token.content.strip()) for token in tokens if token.type == "comment"
    )
    return "comment" in types and types <= {"comment", "softbreak"} and closed


def is_closed_comment(comment: str) -> bool:
    """Return whether a comment ends with the sign that it begins with."""
    return len(comment) > 3 and comment.endswith("%%")
