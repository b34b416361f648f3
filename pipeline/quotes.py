"""The quote ledger: every quoted word stands verbatim in the answer it cites.

An elision is written ``[…]`` and an insertion ``[in brackets]``; white space
aside, all else must stand in the answer as it is, whole words and same case.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence

from pipeline.diagnostics import Findings, Location, known_names
from pipeline.document import Address, words
from pipeline.model import Answer, Article, Evidence, Position, Quotation, Summary


def fold(text: str) -> str:
    """Fold every run of white space to one space."""
    return " ".join(text.split())


def stands_in(quote: str, text: str) -> int:
    """Give the offset in ``text`` at which the quoted words begin, or -1.

    Both are folded first; the offset counts in the folded text.
    """
    quote, text = fold(quote), fold(text)
    if found := re.search(rf"(?<!\w){re.escape(quote)}(?!\w)", text):
        return found.start()
    start = end = -1
    for run in re.split(r"\s*\[(?:…|\.\.\.)\]\s*", quote):
        pieces = [piece.strip() for piece in re.split(r"\[[^\]]*\]", run)]
        pattern = r"\s*".join(re.escape(piece) for piece in pieces if piece)
        if not pattern:
            continue
        found = re.compile(rf"(?<!\w){pattern}(?!\w)").search(text, max(end, 0))
        if not found:
            return -1
        start = found.start() if start < 0 else start
        end = found.end()
    return start


def nearest_passage(quote: str, text: str) -> str:
    """Give the passage of ``text`` most like the quote, for the message."""
    wanted, words = fold(quote).split(), fold(text).split()
    size = len(wanted)
    best, passage = 0.0, ""
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    for start in range(max(1, len(words) - size + 1)):
        window = words[start : start + size]
        matcher.set_seq1(window)
        if matcher.quick_ratio() > best and (ratio := matcher.ratio()) > best:
            best, passage = ratio, " ".join(window)
    return passage


class Ledger:
    """Checks quotes against one article's answers and keeps a line for each."""

    def __init__(
        self,
        article: Article,
        source_lines: Sequence[str],
        places: Mapping[Address, Location],
        findings: Findings,
    ) -> None:
        """Prepare to check; ``source_lines`` are article.md's."""
        self._numbers = {question.id: question.number for question in article.questions}
        self._answers: dict[str, list[Answer]] = {}
        for question in article.questions:
            for answer in question.answers:
                self._answers.setdefault(answer.address, []).append(answer)
        self._words = {
            address: fold(words(block for turn in turns for block in turn.blocks))
            for address, turns in self._answers.items()
        }
        self._lines, self._places, self._findings = source_lines, places, findings
        self.entries: list[Quotation] = []

    def check(self, answer: str, quote: str, used: Address, at: Location | None) -> None:
        """Check one quote, used at an address; findings or a ledger line come of it."""
        if answer not in self._answers:
            self._findings.error(
                "unknown-answer",
                f"there is no answer `{answer}`",
                at,
                known_names(answer, self._answers),
            )
            return
        if stands_in(quote, self._words[answer]) < 0:
            near = nearest_passage(quote, self._words[answer])
            self._findings.error(
                "quote-not-verbatim",
                f"these words do not stand in {answer}: “{fold(quote)}”",
                at,
                f"nearest there: “{near}”" if near else None,
            )
            return
        given = self._answers[answer][0]
        self.entries.append(
            Quotation(
                quote=fold(quote),
                answer=answer,
                expert=", ".join(expert.name for expert in given.experts),
                question=answer.split(".")[0],
                used=used,
                line=self._line(answer, quote),
                sha256=hashlib.sha256(self._words[answer].encode()).hexdigest(),
            )
        )

    def _line(self, answer: str, quote: str) -> int:
        """Find the line of article.md on which the quoted words begin."""
        start = self._places[Address(f"article.md#{answer}")].line
        first = re.sub(r"^\W*(\[[^\]]*\]\W*)*", "", fold(quote)).split()[:4]
        for number in range(start, len(self._lines) + 1):
            nearby = fold(" ".join(self._lines[number - 1 : number + 1]))
            own = fold(self._lines[number - 1])
            found = nearby.find(" ".join(first))
            if 0 <= found < len(own):
                return number
        return start

    def check_summary(self, summary: Summary) -> None:
        """Check every quote of the summary."""
        for evidence in evidence_of(summary):
            used = getattr(evidence.quote, "address", Address("summary.yaml"))
            self.check(evidence.answer, evidence.quote, used, self._places.get(used))


def evidence_of(summary: Summary) -> Iterable[Evidence]:
    """Give every piece of evidence in the summary, in its order."""
    yield from summary.bottom_line.evidence
    for takeaway in summary.takeaways:
        yield from takeaway.evidence
    for point in (*summary.agreements, *summary.differences, *summary.options):
        yield from point.evidence
    for term in summary.glossary:
        yield from term.evidence
    for question, row in summary.positions.items():
        for expert, position in row.items():
            yield position_evidence(question, expert, position)
    yield from summary.pull_quotes


def position_evidence(question: str, expert: str, position: Position) -> Evidence:
    """Give the evidence of one cell of the matrix."""
    return Evidence(answer=f"{question}.{expert}", quote=position.quote)
