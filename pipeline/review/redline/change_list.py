"""What changed between two editions of an article: typed, for a page that lists it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from pipeline.build.provenance import list_content_values
from pipeline.content.model import Content
from pipeline.diagnostics import Findings
from pipeline.document import markdown_writer
from pipeline.document.markdown_reader import MarkdownReader
from pipeline.document.tree import (
    Address,
    Document,
    Footnote,
    Heading,
    Paragraph,
    to_full_text,
    walk,
)
from pipeline.render.contract import SourceValue
from pipeline.review.match.paragraph_match import LIKE, measure_likeness
from pipeline.review.match.sent_brief import BODY_ADDRESS, TABLE_CELL
from pipeline.review.words.diff3 import find_changes

ChangedPart: TypeAlias = Literal["question", "expert", "answer", "paragraph", "text"]
ChangeKind: TypeAlias = Literal["added", "removed", "reworded", "moved"]
_EXPERT: Final = re.compile(r"article\.md#experts\.([a-z0-9-]+)\.")
_UNPRINTED: Final = ("house.yaml", "article.md#source", "article.md#notes")
"""What is no part of the article, by the beginnings of its addresses."""
_QUOTED: Final = re.compile(r"\.(?:answer|quote)$|^summary\.yaml#pull_quotes")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed."""

    what: ChangedPart
    how: ChangeKind
    question: int = 0
    """The question's number; 0 where there is none."""
    names: str = ""
    """Who speaks, or who the expert is."""
    place: str = ""
    """What else it is: ``takeaways 1``."""
    before: str = ""
    after: str = ""


def compare_editions(old: Content, new: Content) -> tuple[Difference, ...]:
    """Return all that a reader of the article may notice, in the order of the newer edition."""
    return tuple(_join_moves([*_compare_values(old, new), *_compare_answers(old, new)]))


def _compare_values(old: Content, new: Content) -> Iterator[Difference]:
    """Compare titles, names, questions and the summary, value by value."""
    was, now = _select_plain_values(old), _select_plain_values(new)
    for address in {**now, **was}:
        before, after = _read_both(was.get(address), now.get(address))
        if before != after:
            how: ChangeKind = "reworded" if before and after else "added" if after else "removed"
            difference = Difference("text", how, before=before, after=after)
            yield _locate(difference, address, new if after else old)


def _locate(difference: Difference, address: str, content: Content) -> Difference:
    """Add to a difference whose value, or which question's, it is."""
    names = {expert.id: expert.name for expert in content.article.experts}
    numbers = {question.id: question.number for question in content.article.questions}
    key = address.partition("#")[2]
    if match := _EXPERT.match(address):
        return replace(difference, what="expert", names=names.get(match[1], match[1]))
    if key in numbers:
        return replace(difference, what="question", question=numbers[key])
    steps = key.replace("_", " ").removesuffix(".text").split(".")
    place = " ".join(
        f"question {numbers[step]}" if step in numbers else names.get(step, step) for step in steps
    )
    return replace(difference, place=place)


def _select_plain_values(content: Content) -> dict[str, SourceValue]:
    return {
        str(address): source
        for address, source in list_content_values(content).items()
        if not (address.startswith(_UNPRINTED) or _find_part(address) or _QUOTED.search(address))
    }


def _compare_answers(old: Content, new: Content) -> Iterator[Difference]:
    """Compare the introduction and the answers, paragraph by paragraph."""
    was, now = _group_paragraphs(old), _group_paragraphs(new)
    known = {**_list_speakers(old), **_list_speakers(new)}
    for key in {**now, **was}:
        before, after = was.get(key, ()), now.get(key, ())
        number, names = known.get(key, (0, ""))
        what: ChangedPart = "paragraph" if before and after else "answer"
        for difference in _compare_paragraphs(before, after):
            yield replace(difference, what=what, question=number, names=names)


