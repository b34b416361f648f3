"""An editor's files into the content: the steps, in order.

Read the file; hold its words against those that the brief had; give each change to its value;
merge the values with the content as it is now; write what merged, in memory, and read it again.
Only then is there a difference to show, or to write.
"""

from __future__ import annotations

import difflib
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from pipeline import content as contents
from pipeline import files
from pipeline.diagnostics import Diagnostic, Findings, Location, Problems, known_names, problem
from pipeline.quotes import Ledger
from pipeline.review import base, git, reading, suggesting
from pipeline.review.base import Owner
from pipeline.review.bringing import Brought, Edit, Key, Refusal, Spot, bring
from pipeline.review.current import Current
from pipeline.review.ledger import Entry, Outcome, worst
from pipeline.review.merging import Hunk, changes, changes_by_part, merge
from pipeline.review.reading import Edited
from pipeline.review.revisions import TAKES, Line, View
from pipeline.review.words import Start, Token, Word, shown
from pipeline.review.writing import Writing

_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to pull."""

    project: Path
    files: tuple[Path, ...]
    author: str = ""
    """Whose changes to take; everybody's if empty."""
    revision: str = ""
    """The git revision that the brief was made of, for a file that does not say it."""
    suggest: bool = False
    """Whether changes are written as suggestions, in CriticMarkup."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was pulled; nothing is written yet."""

    article: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    """The files that change, by their path in the project, before (``""`` is none) and after."""
    entries: tuple[Entry, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def waits(self) -> bool:
        """Whether something needs a person."""
        return any(e.is_left_over for e in self.entries) or any(
            not d.is_note for d in self.diagnostics
        )

    def diff(self) -> str:
        """Give the difference as `git apply` reads it."""
        return "".join(
            _difference(name, self.before[name], self.after[name]) for name in self.after
        )


def pull(order: Order) -> Result:
    """Bring what editors changed back into the content, in memory.

    Raises Problems when a file cannot be read, is no brief of this project, or holds elements
    that are not known; then nothing can be written.
    """
    read = [_read(path, order.project) for path in order.files]
    _check_known(read, order)
    found = [_carried(edited, order) for edited in read]
    slugs = list(dict.fromkeys(held.article for held in found))
    known = contents.articles(order.project)
    if slugs[0] not in known:
        raise problem(
            "unknown-article",
            f"it is a brief of `{slugs[0]}`, which is no article here",
            Location(read[0].name),
            known_names(slugs[0], known),
        )
    if len(slugs) > 1:
        raise problem(
            "several-articles",
            f"the files are briefs of {' and '.join(f'`{slug}`' for slug in slugs)}",
            Location(read[1].name),
            "pull those of one article at a time",
        )
    return _Pulling(order, slugs[0]).result(read, found)


def apply(order: Order, result: Result, *, force: bool) -> None:
    """Write the files that changed.

    Raises Problems: ``uncommitted-changes`` when git would not have what is overwritten.
    """
    paths = {name: order.project / name for name in result.after}
    if not force and (dirty := git.changed(order.project, [n for n in paths if result.before[n]])):
        raise Problems(
            Diagnostic(
                "uncommitted-changes",
                f"`{name}` has changes that are not committed",
                Location(name),
                "commit them first, or take --force",
            )
            for name in dirty
        )
    for path in paths.values():
        contents.check_inside(path, order.project.resolve() / "content", str(path))
        path.parent.mkdir(exist_ok=True)
    files.write({paths[name]: _encoded(paths[name], text) for name, text in result.after.items()})


def _encoded(path: Path, text: str) -> bytes:
    """Give a text as bytes, with the line ends and the byte order mark that its file has."""
    old = path.read_bytes() if path.exists() else b""
    if b"\r\n" in old:
        text = text.replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if old.startswith(b"\xef\xbb\xbf") else b"") + text.encode()


# --- what is read -------------------------------------------------------------------------


def _read(path: Path, project: Path) -> Edited:
    return reading.read(path, contents.shown(path.resolve(), project.resolve()))


