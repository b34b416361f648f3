"""The quote ledger: every quoted word stands verbatim in the answer it cites.

An elision is written ``[…]`` and an insertion ``[in brackets]``; white space
aside, all else must stand in the answer as it is, whole words and same case.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from pipeline.content.model import Answer, Article, Quotation, QuotedEvidence, Summary, Turn
from pipeline.diagnostics import Findings, Location, suggest_names
from pipeline.document.tree import Address, Block, Cell, Table, to_full_text, walk
from pipeline.records import SourcedText, find_place

ELISION: Final = re.compile(r" *\[(?:…|\.\.\.)\] *")
INSERTION: Final = re.compile(r"\[[^\]]*\]")
WORD: Final = re.compile(r"[^\W_]+")
EDGE: Final = r"(?!(?<=\w)(?=\w))"  # anywhere but inside a word
MOST_COMPARED: Final = 60
"""How many words of a quote the nearest passage is looked for by."""


def fold_whitespace(text: str) -> str:
    """Fold every run of white space to one space."""
    return " ".join(text.split())


def is_verbatim_in(quote: str, text: str) -> bool:
    """Return whether quoted words stand in a text.

    ``text`` is folded, with each turn of a dialogue and each cell of a table on a line of its
    own: no quote runs from one into the next, unless it says so with an elision.
    """
    quote = fold_whitespace(quote)
    if not WORD.search(INSERTION.sub(" ", quote)):
        return False
    if re.search(f"{EDGE}{re.escape(quote)}{EDGE}", text):
        return True
    end = 0
    for run in ELISION.split(quote):
        pieces = filter(None, (piece.strip() for piece in INSERTION.split(run)))
        if pattern := " *".join(map(re.escape, pieces)):
            # A bracket may be the answer's own.
            either = f"{EDGE}(?:{re.escape(run)}|{pattern}){EDGE}"
            found = re.compile(either).search(text, end)
            if not found:
                return False
            end = found.end()
    return True


def find_nearest_passage(quote: str, text: str) -> str:
    """Return the passage of ``text`` most like the quote, for the message."""
    wanted, given = _strip_to_letters(quote.split()[:MOST_COMPARED]), text.split()
    letters = _strip_to_letters(given)
    best, passage = 0.0, ""
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    for start in range(max(1, len(given) - len(wanted) + 1)):
        end = start + len(wanted)
        matcher.set_seq1(letters[start:end])
        if matcher.quick_ratio() > best and (ratio := matcher.ratio()) > best:
            best, passage = ratio, " ".join(given[start:end])
    return passage.rstrip(",;:.")


def _strip_to_letters(written: Sequence[str]) -> list[str]:
    """Return words without what stands at them, in one case, to compare."""
    return ["".join(WORD.findall(word)).lower() for word in written]


def _list_passages(blocks: Iterable[Block]) -> Iterator[str]:
    """Return what may be quoted in one piece: the words between tables, and each of their cells."""
    for is_table, group in groupby(blocks, lambda block: isinstance(block, Table)):
        if not is_table:
            yield fold_whitespace(to_full_text(group))
            continue
        for cell in (part for table in group for part in walk(table) if isinstance(part, Cell)):
            yield fold_whitespace(to_full_text(cell.children))


class QuoteLedger:
    """Checks quotes against one article's answers, and writes the ledger's line for each."""

    def __init__(
        self,
        article: Article,
        source_lines: Sequence[str],
        places: Mapping[Address, Location],
        findings: Findings,
    ) -> None:
        """Prepare to check; ``source_lines`` are article.md's."""
        self._article = article
        self._lines, self._places, self._findings = source_lines, places, findings
        self._answers: dict[str, list[Answer | Turn]] = {}
        for question in article.questions:
            for said in question.spoken:
                self._answers.setdefault(said.address, []).append(said)
        self._words = {
            address: "\n".join(line for turn in turns for line in _list_passages(turn.blocks))
            for address, turns in self._answers.items()
        }

    def check_quote(
        self, answer: str, quote: str, used: Address, at: Location | None
    ) -> Quotation | None:
        """Return the ledger's line for a quote used at an address, or None with a finding."""
        if answer not in self._answers:
            self._findings.add_error(
                "unknown-answer",
                f"there is no answer `{answer}`",
                find_place(self._places, answer) or at,
                suggest_names(answer, self._answers),
            )
            return None
        if not is_verbatim_in(quote, self._words[answer]):
            near = find_nearest_passage(quote, self._words[answer])
            self._findings.add_error(
                "quote-not-verbatim",
                f"these words do not stand in {answer}: “{fold_whitespace(quote)}”",
                at,
                f"nearest there: “{near}”" if near else None,
            )
            return None
        return Quotation(
            quote=fold_whitespace(quote),
            answer=answer,
            expert=", ".join(speaker.name for speaker in self._answers[answer][0].speakers),
            question=answer.split(".")[0],
            used=used,
            line=self._find_line(answer, quote),
            sha256=hashlib.sha256(self._words[answer].encode()).hexdigest(),
        )

    def _find_line(self, answer: str, quote: str) -> int:
        """Find the line of article.md on which the quoted words begin.

        Markup aside, four words are enough to know it by; it is the answer's heading when
        markup stands between them.
        """
        heading = self._places[Address(f"article.md#{answer}")].line
        runs = (WORD.findall(run) for run in INSERTION.split(quote))
        wanted = next(filter(None, runs))[:4]
        lines = [WORD.findall(line) for line in self._lines[heading:]]
        for number, (own, following) in enumerate(zip(lines, [*lines[1:], []], strict=True), 1):
            nearby = own + following
            if any(nearby[n : n + len(wanted)] == wanted for n in range(len(own))):
                return heading + number
        return heading

    def check_summary(self, summary: Summary) -> tuple[Quotation, ...]:
        """Check every quote of the summary; return the ledger's lines for them."""
        found = []
        for evidence in self._iterate_evidence(summary):
            quote = evidence.quote
            used = quote.address if isinstance(quote, SourcedText) else Address("")
            at = find_place(self._places, quote)
            found.append(self.check_quote(evidence.answer, quote, used, at))
        return tuple(filter(None, found))

    def _iterate_evidence(self, summary: Summary) -> Iterator[QuotedEvidence]:
        """Yield every piece of evidence in the summary, in its order."""
        yield from summary.bottom_line.evidence
        for takeaway in summary.takeaways:
            yield from takeaway.evidence
        for point in (*summary.agreements, *summary.differences, *summary.options):
            yield from point.evidence
        for term in summary.glossary:
            yield from term.evidence
        for question in self._article.questions:
            for expert in self._article.experts:
                position = summary.positions.get(question.id, {}).get(expert.id)
                if position and position.quote:  # a draft may be without
                    address = next(
                        (a.address for a in question.answers if expert in a.experts),
                        f"{question.id}.{expert.id}",
                    )
                    yield QuotedEvidence(answer=address, quote=position.quote)
        yield from summary.pull_quotes
