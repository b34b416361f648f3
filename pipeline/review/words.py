"""Words as they are compared: each with its look, white space folded, blocks begun by a mark.

Both the content's Markdown and an editor's paragraphs become such words, so that a change of
a word and a change of how it is set are told the same way, and no merge can leave a sign of
Markdown without its other half.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

_TOKEN: Final = re.compile(
    r"[ \t\r\f]*\n[ \t\r\f]*|[ \t\r\f]+|[^\W_]+(?:[’'][^\W_]+)*|.", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Look:
    """How words are set, as far as the content can hold it."""

    strong: bool = False
    emphasis: bool = False
    link: str = ""
    others: tuple[str, ...] = field(default=(), compare=False)
    """What the content cannot hold, by the names that Word gives it."""


PLAIN: Final = Look()


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a sign, a space, a line break (a line feed), or a place where a footnote hangs."""

    text: str
    look: Look = PLAIN
    note: tuple[Word, ...] | None = None
    """The words of the footnote that hangs here."""
    revisions: tuple[int, ...] = field(default=(), compare=False)
    """The tracked changes that brought the word here, by their numbers."""
    label: str = field(default="", compare=False)
    """What article.md calls the footnote."""


@dataclass(frozen=True, slots=True)
class Form:
    """What kind of block begins: a paragraph, or an item of a list at a level."""

    kind: Literal["paragraph", "bullet", "number", "continued", "heading"] = "paragraph"
    level: int = 0
    """The depth of a list's item, from 1."""
    is_quoted: bool = False


PARAGRAPH: Final = Form()


@dataclass(frozen=True, slots=True)
class Start:
    """The mark with which a block begins."""

    form: Form = PARAGRAPH
    revisions: tuple[int, ...] = field(default=(), compare=False)


Token: TypeAlias = Word | Start


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters with one look, before they are divided into words."""

    text: str
    look: Look = PLAIN
    note: tuple[Word, ...] | None = None
    revisions: tuple[int, ...] = ()
    label: str = ""


def divided(stretches: Iterable[Stretch]) -> tuple[Word, ...]:
    """Divide stretches into words; a word may go on from one stretch into the next."""
    made: list[Word] = []
    held: list[Stretch] = []

    def divide() -> None:
        ends: list[int] = []
        for stretch in held:
            ends.append((ends[-1] if ends else 0) + len(stretch.text))
        index = 0
        for match in _TOKEN.finditer("".join(stretch.text for stretch in held)):
            while ends[index] <= match.start():
                index += 1
            revisions, last = list(held[index].revisions), index
            while ends[last] < match.end():
                last += 1
                revisions += held[last].revisions
            text = match.group()
            if text.isspace() and text != "\N{NO-BREAK SPACE}":
                text = "\n" if "\n" in text else " "
            made.append(Word(text, held[index].look, None, tuple(dict.fromkeys(revisions))))
        held.clear()

    for stretch in stretches:
        if stretch.note is not None:
            divide()
            # A footnote hangs on a place: how its number is set is nobody's words.
            made.append(Word("", PLAIN, stretch.note, stretch.revisions, stretch.label))
        elif stretch.text:
            if held and held[-1].look != stretch.look:
                divide()
            held.append(stretch)
    divide()
    return _spaced(made)


def _spaced(words: Sequence[Word]) -> tuple[Word, ...]:
    """Fold white space; a space is set as the words on both its sides are."""
    made: list[Word] = []
    for word in words:
        if word.text in (" ", "\n") and (not made or made[-1].text in (" ", "\n")):
            if made and word.text == "\n":
                made[-1] = word
            continue
        made.append(word)
    while made and made[-1].text in (" ", "\n"):
        made.pop()
    for index, word in enumerate(made):
        if word.text in (" ", "\n"):
            before, after = made[index - 1].look, made[index + 1].look
            look = Look(
                before.strong and after.strong,
                before.emphasis and after.emphasis,
                before.link if before.link == after.link else "",
            )
            made[index] = replace(word, look=look)
    return tuple(made)


def shown(tokens: Iterable[Token]) -> str:
    """Write words without their looks, for a person: a footnote in brackets, ¶ between blocks."""
    parts: list[str] = []
    for token in tokens:
        if isinstance(token, Start):
            parts.append(" ¶ ")
        elif token.note is not None:
            parts.append(f" [{shown(token.note)}]")
        else:
            parts.append(token.text)
    return "".join(parts).removeprefix(" ¶ ").strip()
