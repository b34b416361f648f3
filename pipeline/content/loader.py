"""Files to model: reads an article's folder, and reports everything that is wrong with it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final, TypeVar

from pipeline.content.body import read_body
from pipeline.content.model import (
    Article,
    ArticleSource,
    Author,
    Content,
    Expert,
    FrontMatter,
    House,
    Quotation,
    Summary,
)
from pipeline.content.quotes import QuoteLedger
from pipeline.diagnostics import (
    Diagnostic,
    Findings,
    Location,
    Problems,
    make_problem,
    suggest_names,
)
from pipeline.document import images
from pipeline.document.markdown_nodes import RAW_SIGNS
from pipeline.document.markdown_reader import MarkdownReader
from pipeline.document.raw_signs import find_signs_in_value
from pipeline.document.tree import Address, Block, Image
from pipeline.project.layout import is_inside, list_articles
from pipeline.project.text_files import SLUG, check_inside, display_path, read_text
from pipeline.project.unread_folders import report_unread_folders
from pipeline.records import Decoder, find_place
from pipeline.system.limits import DEFAULT_LIMITS, SourceLimits
from pipeline.yaml_nodes import parse_yaml

R = TypeVar("R")

_FRONT_MATTER: Final = re.compile(r"---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)


def require_articles(project: Path) -> tuple[str, ...]:
    """Return the ids of the articles: the folders of content/ that hold an article.md.

    Raises Problems (``no-content``) when there is none.
    """
    found = list_articles(project)
    if not found:
        folder = project / "content"
        problem = make_problem(
            "no-content",
            "there is no article here",
            Location(display_path(folder, project)),
            "an article is a folder content/<name>/ with an article.md; "
            "content/README.md shows the format"
            if folder.is_dir()
            else "run brief in the folder that holds content/",
        )
        raise Problems([*problem.diagnostics, *report_unread_folders(project)])
    return found


def load_content(
    project: Path,
    slug: str,
    *,
    comments: bool = False,
    needs_summary: bool = True,
    is_draft: bool = False,
    limits: SourceLimits = DEFAULT_LIMITS.sources,
) -> Content:
    """Read one article with its summary and house.

    With ``comments``, words keep editors' comments on them; these are left out otherwise.
    In a draft a quote need not stand in its answer, which an editor may have changed, and what is
    ``Unfinished`` is a warning: a statement without evidence, one word too many.
    Without ``needs_summary``, one with errors is left out, and they are in ``summary_errors``.
    Raises Problems with every error of all its files.
    """
    files = _FileReader(project, comments, is_draft, limits)
    return _ContentReader(files, slug, needs_summary).read_content()


def _map_speakers(front: FrontMatter) -> dict[str, Expert | Author]:
    """Return who may speak, by id: an author who moderates may speak between the answers."""
    authors = {author.id: author for author in front.authors}
    return {**authors, **{expert.id: expert for expert in front.experts}}


@dataclass(frozen=True, slots=True)
class _FileReader:
    """Reads files of one project; findings, places and hashes gather until the end."""

    project: Path
    comments: bool
    is_draft: bool
    limits: SourceLimits
    findings: Findings = field(default_factory=Findings)
    places: dict[Address, Location] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    images: dict[str, Image] = field(default_factory=dict)

    def read_file(self, path: Path) -> str | None:
        """Return a file's text, or None with a finding."""
        name = display_path(path, self.project)
        with self.findings.collecting():
            folder = self.project.resolve() / path.parent.relative_to(self.project)
            check_inside(path, folder, name)
            text, self.inputs[name] = read_text(path, name, self.limits.text_bytes)
            return text
        return None

    def read_yaml(self, path: Path, record: type[R]) -> R | None:
        """Return what a YAML file holds, or None with findings."""
        text = self.read_file(path)
        return None if text is None else self.decode_yaml(text, path, record)

    def decode_yaml(self, text: str, path: Path, record: type[R], first_line: int = 1) -> R | None:
        """Return what a file's YAML holds, or None with findings."""
        name = display_path(path, self.project)

        def read_markdown(
            prose: str, address: Address, at: Location, own_lines: bool
        ) -> tuple[Block, ...]:
            place = None if own_lines else at
            reader = MarkdownReader(name, self.findings, at.line, at=place, comments=self.comments)
            parsed = reader.parse(prose)
            return parsed.read_blocks(parsed.nodes, lambda number, place: address)

        decoder = Decoder(
            name,
            self.findings,
            self.places,
            first_line=first_line,
            markup=read_markdown,
            is_draft=self.is_draft,
        )
        decoder.check_words = self._check_words
        with self.findings.collecting():
            return decoder.decode_record(parse_yaml(text, name, first_line), record)
        return None

    def _check_words(self, words: str, at: Location) -> None:
        """Report signs of Markdown in words that are printed as they are; a draft may have them."""
        for signs in find_signs_in_value(words):
            may_stand = signs.is_doubtful or self.is_draft
            add = self.findings.add_warning if may_stand else self.findings.add_error
            add(RAW_SIGNS, signs.message, at, signs.hint)

    def read_image(self, key: str, folder: Path, reference: str, at: Location | None) -> str | None:
        """Read an image that stands in ``folder``; return its key, or None with a finding."""
        with self.findings.collecting():
            image = images.read_image(folder, reference, at, self.limits)
            self.inputs[display_path(folder / reference, self.project)] = image.sha256
            self.images[key] = image
            return key
        return None


