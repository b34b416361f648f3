"""Slips of an article, reported where they stand: the words are the source's, nothing is mended.

Only what a machine can tell is looked for, and in the article's own text: article.md without
its front matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from pipeline.checks.check_table import make_finding
from pipeline.content.model import Content
from pipeline.content.views import divide_body
from pipeline.diagnostics import Diagnostic, Location
from pipeline.document.tree import Address, Block, Figure, Link, to_plain_text, walk
from pipeline.templating.variables import QUOTATION_MARKS

MOST_REPORTED: Final = 50
"""How many findings of one kind an article gets: a page of them helps nobody."""
WELL_KNOWN: Final = frozenset(
    {"AIDS", "BBC", "CEO", "CIA", "CNN", "COVID", "DNA", "EEC", "FAQ", "FBI", "GDP", "GPS"}
    | {"HIV", "HTML", "IMF", "ISO", "MEP", "NASA", "NATO", "NGO", "OECD", "OPEC", "PDF"}
    | {"UAE", "UNESCO", "UNICEF", "URL", "USA", "USD", "USSR", "WHO", "WTO", "WWI", "WWII"}
)
"""Abbreviations that need no explanation. Those of two letters (US, UN, EU) are never asked for."""

_MARKUP: Final = re.compile(
    r"""
      ^[ ]{0,3}(?:>[ ]?)+ | ^[ ]*(?:[-*+]|\d{1,9}[.)])[ ]+ | ^\#{1,2}[ ]+ | [ ]*\{[^{}\n]{1,200}\}$
    | \[\^[^\]\s]{1,200}\]:? | !?\[(?=[^\]]{0,2000}\]\()
    | \]\((?:[^()\s]|\([^()\s]{0,200}\)){0,2000}(?:[ ]"[^"\n]*")?\)
    | <[^<>\s]{1,2000}> | \^(?=\[) | [*_\\]
    """,
    re.MULTILINE | re.VERBOSE,
)
"""What Markdown writes around words."""
_TWICE: Final = re.compile(r"(?<![\w’'-])([^\W\d_]+)\s+(\1)(?![\w’'-])", re.IGNORECASE)
_MEANT_TWICE: Final = frozenset({"had", "that"})
_ROMAN: Final = re.compile(r"M{0,3}(?:C[MD]|D?C{0,3})(?:X[CL]|L?X{0,3})(?:I[XV]|V?I{0,3})")
_CAPITALS: Final = re.compile(r"(?<![\w.])[A-Z]{3,}(?=s?\b)")
_EXPLAINED: Final = re.compile(r"\(([A-Z]{3,})s?\)|\b([A-Z]{3,})s? \([^()\s]+ [^()]+\)")
_NUMBER: Final = re.compile(r"(?:^|\s)(?:\d{1,3}|[a-z]|[ivx]{1,4})$", re.IGNORECASE)
"""What may stand before a bracket that closes and was not opened: 1), a), iv)."""
_BRACKETS: Final = {")": "(", "]": "["}
_VAGUE_LINK: Final = re.compile(r"\W*(?:here|this|link|click here)?\W*", re.IGNORECASE)
_VAGUE_ALT: Final = re.compile(r"\W*|\S+\.(?:png|jpe?g)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph's words without markup, each character with where it stands."""

    text: str
    offsets: Sequence[int]
    """Where each character of ``text`` stands in ``source``."""
    source: str
    first: Location
    heading: int
    """The number of the heading that it stands under."""

    def locate_character(self, index: int) -> Location:
        """Return the place of a character of ``text``."""
        return self.locate_offset(self.offsets[index])

    def locate_offset(self, offset: int) -> Location:
        """Return the place of a character of ``source``."""
        start = self.source.rfind("\n", 0, offset) + 1
        line = self.first.line + self.source.count("\n", 0, offset)
        return Location(self.first.file, line, offset - start + 1)


def check_article(content: Content) -> Iterator[Diagnostic]:
    """Find the slips of an article; each kind in the order of the text."""
    passages = list(_list_passages(content))
    for finder in (
        _find_doubled_words,
        _find_double_spaces,
        _find_stray_spaces,
        _find_lone_brackets,
        _find_lone_quotes,
        _find_straight_quotes,
        _find_abbreviations,
    ):
        yield from islice(finder(passages, content), MOST_REPORTED)
    for find_missing in (
        _find_missing_positions,
        _find_skipped_questions,
        _find_vague_descriptions,
    ):
        yield from islice(find_missing(content), MOST_REPORTED)


