"""What changed between two editions of an article: typed, for a page that says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from pipeline.document import Document, Heading, Paragraph, plain, walk
from pipeline.model import Content
from pipeline.review.aligning import LIKE, likeness
from pipeline.review.merging import changes
from pipeline.sources import values

What: TypeAlias = Literal["question", "expert", "answer", "paragraph", "text"]
How: TypeAlias = Literal["added", "removed", "reworded", "moved"]
_BODY: Final = re.compile(r"article\.md#(introduction|[a-z][a-z0-9-]*\.[a-z0-9+-]+)\.\d+")
_EXPERT: Final = re.compile(r"article\.md#experts\.([a-z0-9-]+)\.")
_UNPRINTED: Final = ("house.yaml", "article.md#source", "article.md#notes")
"""What is no part of the article, by the beginnings of its addresses."""
_QUOTED: Final = re.compile(r"\.(?:answer|quote)$|^summary\.yaml#pull_quotes")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed."""

    what: What
    how: How
    question: int = 0
    """The question's number; 0 where there is none."""
    names: str = ""
    """Who speaks, or who the expert is."""
    place: str = ""
    """What else it is: ``takeaways 1``."""
    before: str = ""
    after: str = ""


def differences(old: Content, new: Content) -> tuple[Difference, ...]:
    """Give all that a reader of the article may notice, in the order of the newer edition."""
    return tuple(_moved([*_values(old, new), *_answers(old, new)]))


def _values(old: Content, new: Content) -> Iterator[Difference]:
    """Compare titles, names, questions and the summary, value by value."""
    was, now = _plain_values(old), _plain_values(new)
    for address in {**now, **was}:
        before, after = was.get(address, ""), now.get(address, "")
        if before == after:
            continue
        how: How = "reworded" if before and after else "added" if after else "removed"
        content = new if after else old
        told = Difference("text", how, before=before, after=after)
        key = address.partition("#")[2]
        numbers = {question.id: question.number for question in content.article.questions}
        if match := _EXPERT.match(address):
            names = {expert.id: expert.name for expert in content.article.experts}
            yield replace(told, what="expert", names=names.get(match[1], match[1]))
        elif key in numbers:
            yield replace(told, what="question", question=numbers[key])
        else:
            place = re.sub(r"[._]", " ", key).removesuffix(" text")
            yield replace(told, place=place)


def _plain_values(content: Content) -> dict[str, str]:
    return {
        str(address): source.text
        for address, source in values(content).items()
        if not (
            address.startswith(_UNPRINTED) or _BODY.fullmatch(address) or _QUOTED.search(address)
        )
    }


def _answers(old: Content, new: Content) -> Iterator[Difference]:
    """Compare what was said, paragraph by paragraph."""
    was, now = _paragraphs(old), _paragraphs(new)
    known = {**_speakers(old), **_speakers(new)}
    for key in {**now, **was}:
        before, after = was.get(key, ()), now.get(key, ())
        number, names = known.get(key, (0, ""))
        what: What = "paragraph" if before and after else "answer"
        for told in _compared(before, after):
            yield replace(told, what=what, question=number, names=names)


def _paragraphs(content: Content) -> Mapping[str, Sequence[str]]:
    """Give the paragraphs of the introduction and of each answer, by its address."""
    made: dict[str, list[str]] = {}
    for address, source in values(content).items():
        if match := _BODY.fullmatch(address):
            made.setdefault(match[1], []).append(source.text)
    return made


def _speakers(content: Content) -> dict[str, tuple[int, str]]:
    """Give the question's number and the names of those who speak, of each answer."""
    return {
        str(answer.address): (question.number, ", ".join(e.name for e in answer.experts))
        for question in content.article.questions
        for answer in question.answers
    }


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
    for change in changes(before, after):
        gone = list(before[change.old_from : change.old_to])
        for text in after[change.new_from : change.new_to]:
            like = max(gone, key=lambda other: likeness(other.split(), text.split()), default="")
            if like and likeness(like.split(), text.split()) >= LIKE:
                gone.remove(like)
                yield Difference("paragraph", "reworded", before=like, after=text)
            else:
                yield Difference("paragraph", "added", after=text)
        yield from (Difference("paragraph", "removed", before=text) for text in gone)


def _moved(found: Sequence[Difference]) -> Iterator[Difference]:
    """Make one of a paragraph that was removed here and added there."""
    came = {told.after: told for told in found if told.what != "text" and told.how == "added"}
    gone = {told.before for told in found if told.what != "text" and told.how == "removed"}
    for told in found:
        if told.how == "added" and told.after in gone and told.after in came:
            yield replace(told, how="moved")
        elif not (told.how == "removed" and told.before in came):
            yield told


def marked(new: Document, old: Document) -> Document:
    """Mark the paragraphs and headings of a brief whose words the older one does not have."""
    had = {plain(node.children) for node in walk(old) if isinstance(node, Paragraph | Heading)}

    def mark(node: object) -> object:
        if isinstance(node, Paragraph | Heading):
            return node if plain(node.children) in had else replace(node, is_changed=True)
        children = getattr(node, "children", None)
        if not isinstance(children, tuple):
            return node
        return replace(node, children=tuple(map(mark, children)))  # type: ignore[type-var]

    return replace(new, children=tuple(map(mark, new.children)))  # type: ignore[arg-type]