def _check_known(read: Sequence[Edited], order: Order) -> None:
    findings = Findings()
    for edited in read:
        for unknown in edited.unknown:
            said = f": “{unknown.words}”" if unknown.words else ""
            findings.error(
                "unknown-element",
                f"paragraph {unknown.paragraph} holds <{unknown.name}>, "
                f"which cannot be brought back{said}",
                Location(edited.name),
                "take it out, or write it as text; nothing was pulled",
            )
        authors = list(dict.fromkeys(revision.author for revision in edited.revisions))
        if order.author and order.author not in authors:
            findings.error(
                "unknown-author",
                f"`{order.author}` has no tracked change here",
                Location(edited.name),
                known_names(order.author, authors),
            )
    findings.stop_on_errors()


def _carried(edited: Edited, order: Order) -> base.Carried:
    if not order.revision:
        return base.carried(edited.package)
    from pipeline.review import editions  # what makes briefs is slow to import

    return editions.nearest(order.project, order.revision, edited)


# --- one article ------------------------------------------------------------------------------


@dataclass(slots=True)
class _Merged:
    """A value with the changes of all files."""

    owner: Owner
    ours: list[Token]
    """The words to write; where there is a conflict, those of the content."""
    theirs: list[Token]
    """The words as the editor has them in a conflict."""
    before: list[Token]
    spots: dict[Spot, Outcome] = field(default_factory=dict)
    reason: str = ""


class _Pulling:
    def __init__(self, order: Order, slug: str) -> None:
        self.order = order
        self.slug = slug
        self.current = Current(order.project, slug)
        self.start = dict(self.current.texts)
        self.texts = dict(self.start)
        """The files with all that was pulled; with a conflict, as the content has it."""
        self.conflicting = dict(self.start)
        """The same, with a conflict as the editor has it."""
        self.entries: list[Entry] = []
        self.reviews: dict[str, str] = {}

    def result(self, read: Sequence[Edited], found: Sequence[base.Carried]) -> Result:
        for edited, carried in zip(read, found, strict=True):
            self.pull(edited, carried)
        names = self.current.names
        after = {
            names[short]: _with_conflicts(self.texts[short], self.conflicting[short])
            for short in self.texts
        }
        before = {names[short]: text for short, text in self.start.items()}
        for name, text in self.reviews.items():
            path = self.order.project / name
            before[name] = contents.read_text(path, name)[0] if path.exists() else ""
            after[name] = text
        changed = {name: text for name, text in after.items() if text != before[name]}
        return Result(
            article=self.slug,
            before={name: before[name] for name in changed},
            after=changed,
            entries=tuple(self.entries),
            diagnostics=tuple(self.quotes()),
        )

    def pull(self, edited: Edited, carried: base.Carried) -> None:
        """Take the changes of one file."""
        view = edited.by(self.order.author) if self.order.author else edited.accepted
        lines = [line for line in view.lines(edited.paragraphs) if line.words]
        rejected = [line for line in edited.rejected.lines(edited.paragraphs) if line.words]
        brought = bring(carried.blocks, lines)
        untracked = bring(carried.blocks, rejected)
        with self.shadow() as current:
            merged = self.merged(current, brought, untracked)
            self.write(current, merged)
        told = _Telling(
            edited, carried, view, lines, rejected, brought, untracked, merged, self.order
        )
        self.entries += told.entries()
        if edited.comments:
            name = _NAME.sub("-", Path(edited.name).stem).strip("-.") or "review"
            self.reviews[f"content/{self.slug}/reviews/{name}.yaml"] = told.review()

    # --- merging ------------------------------------------------------------------------------

    def merged(self, current: Current, brought: Brought, untracked: Brought) -> dict[str, _Merged]:
        made: dict[str, _Merged] = {}
        for key, edit in brought.edits.items():
            if not edit.changes:
                continue
            address = edit.owner.address
            if address not in made:
                now = current.tokens(edit.owner)
                made[address] = _Merged(edit.owner, now or [], now or [], now or [])
                if now is None:
                    made[address].reason = f"{address} is no longer in the content"
            held = made[address]
            if self.order.author and _is_changed(untracked, key):
                held.reason = "it has changes that are not tracked, so nobody's; pull all of them"
            if not held.reason:
                _merge(held, key, edit)
        return made

    def write(self, current: Current, merged: Mapping[str, _Merged]) -> None:
        """Write what merged; what the files cannot hold is refused, the rest goes on."""
        if self.order.suggest:
            for held in merged.values():
                if not held.reason:
                    held.ours = suggesting.marked(held.before, held.theirs)
                    held.theirs = held.ours
        while True:
            self.texts, failed = self.written(current, merged, lambda held: held.ours)
            self.conflicting = self.texts
            if not failed and any(_has_conflict(held) for held in merged.values()):
                self.conflicting, failed = self.written(current, merged, lambda held: held.theirs)
            if not failed:
                break
            for held, reason in failed:
                held.reason = reason

    def written(
        self,
        current: Current,
        merged: Mapping[str, _Merged],
        words: Callable[[_Merged], list[Token]],
    ) -> tuple[dict[str, str], list[tuple[_Merged, str]]]:
        """Write values; gives the files, and the values that they cannot hold, with why."""
        waiting = [m for m in merged.values() if not m.reason and words(m) != m.before]
        texts, failed = self.tried(current, waiting, words)
        if not failed:
            return texts, []
        if len(waiting) > 1 and not any(failed):
            failed = [(self.tried(current, [held], words)[1] or [""])[0] for held in waiting]
        found = [(held, why) for held, why in zip(waiting, failed, strict=True) if why]
        return texts, found or [(h, "the files cannot hold all of these changes") for h in waiting]

    def tried(
        self,
        current: Current,
        waiting: Sequence[_Merged],
        words: Callable[[_Merged], list[Token]],
    ) -> tuple[dict[str, str], list[str]]:
        """Write values; gives the files, or of each value why it cannot be, where it is known."""

        def blame(held: _Merged, why: str) -> tuple[dict[str, str], list[str]]:
            return {}, [why if held is other else "" for other in waiting]

        writing = Writing(current)
        for held in waiting:
            if not writing.put(held.owner, words(held)):
                told = shown(words(held))
                return blame(held, "its place cannot hold that" if told else "it would be empty")
        texts = writing.texts()
        if self.order.suggest:
            return texts, []
        try:
            with self.shadow(texts) as new:
                for held in waiting:
                    if new.tokens(held.owner) != _told(words(held)):
                        return blame(held, "written and read again, it would say something else")
        except Problems as problems:
            alone = len(waiting) == 1
            return {}, [problems.diagnostics[0].message if alone else ""] * len(waiting)
        return texts, []

    # --- the files as they would be ---------------------------------------------------------------

    def shadow(self, texts: Mapping[str, str] | None = None) -> _Shadow:
        return _Shadow(self.current, self.order.project, self.slug, texts or self.texts)

    def quotes(self) -> Iterator[Diagnostic]:
        """Give the quotes whose words no longer stand in their answers."""
        if self.order.suggest or self.texts == self.start:
            return
        with self.shadow() as new:
            content = new.content
            if content.summary:
                findings = Findings()
                Ledger(content.article, content.lines, content.places, findings).check_summary(
                    content.summary
                )
                yield from findings