def _list_passages(content: Content) -> Iterator[Passage]:
    """Read article.md's paragraphs; the headings of answers are ids, no words."""
    lines = content.lines
    file = f"content/{content.article.slug}/article.md"
    begin = next(n for n, line in enumerate(lines[1:], 2) if line.rstrip() == "---")
    heading, paragraph = 0, list[str]()
    for number, line in enumerate([*lines[begin:], ""], begin + 1):
        if line.strip() and not line.startswith("#"):
            paragraph.append(line)
            continue
        if paragraph:
            first = Location(file, number - len(paragraph), 1)
            yield _make_passage("\n".join(paragraph), first, heading)
            paragraph = []
        if line.startswith("#"):
            heading += 1
        if line.startswith("# "):
            yield _make_passage(line, Location(file, number, 1), heading)


def _make_passage(source: str, first: Location, heading: int) -> Passage:
    markup = (range(*match.span()) for match in _MARKUP.finditer(source))
    left_out = set(chain.from_iterable(markup))
    offsets = [offset for offset in range(len(source)) if offset not in left_out]
    return Passage("".join(source[o] for o in offsets), offsets, source, first, heading)


# --- slips of one paragraph ---------------------------------------------------------------


def _find_doubled_words(passages: Sequence[Passage], _: Content) -> Iterator[Diagnostic]:
    for passage in passages:
        for match in _TWICE.finditer(passage.text):
            if match[2].lower() not in _MEANT_TWICE:
                yield make_finding(
                    "doubled-word",
                    f"the word “{match[2]}” stands twice",
                    passage.locate_character(match.start(2)),
                )


def _find_double_spaces(passages: Sequence[Passage], _: Content) -> Iterator[Diagnostic]:
    for passage in passages:
        for match in re.finditer(r"(?<=\S)  +(?=\S)", passage.source):
            place = passage.locate_offset(match.start())
            yield make_finding("double-space", "two spaces stand in a row", place)


def _find_stray_spaces(passages: Sequence[Passage], content: Content) -> Iterator[Diagnostic]:
    # French sets a space before its high marks.
    punctuation = ",." if content.article.language.lower().startswith("fr") else ",.;:!?"
    pattern = re.compile(rf"(?<![\s])\s+(?=[{punctuation}](?![\w.)])|[)\]])|(?<=[(\[])\s+(?=\S)")
    for passage in passages:
        for match in pattern.finditer(passage.text):
            if match.start() > 0:
                shown = passage.text[match.start() - 1 : match.end() + 1]
                yield make_finding(
                    "space-before-punctuation",
                    f"there is a space too many in “{' '.join(shown.split())}”",
                    passage.locate_character(match.start()),
                )


def _find_lone_brackets(passages: Sequence[Passage], _: Content) -> Iterator[Diagnostic]:
    for passage in passages:
        opened: list[int] = []
        for index, character in enumerate(passage.text):
            if character in _BRACKETS.values():
                opened.append(index)
            elif character in _BRACKETS:
                if opened and passage.text[opened[-1]] == _BRACKETS[character]:
                    opened.pop()
                elif not _NUMBER.search(passage.text[max(0, index - 6) : index]):
                    yield _report_unbalanced("bracket", character, "opened", passage, index)
        for index in opened:
            yield _report_unbalanced("bracket", passage.text[index], "closed", passage, index)


def _report_unbalanced(
    what: str, sign: str, lacks: str, passage: Passage, index: int
) -> Diagnostic:
    name = "quotation mark" if what == "quote" else what
    return make_finding(
        f"unbalanced-{what}", f"the {name} {sign} is not {lacks}", passage.locate_character(index)
    )


# --- slips of an answer, and of the whole -------------------------------------------------


@dataclass(frozen=True, slots=True)
class _LoneQuotes:
    """Quotation marks under one heading that found no partner, each with its passage."""

    opened: Sequence[tuple[Passage, int]]
    closed: Sequence[tuple[Passage, int]]
    straight: Sequence[tuple[Passage, int]]
    """All straight ones: of an odd number, one has no partner."""


def _find_lone_quotes(passages: Sequence[Passage], content: Content) -> Iterator[Diagnostic]:
    """Find marks without their partner; the outer ones of an answer are not in article.md.

    A paragraph may open again what the one before left open. One mark that closes before
    another opens is how “An answer,” a narrator says, “goes on” without its outer marks.
    """
    language = content.article.language.split("-")[0].lower()
    quotation_marks = QUOTATION_MARKS.get(language, QUOTATION_MARKS["en"])
    opening, closing = (mark.strip("\u00a0") for mark in quotation_marks)
    headings: dict[int, list[Passage]] = {}
    for passage in passages:
        headings.setdefault(passage.heading, []).append(passage)
    for of_one in headings.values():
        lone = _pair_quotes(of_one, opening, closing)
        if not (len(lone.closed) == len(lone.opened) == 1):
            for place in lone.closed:
                yield _report_unbalanced("quote", closing, "opened", *place)
            for place in lone.opened:
                yield _report_unbalanced("quote", opening, "closed", *place)
        if len(lone.straight) % 2:
            yield _report_unbalanced("quote", '"', "closed", *lone.straight[-1])


