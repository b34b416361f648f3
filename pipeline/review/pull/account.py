"""Accounts for one editor's file: every tracked change, comment and paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from pipeline.review.edited_docx.reader import EditedDocx
from pipeline.review.edited_docx.revisions import REMOVING_KINDS, Line, RevisionView
from pipeline.review.match.sent_brief import SentBrief
from pipeline.review.pull.assign import AssignedEdits, Refusal, Spot
from pipeline.review.pull.comments_yaml import iterate_runs
from pipeline.review.pull.merged_value import MergedValue
from pipeline.review.pull.outcomes import LEFT_OVER, Outcome, OutcomeEntry, pick_worst
from pipeline.review.words.diff3 import find_changes, pair_unchanged
from pipeline.review.words.tokens import BlockStart, Token, Word, format_tokens

_UNDONE: Final[tuple[Outcome, str]] = ("already there", "undone by a tracked change")
_HEADS: Final = "the template says what stands at heads and feet"


class PullAccount:
    """Accounts for everything in one file."""

    def __init__(
        self,
        edited: EditedDocx,
        carried: SentBrief,
        view: RevisionView,
        lines: Sequence[Line],
        rejected: Sequence[Line],
        brought: AssignedEdits,
        untracked: AssignedEdits,
        merged: Mapping[str, MergedValue],
        author: str,
    ) -> None:
        """Prepare to tell; ``untracked`` is what was changed in the ``rejected`` lines."""
        self.edited, self.sent_brief, self.author = edited, carried, author
        self.view, self.lines, self.rejected = view, lines, rejected
        self.assigned, self.untracked = brought, untracked
        self.merged = merged
        self.outcomes_by_line: dict[int, list[tuple[Outcome, str]]] = {}
        self.accounted: set[Spot | Refusal] = set()
        """The changes that some line of the ledger says what became of."""
        for key, edit in brought.edits.items():
            for number, where in enumerate(edit.lines):
                for line in where:
                    self._add_outcome(line, (key, number))
        for refusal in brought.refusals:
            for line in refusal.lines:
                self._add_outcome(line, refusal)

    def _add_outcome(self, line: int, what: Spot | Refusal) -> None:
        self.outcomes_by_line.setdefault(line, []).append(self._find_outcome(what))
        self.accounted.add(what)

    def _find_outcome(self, what: Spot | Refusal) -> tuple[Outcome, str]:
        return (
            ("refused", what.says) if isinstance(what, Refusal) else self._find_spot_outcome(what)
        )

    def _find_spot_outcome(self, spot: Spot) -> tuple[Outcome, str]:
        held = self.merged[spot[0][0]]
        if held.reason:
            return "refused", held.reason
        outcome = held.spots[spot]
        return outcome, "the content was changed there as well" if outcome == "conflict" else ""

    def _make_entry(self, **told: Any) -> OutcomeEntry:
        return OutcomeEntry(file=self.edited.name, **told)

    def iterate_entries(self) -> Iterator[OutcomeEntry]:
        """Give a line of the ledger for each thing."""
        yield from self._report_paragraphs()
        yield from self._report_revisions()
        yield from self._report_untracked_changes()
        yield from self._report_left_over()
        yield from self._report_headers_footers()
        yield from self._report_formatting()
        yield from self._report_pictures()
        for comment in self.edited.comments:
            yield self._make_entry(
                kind="comment",
                outcome="unchanged" if comment.text in self.sent_brief.comments else "applied",
                words=comment.text,
                author=comment.author,
                date=comment.date,
            )

    def _report_paragraphs(self) -> Iterator[OutcomeEntry]:
        by_line = {line: group for group in self.assigned.groups for line in group.lines}
        told: set[int] = set()
        for index, line in enumerate(self.lines):
            outcome, reason = _choose_outcome(self.outcomes_by_line.get(index, ()), "unchanged")
            group = by_line[index]
            relation = group.relation if group.is_anchored else f"{group.relation}, re-anchored"
            for number in line.numbers:
                told.add(number)
                yield self._make_entry(
                    kind="paragraph",
                    outcome=outcome,
                    what=relation,
                    words=format_tokens(line.words)[:80],
                    reason=reason,
                    paragraph=number,
                )
        for paragraph in self.edited.paragraphs:
            if paragraph.number not in told:
                yield self._make_entry(
                    kind="paragraph",
                    outcome="unchanged",
                    what="without words",
                    paragraph=paragraph.number,
                )

    def _report_revisions(self) -> Iterator[OutcomeEntry]:
        gone, of_heads = self._find_deletions(), self._find_header_changes()
        refused: dict[int, list[Refusal]] = {}
        for refusal in self.assigned.refusals:
            for number in refusal.revisions:
                refused.setdefault(number, []).append(refusal)
        said: dict[int, list[str]] = {}
        spoken: set[int] = set()
        """The changes of words that no field writes."""
        holders: dict[int, list[tuple[Outcome, str]]] = {}
        where: dict[int, int] = {}
        for paragraph in self.edited.paragraphs:
            for number in paragraph.changes.all:
                where.setdefault(number, paragraph.number)
        for paragraph in (*self.edited.paragraphs, *self.edited.headers_footers):
            for piece in iterate_runs((paragraph,)):
                for number in (*paragraph.changes.inside, *piece.revisions):
                    said.setdefault(number, []).append(piece.text)
                    if not piece.is_computed:
                        spoken.add(number)
        for index, line in enumerate(self.lines):
            for number in line.revisions:
                holders.setdefault(number, []).extend(self.outcomes_by_line.get(index, ()))
        for revision in self.edited.revisions:
            number = revision.number
            what: list[Spot | Refusal] = [
                *self.assigned.by_revision.get(number, ()),
                *refused.get(number, ()),
                *gone.get(number, ()),
            ]
            self.accounted |= set(what)
            found = [self._find_outcome(one) for one in what]
            if self.author and revision.author != self.author:
                outcome, reason = "left out", "another author's"
            elif found:
                outcome, reason = _choose_outcome(found, "applied")
            elif number in said and number not in spoken and any(said[number]):
                outcome, reason = "left out", "contents and references are made anew"
            elif revision.kind == "laid out":
                outcome, reason = "refused", "the layout is the template's"
            elif number in of_heads:
                outcome, reason = "refused", _HEADS
            elif revision.kind == "reset":
                outcome, reason = "refused", "the content cannot hold how these words are set"
            elif revision.kind == "restyled":
                outcome, reason = "refused", "a paragraph's style is the template's"
            else:
                outcome, reason = _choose_outcome(holders.get(number, ()), "applied")
                reason = reason or "it changes no words by itself"
            yield self._make_entry(
                kind="revision",
                outcome=outcome,
                what=revision.kind,
                words="".join(said.get(number, ()))[:200],
                reason=reason,
                author=revision.author,
                date=revision.date,
                paragraph=where.get(number, 0),
            )

    def _find_deletions(self) -> dict[int, list[Spot | Refusal]]:
        """Give of tracked deletions what became of the words that they take away."""
        made: dict[int, list[Spot | Refusal]] = {}
        takes = {r.number for r in self.edited.revisions if r.kind in REMOVING_KINDS}
        for group in self.untracked.groups:
            places = [
                (block, place)
                for block in group.blocks
                for place in range(len(self.sent_brief.blocks[block].tokens))
            ]
            if self.assigned.gone.keys().isdisjoint(places):
                continue
            old = [
                token for block in group.blocks for token in self.sent_brief.blocks[block].tokens
            ]
            new: list[Token] = []
            for line in group.lines:
                new += [BlockStart(), *self.rejected[line].words]
            for before, after in pair_unchanged(
                find_changes(_list_word_texts(old), _list_word_texts(new)), len(old)
            ):
                what = self.assigned.gone.get(places[before])
                if what is not None:
                    for number in takes.intersection(new[after].revisions):
                        made.setdefault(number, []).append(what)
        return made

    def _report_untracked_changes(self) -> Iterator[OutcomeEntry]:
        for key, edit in self.untracked.edits.items():
            own = self.assigned.edits.get(key)
            held = self.merged.get(key[0])
            outcomes: list[tuple[Outcome, str]] = [_UNDONE]
            if self.author:
                outcomes = [("left out", "changes that are not tracked are nobody's")]
            elif own and held:
                spots = [(key, n) for n in range(len(own.changes))]
                self.accounted |= set(spots)
                outcomes = [self._find_spot_outcome(spot) for spot in spots]
            for change in edit.changes:
                outcome, reason = _choose_outcome(outcomes, "applied")
                old = format_tokens(edit.base[change.old_from : change.old_to])
                new = format_tokens(edit.edited[change.new_from : change.new_to])
                yield self._make_entry(
                    kind="untracked change",
                    outcome=outcome,
                    what="replaced" if old and new else "deleted" if old else "inserted",
                    words=f"{old} → {new}" if old and new else old or new,
                    reason=reason,
                )
        for refusal in self.untracked.refusals:
            self.accounted.add(refusal)
            outcome, reason = self._find_outcome(refusal)
            if self.author:
                outcome = "left out"
            elif not any(refusal.words in other.words for other in self.assigned.refusals):
                outcome, reason = _UNDONE
            yield self._make_entry(
                kind="untracked change", outcome=outcome, words=refusal.words, reason=reason
            )

    def _report_left_over(self) -> Iterator[OutcomeEntry]:
        """Give what is left to a person, and no tracked change or paragraph says."""
        spots = [
            (key, n) for key, edit in self.assigned.edits.items() for n in range(len(edit.changes))
        ]
        whats: list[Spot | Refusal] = [*self.assigned.refusals, *spots]
        for what in whats:
            outcome, reason = self._find_outcome(what)
            if what in self.accounted or outcome not in LEFT_OVER:
                continue
            if isinstance(what, Refusal):
                words = what.words
            else:
                edit = self.assigned.edits[what[0]]
                change = edit.changes[what[1]]
                old = format_tokens(edit.base[change.old_from : change.old_to])
                words = f"{old} → {format_tokens(edit.edited[change.new_from : change.new_to])}"
            yield self._make_entry(
                kind="untracked change", outcome=outcome, words=words, reason=reason
            )

    def _report_headers_footers(self) -> Iterator[OutcomeEntry]:
        """Give the heads and feet that say what the brief's did not.

        That one is gone says nothing: programs leave out those that no page shows.
        """
        for line in self.edited.rejected.list_lines(self.edited.headers_footers):
            if not (line.revisions or self._is_known(line)):
                yield self._make_entry(
                    kind="untracked change",
                    outcome="left out" if self.author else "refused",
                    words=format_tokens(line.words),
                    reason=_HEADS,
                )

    def _is_known(self, line: Line) -> bool:
        """Tell whether a head or a foot says what one of the brief's said."""
        known = {"".join(known.split()) for known in self.sent_brief.headers_footers}
        return "".join(format_tokens(line.words).split()) in {*known, ""}

    def _find_header_changes(self) -> frozenset[int]:
        """Give the tracked changes that make another head or foot of one of the brief's.

        Those of a redline do not: with them, it says what the brief did.
        """
        lines = [
            *(
                n
                for n in self.view.list_lines(self.edited.headers_footers)
                if not self._is_known(n)
            ),
            *(
                n
                for n in self.edited.rejected.list_lines(self.edited.headers_footers)
                if self._is_known(n)
            ),
        ]
        return frozenset(number for line in lines for number in line.revisions)

    def _report_formatting(self) -> Iterator[OutcomeEntry]:
        """Give how words are set where the content cannot hold it."""
        by_line = {line: group for group in self.assigned.groups for line in group.lines}
        for index, line in enumerate(self.lines):
            blocks = [self.sent_brief.blocks[n] for n in by_line[index].blocks]
            kinds = {owner.kind for block in blocks for owner in block.owners} - {"none"}
            is_markdown = bool(kinds & {"body", "prose", "question"}) or not blocks
            for other in line.others:
                # A program that takes the anchors away writes each style's look out as well.
                is_own = by_line[index].is_anchored
                if other in ("bold", "italic") and (is_markdown or not kinds or not is_own):
                    continue
                yield self._make_entry(
                    kind="formatting",
                    outcome="refused",
                    what=other,
                    words=format_tokens(line.words)[:80],
                    reason=f"the content cannot hold words that are {other}",
                    paragraph=line.numbers[0],
                )

    def _report_pictures(self) -> Iterator[OutcomeEntry]:
        """Give the pictures that went, and those that came."""
        known = set(self.sent_brief.pictures)
        shown_now: set[str] = set()
        for line in self.view.list_lines(self.edited.paragraphs):
            if line.has_image:
                shown_now |= line.anchors
                if not line.anchors & known:
                    yield self._make_entry(
                        kind="formatting",
                        outcome="refused",
                        what="picture added",
                        reason="put it into the article's images/ and show it in article.md",
                        paragraph=line.numbers[0],
                    )
        for _ in known - shown_now:
            yield self._make_entry(
                kind="formatting",
                outcome="refused",
                what="picture removed",
                reason="take it out of article.md",
            )


def _list_word_texts(tokens: Iterable[Token]) -> list[str | None]:
    """Give tokens by their words alone."""
    return [token.text if isinstance(token, Word) else None for token in tokens]


def _choose_outcome(found: Iterable[tuple[Outcome, str]], default: Outcome) -> tuple[Outcome, str]:
    """Give the outcome that counts, with its reason."""
    held = list(found)
    outcome = pick_worst((outcome for outcome, _ in held), default)
    return outcome, next((reason for own, reason in held if own == outcome and reason), "")
