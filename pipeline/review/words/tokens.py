"""Words as they are compared: each with its style, white space folded, blocks begun by a mark.

Both the content's Markdown and an editor's paragraphs become such words, so that a change of
a word and a change of how it is set are compared the same way, and no merge can leave a sign of
Markdown without its other half.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby
from typing import Final, Literal, TypeAlias, assert_never, cast

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
    Reference,
    Span,
    Strong,
    Text,
    iterate_parts,
)

_FOLDED: Final = " \t\r\f\n"
"""The white space that is one space wherever it is read."""
_TOKEN: Final = re.compile(
    r"[ \t\r\f]*\n[ \t\r\f]*|[ \t\r\f]+|[^\W_]+(?:[’'][^\W_]+)*|.", re.DOTALL
)


COMMENT_SIGN: Final = "\ue000"
"""What begins a word that is an editor's comment in the content, which no brief says."""
PARAGRAPH_END: Final = "\N{PARAGRAPH SEPARATOR}"
"""The word that ends a paragraph of a footnote, where another follows."""
_BREAKS: Final = (" ", "\n", PARAGRAPH_END)
"""White space; of what meets, the last of these counts."""
LINE_END: Final = "\r"
"""The end of a line in article.md: a space, and where the line may be broken again."""


@dataclass(frozen=True, slots=True)
class WordStyle:
    """How words are set, as far as the content can hold it."""

    strong: bool = False
    emphasis: bool = False
    link: str = ""
    """Where it leads, as it is compared: programs write some addresses anew."""
    href: str = field(default="", compare=False)
    """The same as it was written."""
    others: tuple[str, ...] = field(default=(), compare=False)
    """What the content cannot hold, by the names that Word gives it."""


PLAIN: Final = WordStyle()


def add_link(style: WordStyle, href: str) -> WordStyle:
    """Return a style with a link; the slash that may end a host is no part of what is compared."""
    bare = href[:-1] if re.fullmatch(r"https?://[^/]+/", href) else href
    return replace(style, link=bare, href=href)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a sign, a space, a line break (a line feed), or a place where a footnote hangs."""

    text: str
    style: WordStyle = PLAIN
    note: tuple[Word, ...] | None = None
    """The words of the footnote that hangs here."""
    revisions: tuple[int, ...] = field(default=(), compare=False)
    """The tracked changes that the word stands in, by their numbers."""
    label: str = field(default="", compare=False)
    """What article.md calls the footnote."""
    is_line_end: bool = field(default=False, compare=False)
    """Whether a space is the end of a line in article.md."""


@dataclass(frozen=True, slots=True)
class BlockForm:
    """What kind of block begins: a paragraph, or an item of a list at a level."""

    kind: Literal["paragraph", "bullet", "number", "continued", "heading"] = "paragraph"
    level: int = 0
    """The depth of a list's item, from 1."""
    is_quoted: bool = False


PARAGRAPH: Final = BlockForm()


@dataclass(frozen=True, slots=True)
class BlockStart:
    """The mark with which a block begins."""

    form: BlockForm = PARAGRAPH
    revisions: tuple[int, ...] = field(default=(), compare=False)
    leaf: int | None = field(default=None, compare=False)
    """Which block of article.md it begins, by its place there."""
    is_before_next: bool = field(default=False, compare=False)
    """Whether a new block stands right before the next one, with a table or a picture above it;
    where none is next, behind the last table."""


Token: TypeAlias = Word | BlockStart


@dataclass(frozen=True, slots=True)
class StyledText:
    """Characters with one style, before they are divided into words."""

    text: str
    style: WordStyle = PLAIN
    note: tuple[Word, ...] | None = None
    revisions: tuple[int, ...] = ()
    label: str = ""
    is_comment: bool = False


def split_words(stretches: Iterable[StyledText]) -> tuple[Word, ...]:
    """Divide stretches into words; a word may go on from one stretch into the next."""
    shown = (s for s in stretches if s.is_comment or s.note is not None or s.text)
    words: list[Word] = []
    for style, group in groupby(shown, key=_find_text_style):
        if style is None:
            words += map(_make_mark, group)
        else:
            words += _divide_text(tuple(group))
    return _fold_spaces(words)