class _Shadow:
    """The files of an article, with other texts, in a folder of their own, to read them anew."""

    def __init__(
        self, current: Current, project: Path, slug: str, texts: Mapping[str, str]
    ) -> None:
        self._current, self._project, self._slug, self._texts = current, project, slug, texts
        self._folder = tempfile.TemporaryDirectory(prefix="brief-")

    def __enter__(self) -> Current:
        try:
            folder = Path(self._folder.name)
            written = {self._current.names[short]: text for short, text in self._texts.items()}
            for name in self._current.content.inputs:
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                if name in written:
                    path.write_text(written[name], "utf-8")
                else:
                    path.write_bytes((self._project / name).read_bytes())
            return Current(folder, self._slug)
        except BaseException:
            self._folder.cleanup()
            raise

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def _is_changed(brought: Brought, key: Key) -> bool:
    edit = brought.edits.get(key)
    return bool(edit and edit.changes)


def _merge(held: _Merged, key: Key, edit: Edit) -> None:
    """Merge one file's changes of a value into what it is by now."""
    mine = changes_by_part(edit.base, held.ours, _begins)
    hunks: list[Hunk[Token]] = merge(
        edit.base, held.ours, edit.edited, mine, edit.changes, _is_space
    )
    held.ours = [token for hunk in hunks for token in hunk.ours]
    held.theirs = [token for hunk in hunks for token in hunk.theirs]
    outcomes: dict[str, Outcome] = {
        "theirs": "applied",
        "both": "already there",
        "conflict": "conflict",
    }
    theirs = [hunk for hunk in hunks if hunk.of in outcomes]
    at = 0
    for number, change in enumerate(edit.changes):
        while at < len(theirs) - 1 and theirs[at].end < change.old_to:
            at += 1
        held.spots[key, number] = outcomes[theirs[at].of]


