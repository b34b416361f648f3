"""The names that a template can use; templates/README.md lists them for authors."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from pipeline.content.model import Answer, Content
from pipeline.content.quotes import QuoteLedger
from pipeline.content.views import ArticleView
from pipeline.diagnostics import Findings, make_problem, suggest_names
from pipeline.document.tree import Address, Block, Item, List, Paragraph, Quote, Text, to_full_text
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


def quote_answer(answer: Answer, language: str) -> tuple[Block, ...]:
    """Put the outer quotation marks back round an answer, as far as the source has them."""
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
            case _:  # a figure
                continue
        if inner != block.children:
            return (*blocks[:index], replace(block, children=inner), *blocks[index + 1 :])
    return blocks


def format_date(date: datetime.date, language: str) -> str:
    """Write a date as the language does; ISO 8601 where its month names are not known."""
    month = date.strftime("%B") if language.lower().startswith("en") else ""
    if language.lower() == "en-us":
        return f"{month} {date.day}, {date.year}"
    return f"{date.day} {month} {date.year}" if month else date.isoformat()


def make_variables(
    options: Mapping[str, str], view: ArticleView, content: Content, printed: RenderedHtml
) -> dict[str, Any]:
    """Give a template its names."""
    language = view.article.language
    findings = Findings()
    ledger = QuoteLedger(content.article, content.lines, content.places, findings)
    cited: list[Any] = []

    def quote(address: str, quoted_words: str) -> SourcedText:
        """Quote words of an answer: they must stand there verbatim."""
        source = Address(f"article.md#{address}")
        quotation = ledger.check_quote(address, quoted_words, source, None)
        findings.stop_on_errors()
        assert quotation
        printed.quotations.append(quotation)
        return SourcedText.from_text(quoted_words, source)

    def cite(evidence: Any) -> int:
        """Number a piece of evidence: the same words keep the number of their first use."""
        if evidence not in cited:
            cited.append(evidence)
        return cited.index(evidence) + 1

    def answer(address: str) -> Answer:
        """Find an answer by its address, such as q1.ciglic."""
        for question in view.article.questions:
            for given in question.answers:
                if given.address == address:
                    return given
        known = (a.address for q in view.article.questions for a in q.answers)
        raise make_problem(
            "unknown-answer",
            f"there is no answer `{address}`",
            hint=suggest_names(address, dict.fromkeys(known)),
        )

    return {
        "article": view.article,
        "house": view.house,
        "summary": view.summary,
        "questions": view.questions,
        "experts": view.experts,
        "part": view.part,
        "edition": content.sha256[:12],
        "options": options,
        "quote": quote,
        "cite": cite,
        "cited": lambda: tuple(enumerate(cited, 1)),
        "answer": answer,
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
    blocks = [b for q in view.questions for a in q.answers for b in a.blocks]
    blocks += view.article.introduction
    count = len(to_full_text(blocks).split())
    return max(1, round(count / 230))
