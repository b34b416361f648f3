"""Which part of an article a brief shows: ordered views of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.content.model import (
    Answer,
    Article,
    Content,
    Expert,
    House,
    Question,
    Summary,
    Turn,
)
from pipeline.diagnostics import Problems, make_problem, suggest_names
from pipeline.document.tree import Address, Block
from pipeline.project.choices import Split


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """What a template is given: the article and the part of it to show."""

    article: Article
    house: House
    summary: Summary | None
    questions: tuple[Question, ...]
    """The chosen questions, each with the answers of the chosen experts and the turns at them."""
    experts: tuple[Expert, ...]
    """The chosen experts, in the article's order."""
    part: str = ""
    """What the file name calls this part; empty for the whole article."""


class UnknownSelection(Problems):
    """A requested question or expert is not in the article."""


def select_views(
    content: Content,
    *,
    questions: Sequence[str] = (),
    experts: Sequence[str] = (),
    split: Split | None = None,
) -> tuple[ArticleView, ...]:
    """Return the requested views, in the article's order.

    Raises UnknownSelection for a question or an expert that the article does not have.
    """
    article = content.article
    _check_known(content, "question", questions, [question.id for question in article.questions])
    _check_known(content, "expert", experts, [expert.id for expert in article.experts])
    chosen = [q for q in article.questions if not questions or q.id in questions]
    heard = [e for e in article.experts if not experts or e.id in experts]
    narrowed = [q.id for q in chosen if questions and split != "question"]
    narrowed += [e.id for e in heard if experts and split != "expert"]
    if split == "question":
        parts = [([question], heard, [question.id, *narrowed]) for question in chosen]
    elif split == "expert":
        parts = [(chosen, [expert], [*narrowed, expert.id]) for expert in heard]
    else:
        parts = [(chosen, heard, narrowed)]
    return tuple(_make_view(content, *part) for part in parts)


def _make_view(
    content: Content, questions: Sequence[Question], experts: Sequence[Expert], part: Sequence[str]
) -> ArticleView:
    ids = {expert.id for expert in experts}
    is_whole = len(experts) == len(content.article.experts)
    return ArticleView(
        article=content.article,
        house=content.house,
        summary=content.summary,
        questions=tuple(
            replace(
                question,
                answers=tuple(a for a in question.answers if ids & {e.id for e in a.experts}),
                turns=question.turns if is_whole else (),
            )
            for question in questions
        ),
        experts=tuple(experts),
        part="-".join(part),
    )


def _check_known(
    content: Content, what: str, requested: Sequence[str], known: Sequence[str]
) -> None:
    for name in requested:
        if name not in known:
            hint = suggest_names(name, known)
            if what == "expert" and content.redacted_words:
                letters = ", ".join(f"`{letter}`" for letter in known)
                hint = f"under the Chatham House Rule experts have letters for names: {letters}"
            raise UnknownSelection(
                make_problem(
                    f"unknown-{what}",
                    f"the article `{content.article.slug}` has no {what} `{name}`",
                    hint=hint,
                ).diagnostics
            )


@dataclass(frozen=True, slots=True)
class BodyPart:
    """What somebody said in one go, or the introduction, which nobody says."""

    name: str
    """``introduction``, or the address of an answer or a turn; a dialogue has several of one."""
    said: Answer | Turn | None
    blocks: Mapping[Address, Block]
    """The blocks by their addresses."""


def divide_body(article: Article) -> Iterator[BodyPart]:
    """Yield the parts of an article's body in their order, their blocks numbered as it is read."""
    counts = Counter[str]()
    spoken = ((said.address, said, said.blocks) for q in article.questions for said in q.spoken)
    for name, said, blocks in (("introduction", None, article.introduction), *spoken):
        numbers = range(counts[name] + 1, counts[name] + 1 + len(blocks))
        counts[name] += len(blocks)
        addresses = (Address(f"article.md#{name}.{number}") for number in numbers)
        yield BodyPart(name, said, dict(zip(addresses, blocks, strict=True)))
