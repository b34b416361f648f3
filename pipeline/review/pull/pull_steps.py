"""An editor's files into the content: the steps, in order.

Read the file; compare its words with those that the brief had; give each change to its value;
merge the values with the content as it is now; write what merged, in memory, and read it again.
Only then is there a difference to show, or to write.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Final

from pipeline.content import loader
from pipeline.content.quotes import QuoteLedger
from pipeline.diagnostics import (
    Diagnostic,
    Findings,
    Location,
    Problems,
    Severity,
    make_problem,
    suggest_names,
)
from pipeline.project import text_files
from pipeline.request import Progress, ignore_progress
from pipeline.review import git
from pipeline.review.edited_docx import reader
from pipeline.review.edited_docx.reader import EditedDocx
from pipeline.review.match.manifest_reader import read_sent_brief
from pipeline.review.match.note_match import match_notes
from pipeline.review.match.sent_brief import SentBrief
from pipeline.review.pull import comments_yaml, refusals
from pipeline.review.pull.account import account_for_file
from pipeline.review.pull.conflict_markers import mark_conflicts
from pipeline.review.pull.content_now import read_current_content
from pipeline.review.pull.file_edits import FileEdits, match_file
from pipeline.review.pull.merged_value import merge_file
from pipeline.review.pull.note_entries import report_comments
from pipeline.review.pull.outcomes import OutcomeEntry, Verdict
from pipeline.review.pull.picture_changes import (
    PictureChange,
    find_picture_changes,
    release_captions,
)
from pipeline.review.pull.scratch_project import ArticleFiles
from pipeline.review.pull.table_moves import TableMover, find_table_moves, report_table_moves
from pipeline.review.pull.table_places import follow_tables
from pipeline.review.pull.write_merged import MergedWriter
from pipeline.review.pull.write_pictures import PictureWriter, settle_pictures
from pipeline.system import atomic_write
from pipeline.system.limits import DEFAULT_LIMITS, Limits

_UNFINISHED: Final = ("missing-key", "wrong-count", "too-long")
_STOPS_BUILD: Final = "the next build stops here until it is put right"
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
    limits: Limits = DEFAULT_LIMITS


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
        """Return the difference as `git apply` reads it."""
        return "".join(
            _format_diff(name, self.before[name], self.after[name]) for name in self.after
        )


def run(request: PullRequest, progress: Progress = ignore_progress) -> PullResult:
    """Bring what editors changed back into the content, in memory.

    ``progress`` gets the name of the file that was pulled last, how many are done, and of how
    many: first none. Raises Problems when a file cannot be read, is no brief of this project, or
    holds elements that are not known; then nothing can be written.
    """
    progress("", 0, len(request.files))
    read = [_read_edited(path, request) for path in request.files]
    _check_edited(read, request)
    sent = [_find_sent_brief(edited, request) for edited in read]
    slug = _choose_article(read, sent, request.project)
    return _pull_article(request, slug, list(zip(read, sent, strict=True)), progress)


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


def _read_edited(path: Path, request: PullRequest) -> EditedDocx:
    name = text_files.display_path(path.resolve(), request.project.resolve())
    return reader.read_edited_docx(path, name, request.limits.packages)


def _check_edited(read: Sequence[EditedDocx], request: PullRequest) -> None:
    findings = Findings()
    for edited in read:
        for unknown in dict.fromkeys(edited.unknown):  # each is reported once
            words = f": “{unknown.words}”" if unknown.words else ""
            findings.add_error(
                "unknown-element",
                f"paragraph {unknown.paragraph} holds <{unknown.name}>, "
                f"which cannot be brought back{words}",
                Location(edited.name),
                "take it out, or write it as text; nothing was pulled",
            )
        authors = list(dict.fromkeys(revision.author for revision in edited.revisions))
        if request.author and request.author not in authors:
            findings.add_error(
                "unknown-author",
                f"`{request.author}` has no tracked change here",
                Location(edited.name),
                suggest_names(request.author, authors),
            )
    findings.stop_on_errors()


def _choose_article(read: Sequence[EditedDocx], sent: Sequence[SentBrief], project: Path) -> str:
    """Return the one article that all files are briefs of."""
    slugs = list(dict.fromkeys(brief.article for brief in sent))
    known = loader.require_articles(project)
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
    return slugs[0]


def _find_sent_brief(edited: EditedDocx, request: PullRequest) -> SentBrief:
    if not request.revision:
        return read_sent_brief(edited.package)
    from pipeline.review.pull import rebuild_base  # what makes briefs is slow to import

    return rebuild_base.rebuild_sent_brief(
        request.project, request.revision, edited, request.limits
    )


# --- one article ------------------------------------------------------------------------------


def _pull_article(
    request: PullRequest,
    slug: str,
    files: Sequence[tuple[EditedDocx, SentBrief]],
    progress: Progress,
) -> PullResult:
    """Take the changes of all files, one after the other."""
    limits = request.limits.sources
    current = read_current_content(request.project, slug, limits)
    article = ArticleFiles(request.project, slug, current, limits)
    texts: Mapping[str, str] = article.current.texts
    conflicts: list[tuple[Mapping[str, str], Mapping[str, str]]] = []
    entries: list[OutcomeEntry] = []
    reviews: dict[str, str] = {}
    notes: list[str] = []
    for number, (edited, sent) in enumerate(files, start=1):
        with article.open_scratch(texts) as now:
            matched = match_file(edited, follow_tables(sent, now), request.author)
            changes = find_picture_changes(matched, article.current)
            edits = release_captions(matched, changes)
            merged = merge_file(now, edits)
            writer = MergedWriter(article, now, request.suggest)
            written = writer.write_merged(merged.values, merged.ties)
            moves, versions = TableMover(article, now, request.suggest).settle_moves(
                find_table_moves(edits), written.versions
            )
        notes += written.notes
        pictures, versions = _take_pictures(request, article, changes, versions)
        texts = versions[0]
        if len(versions) > 1:
            conflicts.append((texts, versions[1]))
        own = chain(
            account_for_file(edits, merged.values, pictures),
            report_table_moves(edited.name, moves),
        )
        entries += (
            replace(entry, reason=refusals.locate_addresses(now, entry.reason)) for entry in own
        )
        new, told = _take_comments(article, edits, reviews)
        reviews |= new
        entries += told
        progress(edited.name, number, len(files))
    marked = {
        article.current.names[short]: mark_conflicts(
            text, [(ours[short], theirs[short]) for ours, theirs in conflicts]
        )
        for short, text in texts.items()
    }
    summary = Location(article.current.names["summary.yaml"])
    diagnostics = [Diagnostic("evidence", n, summary, severity=Severity.NOTE) for n in notes]
    if not request.suggest:
        diagnostics += _check_draft(article, texts)
    return _make_result(article, {**marked, **reviews}, tuple(entries), tuple(diagnostics))


def _take_pictures(
    request: PullRequest,
    article: ArticleFiles,
    changes: Sequence[PictureChange],
    versions: Sequence[Mapping[str, str]],
) -> tuple[Sequence[PictureChange], Sequence[Mapping[str, str]]]:
    """Return the changes of pictures, and the texts with them; of a conflict both versions."""
    is_taken = [
        not request.author or change.is_beside or bool(change.revisions) for change in changes
    ]
    taken = [change for change, is_own in zip(changes, is_taken, strict=True) if is_own]
    others: Verdict = ("left out", "changes that are not tracked are nobody's")
    left = [
        replace(change, verdict=others)
        for change, is_own in zip(changes, is_taken, strict=True)
        if not is_own
    ]
    settled, texts = settle_pictures(PictureWriter(article, request.suggest), taken, versions)
    return [*settled, *left], texts


def _make_result(
    article: ArticleFiles,
    texts: Mapping[str, str],
    entries: tuple[OutcomeEntry, ...],
    diagnostics: tuple[Diagnostic, ...],
) -> PullResult:
    """Return what changed, of files by their path in the project."""
    before = {article.current.names[short]: t for short, t in article.current.texts.items()}
    before |= {name: _read_present(article, name) for name in texts if name not in before}
    changed = [name for name, text in texts.items() if text != before[name]]
    return PullResult(
        article=article.slug,
        before={name: _restore_bytes(article.project, name, before[name]) for name in changed},
        after={name: _restore_bytes(article.project, name, texts[name]) for name in changed},
        entries=entries,
        diagnostics=diagnostics,
    )


def _take_comments(
    article: ArticleFiles, edits: FileEdits, reviews: Mapping[str, str]
) -> tuple[Mapping[str, str], list[OutcomeEntry]]:
    """Return the file with the comments of an edited file, over those that are there by now."""
    edited, texts = edits.edited, article.current.texts
    places = comments_yaml.locate_comments(edits)
    notes = match_notes(edits.sent.notes, edited.comments, places)
    comments = list(comments_yaml.list_review_comments(edited, notes))
    if not comments:
        return {}, list(report_comments(edited, notes, texts, ()))
    stem = _NAME.sub("-", Path(edited.name).stem).strip("-.") or "review"
    name = f"content/{article.slug}/reviews/{stem}.yaml"
    before = reviews.get(name) or _read_present(article, name)
    written = comments_yaml.write_comments(edited, comments, places, before, name)
    told = report_comments(edited, notes, texts, written.known)
    return {name: written.text}, list(told)


def _restore_bytes(project: Path, name: str, text: str) -> str:
    """Return a text with the line ends and the byte order mark that its file has."""
    path = project / name
    return text_files.restore_line_ends(text, path.read_bytes() if text and path.exists() else b"")


def _read_present(article: ArticleFiles, name: str) -> str:
    """Return what a file holds by now; nothing if there is none."""
    path, most = article.project / name, article.limits.text_bytes
    text_files.check_inside(path, article.project.resolve() / "content", name)
    return text_files.read_text(path, name, most)[0] if path.exists() else ""


def _check_draft(article: ArticleFiles, texts: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Return what the next build will stop at, such as a quote that no answer has."""
    if texts == article.current.texts:
        return
    with article.open_scratch(texts) as new:
        content = new.content
        for found in content.warnings:
            if found.code in _UNFINISHED:
                hint = ": ".join(filter(None, [_STOPS_BUILD, found.hint]))
                yield replace(found, hint=hint)
        if content.summary:
            findings = Findings()
            ledger = QuoteLedger(content.article, content.lines, content.places, findings)
            ledger.check_summary(content.summary)
            yield from findings


def _format_diff(name: str, before: str, after: str) -> str:
    old = f"a/{name}" if before else "/dev/null"
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), old, f"b/{name}"
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
