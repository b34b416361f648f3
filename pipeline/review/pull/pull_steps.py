"""An editor's files into the content: the steps, in order.

Read the file; hold its words against those that the brief had; give each change to its value;
merge the values with the content as it is now; write what merged, in memory, and read it again.
Only then is there a difference to show, or to write.
"""

from __future__ import annotations

import codecs
import difflib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.content import loader
from pipeline.content.quotes import QuoteLedger
from pipeline.diagnostics import (
    Diagnostic,
    Findings,
    Location,
    Problems,
    make_problem,
    suggest_names,
)
from pipeline.document import characters
from pipeline.project import text_files
from pipeline.review import git
from pipeline.review.edited_docx import reader
from pipeline.review.edited_docx.reader import EditedDocx
from pipeline.review.match import sent_brief
from pipeline.review.pull import comments_yaml, criticmarkup
from pipeline.review.pull.account import PullAccount
from pipeline.review.pull.assign import AssignedEdits, ValueKey, assign_edits
from pipeline.review.pull.content_now import CurrentContent
from pipeline.review.pull.merged_value import MergedValue
from pipeline.review.pull.outcomes import OutcomeEntry
from pipeline.review.pull.write_back import ContentWriter, flatten_words, split_paragraphs
from pipeline.review.words.diff3 import find_changes, merge_changes
from pipeline.review.words.tokens import BlockStart, Token, format_tokens
from pipeline.system import atomic_write