def _find_text_style(stretch: StyledText) -> WordStyle | None:
    """Return how a stretch is set; None where it is a word by itself."""
    return None if stretch.is_comment or stretch.note is not None else stretch.style


def _make_mark(stretch: StyledText) -> Word:
    """Make the word of a comment, or of a place where a footnote hangs."""
    if stretch.is_comment:
        return Word(f"{COMMENT_SIGN}{stretch.text}")
    # A footnote hangs on a place: how its number is set is nobody's words.
    return Word("", PLAIN, stretch.note, stretch.revisions, stretch.label)


def _divide_text(stretches: Sequence[StyledText]) -> Iterator[Word]:
    """Divide stretches that are set alike; a word has the changes of all that it stands in."""
    ends = list(accumulate(len(stretch.text) for stretch in stretches))
    for match in _TOKEN.finditer("".join(stretch.text for stretch in stretches)):
        own = stretches[bisect_right(ends, match.start()) : bisect_left(ends, match.end()) + 1]
        text = match.group()
        is_line_end = LINE_END in text
        if not text.strip(_FOLDED):  # narrow spaces and those that hold words together stay
            text = "\n" if "\n" in text else " "
        revisions = tuple(dict.fromkeys(r for stretch in own for r in stretch.revisions))
        yield Word(text, own[0].style, None, revisions, is_line_end=is_line_end)


def _fold_spaces(words: Sequence[Word]) -> tuple[Word, ...]:
    """Fold white space; a space is set as the words on both its sides are."""
    folded: list[Word] = []
    for word in words:
        if word.text.isspace() and not folded:
            continue
        if word.text in _BREAKS and folded[-1].text in _BREAKS:
            if _BREAKS.index(word.text) > _BREAKS.index(folded[-1].text):
                folded[-1] = word
            continue
        folded.append(word)
    while folded and folded[-1].text.isspace():
        folded.pop()
    for index, word in enumerate(folded):
        if word.text == PARAGRAPH_END:
            folded[index] = replace(word, style=PLAIN)
        elif word.text in _BREAKS:
            shared = _share_style(folded[index - 1].style, folded[index + 1].style)
            folded[index] = replace(word, style=shared)
    return tuple(folded)


def _share_style(before: WordStyle, after: WordStyle) -> WordStyle:
    """Return how a space between two words is set."""
    shared = WordStyle(before.strong and after.strong, before.emphasis and after.emphasis)
    return add_link(shared, before.href) if before.link == after.link else shared


def weigh_token(token: Token) -> int:
    """Return how much a token counts in an alignment: a word most, and a space hardly."""
    if isinstance(token, Word) and token.note is None:
        return 1 if token.text.isspace() else 12 if token.text[:1].isalnum() else 4
    return 12


def format_tokens(tokens: Iterable[Token]) -> str:
    """Write words without their looks, for a person: a footnote in brackets, ¶ between blocks."""
    parts: list[str] = []
    for token in tokens:
        if isinstance(token, BlockStart):
            parts.append(" ¶ ")
        elif token.text.startswith(COMMENT_SIGN):
            continue
        elif token.note is not None:
            parts.append(f" [{format_tokens(token.note).replace(PARAGRAPH_END, ' ¶ ')}]")
        else:
            parts.append(token.text)
    return "".join(parts).removeprefix(" ¶ ").strip()


def make_inlines(words: Sequence[Word]) -> tuple[Inline, ...]:
    """Make inline nodes of words; a footnote is one with its words in paragraphs."""
    inlines: list[Inline] = []
    for link, group_of in groupby(words, key=lambda word: word.style.link):
        linked = list(group_of)
        inner: list[Inline] = []
        for strong, group in groupby(linked, key=lambda word: word.style.strong):
            run = list(group)
            inner += _wrap_stress(run, Strong, _make_emphasis) if strong else _make_emphasis(run)
        inlines += [Link(linked[0].style.href, tuple(inner))] if link else inner
    return tuple(inlines)