def _begins(token: Token) -> bool:
    return isinstance(token, Start)


def _is_space(token: Token) -> bool:
    return isinstance(token, Word) and token.text == " "


def _has_conflict(held: _Merged) -> bool:
    return not held.reason and "conflict" in held.spots.values()


def _told(tokens: Sequence[Token]) -> list[Token]:
    """Give words as a file says them when it is read."""
    made: list[Token] = []
    for token in tokens:
        is_space = isinstance(token, Word) and token.text in (" ", "\n")
        last = made[-1] if made else None
        after_space = isinstance(last, Word) and last.text in (" ", "\n")
        if is_space and (not made or isinstance(last, Start) or after_space):
            continue
        if isinstance(token, Start):
            while made and isinstance(made[-1], Word) and made[-1].text in (" ", "\n"):
                made.pop()
            if made and isinstance(made[-1], Start):
                made.pop()
        made.append(token)
    while made and (isinstance(made[-1], Start) or made[-1].text in (" ", "\n")):
        made.pop()
    return made


def _with_conflicts(ours: str, theirs: str) -> str:
    """Write where two texts differ as git writes a conflict."""
    mine, other = ours.splitlines(keepends=True), theirs.splitlines(keepends=True)
    made: list[str] = []
    at = 0
    for change in changes(mine, other):
        made += [*mine[at : change.old_from], "<<<<<<< content\n"]
        made += [*_ended(mine[change.old_from : change.old_to]), "=======\n"]
        made += [*_ended(other[change.new_from : change.new_to]), ">>>>>>> editor\n"]
        at = change.old_to
    return "".join([*made, *mine[at:]])


def _ended(lines: Sequence[str]) -> list[str]:
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]


def _difference(name: str, before: str, after: str) -> str:
    made: list[str] = []
    old = f"a/{name}" if before else "/dev/null"
    for line in difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), old, f"b/{name}"
    ):
        made.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(made)


# --- telling -----------------------------------------------------------------------------------


