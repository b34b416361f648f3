"""Slips of an article, listed where they stand: the words are the source's, nothing is mended.

Only what a machine can tell is looked for, and in the article's own text: article.md without
its front matter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from pipeline.checks.check_table import found
from pipeline.content.model import Content
from pipeline.diagnostics import Diagnostic, Location
from pipeline.document.tree import Address, Block, Figure, Link, plain, walk
from pipeline.templating.variables import QUOTATION_MARKS

MOST_TOLD: Final = 50
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

    def at(self, index: int) -> Location:
        """Give the place of a character of ``text``."""
        return self.place(self.offsets[index])

    def place(self, offset: int) -> Location:
        """Give the place of a character of ``source``."""
        start = self.source.rfind("\n", 0, offset) + 1
        line = self.first.line + self.source.count("\n", 0, offset)
        return Location(self.first.file, line, offset - start + 1)


def check(content: Content) -> Iterator[Diagnostic]:
    """Find the slips of an article; each kind in the order of the text."""
    passages = list(_passages(content))
    for finder in (_twice, _wide, _loose, _brackets, _quotes, _straight, _abbreviations):
        yield from islice(finder(passages, content), MOST_TOLD)
    for of_all in (_positions, _silences, _links_and_images):
        yield from islice(of_all(content), MOST_TOLD)


def _passages(content: Content) -> Iterator[Passage]:
    """Read article.md's paragraphs; the headings of answers are ids, no words."""
    lines = content.lines
    file = f"content/{content.article.slug}/article.md"
    begin = next(n for n, line in enumerate(lines[1:], 2) if line.rstrip() == "---")
    heading, held = 0, list[str]()
    for number, line in enumerate([*lines[begin:], ""], begin + 1):
        if line.strip() and not line.startswith("#"):
            held.append(line)
            continue
        if held:
            yield _passage("\n".join(held), Location(file, number - len(held), 1), heading)
            held = []
        if line.startswith("#"):
            heading += 1
        if line.startswith("# "):
            yield _passage(line, Location(file, number, 1), heading)


def _passage(source: str, first: Location, heading: int) -> Passage:
    markup = (range(*match.span()) for match in _MARKUP.finditer(source))
    left_out = set(chain.from_iterable(markup))
    offsets = [offset for offset in range(len(source)) if offset not in left_out]
    return Passage("".join(source[o] for o in offsets), offsets, source, first, heading)


# --- slips of one paragraph ---------------------------------------------------------------


def _twice(passages: Sequence[Passage], _: Content) -> Iterator[Diagnostic]:
    for passage in passages:
        for match in _TWICE.finditer(passage.text):
            if match[2].lower() not in _MEANT_TWICE:
                yield found(
                    "doubled-word",
                    f"the word “{match[2]}” stands twice",
                    passage.at(match.start(2)),
                )


def _wide(passages: Sequence[Passage], _: Content) -> Iterator[Diagnostic]:
    for passage in passages:
        for match in re.finditer(r"(?<=\S)  +(?=\S)", passage.source):
            place = passage.place(match.start())
            yield found("double-space", "two spaces stand in a row", place)


def _loose(passages: Sequence[Passage], content: Content) -> Iterator[Diagnostic]:
    # French sets a space before its high marks.
    marks = ",." if content.article.language.lower().startswith("fr") else ",.;:!?"
    pattern = re.compile(rf"(?<![\s])\s+(?=[{marks}](?![\w.)])|[)\]])|(?<=[(\[])\s+(?=\S)")
    for passage in passages:
        for match in pattern.finditer(passage.text):
            if match.start() > 0:
                shown = passage.text[match.start() - 1 : match.end() + 1]
                yield found(
                    "space-before-punctuation",
                    f"there is a space too many in “{' '.join(shown.split())}”",
                    passage.at(match.start()),
                )


def _brackets(passages: Sequence[Passage], _: Content) -> Iterator[Diagnostic]:
    for passage in passages:
        opened: list[int] = []
        for index, character in enumerate(passage.text):
            if character in _BRACKETS.values():
                opened.append(index)
            elif character in _BRACKETS:
                if opened and passage.text[opened[-1]] == _BRACKETS[character]:
                    opened.pop()
                elif not _NUMBER.search(passage.text[max(0, index - 6) : index]):
                    yield _unbalanced("bracket", character, "opened", passage, index)
        for index in opened:
            yield _unbalanced("bracket", passage.text[index], "closed", passage, index)


def _unbalanced(what: str, sign: str, lacks: str, passage: Passage, index: int) -> Diagnostic:
    name = "quotation mark" if what == "quote" else what
    return found(f"unbalanced-{what}", f"the {name} {sign} is not {lacks}", passage.at(index))


# --- slips of an answer, and of the whole -------------------------------------------------