def _group_paragraphs(content: Content) -> Mapping[str, Sequence[SourceValue]]:
    """Return the paragraphs of the introduction and of each answer, by its address."""
    paragraphs: dict[str, list[SourceValue]] = {}
    for address, source in list_content_values(content).items():
        if match := _find_part(address):
            paragraphs.setdefault(match[1], []).append(source)
    return paragraphs


def _find_part(address: str) -> re.Match[str] | None:
    """Match the address of a paragraph or of a table's cell with what it stands in."""
    return BODY_ADDRESS.fullmatch(address) or TABLE_CELL.fullmatch(address)


def _list_speakers(content: Content) -> dict[str, tuple[int, str]]:
    """Return the question's number and the names of those who speak, of each answer."""
    return {
        str(said.address): (question.number, ", ".join(s.name for s in said.speakers))
        for question in content.article.questions
        for said in question.spoken
    }


def _compare_paragraphs(
    before: Sequence[SourceValue], after: Sequence[SourceValue]
) -> Iterator[Difference]:
    for change in find_changes([old.text for old in before], [new.text for new in after]):
        gone = list(before[change.old_from : change.old_to])
        for new in after[change.new_from : change.new_to]:
            alike = {
                n: measure_likeness(old.text.split(), new.text.split())
                for n, old in enumerate(gone)
            }
            best = max(alike, key=lambda n: alike[n], default=None)
            if best is not None and alike[best] >= LIKE:
                was, now = _read_both(gone.pop(best), new)
                yield Difference("paragraph", "reworded", before=was, after=now)
            else:
                yield Difference("paragraph", "added", after=_read_source_words(new))
        yield from (
            Difference("paragraph", "removed", before=_read_source_words(old)) for old in gone
        )


def _read_both(before: SourceValue | None, after: SourceValue | None) -> tuple[str, str]:
    """Return what two editions say in a place: words, or Markdown where the words are the same."""
    was, now = (_read_source_words(source) if source else "" for source in (before, after))
    if was == now and before and after:
        return before.text, after.text
    return was, now


def _read_source_words(source: SourceValue) -> str:
    """Return the words of a value as a reader sees them."""
    if not source.is_markdown:
        return source.text
    reader = MarkdownReader("edition", Findings(), image=lambda path, at: path, line_end=" ")
    parsed = reader.parse(source.text)
    return to_full_text(parsed.read_blocks(parsed.nodes, lambda number, at: Address("")))


def _join_moves(found: Sequence[Difference]) -> Iterator[Difference]:
    """Make one of a paragraph that was removed here and added there."""
    came = {one.after for one in found if one.what != "text" and one.how == "added"}
    gone = {one.before for one in found if one.what != "text" and one.how == "removed"}
    for one in found:
        if one.how == "added" and one.after in gone and one.after in came:
            yield replace(one, how="moved")
        elif not (one.how == "removed" and one.before in came):
            yield one


def mark_changes(new: Document, old: Document) -> Document:
    """Mark the paragraphs and headings of a brief that the older one does not have.

    Their footnotes count, and how their words are set.
    """
    had = {_list_words(node) for node in walk(old) if isinstance(node, Paragraph | Heading)}

    def mark_node(node: object) -> object:
        if isinstance(node, Paragraph | Heading):
            return node if _list_words(node) in had else replace(node, is_changed=True)
        children = getattr(node, "children", None)
        if not isinstance(children, tuple):
            return node
        return replace(node, children=tuple(map(mark_node, children)))  # type: ignore[type-var]

    return replace(new, children=tuple(map(mark_node, new.children)))  # type: ignore[arg-type]


def _list_words(node: Paragraph | Heading) -> tuple[str, ...]:
    """Return the Markdown of a paragraph or a heading, and of its footnotes."""
    notes = (note for note in walk(node) if isinstance(note, Footnote))
    return (
        markdown_writer.write_inlines(node.children),
        *(markdown_writer.write_blocks(note.children) for note in notes),
    )