class _Telling:
    """Accounts for everything in one file."""

    def __init__(
        self,
        edited: Edited,
        carried: base.Carried,
        view: View,
        lines: Sequence[Line],
        rejected: Sequence[Line],
        brought: Brought,
        untracked: Brought,
        merged: Mapping[str, _Merged],
        order: Order,
    ) -> None:
        self.edited, self.carried, self.order = edited, carried, order
        self.view, self.lines, self.rejected = view, lines, rejected
        self.brought, self.untracked = brought, untracked
        self.merged = merged
        self.of_line: dict[int, list[tuple[Outcome, str]]] = {}
        for key, edit in brought.edits.items():
            for number, where in enumerate(edit.lines):
                for line in where:
                    self.of_line.setdefault(line, []).append(self.spot((key, number)))
        for refusal in brought.refusals:
            for line in refusal.lines:
                self.of_line.setdefault(line, []).append(("refused", refusal.says))

    def spot(self, spot: Spot) -> tuple[Outcome, str]:
        held = self.merged[spot[0][0]]
        if held.reason:
            return "refused", held.reason
        outcome = held.spots[spot]
        return outcome, "the content was changed there as well" if outcome == "conflict" else ""

    def entry(self, **told: Any) -> Entry:
        return Entry(file=self.edited.name, **told)

    def entries(self) -> Iterator[Entry]:
        yield from self.paragraphs()
        yield from self.revisions()
        yield from self.untracked_changes()
        yield from self.formatting()
        yield from self.pictures()
        for comment in self.edited.comments:
            yield self.entry(
                kind="comment",
                outcome="applied",
                words=comment.text,
                author=comment.author,
                date=comment.date,
            )

    def paragraphs(self) -> Iterator[Entry]:
        by_line = {line: group for group in self.brought.groups for line in group.lines}
        told: set[int] = set()
        for index, line in enumerate(self.lines):
            outcome, reason = _counting(self.of_line.get(index, ()), "unchanged")
            group = by_line[index]
            relation = group.relation if group.is_anchored else f"{group.relation}, re-anchored"
            for number in line.numbers:
                told.add(number)
                yield self.entry(
                    kind="paragraph",
                    outcome=outcome,
                    what=relation,
                    words=shown(line.words)[:80],
                    reason=reason,
                    paragraph=number,
                )
        for paragraph in self.edited.paragraphs:
            if paragraph.number not in told:
                yield self.entry(
                    kind="paragraph",
                    outcome="unchanged",
                    what="without words",
                    paragraph=paragraph.number,
                )

    def revisions(self) -> Iterator[Entry]:
        gone = self.gone()
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
            found = [self.spot(spot) for spot in self.brought.by_revision.get(number, ())]
            found += [("refused", says) for says in refused.get(number, ())]
            found += [
                ("refused", what.says) if isinstance(what, Refusal) else self.spot(what)
                for what in gone.get(number, ())
            ]
            if self.order.author and revision.author != self.order.author:
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
            yield self.entry(
                kind="revision",
                outcome=outcome,
                what=revision.kind,
                words="".join(said.get(number, ()))[:200],
                reason=reason,
                author=revision.author,
                date=revision.date,
                paragraph=where.get(number, 0),
            )

    def gone(self) -> dict[int, list[Spot | Refusal]]:
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

    def untracked_changes(self) -> Iterator[Entry]:
        for key, edit in self.untracked.edits.items():
            own = self.brought.edits.get(key)
            held = self.merged.get(key[0])
            outcomes: list[tuple[Outcome, str]] = [("already there", "undone by a tracked change")]
            if self.order.author:
                outcomes = [("left out", "changes that are not tracked are nobody's")]
            elif own and held:
                outcomes = [self.spot((key, n)) for n in range(len(own.changes))]
            for change in edit.changes:
                outcome, reason = _counting(outcomes, "applied")
                old = shown(edit.base[change.old_from : change.old_to])
                new = shown(edit.edited[change.new_from : change.new_to])
                yield self.entry(
                    kind="untracked change",
                    outcome=outcome,
                    what="replaced" if old and new else "deleted" if old else "inserted",
                    words=f"{old} → {new}" if old and new else old or new,
                    reason=reason,
                )
        for refusal in self.untracked.refusals:
            yield self.entry(
                kind="untracked change",
                outcome="left out" if self.order.author else "refused",
                words=refusal.words,
                reason=refusal.says,
            )

    def formatting(self) -> Iterator[Entry]:
        """Give how words are set where the content cannot hold it."""
        by_line = {line: group for group in self.brought.groups for line in group.lines}
        for index, line in enumerate(self.lines):
            blocks = [self.carried.blocks[n] for n in by_line[index].blocks]
            kinds = {owner.kind for block in blocks for owner in block.owners} - {"none"}
            is_markdown = bool(kinds & {"body", "prose", "question"}) or not blocks
            for other in line.others:
                if other in ("bold", "italic") and (is_markdown or not kinds):
                    continue
                yield self.entry(
                    kind="formatting",
                    outcome="refused",
                    what=other,
                    words=shown(line.words)[:80],
                    reason=f"the content cannot hold words that are {other}",
                    paragraph=line.numbers[0],
                )

    def pictures(self) -> Iterator[Entry]:
        """Give the pictures that went, and those that came."""
        known = set(self.carried.pictures)
        shown_now: set[str] = set()
        for line in self.view.lines(self.edited.paragraphs):
            if line.has_image:
                shown_now |= line.anchors
                if not line.anchors & known:
                    yield self.entry(
                        kind="formatting",
                        outcome="refused",
                        what="picture added",
                        reason="put it into the article's images/ and show it in article.md",
                        paragraph=line.numbers[0],
                    )
        for _ in known - shown_now:
            yield self.entry(
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
        numbers = {comment.id: n for n, comment in enumerate(self.edited.comments, 1)}
        told = []
        for comment in self.edited.comments:
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
