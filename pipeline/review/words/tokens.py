"""Words as they are compared: each with its look, white space folded, blocks begun by a mark.

Both the content's Markdown and an editor's paragraphs become such words, so that a change of
a word and a change of how it is set are told the same way, and no merge can leave a sign of
Markdown without its other half.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final, Literal, TypeAlias, cast

from pipeline.document.tree import (
    Block,
    Comment,
    Emphasis,
    Footnote,
    Inline,
    LineBreak,
    Link,
    PageNumber,
    Paragraph,
    Strong,
    Text,
    parts,
)

_FOLDED: Final = " \t\r\f\n"
"""The white space that is one space wherever it is read."""
_TOKEN: Final = re.compile(
    r"[ \t\r\f]*\n[ \t\r\f]*|[ \t\r\f]+|[^\W_]+(?:[’'][^\W_]+)*|.", re.DOTALL
)


REMARK: Final = "\ue000"
"""What begins a word that is an editor's comment in the content, which no brief says."""
PARAGRAPH_END: Final = "\N{PARAGRAPH SEPARATOR}"
"""The word that ends a paragraph of a footnote, where another follows."""
_BREAKS: Final = (" ", "\n", PARAGRAPH_END)
"""White space; of what meets, the last of these counts."""
LINE_END: Final = "\r"
"""The end of a line in article.md: a space, and where the line may be broken again."""


@dataclass(frozen=True, slots=True)
class Look:
    """How words are set, as far as the content can hold it."""

    strong: bool = False
    emphasis: bool = False
    link: str = ""
    """Where it leads, as it is compared: programs write some addresses anew."""
    href: str = field(default="", compare=False)
    """The same as it was written."""
    others: tuple[str, ...] = field(default=(), compare=False)
    """What the content cannot hold, by the names that Word gives it."""


PLAIN: Final = Look()


def linked(look: Look, href: str) -> Look:
    """Give a look with a link; the slash that may end a host is no part of what is compared."""
    bare = href[:-1] if re.fullmatch(r"https?://[^/]+/", href) else href
    return replace(look, link=bare, href=href)


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
    is_line_end: bool = field(default=False, compare=False)
    """Whether a space is the end of a line in article.md."""


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
    leaf: int | None = field(default=None, compare=False)
    """Which block of article.md it begins, by its place there."""


