"""Every word accounted for: what the content says, against what a brief prints of it.

What people said is printed whole, or named under ``leaves_out`` in template.yaml, or outside the
view that was asked for. Of the front matter, the summary and the house, a value or a list that a
template begins it prints whole. It is told by the addresses that words have in a Document: words
that a template changed have none, and a quotation has its answer's, which is no paragraph's.
"""

from __future__ import annotations

import typing
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

from pipeline.build.printed_words import (
    NodeWords,
    PrintedWords,
    collect_printed_words,
    read_node_words,
    squeeze,
)
from pipeline.build.provenance import iterate_values
from pipeline.content.model import Content, FrontMatter, House, Question, Summary
from pipeline.content.views import ArticleView, BodyPart, divide_body
from pipeline.diagnostics import Diagnostic, Severity
from pipeline.document.markdown_tables import name_cell
from pipeline.document.tree import Address, Document, Node, Table, to_full_text
from pipeline.records import MarkdownText, find_extra, get_field_hints, unwrap_hint

_EXPANDED: Final[Mapping[str, tuple[str, ...]]] = {"answers": ("answers", "questions", "turns")}
"""What is left out with something: without answers, nobody needs what leads to them."""
_OPTIONAL: Final = ("quote", "descriptor", "roles", "affiliation", "bio")
"""Keys of a list's items that may be left out; one that a template prints, it prints of all."""
_NO_WORDS: Final = "answer"
"""The key in a list that leads somewhere and says nothing."""
_MOST_TOLD: Final = 5
"""How many findings of one kind are told one by one."""
_SHOWN: Final = 40
"""How many characters of what is lacking a message shows."""


@dataclass(frozen=True, slots=True)
class _Lacking:
    """Something that was not printed."""

    message: str
    """What the template does, as in “does not print the question q1”."""
    address: Address
    words: str
    hint: str


def find_lacking_words(
    template: str,
    leaves_out: Iterable[str],
    view: ArticleView,
    content: Content,
    document: Document,
    *,
    severity: Severity = Severity.ERROR,
) -> tuple[Diagnostic, ...]:
    """Return a finding for all that a brief should print and does not, at its place in the content.

    Args:
        template: The name of its template.
        leaves_out: What the template says that it leaves out.
        view: The part of the article that was asked for.
        content: All of the article, with its places.
        document: The brief.
        severity: How much it matters.
    """
    printed = collect_printed_words(document)
    out = {part for name in leaves_out for part in _EXPANDED.get(name, (name,))}
    kinds = defaultdict[str, list[_Lacking]](list)
    for found in (
        *_find_lacking_questions(view, printed, out),
        *_find_lacking_parts(view, printed, out),
        *_find_lacking_values(view, content, printed),
    ):
        kinds[found.hint].append(found)
    return tuple(
        Diagnostic(
            "words-lacking",
            f"`{template}` {found.message}: “{_shorten(found.words)}”{more}",
            content.places.get(found.address),
            found.hint,
            severity,
        )
        for lacking in kinds.values()
        for found, more in _fold_lacking(lacking)
    )


def _fold_lacking(lacking: Sequence[_Lacking]) -> Iterator[tuple[_Lacking, str]]:
    """Yield what is lacking of one kind: of very much the first, and how much more there is.

    One slip in a template's loop is one for each turn of it.
    """
    told, rest = lacking[:1], lacking[1:]
    if len(lacking) <= _MOST_TOLD:
        told, rest = lacking, ()
    for found in told:
        yield found, f", and {_describe_rest(rest)}" if rest else ""


def _describe_rest(rest: Sequence[_Lacking]) -> str:
    names = [found.address.partition("#")[2] for found in rest]
    return f"{len(rest)} more like it: {', '.join(names[:_MOST_TOLD])}" + (
        " …" if len(names) > _MOST_TOLD else ""
    )


def _shorten(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN].rstrip()}…"


# --- what people said ---------------------------------------------------------------------


def _report_lacking(kind: str, message: str, address: Address, words: str) -> _Lacking:
    hint = f"print it as it is, or name `{kind}` under `leaves_out:` in template.yaml"
    return _Lacking(message, address, words, hint)


