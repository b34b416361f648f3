"""The names that a template can use; templates/README.md lists them for authors."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pipeline.content.model import Answer, Article, Content, Quotation, Turn
from pipeline.content.quotes import QuoteLedger
from pipeline.content.views import ArticleView
from pipeline.diagnostics import Findings, make_problem, suggest_names
from pipeline.document.tree import (
    Address,
    Block,
    Figure,
    Item,
    List,
    Paragraph,
    Quote,
    Table,
    Text,
    to_full_text,
)
from pipeline.records import SourcedText
from pipeline.templating.provenance_marks import RenderedHtml

QUOTATION_MARKS: Final[Mapping[str, tuple[str, str]]] = {
    "en": ("“", "”"),
    "de": ("„", "“"),
    "fr": ("«\u00a0", "\u00a0»"),
    "es": ("«", "»"),
    "it": ("«", "»"),
}
"""Outer quotation marks by language (CLDR, delimiters); English for any other."""


MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""English names of months, whatever the locale of the process is."""
FINGERPRINT: Final = 12
"""How much of the edition's hash a brief prints."""


def quote_answer(answer: Answer | Turn, language: str) -> tuple[Block, ...]:
    """Put the outer quotation marks back round an answer or a turn, as the source has them."""
    opening, closing = QUOTATION_MARKS.get(language.split("-")[0].lower(), QUOTATION_MARKS["en"])
    blocks = answer.blocks
    if answer.quotes != "none":
        blocks = _add_quotation_mark(blocks, Text(opening), at_end=False)
    if answer.quotes == "both":
        blocks = _add_quotation_mark(blocks, Text(closing), at_end=True)
    return blocks


def _add_quotation_mark(blocks: tuple[Any, ...], mark: Text, *, at_end: bool) -> tuple[Any, ...]:
    """Put a mark before the first words of some blocks, or after the last."""
    for index in reversed(range(len(blocks))) if at_end else range(len(blocks)):
        block = blocks[index]
        match block:
            case Paragraph(children):
                inner = (*children, mark) if at_end else (mark, *children)
            case List(children) | Item(children) | Quote(children):
                inner = _add_quotation_mark(children, mark, at_end=at_end)
            case Figure() | Table():
                continue
            case _:
                raise TypeError(f"no quotation mark can stand in a {type(block).__name__}")
        if inner != block.children:
            return (*blocks[:index], replace(block, children=inner), *blocks[index + 1 :])
    return blocks


def format_date(date: datetime.date, language: str) -> str:
    """Write a date as the language does; ISO 8601 where its month names are not known."""
    month = MONTHS[date.month - 1] if language.lower().startswith("en") else ""
    if language.lower() == "en-us":
        return f"{month} {date.day}, {date.year}"
    return f"{date.day} {month} {date.year}" if month else date.isoformat()


@dataclass(frozen=True, slots=True)
class _TemplateFunctions:
    """What a template can call; what it quotes and cites gathers while it is rendered."""

    article: Article
    ledger: QuoteLedger
    findings: Findings
    quotations: list[Quotation]
    evidence: list[Any] = field(default_factory=list)
    """What was cited, in the order of its numbers."""

    def quote(self, address: str, quoted_words: str) -> SourcedText:
        """Quote words of an answer: they must stand there verbatim."""
        source = Address(f"article.md#{address}")
        quotation = self.ledger.check_quote(address, quoted_words, source, None)
        self.findings.stop_on_errors()
        assert quotation
        self.quotations.append(quotation)
        return SourcedText.from_text(quoted_words, source)

    def cite(self, evidence: Any) -> int:
        """Number a piece of evidence: the same words keep the number of their first use."""
        if evidence not in self.evidence:
            self.evidence.append(evidence)
        return self.evidence.index(evidence) + 1

    def cited(self) -> tuple[tuple[int, Any], ...]:
        """Return what was cited so far, with its numbers."""
        return tuple(enumerate(self.evidence, 1))

    def answer(self, address: str) -> Answer | Turn:
        """Return an answer, or a moderator's turn, by its address, such as q1.ciglic."""
        spoken = [said for question in self.article.questions for said in question.spoken]
        found = next((said for said in spoken if said.address == address), None)
        if found is None:
            known = dict.fromkeys(said.address for said in spoken)
            raise make_problem(
                "unknown-answer",
                f"there is no answer `{address}`",
                hint=suggest_names(address, known),
            )
        return found


def make_variables(
    options: Mapping[str, str], view: ArticleView, content: Content, rendered: RenderedHtml
) -> dict[str, Any]:
    """Return the names that a template can use, each with its value or function."""
    language = view.article.language
    findings = Findings()
    ledger = QuoteLedger(content.article, content.lines, content.places, findings)
    functions = _TemplateFunctions(view.article, ledger, findings, rendered.quotations)
    return {
        "article": view.article,
        "house": view.house,
        "summary": view.summary,
        "questions": view.questions,
        "experts": view.experts,
        "part": view.part,
        "edition": content.sha256[:FINGERPRINT],
        "options": options,
        "quote": functions.quote,
        "cite": functions.cite,
        "cited": functions.cited,
        "answer": functions.answer,
        "quoted": lambda given: quote_answer(given, language),
        "day": lambda date: format_date(date, language),
        "plain": to_full_text,
        "reading_minutes": estimate_reading_minutes(view),
    }


def estimate_reading_minutes(view: ArticleView) -> int:
    """Estimate the reading time in minutes, at 230 words a minute.

    The rate is near the mean for silent reading of English non-fiction, 238
    (Brysbaert 2019, Journal of Memory and Language 109).
    """
    blocks = [block for q in view.questions for said in q.spoken for block in said.blocks]
    blocks += view.article.introduction
    count = len(to_full_text(blocks).split())
    return max(1, round(count / 230))
