"""Where the blocks of article.md stand in its lines, and how one moves among the others."""

from __future__ import annotations

import itertools
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


@dataclass(frozen=True, slots=True)
class PicturePlace:
    """Where a picture or a table stands: between which words, and how many pictures."""

    above: str = ""
    below: str = ""
    pictures_above: int = 0
    """How many pictures stand between the words above and this one."""
    pictures_below: int = 0


def list_blocks(text: str) -> Iterator[BlockLines]:
    """Return the blocks of article.md, but for definitions of footnotes."""
    first, body = split_front_matter(text)
    for node in make_reader().parse(body).nodes:
        if node.map and node.type != "footnote_reference":
            yield BlockLines(node, node.map[0] + first, node.map[1] + first)


def find_pictures(text: str, path: str) -> list[BlockLines]:
    """Return the blocks that show an image by its path in the article's folder."""
    return [at for at in list_blocks(text) if _read_figure(at.node, path) is not None]


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


def find_place(text: str, place: PicturePlace, own: BlockLines) -> int | None:
    """Return the line where a picture or a table stands in its place; ``own`` are its lines now.

    None where no block of the text begins or ends with the words beside it, or several do.
    """
    blocks = [at for at in list_blocks(text) if at.first != own.first]
    above, below = fold_words(place.above), fold_words(place.below)
    behind = [n for n, words in _list_words(blocks) if above and words.endswith(above)]
    before = [n for n, words in _list_words(blocks) if below and words.startswith(below)]
    if len(behind) == 1 and blocks[behind[0]].node.type != "heading":
        first = behind[0] + 1
        return _pass_pictures(blocks[first : first + place.pictures_above], blocks[first - 1]).last
    if len(before) == 1:
        last = before[0]
        near = blocks[max(0, last - place.pictures_below) : last]
        return _pass_pictures(near[::-1], blocks[last]).first
    return None


def move_lines(lines: Sequence[str], at: BlockLines, place: int) -> list[str]:
    """Return lines with those of a block before another one, apart from those around them."""
    above = [""] if place and lines[place - 1].strip() else []
    below = [""] if place < len(lines) and lines[place].strip() else []
    own = [*above, *lines[at.first : at.last], *below]
    first, last = at.first, at.last
    if last < len(lines) and not lines[last].strip():
        last += 1
    elif first and not lines[first - 1].strip():
        first -= 1
    if place <= first:
        return [*lines[:place], *own, *lines[place:first], *lines[last:]]
    return [*lines[:first], *lines[last:place], *own, *lines[place:]]


def _pass_pictures(blocks: Sequence[BlockLines], start: BlockLines) -> BlockLines:
    """Return the last of the pictures that stand in a row behind a block, or else the block."""
    pictures = itertools.takewhile(lambda at: _read_figure(at.node) is not None, blocks)
    return [start, *pictures][-1]


def _list_words(blocks: Sequence[BlockLines]) -> Iterator[tuple[int, str]]:
    """Return the words of each block that is no picture, with its place among all."""
    for number, at in enumerate(blocks):
        if _read_figure(at.node) is None:
            yield number, fold_words(_read_words(at))


def _read_words(at: BlockLines) -> str:
    parts = (part for part in at.node.walk() if part.type == "inline")
    return " ".join(
        word.content or " " for part in parts for word in part.walk() if word.type in _SPOKEN
    )


def fold_words(words: str) -> str:
    """Return words without signs: a brief puts quotation marks round answers."""
    return " ".join(_WORDS.findall(words))
