"""Where the blocks of article.md stand in its lines, and the pictures among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from markdown_it.tree import SyntaxTreeNode

from pipeline.review.pull.content_now import make_reader, split_front_matter

_SPOKEN: Final = ("text", "text_special", "softbreak", "hardbreak")
"""The parts of Markdown that are words, or a space."""
_WORDS: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class BlockLines:
    """A block of article.md and the lines that it stands in, from 0."""

    node: SyntaxTreeNode
    first: int
    last: int
    """The line behind it."""


def _list_blocks(text: str) -> Iterator[BlockLines]:
    first, body = split_front_matter(text)
    for node in make_reader().parse(body).nodes:
        if node.map and node.type != "footnote_reference":
            yield BlockLines(node, node.map[0] + first, node.map[1] + first)


def find_pictures(text: str, path: str) -> list[BlockLines]:
    """Return the blocks that show an image by its path in the article's folder."""
    return [at for at in _list_blocks(text) if _read_figure(at.node, path) is not None]


def _read_figure(node: SyntaxTreeNode, path: str = "") -> SyntaxTreeNode | None:
    """Return the image of a paragraph that is a picture, the one with a path."""
    parts = node.children[0].children if node.type == "paragraph" else []
    if [part.type for part in parts] != ["image"]:
        return None
    return parts[0] if path in ("", unquote(str(parts[0].attrs["src"]))) else None


def read_alt(at: BlockLines) -> str:
    """Return the words that stand for the picture that a block is."""
    figure = _read_figure(at.node)
    parts = figure.walk(include_self=False) if figure is not None else ()
    return "".join(part.content or " " for part in parts if part.type in _SPOKEN)


def find_place(text: str, above: str, below: str) -> int | None:
    """Return the line between two paragraphs, of which the words are known of one at least.

    None where no block of the text begins or ends so, or several do.
    """
    blocks = [at for at in _list_blocks(text) if _read_figure(at.node) is None]
    above, below = _fold(above), _fold(below)
    behind = [at.last for at in blocks if above and _fold(_read_words(at)).endswith(above)]
    before = [at.first for at in blocks if below and _fold(_read_words(at)).startswith(below)]
    if len(behind) == 1 and not _is_heading(blocks, behind[0]):
        return behind[0]
    return before[0] if len(before) == 1 else None


def _is_heading(blocks: Sequence[BlockLines], last: int) -> bool:
    return any(at.last == last and at.node.type == "heading" for at in blocks)


def _read_words(at: BlockLines) -> str:
    parts = (part for part in at.node.walk() if part.type == "inline")
    return " ".join(
        word.content or " " for part in parts for word in part.walk() if word.type in _SPOKEN
    )


def _fold(words: str) -> str:
    """Return words without signs: a brief puts quotation marks round answers."""
    return " ".join(_WORDS.findall(words))