def _find_lacking_questions(
    view: ArticleView, printed: PrintedWords, out: Collection[str]
) -> Iterator[_Lacking]:
    """Find questions that are not printed, of those that somebody answers in the view."""
    is_whole = len(view.experts) == len(view.article.experts)
    for question in view.questions if "questions" not in out else ():
        if (question.spoken or is_whole) and not _is_question_printed(question, printed):
            address = Address(f"article.md#{question.id}")
            words = to_full_text(question.text)
            message = f"does not print the question {question.id}"
            yield _report_lacking("questions", message, address, words)


def _is_question_printed(question: Question, printed: PrintedWords) -> bool:
    return printed.holds(read_node_words(question.text), Address(f"article.md#{question.id}"))


def _find_lacking_parts(
    view: ArticleView, printed: PrintedWords, out: Collection[str]
) -> Iterator[_Lacking]:
    """Find what is not printed of the introduction, and of the answers and turns of the view."""
    shown = {id(said) for question in view.questions for said in question.spoken}
    for part in divide_body(view.article):
        kind, name = _name_part(part)
        is_shown = id(part.said) in shown if part.said else not view.part
        if is_shown and kind not in out:
            yield from _find_lacking_blocks(part, kind, name, printed, "notes" not in out)


def _name_part(part: BodyPart) -> tuple[str, str]:
    """Return what ``leaves_out`` calls a part, and what a person does."""
    if part.said is None:
        return "introduction", "the introduction"
    if part.said.is_turn:
        return "turns", f"the moderator's turn {part.name}"
    return "answers", f"the answer {part.name}"


def _find_lacking_blocks(
    part: BodyPart, kind: str, name: str, printed: PrintedWords, with_notes: bool
) -> Iterator[_Lacking]:
    """Find the first block of a part that is not printed, and the notes of those that are."""
    blocks = {address: read_node_words(nodes) for address, nodes in _divide_blocks(part)}
    lost = [address for address, words in blocks.items() if not printed.holds(words, address)]
    if lost:
        is_whole = len(lost) == len(blocks)
        message = f"does not print {name}" if is_whole else f"prints only a part of {name}"
        words = _describe_words(dict(_divide_blocks(part))[lost[0]])
        yield _report_lacking(kind, message, lost[0], words)
    for address, said in blocks.items():
        note = printed.find_lost_note(said, address) if with_notes and address not in lost else None
        if note is not None:
            key = address.partition("#")[2]
            yield _report_lacking("notes", f"does not print a note of {key}", address, note)


def _divide_blocks(part: BodyPart) -> Iterator[tuple[Address, Sequence[Node]]]:
    """Yield the blocks of a part with their addresses, and of a table its cells with theirs."""
    for address, block in part.blocks.items():
        if isinstance(block, Table):
            for row, cells in enumerate((*block.head, *block.children), 1):
                for column, cell in enumerate(cells.children, 1):
                    yield name_cell(address, row, column), cell.children
        else:
            yield address, [block]


def _describe_words(nodes: Sequence[Node]) -> str:
    """Return what nodes say, or what their pictures show."""
    pictures = read_node_words(nodes).pictures
    return to_full_text(nodes) or " ".join(alt for _, alt in sorted(pictures))


# --- front matter, summary and house --------------------------------------------------------


def _is_list(hint: object) -> bool:
    kind, extras = unwrap_hint(hint)
    is_prose = find_extra(extras, MarkdownText) is not None
    return typing.get_origin(kind) in (tuple, Mapping) and not is_prose