_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
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
class PullResult:
    """What was pulled; nothing is written yet."""

    article: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    """The files that change, by their path in the project, before (``""`` is none) and after.

    Each has the line ends and the byte order mark that it has on disk.
    """
    entries: tuple[OutcomeEntry, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def waits(self) -> bool:
        """Whether something needs a person."""
        return any(e.is_left_over for e in self.entries) or any(
            not d.is_note for d in self.diagnostics
        )

    def format_diff(self) -> str:
        """Give the difference as `git apply` reads it."""
        return "".join(
            _format_diff(name, self.before[name], self.after[name]) for name in self.after
        )


def run(order: PullRequest) -> PullResult:
    """Bring what editors changed back into the content, in memory.

    Raises Problems when a file cannot be read, is no brief of this project, or holds elements
    that are not known; then nothing can be written.
    """
    read = [_read_edited(path, order.project) for path in order.files]
    _check_edited(read, order)
    found = [_find_sent_brief(edited, order) for edited in read]
    slugs = list(dict.fromkeys(held.article for held in found))
    known = loader.require_articles(order.project)
    if slugs[0] not in known:
        raise make_problem(
            "unknown-article",
            f"it is a brief of `{slugs[0]}`, which is no article here",
            Location(read[0].name),
            suggest_names(slugs[0], known),
        )
    if len(slugs) > 1:
        raise make_problem(
            "several-articles",
            f"the files are briefs of {' and '.join(f'`{slug}`' for slug in slugs)}",
            Location(read[1].name),
            "pull those of one article at a time",
        )
    return _ArticlePull(order, slugs[0]).pull_files(read, found)


def apply_pull(project: Path, result: PullResult, *, force: bool) -> None:
    """Write the files that changed.

    Raises Problems: ``uncommitted-changes`` when git would not have what is overwritten.
    """
    paths = {name: project / name for name in result.after}
    if not force and (
        dirty := git.list_uncommitted(project, [n for n in paths if result.before[n]])
    ):
        raise Problems(
            Diagnostic(
                "uncommitted-changes",
                f"`{name}` has changes that are not committed",
                Location(name),
                "commit them first, or take --force",
            )
            for name in dirty
        )
    for name, path in paths.items():
        text_files.check_inside(path, project.resolve() / "content", name)
        path.parent.mkdir(exist_ok=True)
    atomic_write.write_files({paths[name]: text.encode() for name, text in result.after.items()})


# --- what is read -------------------------------------------------------------------------


def _read_edited(path: Path, project: Path) -> EditedDocx:
    return reader.read_edited_docx(path, text_files.display_path(path.resolve(), project.resolve()))


def _check_edited(read: Sequence[EditedDocx], order: PullRequest) -> None:
    findings = Findings()
    for edited in read:
        for unknown in dict.fromkeys(edited.unknown):  # each is told once
            said = f": “{unknown.words}”" if unknown.words else ""
            findings.add_error(
                "unknown-element",
                f"paragraph {unknown.paragraph} holds <{unknown.name}>, "
                f"which cannot be brought back{said}",
                Location(edited.name),
                "take it out, or write it as text; nothing was pulled",
            )
        authors = list(dict.fromkeys(revision.author for revision in edited.revisions))
        if order.author and order.author not in authors:
            findings.add_error(
                "unknown-author",
                f"`{order.author}` has no tracked change here",
                Location(edited.name),
                suggest_names(order.author, authors),
            )
    findings.stop_on_errors()


def _find_sent_brief(edited: EditedDocx, order: PullRequest) -> sent_brief.SentBrief:
    if not order.revision:
        return sent_brief.read_sent_brief(edited.package)
    from pipeline.review.pull import rebuild_base  # what makes briefs is slow to import

    return rebuild_base.rebuild_sent_brief(order.project, order.revision, edited)


# --- one article ------------------------------------------------------------------------------


class _ArticlePull:
    def __init__(self, order: PullRequest, slug: str) -> None:
        self.order = order
        self.slug = slug
        self.current = CurrentContent(order.project, slug)
        self.start = dict(self.current.texts)
        self.texts = dict(self.start)
        """The files with all that was pulled; with a conflict, as the content has it."""
        self.conflicts: list[tuple[Mapping[str, str], Mapping[str, str]]] = []
        """Of each file with conflicts: the files as the content has it, and as the editor has."""
        self.entries: list[OutcomeEntry] = []
        self.reviews: dict[str, str] = {}

    def pull_files(
        self, read: Sequence[EditedDocx], found: Sequence[sent_brief.SentBrief]
    ) -> PullResult:
        for edited, carried in zip(read, found, strict=True):
            self.pull_file(edited, carried)
        names = self.current.names
        after = {
            names[short]: _mark_conflicts(
                text, [(ours[short], theirs[short]) for ours, theirs in self.conflicts]
            )
            for short, text in self.texts.items()
        }
        before = {names[short]: text for short, text in self.start.items()}
        for name, text in self.reviews.items():
            before[name] = self.read_present(name)
            after[name] = text
        changed = {name: text for name, text in after.items() if text != before[name]}
        return PullResult(
            article=self.slug,
            before={name: self.restore_line_ends(name, before[name]) for name in changed},
            after={name: self.restore_line_ends(name, text) for name, text in changed.items()},
            entries=tuple(self.entries),
            diagnostics=tuple(self.check_quotes()),
        )

    def pull_file(self, edited: EditedDocx, carried: sent_brief.SentBrief) -> None:
        """Take the changes of one file."""
        view = edited.accept_author(self.order.author) if self.order.author else edited.accepted
        lines = [line for line in view.list_lines(edited.paragraphs) if line.words]
        rejected = [line for line in edited.rejected.list_lines(edited.paragraphs) if line.words]
        brought = assign_edits(carried.blocks, lines)
        untracked = assign_edits(carried.blocks, rejected)
        with self.open_scratch() as current:
            merged = self.merge_edits(current, brought, untracked)
            self.write_merged(current, merged, brought.moves)
        account = PullAccount(
            edited, carried, view, lines, rejected, brought, untracked, merged, self.order.author
        )
        self.entries += account.iterate_entries()
        if comments := comments_yaml.list_new_comments(edited, carried):
            stem = _NAME.sub("-", Path(edited.name).stem).strip("-.") or "review"
            name = f"content/{self.slug}/reviews/{stem}.yaml"
            places: dict[str, str] = {}
            # Words that a change takes away stand in the text without it alone.
            for held, found in ((lines, brought), (rejected, untracked)):
                for id, address in comments_yaml.locate_comments(held, found, carried):
                    places.setdefault(id, address)
            before = self.reviews.get(name) or self.read_present(name)
            self.reviews[name] = comments_yaml.write_comments(
                edited, comments, places, before, name
            )

    def restore_line_ends(self, name: str, text: str) -> str:
        """Give a text with the line ends and the byte order mark that its file has."""
        path = self.order.project / name
        old = path.read_bytes() if text and path.exists() else b""
        if old.count(b"\r\n") * 2 > old.count(b"\n"):
            text = text.replace("\n", "\r\n")
        return ("\ufeff" if old.startswith(codecs.BOM_UTF8) else "") + text

    def read_present(self, name: str) -> str:
        """Give what a file holds by now; nothing if there is none."""
        path = self.order.project / name
        text_files.check_inside(path, self.order.project.resolve() / "content", name)
        return text_files.read_text(path, name)[0] if path.exists() else ""

    # --- merging ------------------------------------------------------------------------------

    def merge_edits(
        self, current: CurrentContent, brought: AssignedEdits, untracked: AssignedEdits
    ) -> dict[str, MergedValue]:
        made: dict[str, MergedValue] = {}
        for key, edit in brought.edits.items():
            if not edit.changes:
                continue
            address = edit.owner.address
            if address not in made:
                now = current.read_tokens(edit.owner)
                made[address] = MergedValue(edit.owner, now or [], now or [], now or [])
                if now is None:
                    made[address].reason = f"{address} is no longer in the content"
            held = made[address]
            if self.order.author and _is_changed(untracked, key):
                held.reason = "it has changes that are not tracked, so nobody's; pull all of them"
            if not held.reason:
                held.merge_edit(key, edit)
        return made

    def write_merged(
        self,
        current: CurrentContent,
        merged: Mapping[str, MergedValue],
        moves: Sequence[tuple[ValueKey, ValueKey]],
    ) -> None:
        """Write what merged; what the files cannot hold is refused, the rest goes on."""
        _tie_moves(merged, moves)
        if self.order.suggest:
            for held in merged.values():
                if not held.reason:
                    held.ours = criticmarkup.suggest_changes(held.before, held.theirs)
                    held.theirs = held.ours
        while True:
            self.texts, failed = self.write_values(current, merged, lambda held: held.ours)
            if not failed and any(held.is_in_conflict for held in merged.values()):
                theirs, failed = self.write_values(current, merged, lambda held: held.theirs)
                if not failed:
                    self.conflicts.append((self.texts, theirs))
            if not failed:
                break
            for held, reason in failed:
                held.reason = reason
            _tie_moves(merged, moves)

    def write_values(
        self,
        current: CurrentContent,
        merged: Mapping[str, MergedValue],
        words: Callable[[MergedValue], list[Token]],
    ) -> tuple[dict[str, str], list[tuple[MergedValue, str]]]:
        """Write values; gives the files, and the values that they cannot hold, with why."""
        waiting = [m for m in merged.values() if not m.reason and words(m) != m.before]
        texts, failed = self.try_values(current, waiting, words)
        if not failed:
            return texts, []
        if len(waiting) > 1 and not any(failed):
            failed = [(self.try_values(current, [held], words)[1] or [""])[0] for held in waiting]
        found = [(held, why) for held, why in zip(waiting, failed, strict=True) if why]
        return texts, found or [(h, "the files cannot hold all of these changes") for h in waiting]

    def try_values(
        self,
        current: CurrentContent,
        waiting: Sequence[MergedValue],
        words: Callable[[MergedValue], list[Token]],
    ) -> tuple[dict[str, str], list[str]]:
        """Write values; gives the files, or of each value why it cannot be, where it is known."""

        def blame(held: MergedValue, why: str) -> tuple[dict[str, str], list[str]]:
            return {}, [why if held is other else "" for other in waiting]

        writing = ContentWriter(current)
        for held in waiting:
            if not writing.put_value(held.owner, words(held)):
                told = format_tokens(words(held))
                return blame(held, "its place cannot hold that" if told else "it would be empty")
        texts = writing.list_texts()
        if self.order.suggest:
            for held in waiting:
                if character := characters.find_refused_character(format_tokens(words(held))):
                    return blame(held, f"the text holds {character}")
            return texts, []
        try:
            with self.open_scratch(texts) as new:
                for held in waiting:
                    if new.read_tokens(held.owner) != _normalise_tokens(words(held)):
                        return blame(held, "written and read again, it would say something else")
        except Problems as problems:
            alone = len(waiting) == 1
            return {}, [problems.diagnostics[0].message if alone else ""] * len(waiting)
        return texts, []

    # --- the files as they would be ---------------------------------------------------------------

    def open_scratch(self, texts: Mapping[str, str] | None = None) -> _ScratchProject:
        return _ScratchProject(self.current, self.order.project, self.slug, texts or self.texts)

    def check_quotes(self) -> Iterator[Diagnostic]:
        """Give the quotes whose words no longer stand in their answers."""
        if self.order.suggest or self.texts == self.start:
            return
        with self.open_scratch() as new:
            content = new.content
            if content.summary:
                findings = Findings()
                QuoteLedger(content.article, content.lines, content.places, findings).check_summary(
                    content.summary
                )
                yield from findings


class _ScratchProject:
    """The files of an article, with other texts, in a folder of their own, to read them anew."""

    def __init__(
        self, current: CurrentContent, project: Path, slug: str, texts: Mapping[str, str]
    ) -> None:
        self._current, self._project, self._slug, self._texts = current, project, slug, texts
        self._folder = tempfile.TemporaryDirectory(prefix="brief-")

    def __enter__(self) -> CurrentContent:
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
            return CurrentContent(folder, self._slug)
        except BaseException:
            self._folder.cleanup()
            raise

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def _is_changed(brought: AssignedEdits, key: ValueKey) -> bool:
    edit = brought.edits.get(key)
    return bool(edit and edit.changes)


def _tie_moves(
    merged: Mapping[str, MergedValue], moves: Sequence[tuple[ValueKey, ValueKey]]
) -> None:
    """Leave a paragraph where it was when it cannot be written where it was moved to."""
    for _ in moves:
        for pair in moves:
            held = [merged[address] for address, _ in pair]
            if any(one.reason for one in held):
                for one in held:
                    one.reason = one.reason or "a paragraph that moved would be lost, or be twice"


def _normalise_tokens(tokens: Sequence[Token]) -> list[Token]:
    """Give words as a file says them when it is read."""
    made: list[Token] = []
    for part in split_paragraphs(tokens):
        made += [BlockStart(part.form, leaf=part.leaf), *part.words]
    return (
        made
        if any(isinstance(token, BlockStart) for token in tokens)
        else list(flatten_words(tokens))
    )


def _mark_conflicts(text: str, conflicts: Sequence[tuple[str, str]]) -> str:
    """Write into a text, as git does, where editors have other words in a conflict."""
    for ours, theirs in conflicts:
        base, mine, other = (t.splitlines(keepends=True) for t in (ours, text, theirs))
        made: list[str] = []
        for hunk in merge_changes(
            base,
            mine,
            other,
            find_changes(base, mine),
            find_changes(base, other),
            lambda line: False,
        ):
            if hunk.of in ("theirs", "conflict"):
                own = hunk.ours if hunk.of == "conflict" else base[hunk.start : hunk.end]
                made += ["<<<<<<< content\n", *_end_lines(own), "=======\n"]
                made += [*_end_lines(hunk.theirs), ">>>>>>> editor\n"]
            else:
                made += hunk.ours
        text = "".join(made)
    return text


def _end_lines(lines: Sequence[str]) -> list[str]:
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]


def _format_diff(name: str, before: str, after: str) -> str:
    made: list[str] = []
    old = f"a/{name}" if before else "/dev/null"
    for line in difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), old, f"b/{name}"
    ):
        made.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(made)