def _make_emphasis(words: Iterable[Word]) -> Iterator[Inline]:
    for emphasis, group in groupby(words, key=lambda word: word.style.emphasis):
        run = list(group)
        yield from (
            _wrap_stress(run, Emphasis, _make_plain_inlines)
            if emphasis
            else _make_plain_inlines(run)
        )


def _wrap_stress(
    words: Sequence[Word],
    kind: type[Strong] | type[Emphasis],
    within: Callable[[Sequence[Word]], Iterator[Inline]],
) -> Iterator[Inline]:
    """Put stress round words, but not round a space at an end: there Markdown reads none."""
    first = next((n for n, word in enumerate(words) if not word.text.isspace()), len(words))
    last = next((n for n in range(len(words), first, -1) if not words[n - 1].text.isspace()), first)
    yield from _make_plain_inlines(words[:first])
    if first < last:
        yield kind(tuple(within(words[first:last])))
    yield from _make_plain_inlines(words[last:])


def split_note_paragraphs(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Divide a footnote's words into its paragraphs."""
    for is_end, group in groupby(words, key=lambda word: word.text == PARAGRAPH_END):
        if not is_end:
            yield list(group)


def _make_plain_inlines(words: Iterable[Word]) -> Iterator[Inline]:
    for kind, group in groupby(
        words, key=lambda w: "note" if w.note is not None else w.text == "\n"
    ):
        if kind == "note":
            for word in group:
                paragraphs = split_note_paragraphs(word.note or ())
                yield Footnote(tuple(Paragraph(make_inlines(own)) for own in paragraphs))
        elif kind:
            yield from (LineBreak() for _ in group)
        else:
            yield Text("".join(map(_write_character, group)))


def _write_character(word: Word) -> str:
    """Return a word as it stands in a Text; of a comment there is a sign in its place."""
    if word.is_line_end:
        return "\n"
    return COMMENT_SIGN if word.text.startswith(COMMENT_SIGN) else word.text


def iterate_styled_text(
    inlines: Iterable[Inline], style: WordStyle = PLAIN
) -> Iterator[StyledText]:
    """Return the characters of inline nodes, each with its style."""
    for node in inlines:
        if isinstance(node, Emphasis | Strong | Link | Span | Reference):
            yield from iterate_styled_text(node.children, _add_node_style(node, style))
        else:
            yield from _iterate_leaf_text(node, style)


def _add_node_style(
    node: Emphasis | Strong | Link | Span | Reference, style: WordStyle
) -> WordStyle:
    match node:
        case Emphasis():
            return replace(style, emphasis=True)
        case Strong():
            return replace(style, strong=True)
        case Link(href):
            return add_link(style, href)
        case Span() | Reference():  # which the content does not write
            return style
        case _:
            assert_never(node)


def _iterate_leaf_text(
    node: Text | LineBreak | Footnote | Comment | PageNumber, style: WordStyle
) -> Iterator[StyledText]:
    match node:
        case Text(text):
            yield StyledText(text, style)
        case LineBreak():
            yield StyledText("\n", style)
        case Footnote(children):
            yield StyledText("", PLAIN, split_words(_iterate_note_text(children)))
        case Comment(text):
            yield StyledText(text, is_comment=True)
        case PageNumber():
            pass
        case _:
            assert_never(node)


def _iterate_note_text(blocks: Iterable[Block]) -> Iterator[StyledText]:
    for index, block in enumerate(blocks):
        if index:
            yield StyledText(PARAGRAPH_END)
        yield from _iterate_block_text(block)


def _iterate_block_text(block: Block) -> Iterator[StyledText]:
    """Return the words of a block of a footnote, whatever it is."""
    if isinstance(block, Paragraph):
        yield from iterate_styled_text(block.children)
        return
    for index, part in enumerate(iterate_parts(block)):
        if index:
            yield StyledText(PARAGRAPH_END)
        if isinstance(part, Inline):
            yield from iterate_styled_text((part,))
        else:
            yield from _iterate_block_text(cast("Block", part))