_LISTS: Final = frozenset(
    name
    for record in (FrontMatter, Summary, House)
    for name, hint in get_field_hints(record).items()
    if _is_list(hint)
)
"""The keys of the content that hold several things of one kind."""


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of the front matter, the summary or the house."""

    address: Address
    value: str | tuple[Node, ...]

    @property
    def path(self) -> list[str]:
        """The keys that lead to it: ``takeaways``, ``1``, ``text``."""
        return self.address.partition("#")[2].split(".")

    @property
    def key(self) -> str:
        """The last of them that is no number."""
        return next(key for key in reversed(self.path) if not key.isdecimal())

    @property
    def group(self) -> str:
        """What it is printed together with; empty for a value that stands alone."""
        name = self.path[0]
        if self.key in _OPTIONAL:
            return f"{name}.{self.key}"
        return name if name in _LISTS else ""

    @property
    def words(self) -> NodeWords:
        """What it says."""
        if isinstance(self.value, str):
            return NodeWords(squeeze(self.value), (), frozenset())
        return read_node_words(self.value)

    def get_sibling(self, key: str) -> Address:
        """Return the address of another key beside its own."""
        behind = self.path[::-1].index(self.key) + 1
        keys = self.path[:-behind]
        return Address(f"{self.address.partition('#')[0]}#{'.'.join([*keys, key])}")


@dataclass(frozen=True, slots=True)
class _ValueAccount:
    """The values of one article, and what a brief prints of them."""

    view: ArticleView
    printed: PrintedWords
    values: Mapping[Address, _Value]

    def is_printed(self, value: _Value) -> bool:
        """Return whether a value is printed whole, or what stands for it."""
        words, printed = value.words, self.printed
        if printed.holds(words, value.address):
            return printed.find_lost_note(words, value.address) is None
        match value.key, value.path:
            case "quote", _:  # the same words stand once, where several statements rest on them
                return words.text in printed.pieces
            case "roles" | "affiliation", _:
                descriptor = self.values.get(value.get_sibling("descriptor"))
                return descriptor is not None and self.is_printed(descriptor)
            case _, ["question_labels", id]:
                asked = (q for q in self.view.questions if q.id == id)
                return any(_is_question_printed(question, printed) for question in asked)
        return False

    def is_begun_by(self, value: _Value) -> bool:
        """Return whether a value that is printed begins its list."""
        match value.path:
            case ["pull_quotes", _, "quote"]:  # `quote` prints it as words of its answer
                said = self.printed.all.get(Address(f"article.md#{self._get_answer(value)}"), "")
                return value.words.text in said
            case ["authors", id, "name"] if id in self._list_speakers():
                return False  # the name of a moderator stands at a turn
        return value.address in self.printed.all

    def is_in_view(self, value: _Value) -> bool:
        """Return whether a value of a list belongs to the view that was asked for."""
        questions = {question.id for question in self.view.questions}
        experts = {expert.id for expert in self.view.experts}
        match value.path:
            case ["experts", id, *_]:
                return id in experts & self._list_speakers()
            case ["question_labels", question]:
                return question in questions
            case ["positions", question, expert, _]:
                return question in questions and expert in experts
        if value.key == "quote":
            spoken = {said.address for question in self.view.questions for said in question.spoken}
            return self._get_answer(value) in spoken
        return True

    def _get_answer(self, quote: _Value) -> str:
        return str(self.values[quote.get_sibling(_NO_WORDS)].value)

    def _list_speakers(self) -> set[str]:
        spoken = (said for question in self.view.questions for said in question.spoken)
        return {speaker.id for said in spoken for speaker in said.speakers}


def _find_lacking_values(
    view: ArticleView, content: Content, printed: PrintedWords
) -> Iterator[_Lacking]:
    """Find what is not printed of values and lists that the brief begins."""
    front = [getattr(content.article, item.name) for item in fields(FrontMatter)]
    found = (
        pair for part in (*front, content.summary, content.house) for pair in iterate_values(part)
    )
    account = _ValueAccount(view, printed, {address: _Value(address, v) for address, v in found})
    members = [value for value in account.values.values() if value.key != _NO_WORDS]
    begun = {value.group for value in members if account.is_begun_by(value)}
    for value in members:
        is_begun = value.address in printed.all
        is_member = value.group and value.group in begun and account.is_in_view(value)
        if (is_begun or is_member) and not account.is_printed(value):
            words = value.value if isinstance(value.value, str) else to_full_text(value.value)
            key = value.address.partition("#")[2]
            message = f"prints some of `{value.group}`, and not {key}"
            if is_begun:
                message = f"prints only a part of {key}"
            yield _Lacking(message, value.address, words, "print all of it, or nothing")
