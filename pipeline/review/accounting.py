"""Accounts for one editor's file: every tracked change, comment and paragraph, and the comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from pipeline.review.base import Carried
from pipeline.review.bringing import Brought, Refusal, Spot
from pipeline.review.ledger import Entry, Outcome, worst
from pipeline.review.merged import Merged
from pipeline.review.reading import Edited
from pipeline.review.revisions import TAKES, Line, View
from pipeline.review.words import shown


class Account:
    """Accounts for everything in one file."""

    def __init__(
        self,
        edited: Edited,
        carried: Carried,
        view: View,
        lines: Sequence[Line],
        rejected: Sequence[Line],
        brought: Brought,
        untracked: Brought,
        merged: Mapping[str, Merged],
        author: str,
    ) -> None:
        """Prepare to tell; ``untracked`` is what was changed in the ``rejected`` lines."""
        self.edited, self.carried, self.author = edited, carried, author
        self.view, self.lines, self.rejected = view, lines, rejected
        self.brought, self.untracked = brought, untracked
        self.merged = merged
        self.of_line: dict[int, list[tuple[Outcome, str]]] = {}
        for key, edit in brought.edits.items():
            for number, where in enumerate(edit.lines):
                for line in where:
                    self.of_line.setdefault(line, []).append(self._spot((key, number)))
        for refusal in brought.refusals:
            for line in refusal.lines:
                self.of_line.setdefault(line, []).append(("refused", refusal.says))

    def _spot(self, spot: Spot) -> tuple[Outcome, str]:
        held = self.merged[spot[0][0]]
        if held.reason:
            return "refused", held.reason
        outcome = held.spots[spot]
        return outcome, "the content was changed there as well" if outcome == "conflict" else ""

    def _entry(self, **told: Any) -> Entry:
        return Entry(file=self.edited.name, **told)

    def entries(self) -> Iterator[Entry]:
        """Give a line of the ledger for each thing."""
        yield from self._paragraphs()
        yield from self._revisions()
        yield from self._untracked_changes()
        yield from self._formatting()
        yield from self._pictures()
        for comment in self.edited.comments:
            yield self._entry(
                kind="comment",
                outcome="unchanged" if comment.text in self.carried.comments else "applied",
                words=comment.text,
                author=comment.author,
                date=comment.date,
            )

    def _paragraphs(self) -> Iterator[Entry]:
        by_line = {line: group for group in self.brought.groups for line in group.lines}
        told: set[int] = set()
        for index, line in enumerate(self.lines):
            outcome, reason = _counting(self.of_line.get(index, ()), "unchanged")
            group = by_line[index]
            relation = group.relation if group.is_anchored else f"{group.relation}, re-anchored"
            for number in line.numbers:
                told.add(number)
                yield self._entry(
                    kind="paragraph",
                    outcome=outcome,
                    what=relation,
                    words=shown(line.words)[:80],
                    reason=reason,
                    paragraph=number,
                )
        for paragraph in self.edited.paragraphs:
            if paragraph.number not in told:
                yield self._entry(
                    kind="paragraph",
                    outcome="unchanged",
                    what="without words",
                    paragraph=paragraph.number,
                )

    def _revisions(self) -> Iterator[Entry]:
        gone = self._gone()
        refused: dict[int, list[str]] = {}
        for refusal in self.brought.refusals:
            for number in refusal.revisions:
                refused.setdefault(number, []).append(refusal.says)
        said: dict[int, list[str]] = {}
        holders: dict[int, list[tuple[Outcome, str]]] = {}
        where: dict[int, int] = {}
        for paragraph in self.edited.paragraphs:
            for number in paragraph.revisions:
                where.setdefault(number, paragraph.number)
            for piece in paragraph.pieces:
                for number in (*piece.inside, *(() if piece.reset is None else (piece.reset,))):
                    said.setdefault(number, []).append(piece.text)
        for index, line in enumerate(self.lines):
            for number in line.revisions:
                holders.setdefault(number, []).extend(self.of_line.get(index, ()))
        for revision in self.edited.revisions:
            number = revision.number
            found = [self._spot(spot) for spot in self.brought.by_revision.get(number, ())]
            found += [("refused", says) for says in refused.get(number, ())]
            found += [
                ("refused", what.says) if isinstance(what, Refusal) else self._spot(what)
                for what in gone.get(number, ())
            ]
            if self.author and revision.author != self.author:
                outcome, reason = "left out", "another author's"
            elif found:
                outcome, reason = _counting(found, "applied")
            elif revision.kind == "laid out":
                outcome, reason = "refused", "the layout is the template's"
            elif revision.where == "running head":
                outcome, reason = "refused", "the template says what stands at heads and feet"
            elif revision.kind == "reset":
                outcome, reason = "refused", "the content cannot hold how these words are set"
            elif revision.kind == "restyled":
                outcome, reason = "refused", "a paragraph's style is the template's"
            else:
                outcome, reason = _counting(holders.get(number, ()), "applied")
                reason = reason or "it changes no words by itself"
            yield self._entry(
                kind="revision",
                outcome=outcome,
                what=revision.kind,
                words="".join(said.get(number, ()))[:200],
                reason=reason,
                author=revision.author,
                date=revision.date,
                paragraph=where.get(number, 0),
            )

    def _gone(self) -> dict[int, list[Spot | Refusal]]:
        """Give of tracked deletions what became of the words that they take away."""
        made: dict[int, list[Spot | Refusal]] = {}
        kinds = {r.number for r in self.edited.revisions if r.kind in TAKES}
        for group in self.untracked.groups:
            if group.relation != "same":
                continue
            block = group.blocks[0]
            words = self.rejected[group.lines[0]].words
            for place, word in enumerate(words, 1):
                what = self.brought.gone.get((block, place))
                if what is not None:
                    for number in word.revisions:
                        if number in kinds:
                            made.setdefault(number, []).append(what)
        return made

    def _untracked_changes(self) -> Iterator[Entry]:
        for key, edit in self.untracked.edits.items():
            own = self.brought.edits.get(key)
            held = self.merged.get(key[0])
            outcomes: list[tuple[Outcome, str]] = [("already there", "undone by a tracked change")]
            if self.author:
                outcomes = [("left out", "changes that are not tracked are nobody's")]
            elif own and held:
                outcomes = [self._spot((key, n)) for n in range(len(own.changes))]
            for change in edit.changes:
                outcome, reason = _counting(outcomes, "applied")
                old = shown(edit.base[change.old_from : change.old_to])
                new = shown(edit.edited[change.new_from : change.new_to])
                yield self._entry(
                    kind="untracked change",
                    outcome=outcome,
                    what="replaced" if old and new else "deleted" if old else "inserted",
                    words=f"{old} → {new}" if old and new else old or new,
                    reason=reason,
                )
        for refusal in self.untracked.refusals:
            yield self._entry(
                kind="untracked change",
                outcome="left out" if self.author else "refused",
                words=refusal.words,
                reason=refusal.says,
            )

    def _formatting(self) -> Iterator[Entry]:
        """Give how words are set where the content cannot hold it."""
        by_line = {line: group for group in self.brought.groups for line in group.lines}
        for index, line in enumerate(self.lines):
            blocks = [self.carried.blocks[n] for n in by_line[index].blocks]
            kinds = {owner.kind for block in blocks for owner in block.owners} - {"none"}
            is_markdown = bool(kinds & {"body", "prose", "question"}) or not blocks
            for other in line.others:
                if other in ("bold", "italic") and (is_markdown or not kinds):
                    continue
                yield self._entry(
                    kind="formatting",
                    outcome="refused",
                    what=other,
                    words=shown(line.words)[:80],
                    reason=f"the content cannot hold words that are {other}",
                    paragraph=line.numbers[0],
                )

    def _pictures(self) -> Iterator[Entry]:
        """Give the pictures that went, and those that came."""
        known = set(self.carried.pictures)
        shown_now: set[str] = set()
        for line in self.view.lines(self.edited.paragraphs):
            if line.has_image:
                shown_now |= line.anchors
                if not line.anchors & known:
                    yield self._entry(
                        kind="formatting",
                        outcome="refused",
                        what="picture added",
                        reason="put it into the article's images/ and show it in article.md",
                        paragraph=line.numbers[0],
                    )
        for _ in known - shown_now:
            yield self._entry(
                kind="formatting",
                outcome="refused",
                what="picture removed",
                reason="take it out of article.md",
            )

    # --- comments -------------------------------------------------------------------------------

    def review(self) -> str:
        """Write the comments as YAML: where each stands, on which words, and what it says."""
        addresses: dict[str, str] = {}
        by_line = {line: group for group in self.brought.groups for line in group.lines}
        for index, line in enumerate(self.lines):
            blocks = by_line[index].blocks
            for id in line.comments:
                if blocks:
                    addresses.setdefault(id, self.carried.blocks[blocks[0]].address)
        quoted: dict[str, list[str]] = {}
        for paragraph in self.edited.paragraphs:
            for piece in paragraph.pieces:
                for id in piece.comments:
                    quoted.setdefault(id, []).append(piece.text)
        given = [c for c in self.edited.comments if c.text not in self.carried.comments]
        numbers = {comment.id: n for n, comment in enumerate(given, 1)}
        told = []
        for comment in given:
            entry: dict[str, Any] = {"id": numbers[comment.id]}
            if comment.answers in numbers:
                entry["answers"] = numbers[comment.answers]
            entry |= {
                "address": addresses.get(comment.id, ""),
                "quoted": " ".join("".join(quoted.get(comment.id, ())).split()),
                "author": comment.author,
                "date": comment.date,
                "text": comment.text,
            }
            if comment.is_resolved:
                entry["resolved"] = True
            told.append({key: value for key, value in entry.items() if value != ""})
        written: str = yaml.safe_dump(
            {"file": Path(self.edited.name).name, "comments": told},
            allow_unicode=True,
            sort_keys=False,
            width=10**9,
        )
        return written


def _counting(found: Iterable[tuple[Outcome, str]], default: Outcome) -> tuple[Outcome, str]:
    """Give the outcome that counts, with its reason."""
    held = list(found)
    outcome = worst((outcome for outcome, _ in held), default)
    return outcome, next((reason for own, reason in held if own == outcome and reason), "")