def _pair_quotes(passages: Sequence[Passage], opening: str, closing: str) -> _LoneQuotes:
    """Pair the marks of passages; a straight one after a digit is inches."""
    opened: list[tuple[Passage, int]] = []
    closed: list[tuple[Passage, int]] = []
    straight: list[tuple[Passage, int]] = []
    for passage in passages:
        for index, character in enumerate(passage.text):
            if character == opening and not (index == 0 and opened):
                opened.append((passage, index))
            elif character == closing and opened:
                opened.pop()
            elif character == closing:
                closed.append((passage, index))
            elif character == '"' and not passage.text[index - 1 : index].isdigit():
                straight.append((passage, index))
    return _LoneQuotes(opened, closed, straight)


def _find_straight_quotes(passages: Sequence[Passage], _: Content) -> Iterator[Diagnostic]:
    """Find straight marks where curly ones are used; after a digit they are feet and inches."""
    if not any(sign in passage.text for passage in passages for sign in "“”‘’„"):
        return
    for passage in passages:
        for match in re.finditer(r"(?<!\d)[\"']", passage.text):
            yield make_finding(
                "mixed-quotes",
                f"the straight {match.group()} stands among curly marks",
                passage.locate_character(match.start()),
            )


def _find_abbreviations(passages: Sequence[Passage], content: Content) -> Iterator[Diagnostic]:
    whole = "\n".join([*content.lines, *(passage.text for passage in passages)])
    known = set(WELL_KNOWN)
    known.update(*(match.groups("") for match in _EXPLAINED.finditer(whole)))
    for term in content.summary.glossary if content.summary else ():
        known.update(_CAPITALS.findall(f"{term.term} {term.definition}"))
    written = set(re.findall(r"\b[a-z]{3,}\b", whole))  # a word in capitals is no abbreviation
    for passage in passages:
        for match in _CAPITALS.finditer(passage.text):
            name = match.group()
            if name not in known and name.lower() not in written and not _ROMAN.fullmatch(name):
                known.add(name)
                yield make_finding(
                    "unknown-abbreviation",
                    f"nothing explains “{name}”",
                    passage.locate_character(match.start()),
                    "a term of summary.yaml's glossary would",
                )


# --- what is missing ----------------------------------------------------------------------


def _find_missing_positions(content: Content) -> Iterator[Diagnostic]:
    for expert in content.article.experts:
        if not expert.descriptor and not expert.roles:
            yield make_finding(
                "no-position",
                f"nothing says who {expert.name} is",
                content.places.get(Address(f"article.md#experts.{expert.id}")),
                f"give `{expert.id}` a descriptor or roles",
            )


def _find_skipped_questions(content: Content) -> Iterator[Diagnostic]:
    """Find who skipped a question. The loader reports who answers none at all."""
    answers = [
        (question.id, {expert.id for answer in question.answers for expert in answer.experts})
        for question in content.article.questions
    ]
    speakers = set().union(*(answered for _, answered in answers))
    for question, answered in answers:
        for expert in content.article.experts:
            if answered and expert.id in speakers - answered:
                yield make_finding(
                    "unanswered",
                    f"{expert.name} does not answer `{question}`",
                    content.places.get(Address(f"article.md#{question}")),
                )


def _find_vague_descriptions(content: Content) -> Iterator[Diagnostic]:
    """Find those that say nothing. Without any word at all, an article is not even loaded."""
    for place, block in _locate_blocks(content):
        for node in (block, *walk(block)):
            if isinstance(node, Link) and _VAGUE_LINK.fullmatch(to_plain_text(node.children)):
                words = to_plain_text(node.children)
                yield make_finding(
                    "link-words",
                    f"“{words}” does not say where the link leads: {node.href}",
                    place,
                )
            elif isinstance(node, Figure) and _VAGUE_ALT.fullmatch(node.alt):
                yield make_finding(
                    "image-words",
                    f"“{node.alt}” does not say what the image shows",
                    place,
                    "say it for those who do not see it: ![a map of the cables](images/map.png)",
                )


def _locate_blocks(content: Content) -> Iterator[tuple[Location | None, Block]]:
    """Yield the text's blocks, each with where it stands."""
    for part in divide_body(content.article):
        for address, block in part.blocks.items():
            yield content.places.get(address), block
