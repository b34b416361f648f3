"""The steps of an import, in order: read, find, account, ask, write."""

from __future__ import annotations

import difflib
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

from pipeline.content import loader
from pipeline.content.model import Content
from pipeline.diagnostics import Diagnostic, Findings, Location, Problems, make_problem
from pipeline.document.tree import Footnote, Text
from pipeline.importers import asking, ledger, names, roundtable, source, updating, writing
from pipeline.importers.asking import Decisions, Query
from pipeline.importers.blocks import Block, Reading
from pipeline.importers.draft import Draft
from pipeline.importers.ledger import Account
from pipeline.importers.source import Format, Source
from pipeline.importers.updating import MergeTexts, Update, update_article
from pipeline.project import text_files
from pipeline.system import atomic_write

SUFFIXES: Final = {"text": "txt", "markdown": "md", "html": "html", "docx": "docx"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to import, and how."""

    project: Path
    source: str
    """A file's path, or ``-`` for standard input."""
    slug: str = ""
    """The article's id; made of the title if empty."""
    format: Format | None = None
    """The source's format, where its content does not show it."""
    accept: bool = False
    """Whether proposals are taken without asking."""
    update: bool = False
    """Whether what is new goes into an article that is there."""
    merge: MergeTexts | None = None
    """How that is merged with what a person made of the article; an update needs it."""


@dataclass(slots=True, kw_only=True)
class Result:
    """What an import found and wrote."""

    slug: str
    draft: Draft
    account: Account
    decisions: Decisions
    diagnostics: tuple[Diagnostic, ...]
    written: tuple[str, ...] = ()
    """The files that were written, from the project's root."""
    difference: str = ""
    """What would change in an article that is there, as a unified diff."""
    conflicts: tuple[Diagnostic, ...] = ()
    """The places of the article where a person and the source changed the same lines."""
    ids: Mapping[int, str] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        """Whether a person has to answer, to resolve, or to say that an article may change."""
        return bool(self.decisions.open or self.difference or self.conflicts)


def run(
    order: Order, stdin: BinaryIO | None = None, ask: Callable[[Query], str] | None = None
) -> Result:
    """Import a source.

    Raises Problems when it cannot be read, is no roundtable, or when words of it would be lost;
    then nothing is written.
    """
    given = source.read(order.source, stdin, format=order.format)
    reading = source.reading(given)
    slug = order.slug or _slug(reading, given.name)
    _check_slug(slug)
    folder = order.project / "content" / slug
    decisions = Decisions(_answers(folder / asking.NAME, slug), ask, order.accept)
    findings = Findings()
    draft, account = _find(reading, decisions, findings, given.name)
    result = Result(
        slug=slug,
        draft=draft,
        account=account,
        decisions=decisions,
        diagnostics=tuple(findings),
        ids=writing.ids(draft),
    )
    kept = {folder / asking.NAME: asking.written(decisions).encode()} if decisions.queries else {}
    if decisions.open:
        _write(order.project, result, kept)
        return result
    return _write_article(order, result, given, reading, kept)


def _write_article(
    order: Order, result: Result, given: Source, reading: Reading, kept: Mapping[Path, bytes]
) -> Result:
    """Write the article, unless one that is there would change and nobody said that it may."""
    slug, folder = result.slug, order.project / "content" / result.slug
    taken = _describe_source(given, reading)
    article = writing.article(result.draft, taken)
    _check_words(article, result.draft, reading, slug, {taken["file"]: given.data}, given.name)
    path = folder / "article.md"
    name = text_files.display_path(path, order.project)
    before = text_files.read_text(path, name)[0] if path.is_file() else None
    if before not in (None, article) and not (order.update and order.merge):
        result.difference = "".join(
            difflib.unified_diff(
                before.splitlines(True), article.splitlines(True), name, f"{name} (imported)"
            )
        )
        return result
    update = Update(article)
    if before is not None and order.merge is not None:
        answers = _answers(folder / asking.NAME, slug)
        known = Decisions(answers, accept=True)
        update = update_article(
            path, name, article, order.merge, lambda old: _import_again(old, known)
        )
    result.conflicts = update.conflicts
    texts = {path: update.text, folder / updating.NAME: article}
    data = {path: text.encode() for path, text in texts.items()}
    _write(order.project, result, {**data, folder / taken["file"]: given.data, **kept})
    return result


def _find(
    reading: Reading, decisions: Decisions, findings: Findings, name: str
) -> tuple[Draft, Account]:
    """Find the roundtable in a source, and account for all words of it."""
    draft = roundtable.read(reading, decisions, findings, name)
    draft.title = draft.title or _title(name)
    draft.proposals += [
        f"{query.text} {query.proposal} (nobody confirmed it)" for query in decisions.taken
    ]
    account = ledger.account(reading, draft, findings, name)
    findings.stop_on_errors()
    return draft, account


def _describe_source(given: Source, reading: Reading) -> dict[str, str]:
    """Return what the article says of its source."""
    address = next((value for name, value in reading.meta if name == "address"), "")
    return {
        "file": f"source.{SUFFIXES[reading.format]}",
        **({"address": address} if address else {}),
        "sha256": given.sha256,
    }


def _import_again(path: Path, decisions: Decisions) -> str | None:
    """Return what an import of a source writes; None if it is no roundtable to this reader."""
    try:
        given = source.read(str(path))
        reading = source.reading(given)
        draft, _ = _find(reading, decisions, Findings(), given.name)
    except Problems:
        return None
    return writing.article(draft, _describe_source(given, reading))


def _write(project: Path, result: Result, files: Mapping[Path, bytes]) -> None:
    atomic_write.make_folder(next(iter(files)).parent)
    atomic_write.write_files(files)
    result.written = tuple(text_files.display_path(path, project) for path in files)


def _slug(reading: Reading, name: str) -> str:
    """Make the article's id of its title, without asking anything or reading on."""
    made = names.slug(roundtable.read_title(reading, name) or _title(name))[:60].strip("-")
    return made if made[:1].isalpha() else f"article-{made}".strip("-")


def _title(name: str) -> str:
    """Give the file's name as words, for a source that has no title."""
    stem = re.sub(r"[-_\s]+", " ", Path(name).stem).strip("<> ")
    return stem[:1].upper() + stem[1:] or "Untitled"


def _check_slug(slug: str) -> None:
    if not re.fullmatch(text_files.SLUG.regex, slug):
        raise make_problem(
            "bad-value", f"`{slug}` cannot be an article's id", None, text_files.SLUG.meaning
        )


def _answers(path: Path, slug: str) -> dict[str, str]:
    if not path.is_file():
        return {}
    name = f"content/{slug}/{asking.NAME}"
    text_files.check_inside(path, path.parent.resolve(), name)
    text, _ = text_files.read_text(path, name)
    return asking.read(text, name)


# --- what is written is what was read ------------------------------------------------------


def _check_words(
    article: str,
    draft: Draft,
    reading: Reading,
    slug: str,
    copies: Mapping[str, bytes],
    name: str,
) -> None:
    """Load the article as a build would, and hold every answer's words against the source's."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "content" / slug
        folder.mkdir(parents=True)
        (folder.parent / "house.yaml").write_text("name: House\n", "utf-8")
        (folder / "article.md").write_text(article, "utf-8")
        for copy, data in copies.items():
            (folder / copy).write_bytes(data)
        try:
            # Signs in a title or a name stop a build, which says where they are, and no import.
            loaded = loader.load_content(Path(place), slug, is_draft=True)
        except Problems as problems:
            raise Problems(
                [
                    Diagnostic(
                        "not-loadable",
                        f"what would be written is no article: {d.message}",
                        Location(name),
                        "please report it with the source: nothing was written",
                    )
                    for d in problems.diagnostics
                ]
            ) from None
    _compare(loaded, draft, {n.label for n in draft.notes}, name)


def _compare(loaded: Content, draft: Draft, notes: set[str], name: str) -> None:
    found = [_words(loaded.article.introduction)]
    wanted = [_source_words(draft.introduction, notes)]
    for question, asked in zip(loaded.article.questions, draft.questions, strict=True):
        for answer, turn in zip(question.answers, asked.turns, strict=True):
            found.append(_words(answer.blocks))
            wanted.append(_source_words(turn.blocks, notes))
    for have, want in zip(found, wanted, strict=True):
        if have != want:
            first = next(
                (i for i, (a, b) in enumerate(zip(have, want, strict=False)) if a != b),
                min(len(have), len(want)),
            )
            raise make_problem(
                "unaccounted",
                f"“{' '.join(want[first : first + 6])}” would be written as "
                f"“{' '.join(have[first : first + 6])}”",
                Location(name),
                "please report it with the source: nothing was written",
            )


def _words(nodes: Any) -> list[str]:
    """Give the words of nodes, footnotes left out."""
    found: list[str] = []

    def visit(node: Any) -> None:
        if isinstance(node, Footnote):
            return
        if isinstance(node, Text):
            found.append(node.text)
            return
        for child in getattr(node, "children", ()):
            visit(child)
        found.append(" " if not _in_line(node) else "")

    for node in nodes:
        visit(node)
    return "".join(found).split()


def _in_line(node: Any) -> bool:
    return type(node).__name__ in {"Text", "Emphasis", "Strong", "Link"}


def _source_words(blocks: list[Block], notes: set[str]) -> list[str]:
    """Give the words of blocks, the marks of footnotes left out."""
    text = " ".join(
        "".join(span.text for span in block.spans if span.note not in notes or not span.note)
        for block in blocks
    )
    return text.split()