@dataclass(frozen=True, slots=True)
class _ContentReader:
    """One run over an article's files."""

    files: _FileReader
    slug: str
    needs_summary: bool

    @property
    def folder(self) -> Path:
        return self.files.project / "content" / self.slug

    def read_content(self) -> Content:
        if not re.fullmatch(SLUG.regex, self.slug):
            self.files.findings.add_error(
                "bad-value",
                f"`{self.slug}` cannot be an article's id",
                Location(display_path(self.folder, self.files.project)),
                SLUG.meaning,
            )
        house = self.files.read_yaml(self.files.project / "content" / "house.yaml", House)
        if house and house.logo:
            file = house.logo.file
            self.files.read_image(
                file, self.files.project / "content", file, find_place(self.files.places, file)
            )
        article, lines = self._read_article(house.language if house else "")
        found_before = [*self.files.findings]
        summary, quotations = self._read_summary(article, lines)
        summary_errors: tuple[Diagnostic, ...] = ()
        if not (self.needs_summary or any(found.is_error for found in found_before)):
            of_summary = self.files.findings.found[len(found_before) :]
            if any(found.is_error for found in of_summary):
                summary, quotations, summary_errors = None, (), tuple(of_summary)
                self.files.findings.found[:] = found_before
        self.files.findings.stop_on_errors()
        assert article
        assert house
        return Content(
            article=article,
            house=house,
            summary=summary,
            quotations=quotations,
            places=self.files.places,
            lines=tuple(lines),
            inputs=dict(sorted(self.files.inputs.items())),
            images=self.files.images,
            warnings=tuple(self.files.findings),
            summary_errors=summary_errors,
        )

    def _read_summary(
        self, article: Article | None, lines: Sequence[str]
    ) -> tuple[Summary | None, tuple[Quotation, ...]]:
        """Read summary.yaml, if there is one, and the quotations that it makes of an article."""
        summary: Summary | None = None
        if os.path.lexists(self.folder / "summary.yaml"):
            summary = self.files.read_yaml(self.folder / "summary.yaml", Summary)
        if not (article and summary):
            return summary, ()
        self._check_summary(article, summary)
        if self.files.is_draft:
            return summary, ()
        ledger = QuoteLedger(article, lines, self.files.places, self.files.findings)
        return summary, ledger.check_summary(summary)

    # --- article.md -------------------------------------------------------------------

    def _read_article(self, language: str) -> tuple[Article | None, Sequence[str]]:
        """Read article.md; ``language`` is that of an article that names none."""
        path = self.folder / "article.md"
        name = display_path(path, self.files.project)
        text = self.files.read_file(path)
        if text is None:
            return None, ()
        split = _FRONT_MATTER.match(text)
        if not split:
            self.files.findings.add_error(
                "no-front-matter",
                "the article has no front matter",
                Location(name, 1, 1),
                "begin with a line ---, then title:, date:, experts: …, then a line ---",
            )
            return None, ()
        front = self.files.decode_yaml(split[1] or "", path, FrontMatter, first_line=2)
        if front and front.source:
            self._check_source(front.source)
        markdown = MarkdownReader(
            name,
            self.files.findings,
            text[: split.end()].count("\n") + 1,
            # The house's images stand in content/, so an article's are named from there as well.
            lambda name, at: self.files.read_image(f"{self.slug}/{name}", self.folder, name, at),
            comments=self.files.comments,
            columns=self.files.limits.columns,
        )
        speakers = _map_speakers(front) if front else None
        body = read_body(text[split.end() :], markdown, speakers, self.files.places)
        if not front:
            return None, ()
        given = {item.name: getattr(front, item.name) for item in fields(FrontMatter)}
        article = Article(
            **given | {"language": front.language or language},
            slug=self.slug,
            introduction=body.introduction,
            questions=body.questions,
        )
        self._check_silent_experts(article)
        return article, text.split("\n")

    # --- checks across files --------------------------------------------------------------

    def _check_source(self, source: ArticleSource) -> None:
        if not source.file:
            return
        try:
            path = (self.folder / source.file).resolve()
            data = path.read_bytes() if is_inside(path, self.folder.resolve()) else None
        except (OSError, RuntimeError):  # not there, too long for a name, a loop of links
            data = None
        if data is None:
            self.files.findings.add_error(
                "source-missing",
                f"there is no source `{source.file}` beside article.md",
                find_place(self.files.places, source.file),
                "keep the text as published there, or take `file` out",
            )
            return
        digest = hashlib.sha256(data).hexdigest()
        self.files.inputs[display_path(self.folder / source.file, self.files.project)] = digest
        if source.sha256 and digest != source.sha256:
            self.files.findings.add_error(
                "source-changed",
                f"`{source.file}` is not the text that the article was taken from",
                find_place(self.files.places, source.sha256),
                f"its sha256 is {digest}",
            )

    def _check_silent_experts(self, article: Article) -> None:
        heard = {e.id for q in article.questions for a in q.answers for e in a.experts}
        for expert in article.experts:
            if expert.id not in heard:
                self.files.findings.add_warning(
                    "silent-expert",
                    f"`{expert.id}` answers no question",
                    self.files.places.get(Address(f"article.md#experts.{expert.id}")),
                )

    def _check_summary(self, article: Article, summary: Summary) -> None:
        questions = {question.id for question in article.questions}
        experts = {expert.id for expert in article.experts}
        for key, mapping in (
            ("question_labels", summary.question_labels),
            ("positions", summary.positions),
        ):
            for name in mapping:
                if name not in questions:
                    self._report_unknown(f"{key}.{name}", "question", name, questions)
        for question, row in summary.positions.items():
            for name in row:
                if name not in experts:
                    self._report_unknown(f"positions.{question}.{name}", "expert", name, experts)

    def _report_unknown(self, path: str, what: str, name: str, known: set[str]) -> None:
        self.files.findings.add_error(
            f"unknown-{what}",
            f"`{name}` is not one of the article's {what}s",
            self.files.places.get(Address(f"summary.yaml#{path}")),
            suggest_names(name, sorted(known)),
        )