Token: TypeAlias = Word | Start


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters with one look, before they are divided into words."""

    text: str
    look: Look = PLAIN
    note: tuple[Word, ...] | None = None
    revisions: tuple[int, ...] = ()
    label: str = ""
    is_remark: bool = False


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
            ends_line = LINE_END in text
            if not text.strip(_FOLDED):  # narrow spaces and those that hold words together stay
                text = "\n" if "\n" in text else " "
            brought = tuple(dict.fromkeys(revisions))
            made.append(Word(text, held[index].look, None, brought, is_line_end=ends_line))
        held.clear()

    for stretch in stretches:
        if stretch.is_remark:
            divide()
            made.append(Word(f"{REMARK}{stretch.text}"))
        elif stretch.note is not None:
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
        if word.text.isspace() and not made:
            continue
        if word.text in _BREAKS and made[-1].text in _BREAKS:
            if _BREAKS.index(word.text) > _BREAKS.index(made[-1].text):
                made[-1] = word
            continue
        made.append(word)
    while made and made[-1].text.isspace():
        made.pop()
    for index, word in enumerate(made):
        if word.text == PARAGRAPH_END:
            made[index] = replace(word, look=PLAIN)
        elif word.text in _BREAKS:
            before, after = made[index - 1].look, made[index + 1].look
            look = Look(before.strong and after.strong, before.emphasis and after.emphasis)
            is_linked = before.link == after.link
            made[index] = replace(word, look=linked(look, before.href) if is_linked else look)
    return tuple(made)


def shown(tokens: Iterable[Token]) -> str:
    """Write words without their looks, for a person: a footnote in brackets, ¶ between blocks."""
    parts: list[str] = []
    for token in tokens:
        if isinstance(token, Start):
            parts.append(" ¶ ")
        elif token.text.startswith(REMARK):
            continue
        elif token.note is not None:
            parts.append(f" [{shown(token.note).replace(PARAGRAPH_END, ' ¶ ')}]")
        else:
            parts.append(token.text)
    return "".join(parts).removeprefix(" ¶ ").strip()


def nodes(words: Sequence[Word]) -> tuple[Inline, ...]:
    """Make inline nodes of words; a footnote is one with its words in paragraphs."""
    made: list[Inline] = []
    for link, group_of in groupby(words, key=lambda word: word.look.link):
        held = list(group_of)
        inner: list[Inline] = []
        for strong, group in groupby(held, key=lambda word: word.look.strong):
            run = list(group)
            inner += _stressed(run, Strong, _emphasised) if strong else _emphasised(run)
        made += [Link(held[0].look.href, tuple(inner))] if link else inner
    return tuple(made)


def _emphasised(words: Iterable[Word]) -> Iterator[Inline]:
    for emphasis, group in groupby(words, key=lambda word: word.look.emphasis):
        run = list(group)
        yield from _stressed(run, Emphasis, _plain_nodes) if emphasis else _plain_nodes(run)


def _stressed(
    held: Sequence[Word],
    kind: type[Strong] | type[Emphasis],
    within: Callable[[Sequence[Word]], Iterator[Inline]],
) -> Iterator[Inline]:
    """Put stress round words, but not round a space at an end: there Markdown reads none."""
    first = next((n for n, word in enumerate(held) if not word.text.isspace()), len(held))
    last = next((n for n in range(len(held), first, -1) if not held[n - 1].text.isspace()), first)
    yield from _plain_nodes(held[:first])
    if first < last:
        yield kind(tuple(within(held[first:last])))
    yield from _plain_nodes(held[last:])


def paragraphs(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Divide a footnote's words into its paragraphs."""
    for is_end, group in groupby(words, key=lambda word: word.text == PARAGRAPH_END):
        if not is_end:
            yield list(group)


def _plain_nodes(words: Iterable[Word]) -> Iterator[Inline]:
    for kind, group in groupby(
        words, key=lambda w: "note" if w.note is not None else w.text == "\n"
    ):
        if kind == "note":
            for word in group:
                held = paragraphs(word.note or ())
                yield Footnote(tuple(Paragraph(nodes(own)) for own in held))
        elif kind:
            yield from (LineBreak() for _ in group)
        else:
            yield Text("".join(map(_character, group)))


def _character(word: Word) -> str:
    """Give a word as it stands in a Text; of a comment there is a sign in its place."""
    if word.is_line_end:
        return "\n"
    return REMARK if word.text.startswith(REMARK) else word.text


def stretches(inlines: Iterable[Inline], look: Look = PLAIN) -> Iterator[Stretch]:
    """Give the characters of inline nodes, each with its look."""
    for node in inlines:
        match node:
            case Text(text):
                yield Stretch(text, look)
            case LineBreak():
                yield Stretch("\n", look)
            case Emphasis(children):
                yield from stretches(children, replace(look, emphasis=True))
            case Strong(children):
                yield from stretches(children, replace(look, strong=True))
            case Link(href, children):
                yield from stretches(children, linked(look, href))
            case Footnote(children):
                words: list[Stretch] = []
                for block in children:
                    words += [Stretch(PARAGRAPH_END)] if words else []
                    words += _all_words(block)
                yield Stretch("", PLAIN, divided(words))
            case Comment(text):
                yield Stretch(text, is_remark=True)
            case PageNumber():
                pass
            case _:
                yield from stretches(node.children, look)


def _all_words(block: Block) -> Iterator[Stretch]:
    """Give the words of a block of a footnote, whatever it is."""
    if isinstance(block, Paragraph):
        yield from stretches(block.children)
        return
    for index, part in enumerate(parts(block)):
        if index:
            yield Stretch(PARAGRAPH_END)
        if isinstance(part, Inline):
            yield from stretches((part,))
        else:
            yield from _all_words(cast("Block", part))