def _quotes(passages: Sequence[Passage], content: Content) -> Iterator[Diagnostic]:
    """Find marks without their partner; the outer ones of an answer are not in article.md.

    A paragraph may open again what the one before left open. One mark that closes before
    another opens is how “An answer,” a narrator says, “goes on” without its outer marks.
    """
    language = content.article.language.split("-")[0].lower()
    marks = QUOTATION_MARKS.get(language, QUOTATION_MARKS["en"])
    opening, closing = (mark.strip("\u00a0") for mark in marks)
    headings: dict[int, list[Passage]] = {}
    for passage in passages:
        headings.setdefault(passage.heading, []).append(passage)
    for under in headings.values():
        opened: list[tuple[Passage, int]] = []
        strays: list[tuple[Passage, int]] = []
        straight: list[tuple[Passage, int]] = []
        for passage in under:
            for index, character in enumerate(passage.text):
                if character == opening and not (index == 0 and opened):
                    opened.append((passage, index))
                elif character == closing and opened:
                    opened.pop()
                elif character == closing:
                    strays.append((passage, index))
                elif character == '"' and not passage.text[index - 1 : index].isdigit():
                    straight.append((passage, index))
        if not (len(strays) == len(opened) == 1):
            for place in strays:
                yield _unbalanced("quote", closing, "opened", *place)
            for place in opened:
                yield _unbalanced("quote", opening, "closed", *place)
        if len(straight) % 2:
            yield _unbalanced("quote", '"', "closed", *straight[-1])


def _straight(passages: Sequence[Passage], _: Content) -> Iterator[Diagnostic]:
    """Find straight marks where curly ones are used; after a digit they are feet and inches."""
    if not any(sign in passage.text for passage in passages for sign in "“”‘’„"):
        return
    for passage in passages:
        for match in re.finditer(r"(?<!\d)[\"']", passage.text):
            yield found(
                "mixed-quotes",
                f"the straight {match.group()} stands among curly marks",
                passage.at(match.start()),
            )


def _abbreviations(passages: Sequence[Passage], content: Content) -> Iterator[Diagnostic]:
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
                yield found(
                    "unknown-abbreviation",
                    f"nothing explains “{name}”",
                    passage.at(match.start()),
                    "a term of summary.yaml's glossary would",
                )


# --- what is missing ----------------------------------------------------------------------


def _positions(content: Content) -> Iterator[Diagnostic]:
    for expert in content.article.experts:
        if not expert.descriptor and not expert.roles:
            yield found(
                "no-position",
                f"nothing says who {expert.name} is",
                content.places.get(Address(f"article.md#experts.{expert.id}")),
                f"give `{expert.id}` a descriptor or roles",
            )


def _silences(content: Content) -> Iterator[Diagnostic]:
    """Find who skipped a question. Who answers none at all is told of when content is loaded."""
    given = [
        (question.id, {expert.id for answer in question.answers for expert in answer.experts})
        for question in content.article.questions
    ]
    heard = set().union(*(answered for _, answered in given))
    for question, answered in given:
        for expert in content.article.experts:
            if answered and expert.id in heard - answered:
                yield found(
                    "unanswered",
                    f"{expert.name} does not answer `{question}`",
                    content.places.get(Address(f"article.md#{question}")),
                )


_SAYS_NOTHING: Final = re.compile(r"\W*(?:here|this|link|click here)?\W*", re.IGNORECASE)
_NO_WORDS: Final = re.compile(r"\W*|\S+\.(?:png|jpe?g)", re.IGNORECASE)


def _links_and_images(content: Content) -> Iterator[Diagnostic]:
    """Find those that say nothing. Without any word at all, an article is not even loaded."""
    for place, block in _blocks(content):
        for node in (block, *walk(block)):
            if isinstance(node, Link) and _SAYS_NOTHING.fullmatch(plain(node.children)):
                yield found(
                    "link-words",
                    f"“{plain(node.children)}” does not say where the link leads: {node.href}",
                    place,
                )
            elif isinstance(node, Figure) and _NO_WORDS.fullmatch(node.alt):
                yield found(
                    "image-words",
                    f"“{node.alt}” does not say what the image shows",
                    place,
                    "say it for those who do not see it: ![a map of the cables](images/map.png)",
                )


def _blocks(content: Content) -> Iterator[tuple[Location | None, Block]]:
    """Give the text's blocks, each with where it stands; a dialogue's turns count on."""
    article = content.article
    answers = ((answer.address, answer.blocks) for q in article.questions for answer in q.answers)
    counts = Counter[str]()
    for name, blocks in [("introduction", article.introduction), *answers]:
        for block in blocks:
            counts[name] += 1
            yield content.places.get(Address(f"article.md#{name}.{counts[name]}")), block
